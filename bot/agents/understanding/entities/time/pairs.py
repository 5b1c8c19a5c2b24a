"""Two points as one range: each helps to tell which moment the other one was."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.agents.understanding.entities.time.calendar import days_from
from bot.agents.understanding.entities.time.points import (
    DAY,
    ClockTime,
    EdgePair,
    LocalNow,
    RangeEdge,
    TimePoint,
    edges_of,
)

_SECOND = timedelta(seconds=1)
Walls = tuple[datetime, datetime]


def joined(first: TimePoint, second: TimePoint, here: LocalNow) -> EdgePair | None:
    """The beginning of the first point and the end of the second, as near as they can be."""
    if first.clock and second.clock and not (_is_placed(first) and _is_placed(second)):
        return _clocks(first, second, first.clock, second.clock, here)
    if _is_placed(second):
        closes = edges_of(second, here, limit=here.wall, today=True)
        opens = edges_of(first, here, limit=closes[0].wall, today=True) if closes else None
    else:
        opens = edges_of(first, here)
        closes = edges_of(second, here, after=opens[0].wall) if opens else None
    return (opens[0], closes[1]) if opens and closes else None


def _is_placed(point: TimePoint) -> bool:
    return point.days is not None or point.moment is not None


def _clocks(
    first: TimePoint, second: TimePoint, start: ClockTime, end: ClockTime, here: LocalNow
) -> EdgePair | None:
    """Two clock times of which at most one has a day: the shortest range that fits."""
    placed = first if _is_placed(first) else second if _is_placed(second) else None
    day = _day_of(placed, here) if placed else None
    pairs = _pairs(start, end, day or here.today)
    if day is None or placed is None:
        fits = [one for one in pairs if here.ahead or one[0] < here.wall]
        chosen = min(fits, key=lambda one: _newest_first(one, here), default=None)
    else:
        inside = [one for one in pairs if _is_on(one[placed is second], placed, day)]
        chosen = min(inside, key=lambda one: _nearest_first(one, day, here), default=None)
    return (RangeEdge(wall=chosen[0]), RangeEdge(wall=chosen[1])) if chosen else None


def _day_of(point: TimePoint, here: LocalNow) -> date | None:
    """The day of a point, or of the night that it is in."""
    whole = replace(point, clock=None) if point.part else point
    edges = edges_of(whole, here)
    return edges[0].wall.date() if edges else None


def _pairs(start: ClockTime, end: ClockTime, day: date) -> Sequence[Walls]:
    """Each reading of the first time near a day, with the first of the second one after it."""
    days = list(days_from(day - DAY * 2, 1, 5))
    ends = sorted(_moments(end, days))
    return [
        (one, next(other for other in ends if other > one)) for one in _moments(start, days[:-1])
    ]


def _moments(clock: ClockTime, days: Iterable[date]) -> list[datetime]:
    return [datetime.combine(day, at) for day in days for at in clock.times]


def _is_on(wall: datetime, placed: TimePoint, day: date) -> bool:
    if placed.part is None:
        return wall.date() == day
    begins, ends = placed.part.on(day)
    return begins <= wall <= ends


def _newest_first(pair: Walls, here: LocalNow) -> tuple[timedelta, timedelta]:
    start, end = pair
    distance = start - here.wall if here.ahead else here.wall - start
    late = timedelta(days=9) if here.ahead and start <= here.wall else timedelta()
    return end - start + late, distance


def _nearest_first(pair: Walls, day: date, here: LocalNow) -> tuple[timedelta, bool, bool, float]:
    """The shortest; on the day itself; begun; today the newest, else as it is written."""
    start, end = pair
    newest = -start.timestamp() if day == here.today else start.timestamp()
    return end - start, start.date() != day, start > here.wall, newest
