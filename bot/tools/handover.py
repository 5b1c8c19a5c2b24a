"""A shift handed over: what is open, muted and missed, what waits, and what became well again."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated

from adf.errors import AdfError
from adf.records import TriggerStatus
from adf.records.glossary import counted
from adf.records.moments import moment_said
from adf.tool import tool
from bot.access.policy import Right
from bot.messages import Scope
from bot.state.lost_rooms import LostAlerts
from bot.tools.context import ToolContext
from bot.tools.incidents import readable_factories
from bot.tools.mutes import active_mutes
from cards.records import (
    Concern,
    Denied,
    Handover,
    HandoverEntry,
    HandoverPart,
    IncidentEntry,
    IncidentState,
    Mute,
)
from cards.text import count, duration

LAST_SHIFT = 12
LONGEST = 7 * 24
Entries = Sequence[HandoverEntry]


@tool(
    progress="Writing the handover",
    reads=True,
    help="The end of a shift: “handover”, “handover of the last 8 hours”",
)
async def ops_handover(
    here: ToolContext,
    hours: Annotated[float | None, "how far back; the last 12 when left out"] = None,
) -> Handover | Denied:
    """Sum up a shift: open, acknowledged, muted, missed, waiting, and what recovered by itself.

    Use when a shift ends or begins.
    """
    grant = await here.grant()
    places = readable_factories(grant)
    if not places:
        return await here.refuse(grant, Right.READ)
    return await sum_up(here, places, hours or LAST_SHIFT)


async def sum_up(here: ToolContext, places: Sequence[str], hours: float) -> Handover:
    """So many hours of some factories, which whoever it is for may read."""
    span = round(min(max(hours, 1), LONGEST))
    since = here.now - timedelta(hours=span)
    entries = await here.state.incidents.entries(places, here.person, since)
    missed, gaps = await _missed(here, places)
    muted = await active_mutes(here, places)
    lost = await here.state.subscriptions.lost(places, since)
    parts = [
        *_incident_parts(here, entries),
        _part("Did not run", Concern.BAD, [_missed_entry(here, one) for one in missed]),
        _part("Waiting for approval", Concern.WATCH, await here.state.proposals(places)),
        _part("Alerts that reach nobody", Concern.WATCH, [_lost_entry(here, one) for one in lost]),
        _part("Muted", Concern.CALM, [_mute_entry(here, one) for one in muted]),
        *_over_parts(here, entries),
    ]
    return Handover(
        places=tuple(places),
        hours=span,
        as_of=here.now,
        finding=_finding(entries, missed),
        parts=tuple(one for one in parts if one.entries),
        gaps=gaps,
    )


def _incident_parts(here: ToolContext, entries: Sequence[IncidentEntry]) -> list[HandoverPart]:
    """Nobody's first, then what somebody has."""
    open_ones = [one for one in entries if one.state is IncidentState.OPEN]
    having = [one for one in entries if one.state is IncidentState.ACKNOWLEDGED]
    return [
        _part("Not acknowledged", Concern.BAD, [_open_entry(here, one) for one in open_ones]),
        _part("Acknowledged", Concern.WATCH, [_open_entry(here, one) for one in having]),
    ]


def _over_parts(here: ToolContext, entries: Sequence[IncidentEntry]) -> list[HandoverPart]:
    """What became well by itself, and what somebody had or closed."""

    def is_over(by_itself: bool) -> Callable[[IncidentEntry], bool]:
        return lambda one: one.recovered is not None and (not one.person) is by_itself

    alone, helped = filter(is_over(True), entries), filter(is_over(False), entries)
    return [
        _part("Recovered on its own", Concern.FINE, [_over_entry(here, one) for one in alone]),
        _part("Recovered", Concern.FINE, [_over_entry(here, one) for one in helped]),
    ]


def _part(heading: str, concern: Concern, entries: Entries) -> HandoverPart:
    return HandoverPart(heading=heading, concern=concern, entries=tuple(entries))


def _open_entry(here: ToolContext, one: IncidentEntry) -> HandoverEntry:
    parts = [f"since {moment_said(one.since, here.zone, here.now)}"]
    if one.person:
        at = f" at {moment_said(one.person_since, here.zone, here.now)}" if one.person_since else ""
        parts.append(f"acknowledged by {one.person}{at}")
    if one.assignee and one.assignee != one.person:
        parts.append(f"assigned to {one.assignee}")
    parts += [f"{one.count} times"] if one.count > 1 else []
    parts += ["critical"] if one.critical else []
    return HandoverEntry(
        title=_title(one), detail=" · ".join(parts), question=f"status of {one.incident_id}"
    )


def _over_entry(here: ToolContext, one: IncidentEntry) -> HandoverEntry:
    at = moment_said(one.recovered, here.zone, here.now) if one.recovered else ""
    lasted = duration(one.recovered - one.since) if one.recovered else ""
    had = f" · acknowledged by {one.person}" if one.person else ""
    return HandoverEntry(
        title=_title(one),
        detail=f"{at} after {lasted}{had}",
        question=f"status of {one.incident_id}",
    )


def _title(one: IncidentEntry) -> str:
    rest = len(one.pipelines) - 1
    return f"{one.incident_id} · {one.pipelines[0]}{f' and {rest} more' if rest else ''}"


def _missed_entry(here: ToolContext, one: TriggerStatus) -> HandoverEntry:
    due = moment_said(one.missed[-1], here.zone, here.now)
    times = f", {counted(len(one.missed), 'start')}" if len(one.missed) > 1 else ""
    stopped = f" · {one.name} is stopped" if not one.is_started else f" · {one.name}"
    return HandoverEntry(
        title=", ".join(one.pipelines) or one.name,
        detail=f"due {due}{times}{stopped}",
        question=f"did {one.subject} start",
    )


def _mute_entry(here: ToolContext, one: Mute) -> HandoverEntry:
    held = f" · {count(one.held_back, 'alert')} held back" if one.held_back else ""
    reason = f" · {one.reason}" if one.reason else ""
    until = moment_said(one.until, here.zone, here.now)
    return HandoverEntry(
        title=one.target,
        detail=f"until {until} by {one.by}{held}{reason}",
        question="what is muted",
    )


def _lost_entry(here: ToolContext, one: LostAlerts) -> HandoverEntry:
    """Where the bot or the room is gone, what was told there, and how to have it again."""
    what = ", ".join(one.targets)
    room = {Scope.PERSONAL: "A personal chat", Scope.GROUP: "A group chat"}.get(one.scope)
    return HandoverEntry(
        title=f"{room or 'A channel'} is gone",
        detail=f"at {moment_said(one.at, here.zone, here.now)} · it got alerts for {what} of "
        f"{one.factory} · add me again and subscribe to have them",
    )


async def _missed(
    here: ToolContext, places: Sequence[str]
) -> tuple[Sequence[TriggerStatus], tuple[str, ...]]:
    """The starts that did not come, and what could not be read."""
    found: list[TriggerStatus] = []
    gaps: list[str] = []
    for alias in places:
        try:
            found += [one for one in await here.state.missed(alias) if one.missed]
        except AdfError as error:
            gaps.append(f"missed starts of {alias} ({error.said})")
    return found, tuple(gaps)


def _finding(entries: Sequence[IncidentEntry], missed: Sequence[TriggerStatus]) -> str:
    """The shift in a sentence."""
    standing = [one for one in entries if one.recovered is None]
    free = [one for one in standing if one.state is IncidentState.OPEN]
    over = len(entries) - len(standing)
    parts = [f"{count(len(standing), 'incident')} open" if standing else "No open incidents"]
    parts += [_unacknowledged(len(free), len(standing))] if free else []
    parts += [f"{count(len(missed), 'trigger')} did not fire"] if missed else []
    parts += [f"{over} recovered"] if over else []
    return f"{', '.join(parts)}."


def _unacknowledged(free: int, standing: int) -> str:
    """How many of those that stand nobody has acknowledged."""
    if free < standing:
        return f"{free} of them not acknowledged"
    return "none acknowledged" if free > 1 else "not acknowledged"
