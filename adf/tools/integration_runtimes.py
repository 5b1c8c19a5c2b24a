"""Whether integration runtimes are online, and what stands still where one is not."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from adf.client import AdfClient
from adf.errors import AdfError, BadArguments, Forbidden
from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityRun,
    PipelineRun,
    RuntimeReport,
    RuntimeStatus,
    RuntimeWork,
    TimeRange,
)
from adf.tool import tool
from adf.tools.scope import DEEP_LIMIT, Adf

LOOK_BACK = timedelta(hours=24)
# Each run costs a call for its activity runs.
MOST_RUNS = 20
MOST_RUNTIMES = 50


@tool(
    progress="Looking at integration runtimes",
    reads=True,
    limit=DEEP_LIMIT,
)
async def adf_ir_status(
    adf: Adf,
    name: Annotated[str | None, "exact name"] = None,
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> RuntimeReport:
    """Show integration runtimes: state, nodes, versions, load, runs that failed on them.

    Use for SHIR, gateway, machine.
    """
    client = await adf.factories.client(factory)
    now = adf.clock()
    published = await client.list_runtimes()
    wanted = [one for one in published if name is None or one.name.lower() == name.lower()]
    if name and not wanted:
        choices = tuple(one.name for one in published)
        said = f"there is no integration runtime {name}"
        raise BadArguments(said, asked="get an integration runtime's status", choices=choices)
    found = await asyncio.gather(*(_status(client, one) for one in wanted[:MOST_RUNTIMES]))
    runtimes = sorted((one for one, _ in found), key=_badness)
    subjects = [one.name for one in runtimes if one.has_problem or name]
    work, left_out = await _work(client, subjects, TimeRange(start=now - LOOK_BACK, end=now))
    return RuntimeReport(
        factory=client.factory.alias,
        as_of=now,
        runtimes=tuple(runtimes),
        name=name,
        work=tuple(work),
        gaps=(*(gap for _, gaps in found for gap in gaps), *left_out),
    )


async def _status(
    client: AdfClient, published: RuntimeStatus
) -> tuple[RuntimeStatus, tuple[str, ...]]:
    """Its status, with the load of its nodes where machines of the owner's are on."""
    try:
        status = await client.get_runtime_status(published.name)
    except AdfError as error:
        unknown = replace(published, state=published.state or "Unknown")
        return unknown, (f"could not read the status of {published.name} ({_reason(error)})",)
    if not status.is_self_hosted or not any(node.is_online for node in status.nodes):
        return status, ()
    try:
        return await client.get_runtime_load(status), ()
    except AdfError as error:
        return status, (f"could not read the load of {status.name} ({_reason(error)})",)


async def _work(
    client: AdfClient, runtimes: Sequence[str], time_range: TimeRange
) -> tuple[list[RuntimeWork], tuple[str, ...]]:
    """The newest runs that failed on one of the runtimes or are at work on it."""
    if not runtimes:
        return [], ()
    states = (*ACTIVE, *BROKEN)
    try:
        runs = await client.list_runs(time_range, statuses=sorted(states))
    except AdfError as error:
        return [], (f"could not read which runs use it ({error.said})",)
    read, left_out = runs[:MOST_RUNS], len(runs) - MOST_RUNS
    gaps = [f"{left_out} older failed or active runs were not looked into"] if left_out > 0 else []
    found: list[RuntimeWork] = []
    for one in await asyncio.gather(*(_uses(client, run, runtimes, time_range) for run in read)):
        if isinstance(one, str):
            gaps.append(one)
        else:
            found += one
    return found, tuple(gaps)


async def _uses(
    client: AdfClient, run: PipelineRun, runtimes: Sequence[str], time_range: TimeRange
) -> list[RuntimeWork] | str:
    try:
        rows = await client.list_activity_runs(run.run_id, run.start, time_range.end)
    except AdfError as error:
        return f"could not look into a run of {run.pipeline} ({error.said})"
    named = {one.lower(): one for one in runtimes}
    wanted = BROKEN if run.status in BROKEN else ACTIVE
    used: dict[str, ActivityRun] = {}
    for row in rows:
        runtime = named.get((row.runtime or "").lower())
        if runtime and row.status in wanted:
            used.setdefault(runtime, row)
    return [
        RuntimeWork(
            runtime=runtime,
            pipeline=run.pipeline,
            run_id=run.run_id,
            activity=row.name,
            at=row.end or row.start,
            failed=row.status in BROKEN,
        )
        for runtime, row in used.items()
    ]


def _reason(error: AdfError) -> str:
    if isinstance(error, Forbidden) and error.action:
        return f"needs {error.action}"
    return error.said


def _badness(one: RuntimeStatus) -> tuple[bool, bool, str]:
    return not one.has_problem, not one.is_self_hosted, one.name.lower()
