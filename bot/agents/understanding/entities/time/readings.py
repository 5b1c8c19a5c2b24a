"""What words of time come to: a length, a range, a deadline; and how two of them are weighed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from bot.agents.understanding.entities.time.points import LocalNow, RangeEdge, TimePoint, edges_of


class Weight(IntEnum):
    """The more was said, the sooner a reading is taken."""

    CLOCK = 1
    BARE = 2
    DAY = 3
    RANGE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeReading:
    """A piece of a text read as time, the tokens `start` to `end`; one of its facts is set."""

    start: int
    end: int
    weight: Weight = Weight.RANGE
    hours: float | None = None
    opens: RangeEdge | None = None
    closes: RangeEdge | None = None
    deadline: datetime | None = None


def ranging(
    start: int,
    end: int,
    here: LocalNow,
    opens: RangeEdge,
    closes: RangeEdge | None,
    weight: Weight = Weight.RANGE,
) -> TimeReading | None:
    """A range that has begun; open when its end is still to come; None for an empty one."""
    if opens.wall >= here.wall:
        return TimeReading(start=start, end=end, weight=weight, deadline=opens.wall)
    if closes is not None and closes.wall <= opens.wall and closes.moment == opens.moment:
        return None
    ended = closes if closes is not None and closes.wall < here.wall else None
    return TimeReading(start=start, end=end, weight=weight, opens=opens, closes=ended)


def alone(start: int, end: int, here: LocalNow, point: TimePoint) -> TimeReading | None:
    """A point without an operator: its days, or half an hour around its moment."""
    edges = edges_of(point, here)
    if edges is None:
        return None
    if not point.is_short:
        return ranging(start, end, here, *edges, weight=Weight.DAY)
    if edges[0].wall > here.wall or (here.ahead and point.clock):
        return TimeReading(start=start, end=end, weight=Weight.CLOCK, deadline=edges[0].wall)
    margin: timedelta = point.margin
    weight = Weight.CLOCK if point.days is None and not point.moment else Weight.DAY
    return ranging(start, end, here, edges[0].moved(-margin), edges[1].moved(margin), weight)
