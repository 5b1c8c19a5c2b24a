"""Tumbling windows: which there are, and which have to wait for windows of other triggers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.simulator.gitfolder.execution.pipeline_graph import MOST_RETRIES
from adf.simulator.gitfolder.execution.results import PipelineStart
from adf.simulator.gitfolder.json_values import object_in, objects_in, time_span, whole_number
from adf.simulator.gitfolder.triggers.recurrence import MOST_INTERVAL
from adf.simulator.runs import Json

KIND = "TumblingWindowTrigger"
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "month": timedelta(days=30)}
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_SELF = "SelfDependencyTumblingWindowTriggerReference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One window of one trigger."""

    trigger: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A stretch of another trigger's windows that has to be done first."""

    trigger: str
    offset: timedelta
    size: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Tumbling:
    """A tumbling window trigger."""

    name: str
    first: datetime
    size: timedelta
    delay: timedelta
    retries: int
    pause: timedelta
    needs: tuple[Need, ...]
    last: datetime | None = None

    def windows(self, after: datetime) -> Iterator[Window]:
        """The windows that close later than a moment, until the trigger's end or the calendar's."""
        try:
            start = self.first + max((after - self.first) // self.size, 0) * self.size
            while self.last is None or start < self.last:
                yield Window(trigger=self.name, start=start, end=start + self.size)
                start += self.size
        except OverflowError:
            return


def read_tumbling(name: str, wire: Json) -> Tumbling | None:
    """A trigger as a tumbling window, None for one that cannot be read as such."""
    properties = object_in(wire.get("typeProperties"))
    unit = _UNITS.get(str(properties.get("frequency") or "").lower())
    first = _moment(properties.get("startTime"))
    if unit is None or first is None:
        return None
    size = unit * whole_number(properties.get("interval"), 1, 1, MOST_INTERVAL)
    policy = object_in(properties.get("retryPolicy"))
    return Tumbling(
        name=name,
        first=first,
        size=size,
        delay=time_span(properties.get("delay"), timedelta()),
        retries=whole_number(policy.get("count"), 0, 0, MOST_RETRIES),
        pause=timedelta(seconds=whole_number(policy.get("intervalInSeconds"), 30, 1, 86_400)),
        needs=tuple(_need(name, size, one) for one in objects_in(properties.get("dependsOn"))),
        last=_moment(properties.get("endTime")),
    )


def _need(name: str, size: timedelta, wire: Json) -> Need:
    reference = object_in(wire.get("referenceTrigger"))
    other = name if wire.get("type") == _SELF else str(reference.get("referenceName"))
    own = -size if other == name else timedelta()
    return Need(
        trigger=other,
        offset=time_span(wire.get("offset"), own),
        size=time_span(wire.get("size"), size),
    )


def _moment(text: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(text))
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class Windows:
    """Keeps which windows are done, and holds back those that need one that is not."""

    def __init__(self, triggers: Mapping[str, Tumbling], since: datetime) -> None:
        """Take for done whatever closed before the story began."""
        self._triggers = triggers
        self._since = since
        self._done: dict[tuple[str, datetime], datetime] = {}
        self._held: dict[tuple[str, datetime], list[tuple[PipelineStart, Window]]] = {}

    def free_at(self, start: PipelineStart, window: Window) -> datetime | None:
        """When everything a window needs is done; None, and it is held back, if that is open."""
        free = start.due
        for one in self._needed(window):
            end = self._end(one)
            if end is None:
                self._held.setdefault((one.trigger, one.start), []).append((start, window))
                return None
            free = max(free, end)
        return free

    def finish(self, window: Window, end: datetime) -> list[tuple[PipelineStart, Window]]:
        """Note that a window is done; returns those that it held back, to be asked again."""
        self._done[window.trigger, window.start] = end
        return self._held.pop((window.trigger, window.start), [])

    def retries(self, window: Window) -> int:
        """How often its trigger tries a window again by itself."""
        return self._triggers[window.trigger].retries

    def pause(self, window: Window) -> timedelta:
        """How long its trigger waits before it does."""
        return self._triggers[window.trigger].pause

    def _needed(self, window: Window) -> Iterator[Window]:
        """The windows that have to be done first, but for those from before the story began."""
        for need in self._triggers[window.trigger].needs:
            begin = _shifted(window.start, need.offset)
            until = _shifted(begin, need.size)
            other = self._triggers.get(need.trigger)
            if other is None:
                yield Window(trigger=need.trigger, start=begin, end=_LAST)
                continue
            for one in other.windows(max(begin, min(self._since, until))):
                if one.start >= until:
                    break
                yield one

    def _end(self, window: Window) -> datetime | None:
        known = self._done.get((window.trigger, window.start))
        return known or (window.end if window.end <= self._since else None)


def outputs_of(window: Window) -> dict[str, Any]:
    """What `trigger().outputs` tells a run of its window."""
    return {
        "windowStartTime": window.start.isoformat(),
        "windowEndTime": window.end.isoformat(),
    }


def _shifted(moment: datetime, span: timedelta) -> datetime:
    """A moment earlier or later, as far as the calendar reaches."""
    try:
        return moment + span
    except OverflowError:
        return _LAST if span > timedelta() else _FIRST
