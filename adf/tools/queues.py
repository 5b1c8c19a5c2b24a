"""What runs and waits now, how far it is, and why it waits."""

from typing import Annotated

from adf.history import pipeline_queue
from adf.records import PipelineQueue, QueueReport
from adf.tool import tool
from adf.tools.queue_reading import QueueReader
from adf.tools.scope import DEEP_LIMIT, Adf


@tool(
    progress="Looking at what waits",
    reads=True,
    help="Waiting: “why is <pipeline> queued”, “what is stuck”",
    limit=DEEP_LIMIT,
)
async def adf_queue_status(
    adf: Adf,
    pipeline: Annotated[str | None, "exact name"] = None,
    why: Annotated[bool, "also why they wait; progress alone is quicker"] = True,
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> QueueReport:
    """Show queued runs: why they wait, behind what; progress and expected end of running ones.

    Use when asked what is stuck or how long it takes.
    """
    client = await adf.factories.client(factory)
    reader = QueueReader(client, adf.clock())
    known = await reader.read(pipeline, why=why)
    queues = [pipeline_queue(one) for one in known]
    return QueueReport(
        factory=client.factory.alias,
        as_of=adf.clock(),
        queues=tuple(sorted(queues, key=_urgency)),
        pipeline=pipeline,
        gaps=tuple(reader.gaps),
    )


def _urgency(queue: PipelineQueue) -> tuple[bool, bool, str]:
    """What waits first, then what takes long."""
    overlong = any(run.is_overlong for run in queue.running)
    return not queue.is_waiting, not overlong, queue.pipeline.lower()
