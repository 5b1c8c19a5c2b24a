"""What triggers should have started, what they start next, and which are stopped."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from adf.changes import with_stops
from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import (
    PipelineNotes,
    TimeRange,
    TriggerDefinition,
    TriggerReport,
    TriggerRun,
    TriggerStatus,
)
from adf.schedule import Firings, WindowHistory, trigger_status
from adf.tool import tool
from adf.tools.runs import MOST_NAMED
from adf.tools.scope import LONGEST, Adf

# Two days show the last start of every daily trigger, and the one before.
LOOK_BACK = timedelta(hours=48)


class TriggerState(StrEnum):
    """Whether a trigger is started."""

    STARTED = "Started"
    STOPPED = "Stopped"


@tool(
    progress="Looking at triggers",
    reads=True,
)
async def adf_trigger_status(
    adf: Adf,
    trigger: Annotated[str | None, "exact name"] = None,
    pipeline: Annotated[str | None, "only those that start it"] = None,
    state: Annotated[TriggerState | None, "only these"] = None,
    stops: Annotated[bool, "also who stopped them; without it is quicker"] = True,
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> TriggerReport:
    """Show triggers: missed, late and next starts, stopped ones, waiting windows.

    Use when asked why nothing started.
    """
    client = await adf.factories.client(factory)
    return await read_triggers(client, adf.clock(), trigger, pipeline, state, stops=stops)


async def read_triggers(
    client: AdfClient,
    now: datetime,
    trigger: str | None = None,
    pipeline: str | None = None,
    state: TriggerState | None = None,
    *,
    stops: bool = True,
) -> TriggerReport:
    """How the triggers stand that fit, those with a problem first; `stops`: who stopped them."""
    time_range = TimeRange(start=now - LOOK_BACK, end=now)
    published = await _definitions(client, trigger)
    wanted = [one for one in published if _fits(one, trigger, pipeline, state)]
    firings, gaps = await _firings(client, published, wanted, time_range)
    notes = client.factory.notes_for
    found: list[TriggerStatus] = []
    for one in wanted:
        status = trigger_status(one, firings)
        found.append(replace(status, due=_due([notes(name) for name in one.pipelines])))
        # A schedule of every minute takes some milliseconds; others have their turn between.
        await asyncio.sleep(0)
    unread: Sequence[str] = ()
    if stops:
        found, unread = await with_stops(client, found, now)
    return TriggerReport(
        factory=client.factory.alias,
        as_of=now,
        time_range=time_range,
        triggers=tuple(sorted(found, key=_badness)),
        trigger=trigger,
        pipeline=pipeline,
        state=state,
        gaps=(*gaps, *unread),
    )


async def _definitions(client: AdfClient, trigger: str | None) -> Sequence[TriggerDefinition]:
    """All triggers, or one where nothing is needed of the others; NotFound for an unknown name."""
    if trigger is None:
        return await client.list_triggers()
    one = await client.get_trigger(trigger)
    if one.window and one.window.depends_on:
        return await client.list_triggers()
    return [one]


def _fits(
    one: TriggerDefinition, trigger: str | None, pipeline: str | None, state: TriggerState | None
) -> bool:
    starts = {name.lower() for name in one.pipelines}
    return (
        (trigger is None or one.name.lower() == trigger.lower())
        and (pipeline is None or pipeline.lower() in starts)
        and (state is None or one.state.lower() == state.lower())
    )


async def _firings(
    client: AdfClient,
    published: Sequence[TriggerDefinition],
    wanted: Sequence[TriggerDefinition],
    time_range: TimeRange,
) -> tuple[Firings, tuple[str, ...]]:
    """The firings of the wanted triggers and of those their windows wait for."""
    read = _with_upstream(published, wanted)
    runs = await _runs(client, read, time_range)
    quiet = {one.name for one in wanted} - {one.trigger for one in runs}
    latest, gaps = await _latest(client, sorted(quiet), time_range)
    history = WindowHistory(published, runs, time_range.start)
    return Firings(time_range=time_range, runs=runs, latest=latest, history=history), gaps


def _with_upstream(
    published: Sequence[TriggerDefinition], wanted: Sequence[TriggerDefinition]
) -> Sequence[TriggerDefinition]:
    needed = {
        dependency.trigger.lower()
        for one in wanted
        for dependency in (one.window.depends_on if one.window else ())
        if dependency.trigger
    }
    return [one for one in published if one in wanted or one.name.lower() in needed]


async def _runs(
    client: AdfClient, triggers: Sequence[TriggerDefinition], time_range: TimeRange
) -> Sequence[TriggerRun]:
    if not triggers:
        return ()
    names = [one.name for one in triggers]
    return await client.list_trigger_runs(time_range, names if len(names) <= MOST_NAMED else ())


async def _latest(
    client: AdfClient, quiet: Sequence[str], time_range: TimeRange
) -> tuple[Sequence[TriggerRun], tuple[str, ...]]:
    """The last firings of triggers that did not fire lately, as far back as runs are kept."""
    if not quiet:
        return (), ()
    earlier = TimeRange(start=time_range.end - LONGEST, end=time_range.start)
    try:
        return await client.list_latest_trigger_runs(earlier, quiet[:MOST_NAMED]), ()
    except AdfError as error:
        return (), (f"could not read when triggers fired last ({error.said})",)


def _due(notes: Sequence[PipelineNotes]) -> str | None:
    """By when the data of what it starts is due, as its owners declared it."""
    return next((one.due for one in notes if one.due), None)


def _badness(one: TriggerStatus) -> tuple[bool, bool, bool, str]:
    """Missed starts first, then other problems, then what is stopped."""
    return not one.missed, not one.has_problem, one.is_started, one.name.lower()
