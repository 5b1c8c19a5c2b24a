"""Tumbling windows: which there are, and which have to wait for windows of other triggers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from adf.simulator.gitfolder.execution.results import PipelineStart
from adf.simulator.runs import Json

KIND = "TumblingWindowTrigger"
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "month": timedelta(days=30)}
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

    def windows(self, after: datetime) -> Iterator[Window]:
        """The windows that close later than a moment."""
        start = self.first + max((after - self.first) // self.size, 0) * self.size
        while True:
            yield Window(trigger=self.name, start=start, end=start + self.size)
            start += self.size


def read_tumbling(name: str, wire: Json) -> Tumbling | None:
    """A trigger as a tumbling window, None for one that cannot be read as such."""
    properties = cast("Json", wire.get("typeProperties") or {})
    unit = _UNITS.get(str(properties.get("frequency") or "").lower())
    try:
        first = datetime.fromisoformat(str(properties.get("startTime")))
    except ValueError:
        first = None
    if unit is None or first is None:
        return None
    size = unit * max(int(properties.get("interval") or 1), 1)
    policy = cast("Json", properties.get("retryPolicy") or {})
    retries = policy.get("count")
    return Tumbling(
        name=name,
        first=first if first.tzinfo else first.replace(tzinfo=UTC),
        size=size,
        delay=_span(properties.get("delay"), timedelta()),
        retries=retries if isinstance(retries, int) else 0,
        pause=timedelta(seconds=int(policy.get("intervalInSeconds") or 30)),
        needs=tuple(_need(name, size, one) for one in properties.get("dependsOn") or ()),
    )


def _need(name: str, size: timedelta, wire: Json) -> Need:
    reference = cast("Json", wire.get("referenceTrigger") or {})
    other = name if wire.get("type") == _SELF else str(reference.get("referenceName"))
    own = -size if other == name else timedelta()
    return Need(
        trigger=other, offset=_span(wire.get("offset"), own), size=_span(wire.get("size"), size)
    )


def _span(text: object, otherwise: timedelta) -> timedelta:
    """A .NET time span such as `-1.02:00:00`."""
    if not isinstance(text, str) or text.count(":") != 2:
        return otherwise
    sign, plain = (-1 if text.startswith("-") else 1), text.lstrip("-")
    days, _, clock = plain.rpartition(".") if "." in plain.split(":")[0] else ("0", "", plain)
    hours, minutes, seconds = clock.split(":")
    span = timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return sign * span


class Windows:
    """Keeps which windows are done, and holds back those that need one that is not."""

    def __init__(self, triggers: Mapping[str, Tumbling], since: datetime) -> None:
        """Take for done whatever closed before the story began."""
        self._triggers = triggers
        self._since = since
        self._done: dict[tuple[str, datetime], datetime] = {}
        self._held: list[tuple[PipelineStart, Window]] = []

    def free_at(self, start: PipelineStart, window: Window) -> datetime | None:
        """When everything a window needs is done; None, and it is held back, if that is open."""
        ends = [self._end(one) for one in self._needed(window)]
        known = [end for end in ends if end is not None]
        if len(known) < len(ends):
            self._held.append((start, window))
            return None
        return max([start.due, *known])

    def finish(self, window: Window, end: datetime) -> list[tuple[PipelineStart, Window]]:
        """Note that a window is done; returns those that were held back, to be asked again."""
        self._done[window.trigger, window.start] = end
        held, self._held = self._held, []
        return held

    def retries(self, window: Window) -> int:
        """How often its trigger tries a window again by itself."""
        return self._triggers[window.trigger].retries

    def pause(self, window: Window) -> timedelta:
        """How long its trigger waits before it does."""
        return self._triggers[window.trigger].pause

    def _needed(self, window: Window) -> Iterator[Window]:
        for need in self._triggers[window.trigger].needs:
            begin = window.start + need.offset
            other = self._triggers.get(need.trigger)
            if other is None:
                yield Window(
                    trigger=need.trigger, start=begin, end=datetime.max.replace(tzinfo=UTC)
                )
                continue
            for one in other.windows(begin):
                if one.start >= begin + need.size:
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
