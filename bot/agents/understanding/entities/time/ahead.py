"""The next moment that stands behind a word like "until" or "by": "till six", "by half past 5"."""

from collections.abc import Iterator, Set
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agents.understanding.entities.time.calendar import first_instant
from bot.agents.understanding.entities.time.point_reader import point_at
from bot.agents.understanding.entities.time.points import DAY, LocalNow, TimePoint, edges_of
from bot.agents.understanding.entities.time.tokens import time_tokens

UNTIL: Set[str] = frozenset({"until"})
# Behind "for" a number counts things, unless it is clearly a clock time: "for 5 in the morning".
DUE: Set[str] = frozenset({"by", "before", "until", "at", "for"})


def moment_after(words: Set[str], text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The next moment of the first clock time that is said behind one of some words; None of none.

    An hour that may be of the morning or the evening is the one that comes sooner.
    """
    here = LocalNow(now=now, zone=zone, ahead=True)
    for point in _points_after(words, text, here):
        wall = _next(point, here)
        if wall is not None:
            return first_instant(wall, zone)
    return None


def comes_next(said: str, last: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a clock time that names no day is shown again sooner than it was shown last."""
    here = LocalNow(now=now, zone=zone, ahead=True)
    tokens = time_tokens(said)
    points = (point_at(tokens, place, here, strong=True) for place in range(len(tokens)))
    point = next((found[0] for found in points if found is not None), None)
    if last is None or point is None or point.days is not None:
        return False
    wall = _next(point, here)
    return wall is not None and first_instant(wall, zone) - now < now - last


def _next(point: TimePoint, here: LocalNow) -> datetime | None:
    """When the clock shows that next; "nine tonight" that is over is the one of the next night."""
    edges = edges_of(point, here, after=here.wall)
    if point.clock is None or edges is None:
        return None
    near = [edges[0].wall + DAY * days for days in ((0, 1) if point.part else (0,))]
    return next((wall for wall in near if wall > here.wall), None)


def _points_after(words: Set[str], text: str, here: LocalNow) -> Iterator[TimePoint]:
    tokens = time_tokens(text)
    for place, token in enumerate(tokens):
        if words & {*token.tags, token.word.rpartition(" ")[2]}:
            found = point_at(tokens, place + 1, here, strong=token.word != "for")
            if found is not None:
                yield found[0]
