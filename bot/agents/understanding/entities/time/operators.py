"""Ranges with one end: "since friday 18:00", "after the deploy at 14:30", "before noon", "by 6"."""

from dataclasses import replace
from datetime import timedelta

from bot.agents.understanding.entities.time.calendar import midnight
from bot.agents.understanding.entities.time.closing import pair_at
from bot.agents.understanding.entities.time.cursor import Tokens, look, past_joints
from bot.agents.understanding.entities.time.lengths import length_since
from bot.agents.understanding.entities.time.point_reader import point_at
from bot.agents.understanding.entities.time.points import (
    WEEK,
    LocalNow,
    RangeEdge,
    TimePoint,
    edges_of,
)
from bot.agents.understanding.entities.time.readings import TimeReading, alone, ranging

_MOST_SKIPPED = 7
_SECOND = timedelta(seconds=1)
Found = tuple[TimePoint, int] | None


def operated_at(
    tokens: Tokens, at: int, here: LocalNow, base: TimePoint, start: int
) -> TimeReading | None:
    """A word like "since" and its points; `base` is the day that was said before it."""
    tags = look(tokens, at).tags
    if "between" in tags or "from" in tags:
        found = pair_at(tokens, at + 1, here, base, start)
        if found:
            return found
    if "since" in tags or "from" in tags:
        found = _since(tokens, at, here, base, start)
        if found:
            return found
    if "after" in tags:
        return _after(tokens, at, here, base, start)
    if tags.keys() & {"before", "until", "by"}:
        return _before(tokens, at, here, base, start)
    return None


def _since(
    tokens: Tokens, at: int, here: LocalNow, base: TimePoint, start: int
) -> TimeReading | None:
    """From a point until now; "from yesterday" are its days alone."""
    is_from = "since" not in look(tokens, at)
    if not is_from:
        length = length_since(tokens, at, start)
        if length:
            return length
    found = point_at(tokens, at + 1, here, strong=True) or (
        None if is_from else _further_on(tokens, at + 1, here)
    )
    if found is None:
        return None
    point, end = found[0].within(base), found[1]
    if "onward" in look(tokens, end):
        end += 1
    elif is_from and not point.is_short:
        return alone(start, end, here, point)
    edges = edges_of(point, replace(here, ahead=False))
    return ranging(start, end, here, edges[0], None) if edges else None


def _further_on(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "since I went to bed (22h)": the point behind other words of the same sentence."""
    for place in range(at, min(at + _MOST_SKIPPED, len(tokens))):
        one = look(tokens, place)
        if one.word in {".", "?", "!", ";"}:
            return None
        if one.number is not None and "measured" in look(tokens, place + 1):
            return None
        found = point_at(tokens, place, here, strong=one.word == "(")
        if found:
            return found
    return None


def _after(
    tokens: Tokens, at: int, here: LocalNow, base: TimePoint, start: int
) -> TimeReading | None:
    """After a moment up to the end of a day that was said before it, or after a day."""
    found = point_at(tokens, at + 1, here, strong=True) or _further_on(tokens, at + 1, here)
    if found is None or (found[0].part and not found[0].is_short):
        return None
    if found[0].clock is None and look(tokens, past_joints(tokens, at + 1)).is_plain:
        return None
    point = found[0].within(base)
    stretch = replace(point, clock=None) if point.part else base
    edges, whole = edges_of(point, here), edges_of(stretch, here) if stretch.days else None
    return ranging(start, found[1], here, edges[1], whole[1] if whole else None) if edges else None


def _before(
    tokens: Tokens, at: int, here: LocalNow, base: TimePoint, start: int
) -> TimeReading | None:
    """Up to a moment from its midnight, up to a day from a week before; or a deadline."""
    found = point_at(tokens, at + 1, here, strong=True)
    if found is None:
        return None
    point, end = found[0].within(base), found[1]
    edges = edges_of(point, here)
    if edges is None:
        return None
    whole = "before" not in look(tokens, at) and not point.is_short
    closes = edges[1] if whole else edges[0]
    if closes.wall > here.wall:
        late = "by" in look(tokens, at)
        return TimeReading(start=start, end=end, deadline=edges[1 if late else 0].wall)
    return ranging(start, end, here, _begun(point, closes), closes)


def _begun(point: TimePoint, closes: RangeEdge) -> RangeEdge:
    if not point.is_short:
        return closes.moved(-WEEK)
    day = (closes.wall - _SECOND).date()
    begins = point.part.on(point.days.first)[0] if point.part and point.days else midnight(day)
    return RangeEdge(wall=begins)
