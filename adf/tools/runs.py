"""Which runs there were, and what happened inside one of them."""

import asyncio
import re
from collections.abc import Awaitable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from adf.changes.logged_acts import with_starters
from adf.client import AdfClient, ReadableRuns, UnreadRange
from adf.diagnosis import meaning_of, read_cause_ahead
from adf.errors import BadArguments
from adf.history import RunChecker
from adf.history.metrics import usual_of_good
from adf.records import (
    ACTIVE,
    ActivityRun,
    Factory,
    PipelineNotes,
    PipelineRun,
    RangeKind,
    RunList,
    RunReport,
    RunStatus,
    TimeRange,
    both_checks,
)
from adf.runs import report_run_of_id
from adf.tool import tool
from adf.tools.rerun_history import with_odds
from adf.tools.scope import DEEP_LIMIT, Adf
from adf.tools.upstream import with_held_up, with_upstream
from adf.tools.waiting import with_waiting

# How many names one filter takes is documented nowhere; more than these are sorted out here.
MOST_NAMED = 50
_RUN_ID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@tool(
    progress="Looking at runs",
    reads=True,
    help="Status: “status of <pipeline>”, or just a part of its name",
)
async def adf_pipeline_runs(
    adf: Adf,
    pipeline: Annotated[str | None, "exact name of one pipeline"] = None,
    run_id: Annotated[str | None, "full id of one run"] = None,
    status: Annotated[list[RunStatus] | None, "only runs in these states"] = None,
    hours: Annotated[float | None, "how far back; 48 when left out"] = None,
    from_: Annotated[datetime | None, "start of the time range, UTC"] = None,
    to: Annotated[datetime | None, "end of the time range, UTC"] = None,
    latest_only: Annotated[
        bool, "only each pipeline's newest run, and the last that ended"
    ] = False,
    critical: Annotated[bool | None, "only pipelines declared critical"] = None,
    starters: Annotated[bool, "also who started runs by hand"] = False,
    include_children: Annotated[bool, "also child runs"] = True,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> RunList:
    """List pipeline runs, newest first: of one pipeline or all, in some states, in a time range.

    Use for status, last run, what failed, what is running.
    """
    client = await adf.factories.client(factory)
    time_range = adf.time_range(hours, from_, to)
    statuses = tuple(status or ())
    found = await _read(client, time_range, pipeline, statuses, critical, run_id)
    found, gaps = await _named_starters(client, found, adf.clock()) if starters else (found, ())
    fitting = _fitting(client.factory, found.runs, critical, children=include_children)
    listed = RunList(
        factory=client.factory.alias,
        runs=tuple(_newest_each(fitting) if latest_only else fitting),
        time_range=time_range,
        as_of=adf.clock(),
        pipeline=pipeline or (found.runs[0].pipeline if run_id else None),
        statuses=statuses,
        latest_only=latest_only,
        notes=client.factory.notes,
        gaps=gaps,
        unread=tuple(_unread(one) for one in found.unread),
    )
    known = _with_past(listed, fitting) if latest_only and pipeline and listed.runs else listed
    return await _looked_into(client, known, fitting, run_id) if latest_only else listed


async def _named_starters(
    client: AdfClient, found: ReadableRuns, now: datetime
) -> tuple[ReadableRuns, tuple[str, ...]]:
    """The same runs with who started them by hand, and why that is not known of all."""
    runs, gaps = await with_starters(client, found.runs, now)
    return replace(found, runs=runs), gaps


async def _looked_into(
    client: AdfClient, listed: RunList, known: Sequence[PipelineRun], run_id: str | None
) -> RunList:
    """Newest runs with a look into the green ones and, of one pipeline, at what it depends on.

    What became of a pipeline since a time that is over was not the question, nor since one run that
    was named, nor since its last run in some state.
    """
    if run_id or listed.statuses or listed.time_range.kind is RangeKind.CLOSED:
        return await _checked(client, listed, known)
    look = with_upstream if listed.pipeline else with_held_up
    checked, held = await asyncio.gather(_checked(client, listed, known), look(client, listed))
    gaps = (*checked.gaps, *held.gaps[len(listed.gaps) :])
    checks = both_checks(held.checks, checked.checks)
    return replace(checked, checks=checks, upstream=held.upstream, gaps=gaps)


def _fitting(
    factory: Factory, runs: Sequence[PipelineRun], critical: bool | None, *, children: bool
) -> list[PipelineRun]:
    """Those of critical pipelines, or of the others; without what another pipeline started."""
    return [
        run
        for run in runs
        if (critical is None or critical is factory.notes_for(run.pipeline).critical)
        and (children or not (run.invoked_by and run.invoked_by.pipeline_run_id))
    ]


async def _read(
    client: AdfClient,
    time_range: TimeRange,
    pipeline: str | None,
    statuses: Sequence[RunStatus],
    critical: bool | None,
    run_id: str | None,
) -> ReadableRuns:
    """One run, or those of a range as far as they can be read; of one pipeline all, or an error."""
    if run_id:
        return ReadableRuns(runs=(await client.get_run(checked_run_id(run_id)),))
    found = await client.list_readable_runs(
        time_range,
        pipeline=pipeline,
        pipelines=critical_names(client.factory) if critical else (),
        statuses=statuses,
    )
    if pipeline and found.unread:
        raise found.unread[0].error  # half of one pipeline's runs may miss the newest
    return found


def _with_past(listed: RunList, runs: Sequence[PipelineRun]) -> RunList:
    """The newest run of one pipeline beside its last good one, its usual time, and what is open."""
    name = listed.runs[0].pipeline
    good = next((run for run in runs if run.status is RunStatus.SUCCEEDED), None)
    notes = listed.notes.get(name, PipelineNotes())
    usual = notes.usual or usual_of_good(runs, listed.as_of)
    is_well = listed.runs[0].status is RunStatus.SUCCEEDED
    return replace(
        listed,
        last_good=None if is_well else good,
        in_progress=sum(run.status is RunStatus.IN_PROGRESS for run in runs),
        queued=sum(run.status is RunStatus.QUEUED for run in runs),
        notes={**listed.notes, name: replace(notes, usual=usual)},
    )


def _unread(one: UnreadRange) -> str:
    span = f"{one.time_range.start:%d %b %H:%M} to {one.time_range.end:%d %b %H:%M} UTC"
    return f"could not read the runs of {span} ({one.error.said})"


async def _checked(client: AdfClient, listed: RunList, known: Sequence[PipelineRun]) -> RunList:
    """A list of newest runs with a look into the green ones: green alone says little."""
    checker = RunChecker(client, listed.as_of)
    if listed.pipeline is None:
        checks = await checker.check_many(listed.runs, known)
        return replace(listed, checks=checks, gaps=(*listed.gaps, *checker.gaps))
    newest = listed.runs[0] if listed.runs else None
    if newest is None or newest.status is not RunStatus.SUCCEEDED:
        return listed
    check = await checker.check_one(newest)
    return replace(listed, checks=(check,) if check else (), gaps=(*listed.gaps, *checker.gaps))


@tool(
    progress="Looking inside a run",
    reads=True,
    help="Cause: “why did <pipeline> fail”, down through child pipelines and ForEach items\n"
    "Inside one run: “why did run <run id> fail”, “activity breakdown of <pipeline>”\n"
    "Data: “did <pipeline> load anything”, “anything green but empty”",
    limit=DEEP_LIMIT,
)
async def adf_pipeline_activity_runs(
    adf: Adf,
    run_id: Annotated[str, "full id of the pipeline run"],
    status: Annotated[list[RunStatus] | None, "only activity runs in these states"] = None,
    activity: Annotated[str | None, "only the activity of this name"] = None,
    expand_children: Annotated[bool, "look for the cause in child runs too"] = True,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> RunReport:
    """Show what happened inside a run: its activity runs and, if it broke, the cause below.

    Use when asked why it failed or what it did.
    """
    client, now = await adf.factories.client(factory), adf.clock()
    checked = checked_run_id(run_id)
    reading = report_run_of_id(client, checked, now, expand_children=expand_children)
    complete = _complete(client, with_waiting(client, reading, now), activity, status)
    return await with_odds(client, complete, now, client.known_run(checked))


async def _complete(
    client: AdfClient,
    reading: Awaitable[RunReport],
    activity: str | None,
    status: Collection[RunStatus] | None,
) -> RunReport:
    """The report with a look into a green run, what the error means, and the rows that fit."""
    report = await reading
    if report.run.status is RunStatus.SUCCEEDED:
        checker = RunChecker(client, report.as_of)
        check = await checker.check_one(report.run, report.activity_runs)
        report = replace(report, check=check, gaps=(*report.gaps, *checker.gaps))
    await read_cause_ahead(report.cause)
    states = frozenset(status or ())
    wanted = tuple(one for one in report.activity_runs if _fits(one, states, activity))
    return replace(report, activity_runs=wanted, meaning=meaning_of(report.cause))


def critical_names(factory: Factory) -> tuple[str, ...]:
    """The declared critical pipelines, if they are few enough to be asked for by name."""
    names = tuple(name for name, notes in factory.notes.items() if notes.critical)
    return names if len(names) <= MOST_NAMED else ()


def checked_run_id(run_id: str) -> str:
    """The id if it has the form of one; BadArguments says what a run id looks like."""
    if _RUN_ID.fullmatch(run_id.strip()):
        return run_id.strip()
    raise BadArguments(
        f"{run_id} is not a valid run id: the full id has 36 characters, like "
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        asked="find a run",
    )


def _fits(one: ActivityRun, statuses: frozenset[RunStatus], activity: str | None) -> bool:
    named = activity is None or one.name.lower() == activity.lower()
    return named and (not statuses or one.status in statuses)


def _newest_each(runs: Sequence[PipelineRun]) -> list[PipelineRun]:
    """The newest run of each pipeline; while that one is active, also the newest that ended.

    A run in progress stands before those that are queued behind it, though they are newer.
    """
    by_pipeline: dict[str, list[PipelineRun]] = {}
    for run in runs:
        by_pipeline.setdefault(run.pipeline, []).append(run)
    return [run for group in by_pipeline.values() for run in _newest(group)]


def _newest(group: Sequence[PipelineRun]) -> Sequence[PipelineRun]:
    if group[0].status not in ACTIVE:
        return group[:1]
    going = [run for run in group if run.status is RunStatus.IN_PROGRESS]
    ended = [run for run in group if run.status not in ACTIVE]
    return [*(going or group)[:1], *ended[:1]]
