"""Firings of a world's triggers that its runs do not show: a world file tells a few runs only.

A started trigger fired whenever its schedule said, up to `last_fired` where the file has it; a
stopped one until it was stopped. A window whose upstream window did not succeed waits for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.simulator.dates import read_time
from adf.simulator.gitfolder.json_values import object_in
from adf.simulator.gitfolder.triggers.recurrence import firings
from adf.simulator.gitfolder.triggers.tumbling_windows import Tumbling, read_tumbling
from adf.simulator.runs import SUCCEEDED, Json
from adf.simulator.trigger_runs import TUMBLING, WAITING, SimulatedTriggerRun

_FIRED = timedelta(seconds=1)
_EARLY = timedelta(minutes=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
WindowEdges = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DueFiring:
    """A start that a schedule asks for."""

    at: datetime
    window: WindowEdges | None = None


def window_at(definition: Json, moment: datetime) -> WindowEdges | None:
    """The window of a tumbling trigger that was due last at a moment."""
    tumbling = read_tumbling("", definition)
    if tumbling is None:
        return None
    closed = moment + _EARLY - tumbling.delay
    number = (closed - tumbling.first) // tumbling.size
    start = tumbling.first + (number - 1) * tumbling.size
    return (start, start + tumbling.size) if number > 0 else None


class ScheduledFirings:
    """Tells the firings that the definitions ask for and no run shows."""

    def __init__(self, definitions: Mapping[str, Any], entries: Mapping[str, Json]) -> None:
        """Go by the triggers' definitions and by what the world tells of when they fired last."""
        self._definitions = definitions
        self._until = {name: _until(entries[name]) for name in definitions}
        self._resumed: dict[str, datetime] = {}
        self._tumbling = {
            name: one
            for name, wire in definitions.items()
            if wire.get("type") == TUMBLING and (one := read_tumbling(name, wire))
        }

    def resume(self, name: str, at: datetime) -> None:
        """From that moment a trigger that had been stopped fires as its definition says."""
        self._resumed[name] = at

    def __call__(
        self, after: datetime, before: datetime, known: Sequence[SimulatedTriggerRun]
    ) -> Iterator[SimulatedTriggerRun]:
        """The firings within a range beside the known ones."""
        for name, wire in self._definitions.items():
            mine = sorted(one.fired_at for one in known if one.trigger == name)
            due = [*self._due_by_state(name, wire, after, before)]
            ends = (*(one.at for one in due[1:]), _NEVER)
            for one, following in zip(due, ends, strict=False):
                if not any(one.at - _EARLY <= at < following - _EARLY for at in mine):
                    yield self._firing(name, wire, one, known)

    def _due_by_state(
        self, name: str, wire: Json, after: datetime, before: datetime
    ) -> Iterator[_DueFiring]:
        """What was due until it was stopped, and from when it was started again."""
        last, resumed = self._until[name], self._resumed.get(name)
        until = before if last is True else min(last or after, before)
        yield from self._due(name, wire, after - 2 * _FIRED, until)
        if resumed and last is not True:
            yield from self._due(name, wire, max(after - 2 * _FIRED, resumed, until), before)

    def _due(self, name: str, wire: Json, after: datetime, until: datetime) -> Iterator[_DueFiring]:
        tumbling = self._tumbling.get(name)
        if tumbling:
            yield from _windows(tumbling, after, until)
            return
        recurrence = object_in(object_in(wire.get("typeProperties")).get("recurrence"))
        for when in firings(recurrence, after):
            if when > until:
                return
            yield _DueFiring(at=when)

    def _firing(
        self, name: str, wire: Json, due: _DueFiring, known: Sequence[SimulatedTriggerRun]
    ) -> SimulatedTriggerRun:
        waits = self._waits(name, due, known) if due.window else {}
        return SimulatedTriggerRun(
            trigger=name,
            kind=str(wire.get("type")),
            fired_at=due.at + _FIRED,
            scheduled=due.at,
            status=WAITING if waits else SUCCEEDED,
            window=due.window,
            dependencies=waits,
        )

    def _waits(
        self, name: str, due: _DueFiring, known: Sequence[SimulatedTriggerRun]
    ) -> dict[str, str]:
        """The upstream triggers whose window did not succeed."""
        start = due.window[0] if due.window else due.at
        return {
            need.trigger: "Waiting"
            for need in self._tumbling[name].needs
            for one in known
            if one.trigger == need.trigger and one.status != SUCCEEDED
            if one.window and _overlaps(one.window, start + need.offset, need.size)
        }


def _overlaps(window: WindowEdges, begin: datetime, size: timedelta) -> bool:
    return window[0] < begin + size and window[1] > begin


def _windows(tumbling: Tumbling, after: datetime, until: datetime) -> Iterator[_DueFiring]:
    for window in tumbling.windows(after - tumbling.delay - tumbling.size):
        due = window.end + tumbling.delay
        if due > until:
            return
        if due > after:
            yield _DueFiring(at=due, window=(window.start, window.end))


def _until(entry: Json) -> datetime | bool | None:
    """Until when a trigger fired: True for "to this day", None for never."""
    stopped = str(entry.get("state") or "Started").lower() != "started"
    stop = read_time(entry.get("stopped_at")) if stopped else None
    fired = read_time(entry.get("last_fired"))
    if fired:
        return fired + _EARLY
    return stop if stopped else True
