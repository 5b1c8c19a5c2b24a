"""The report of one run: its activity runs, its broken children, and the cause below them all."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import BROKEN, ActivityRun, PipelineDefinition, PipelineRun, RunReport, RunStatus
from adf.runs.causes import CONTAINERS, find_cause
from adf.runs.reading import ReportReader
from adf.runs.waiting import with_wait

DEEPEST = 8
MOST_CHILDREN = 12
# Runs are kept for 45 days; the range of an unknown run has to reach over all of them.
KEPT = timedelta(days=45)


async def report_run(
    client: AdfClient, run: PipelineRun, now: datetime, *, expand_children: bool = True
) -> RunReport:
    """A run with its activity runs; when it broke, also the cause, down through child pipelines.

    Raises the AdfError of the first level; what cannot be read below it becomes a gap instead.
    """
    reading = ReportReader(client, now)
    activity_runs = await reading.activity_runs(run.run_id, run.start or run.last_updated)
    depth = DEEPEST if expand_children else 0
    return await _put_together(reading, run, activity_runs, depth)


async def report_run_of_id(
    client: AdfClient, run_id: str, now: datetime, *, expand_children: bool = True
) -> RunReport:
    """The report of a run of which only the id is known: it and its activity runs read at once."""
    known = client.known_run(run_id)
    if known:
        return await report_run(client, known, now, expand_children=expand_children)
    reading = ReportReader(client, now)
    run, rows = await _both(reading, run_id, now - KEPT)
    if isinstance(run, AdfError):
        raise run
    if isinstance(rows, AdfError):
        raise rows
    depth = DEEPEST if expand_children else 0
    return await _put_together(reading, run, rows, depth)


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
    reading: ReportReader, queued: PipelineRun, rows: Sequence[ActivityRun], depth: int
) -> RunReport:
    run, activity_runs = with_wait(queued, rows), last_attempts(rows)
    broke = run.status in BROKEN or run.status is RunStatus.CANCELLED
    failed = [one for one in activity_runs if broke and one.status in BROKEN]
    calls = [one for one in failed if one.child_run_id] if depth else []
    followed, left_out = calls[:MOST_CHILDREN], calls[MOST_CHILDREN:]
    definition, *children = await asyncio.gather(
        _definition(reading, run, failed),
        *(_child(reading, run, one, depth - 1) for one in followed),
    )
    reports = {one.activity_run_id: child for one, child in zip(followed, children, strict=True)}
    found = {key: child for key, child in reports.items() if isinstance(child, RunReport)}
    gaps = [child for child in (definition, *reports.values()) if isinstance(child, str)]
    gaps += [f"{len(left_out)} more broken child runs were not read"] if left_out else []
    gaps += [gap for child in found.values() for gap in child.gaps]
    published = definition if isinstance(definition, PipelineDefinition) else None
    return RunReport(
        run=run,
        as_of=reading.now,
        activity_runs=activity_runs,
        children=tuple(found.values()),
        cause=find_cause(run, activity_runs, found, published) if broke else None,
        gaps=tuple(gaps),
        notes=reading.notes_for(run.pipeline),
    )


async def _child(
    reading: ReportReader, parent: PipelineRun, call: ActivityRun, depth: int
) -> RunReport | str:
    """The report of a child run, or a sentence about what could not be read."""
    run, rows = await _both(reading, call.child_run_id or "", parent.start or parent.last_updated)
    if isinstance(run, AdfError):
        return f"could not read the child run of {call.name} ({run.said})"
    if isinstance(rows, AdfError):
        said = f"could not read the activity runs of {run.pipeline} ({rows.said})"
        cause = find_cause(run, (), {}, None)
        return RunReport(run=run, as_of=reading.now, cause=cause, gaps=(said,))
    return await _put_together(reading, run, rows, depth)


async def _both(
    reading: ReportReader, run_id: str, since: datetime | None
) -> tuple[PipelineRun | AdfError, Sequence[ActivityRun] | AdfError]:
    """A run and its activity runs, read at once; in the place of either the error it met."""
    run, rows = await asyncio.gather(
        reading.run(run_id), reading.activity_runs(run_id, since), return_exceptions=True
    )
    for one in (run, rows):
        if isinstance(one, BaseException) and not isinstance(one, AdfError):
            raise one
    return run, rows  # pyright: ignore[reportReturnType] - whatever else it was has been raised


async def _definition(
    reading: ReportReader, run: PipelineRun, failed: Sequence[ActivityRun]
) -> PipelineDefinition | str | None:
    """The published pipeline, read when a container broke: rows do not say who is inside."""
    if not any(one.kind in CONTAINERS for one in failed):
        return None
    try:
        return await reading.definition(run.pipeline)
    except AdfError as error:
        return f"could not read the definition of {run.pipeline} ({error.said})"
