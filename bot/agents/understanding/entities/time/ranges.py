"""The reading of the words at a place: a length, a range or a point of time."""

from bot.agents.understanding.entities.time.closing import clock_pair_at, closed_at, days_of_month
from bot.agents.understanding.entities.time.cursor import Tokens, look, past_joints
from bot.agents.understanding.entities.time.lengths import length_at
from bot.agents.understanding.entities.time.operators import operated_at
from bot.agents.understanding.entities.time.point_reader import point_at
from bot.agents.understanding.entities.time.points import LocalNow, TimePoint, edges_of
from bot.agents.understanding.entities.time.readings import TimeReading, alone, ranging


def reading_at(tokens: Tokens, at: int, here: LocalNow) -> TimeReading | None:
    """The longest reading of the words at a place; None where they are no time."""
    one = look(tokens, at)
    if one.is_plain:
        return None
    return (
        length_at(tokens, at, here)
        or operated_at(tokens, at, here, TimePoint(), at)
        or days_of_month(tokens, at, here)
        or _pointed(tokens, at, here)
    )


def _pointed(tokens: Tokens, at: int, here: LocalNow) -> TimeReading | None:
    """A point alone, one with another after "to", or a day with an operator after it."""
    found = point_at(
        tokens, at, here, joints="at" in look(tokens, at) or "around" in look(tokens, at)
    )
    if found is None:
        return clock_pair_at(tokens, at, here)
    point, end = found
    if {"to", "and"} & look(tokens, end).tags.keys():
        pair = closed_at(tokens, end + 1, here, point, at, listed="to" not in look(tokens, end))
        if pair:
            return pair
    if look(tokens, end).word == "se" and "hindi" in look(tokens, end - 1):
        edges = edges_of(point, here)
        return ranging(at, end + 1, here, edges[0], None) if edges else None
    if not point.is_short:
        place = past_joints(tokens, end)
        tail = operated_at(tokens, place, here, point, at)
        tail = tail or clock_pair_at(tokens, place, here, point, at)
        if tail:
            return tail
    return alone(at, end, here, point)
