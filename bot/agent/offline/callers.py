"""Why a pipeline has no run: who calls it, and how that went."""

import asyncio
from collections.abc import Sequence

from adf.records import BROKEN, PipelineRun
from bot.agent.offline.talk import Talk

MOST_CALLERS = 3


async def callers_told(turn: Talk) -> str | None:
    """A sentence on the newest runs of those that call the pipeline; None when nobody does."""
    callers = _callers(turn)
    if not callers:
        return None
    found = await asyncio.gather(*(turn.runs(pipeline=one, latest_only=True) for one in callers))
    told = [_told(name, runs.runs) for name, runs in zip(callers, found, strict=True)]
    return f"{turn.pipeline} is started by {'; '.join(told)}."


def _callers(turn: Talk) -> Sequence[str]:
    meant = turn.factory or turn.question.factory
    return [
        one.name
        for one in turn.pipelines
        if turn.pipeline in one.calls and meant in {"", one.factory}
    ][:MOST_CALLERS]


def _told(name: str, runs: Sequence[PipelineRun]) -> str:
    if not runs:
        return f"{name}, which did not run either"
    newest = runs[0]
    if newest.status in BROKEN:
        return f"{name}, whose newest run failed: ask why {name} failed"
    return f"{name}, whose newest run is {newest.status}"
