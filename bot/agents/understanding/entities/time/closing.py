"""Ranges with two ends: "between 2 and 4", "from friday to sunday", "2-4am", "23-25 november"."""

from dataclasses import replace

from bot.agents.understanding.entities.time.calendar import date_or_none
from bot.agents.understanding.entities.time.clocks import clock_at
from bot.agents.understanding.entities.time.cursor import Tokens, ends_here, look, past_joints
from bot.agents.understanding.entities.time.pairs import joined
from bot.agents.understanding.entities.time.point_reader import point_at
from bot.agents.understanding.entities.time.points import (
    DAY,
    WEEK,
    ClockStyle,
    DaySpan,
    LocalNow,
    TimePoint,
    edges_of,
)
from bot.agents.understanding.entities.time.readings import TimeReading, alone, ranging

Found = tuple[TimePoint, int] | None


def pair_at(
    tokens: Tokens, at: int, here: LocalNow, base: TimePoint, start: int
) -> TimeReading | None:
    days = days_of_month(tokens, past_joints(tokens, at), here, start)
    if days:
        return days
    first = point_at(tokens, at, here, strong=True)
    if first is None:
        return None
    point, end = first
    if base.part and point.days and not point.clock and "to" in look(tokens, end):
        night = point_at(tokens, end + 1, here)
        return alone(start, night[1], here, replace(point, part=base.part)) if night else None
    joined = look(tokens, end).tags.keys() & {"and", "to", "until"}
    return closed_at(tokens, end + 1, here, point.within(base), start) if joined else None


def closed_at(
    tokens: Tokens,
    at: int,
    here: LocalNow,
    first: TimePoint,
    start: int,
    *,
    listed: bool = False,
) -> TimeReading | None:
    """From a first point to the one at a place; days that are `listed` must follow each other."""
    if "now" in look(tokens, at):
        edges = edges_of(first, here)
        return ranging(start, at + 1, here, edges[0], None) if edges else None
    found = point_at(tokens, at, here, strong=first.clock is not None)
    found = found or _same_month(tokens, at, first)
    if found is None:
        return None
    second, end = found
    if listed and not _follows(first, second):
        return None
    pair = joined(*_alike(first, second), here)
    return ranging(start, end, here, *pair) if pair else None


def clock_pair_at(
    tokens: Tokens, at: int, here: LocalNow, base: TimePoint | None = None, start: int | None = None
) -> TimeReading | None:
    """As in "2-4am": a bare number is a clock time when the other one certainly is."""
    first = clock_at(tokens, at, strong=True)
    if first is None or "to" not in look(tokens, first[1]):
        return None
    second = point_at(tokens, first[1] + 1, here, joints=False)
    if second is None or second[0].clock is None:
        return None
    point = TimePoint(clock=first[0]).within(base)
    return closed_at(tokens, first[1] + 1, here, point, at if start is None else start)


def days_of_month(
    tokens: Tokens, at: int, here: LocalNow, start: int | None = None
) -> TimeReading | None:
    """As in "23-25 november", "from 23 to 25 november"."""
    number = look(tokens, at).number
    if number is None or not look(tokens, at + 1).tags.keys() & {"to", "and"}:
        return None
    found = point_at(tokens, at + 2, here, joints=False)
    if found is None or found[0].days is None or found[0].clock or "unit" in look(tokens, at + 1):
        return None
    last = found[0].days.last
    first = date_or_none(last.year, last.month, int(number) if number <= 31 else 0)
    if first is None or first > last or found[1] - at < 4:
        return None
    edges = edges_of(TimePoint(days=DaySpan(first=first, last=last)), here)
    begins = at if start is None else start
    return ranging(begins, found[1], here, *edges) if edges else None


def _same_month(tokens: Tokens, at: int, first: TimePoint) -> Found:
    """As in "nov 20-25"."""
    number, days = look(tokens, at).number, first.days
    if (
        number is None
        or days is None
        or days.weekly
        or first.is_short
        or not ends_here(tokens, at + 1)
    ):
        return None
    day = date_or_none(days.last.year, days.last.month, int(number) if number <= 31 else 0)
    if day is None or day <= days.last:
        return None
    return TimePoint(days=DaySpan(first=day, last=day)), at + 1


def _follows(first: TimePoint, second: TimePoint) -> bool:
    """As in "saturday and sunday", "yesterday and today"."""
    one, other = first.days, second.days
    if one is None or other is None or first.is_short or second.is_short:
        return False
    gap = other.first - one.last
    return gap == DAY or (one.weekly and other.weekly and gap % WEEK == DAY)


def _alike(first: TimePoint, second: TimePoint) -> tuple[TimePoint, TimePoint]:
    """Both clock times by 24 hours when one is: "between 2 and 4 Uhr"."""
    if first.clock and second.clock:
        styles = (first.clock.style, second.clock.style)
        if styles == (ClockStyle.VAGUE, ClockStyle.FULL):
            return replace(first, clock=first.clock.written()), second
        if styles == (ClockStyle.FULL, ClockStyle.VAGUE) and first.clock.times[0].hour:
            return first, replace(second, clock=second.clock.written())
    return first, second
