"""A point of time from its words: a day, a part of it and a clock time, in any order."""

from dataclasses import replace

from bot.agents.understanding.entities.time.clocks import clock_at
from bot.agents.understanding.entities.time.cursor import (
    Tokens,
    ends_here,
    is_at,
    look,
    past_joints,
)
from bot.agents.understanding.entities.time.days import day_at
from bot.agents.understanding.entities.time.points import (
    DAY,
    DayPart,
    DaySpan,
    LocalNow,
    TimePoint,
)

_NIGHT_ENDS = 6
Found = tuple[TimePoint, int] | None


def point_at(
    tokens: Tokens, at: int, here: LocalNow, *, strong: bool = False, joints: bool = True
) -> Found:
    """The point of time at a place, and the place after it; `strong` after a word like "since"."""
    point, end, place = TimePoint(), at, past_joints(tokens, at) if joints else at
    strong = strong or is_at(tokens, at, place)
    while True:
        found = _component(tokens, place, here, point, strong)
        if found is None:
            break
        point, end = found
        place = past_joints(tokens, end)
        strong = is_at(tokens, end, place) or _stands_alone(tokens, end)
    return (point, _past_tail(tokens, end)) if end > at else None


def _past_tail(tokens: Tokens, end: int) -> int:
    return end + (look(tokens, end).tags.get("filler") == "tail")


def _stands_alone(tokens: Tokens, at: int) -> bool:
    """Whether a number after a day can only be a clock time: "friday 18", "vendredi 18h"."""
    one, after = look(tokens, at), look(tokens, at + 1)
    certain = ends_here(tokens, at + 1) or "to" in after or after.word == "h"
    return one.number is not None and certain


def _component(tokens: Tokens, at: int, here: LocalNow, point: TimePoint, strong: bool) -> Found:
    """One more part of a point, of a kind that it does not have yet."""
    if (point.part is None and point.clock is None) or (point.part is None and not point.days):
        part = _part_at(tokens, at, here, point)
        if part:
            return part
    if point.days is None and point.moment is None:
        day = day_at(tokens, at, here)
        if day:
            days, moment = day[0].days, day[0].moment
            return replace(point, days=days, moment=moment, margin=day[0].margin), day[1]
    if point.clock is None and point.moment is None:
        clock = clock_at(tokens, at, strong=strong)
        if clock:
            return replace(point, clock=clock[0]), clock[1]
    return None


def _part_at(tokens: Tokens, at: int, here: LocalNow, point: TimePoint) -> Found:
    one = look(tokens, at)
    if point.days is None:
        named = _named_night(tokens, at, here) or _named_part(tokens, at, here)
        if named:
            return replace(named[0], clock=point.clock), named[1]
    part = one.tags.get("part")
    if part is None or not _may_be_part(tokens, at, point):
        return None
    return replace(point, part=DayPart[part.upper()]), at + 1


def _named_night(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "last night": the night that began yesterday; "last evening": the one of yesterday."""
    one = look(tokens, at)
    if "nights_back" in one:
        return _of(here, -int(one.tags["nights_back"]), "night"), at + 1
    part = one.tags.get("last_night") or one.tags.get("evening_before")
    if part is None and "last" in one:
        part, at = look(tokens, at + 1).tags.get("part"), at + 1
    if part is None:
        return None
    return _of(here, -1, part), at + 1


def _named_part(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "this morning", "tonight": of today, in the small hours still of the evening before."""
    one = look(tokens, at)
    part = one.tags.get("this_part")
    if part is None and ("this" in one or one.tags.get("day") == "0"):
        part, at = look(tokens, at + 1).tags.get("part"), at + 1
    if part is None:
        return None
    late = here.wall.hour < _NIGHT_ENDS and part not in {"morning", "early"}
    point = _of(here, -1 if late else 0, part)
    early = DAY / 12 if part in {"evening", "night"} else point.early
    return replace(point, early=early), at + 1


def _of(here: LocalNow, back: int, part: str) -> TimePoint:
    day = here.today + DAY * back
    return TimePoint(days=DaySpan(first=day, last=day), part=DayPart[part.upper()])


def _may_be_part(tokens: Tokens, at: int, point: TimePoint) -> bool:
    """Whether "evening" is a time here: after a day, or as in "in the evening"; no greeting."""
    before, one = look(tokens, at - 1), look(tokens, at)
    if "greeting" in before:
        return False
    if point.days is not None or point.clock is not None:
        return True
    placed = "joint" in before and (before.word != "the" or "joint" in look(tokens, at - 2))
    return placed or one.tags["part"] == "early" or _precedes_day(tokens, at)


def _precedes_day(tokens: Tokens, at: int) -> bool:
    """As in "morning of the 27th"."""
    after = look(tokens, at + 1)
    return after.word == "of" and not look(tokens, at + 2).is_plain
