"""The report of one run: its activity runs, its broken children, and the cause below them all."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import BROKEN, ActivityRun, PipelineDefinition, PipelineRun, RunReport, RunStatus
from adf.runs.causes import CONTAINERS, find_cause

DEEPEST = 8
MOST_CHILDREN = 12
_FAR = timedelta(days=1)


async def report_run(
    client: AdfClient, run: PipelineRun, now: datetime, *, expand_children: bool = True
) -> RunReport:
    """A run with its activity runs; when it broke, also the cause, down through child pipelines.

    Raises the AdfError of the first level; what cannot be read below it becomes a gap instead.
    """
    activity_runs = await client.list_activity_runs(run.run_id, run.start or run.last_updated, now)
    depth = DEEPEST if expand_children else 0
    return await _put_together(client, run, last_attempts(activity_runs), now, depth)


def last_attempts(activity_runs: Sequence[ActivityRun]) -> tuple[ActivityRun, ...]:
    """Keep the last attempt of what was retried: each attempt has a row of its own."""
    kept: dict[str, ActivityRun] = {}
    latest: dict[tuple[str, str], str] = {}
    for one in activity_runs:
        key = (one.name, one.iteration)
        if one.retry_attempt and key in latest:
            kept.pop(latest[key], None)
        latest[key] = one.activity_run_id
        kept[one.activity_run_id] = one
    return tuple(kept.values())


async def _put_together(
    client: AdfClient,
    run: PipelineRun,
    activity_runs: tuple[ActivityRun, ...],
    now: datetime,
    depth: int,
) -> RunReport:
    broke = run.status in BROKEN or run.status is RunStatus.CANCELLED
    failed = [one for one in activity_runs if broke and one.status in BROKEN]
    calls = [one for one in failed if one.child_run_id][:MOST_CHILDREN] if depth else []
    definition, *children = await asyncio.gather(
        _definition(client, run, failed),
        *(_child(client, run, one, now, depth - 1) for one in calls),
    )
    reports = {one.activity_run_id: child for one, child in zip(calls, children, strict=True)}
    found = {key: child for key, child in reports.items() if isinstance(child, RunReport)}
    gaps = [child for child in (definition, *reports.values()) if isinstance(child, str)]
    gaps += [gap for child in found.values() for gap in child.gaps]
    published = definition if isinstance(definition, PipelineDefinition) else None
    return RunReport(
        run=run,
        as_of=now,
        activity_runs=activity_runs,
        children=tuple(found.values()),
        cause=find_cause(run, activity_runs, found, published) if broke else None,
        gaps=tuple(gaps),
        notes=client.factory.notes_for(run.pipeline),
    )


async def _child(
    client: AdfClient, parent: PipelineRun, call: ActivityRun, now: datetime, depth: int
) -> RunReport | str:
    """The report of a child run, or a sentence about what could not be read."""
    child_id = call.child_run_id or ""
    since = parent.start or parent.last_updated
    run, rows = await asyncio.gather(
        client.get_run(child_id),
        client.list_activity_runs(child_id, since, now),
        return_exceptions=True,
    )
    if isinstance(run, AdfError):
        return f"could not read the child run of {call.name} ({run.said})"
    if isinstance(run, BaseException):
        raise run
    if isinstance(rows, AdfError):
        said = f"could not read the activity runs of {run.pipeline} ({rows.said})"
        return RunReport(run=run, as_of=now, cause=find_cause(run, (), {}, None), gaps=(said,))
    if isinstance(rows, BaseException):
        raise rows
    return await _put_together(client, run, last_attempts(rows), now, depth)


async def _definition(
    client: AdfClient, run: PipelineRun, failed: Sequence[ActivityRun]
) -> PipelineDefinition | str | None:
    """The published pipeline, read when a container broke: rows do not say who is inside."""
    if not any(one.kind in CONTAINERS for one in failed):
        return None
    try:
        return await client.get_definition(run.pipeline)
    except AdfError as error:
        return f"could not read the definition of {run.pipeline} ({error.said})"
