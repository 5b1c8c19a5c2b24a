"""Something that is to come again: on which days, at which time of day, as it was said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from bot.agents.understanding.entities.time.clocks import clock_at
from bot.agents.understanding.entities.time.cursor import Tokens, count_at, look, past_joints
from bot.agents.understanding.entities.time.points import ClockStyle, ClockTime
from bot.agents.understanding.entities.time.tokens import TimeToken, time_tokens

EVERY_DAY = tuple(range(7))
WORKDAYS = tuple(range(5))
WEEKEND = (5, 6)
# What comes so often, or so seldom, is no time of day on days of the week.
_OTHER_PERIODS = frozenset({"hour", "minute", "month", "quarter", "year", "fortnight", "second"})
_BEFORE_A_WORD = frozenset({"at", "around", "part", "to", "by", "until", "before"})
_BEFORE_A_CLOCK = _BEFORE_A_WORD | {"daily", "weekday", "weekdays", "workday", "every"}
_MINUTES = frozenset({5, 10, 15, 20, 30, 40, 45, 50})
_DOTTED = re.compile(r"(\d{1,2})[.,]([0-5]\d)")
_NOON = 12
_FIRST_HOUR = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """The days of the week from Monday on, and the times of day in the order they were said.

    `part` is the part of the day that was named; `is_other` tells of a rhythm that is none of days,
    such as each hour or each month, `is_weekly` of one day a week that was not named, `is_unread`
    of a number that is no part of it.
    """

    days: tuple[int, ...] = ()
    clocks: tuple[time, ...] = ()
    part: str = ""
    is_other: bool = False
    is_weekly: bool = False
    is_unread: bool = False


def habit_in(text: str) -> Habit:
    """Read it from a text that asks for something again and again."""
    tokens = time_tokens(text)
    part = next((_part_of(one) for one in tokens if _part_of(one)), "")
    named = _named_days(tokens)
    found = list(_clocks(tokens, text, part))
    read = {place for places, _ in found for place in places}
    numbers = {at for at, one in enumerate(tokens) if one.number is not None or one.clock}
    return Habit(
        days=named or _days_of(tokens),
        clocks=tuple(dict.fromkeys(clock for _, clock in found)),
        part=part,
        is_other=any(_is_other(tokens, at) for at in range(len(tokens))),
        is_weekly=not named and any(_is_weekly(tokens, at) for at in range(len(tokens))),
        is_unread=bool(numbers - read),
    )


def _part_of(one: TimeToken) -> str:
    if "clock" in one and "part" not in one:
        return ""
    found = one.tags.get("part") or one.tags.get("last_night") or one.tags.get("this_part") or ""
    return "night" if one.tags.get("daily") == "night" else found


def _named_days(tokens: Tokens) -> tuple[int, ...]:
    """The days that are named, those between two of them with "to" included."""
    is_workdays = any("workday" in one or one.tags.get("daily") == "workday" for one in tokens)
    if is_workdays:
        return WORKDAYS
    found: set[int] = set()
    for at, one in enumerate(tokens):
        number = one.tags.get("weekday") or one.tags.get("weekdays")
        if number is None:
            continue
        found.add(int(number))
        last = look(tokens, at + 2).tags
        until = last.get("weekday") or last.get("weekdays")
        if (
            until is not None
            and "to" in look(tokens, at + 1)
            and look(tokens, at + 1).word != "and"
        ):
            found.update(_between(int(number), int(until)))
    if found:
        return tuple(sorted(found))
    return WEEKEND if any(one.tags.get("unit") == "weekend" for one in tokens) else ()


def _between(first: int, last: int) -> list[int]:
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _days_of(tokens: Tokens) -> tuple[int, ...]:
    """Every day, where that was said: "daily", "each morning", "nightly", "every day"."""
    for at, one in enumerate(tokens):
        if one.tags.get("daily") in {"day", "night"} or (one.tags.get("part") and _is_plural(one)):
            return EVERY_DAY
        following = look(tokens, at + 1)
        if "every" in one and (following.tags.get("unit") == "day" or "part" in following):
            return EVERY_DAY
    return ()


def _is_plural(one: TimeToken) -> bool:
    """A word such as "mornings", that speaks of each of them."""
    return len(one.word) > 4 and one.word.endswith("s") and "part" in one


def _is_other(tokens: Tokens, at: int) -> bool:
    one = look(tokens, at)
    if one.tags.get("daily") in {"hour", "month"}:
        return True
    if "every" not in one:
        return False
    place = at + 1 + (look(tokens, at + 1).number is not None or "number" in look(tokens, at + 1))
    unit = look(tokens, place).tags.get("unit")
    return unit in _OTHER_PERIODS or (place > at + 1 and unit is not None)


def _is_weekly(tokens: Tokens, at: int) -> bool:
    one = look(tokens, at)
    weekly = one.tags.get("daily") == "week"
    return weekly or ("every" in one and look(tokens, at + 1).tags.get("unit") == "week")


def _clocks(tokens: Tokens, text: str, part: str) -> Iterator[tuple[range, time]]:
    """Each time of day, with the places that say it."""
    at = 0
    while at < len(tokens):
        found = _clock_at(tokens, text, at)
        if found is None or _counts(tokens, at, found[1]):
            at += 1
            continue
        clock, after = found
        minutes, end = _minutes_after(tokens, clock, after)
        yield range(at, end), _of_the_day(clock, part).replace(minute=minutes)
        at = end


def _clock_at(tokens: Tokens, text: str, at: int) -> tuple[ClockTime, int] | None:
    before = look(tokens, at - 1).tags.keys()
    strong = bool(_BEFORE_A_CLOCK & before)
    dotted = _DOTTED.fullmatch(text[tokens[at].start : tokens[at].end])
    if dotted and strong and int(dotted[1]) < 24:
        half = "half_of_day" in look(tokens, at + 1)
        return _dotted(dotted, tokens, at), at + 1 + half
    in_words = tokens[at].number is None and tokens[at].clock is None and "number" in tokens[at]
    if in_words and (tokens[at].tags["number"] == "1" or not _BEFORE_A_WORD & before):
        strong = False
    return clock_at(tokens, at, strong=strong)


def _minutes_after(tokens: Tokens, clock: ClockTime, after: int) -> tuple[int, int]:
    """The minutes of a time of day: "six thirty", "le sette e mezza"; and the place after them."""
    minute = clock.times[0].minute
    place = after + ("and" in look(tokens, after) or look(tokens, after).word == "e")
    fraction = look(tokens, place).tags.get("fraction")
    if not minute and place > after and fraction in {"0.5", "0.25"}:
        return round(60 * float(fraction)), place + 1
    counted = count_at(tokens, after)
    if not minute and counted and counted[0] in _MINUTES:
        return int(counted[0]), counted[1]
    return minute, after


def _dotted(found: re.Match[str], tokens: Tokens, at: int) -> ClockTime:
    clock = time(int(found[1]), int(found[2]))
    half = look(tokens, at + 1).tags.get("half_of_day")
    if half and clock.hour <= _NOON:
        hour = clock.hour % _NOON + (_NOON if half == "pm" else 0)
        return ClockTime(times=(clock.replace(hour=hour),), style=ClockStyle.HALF)
    return ClockTime(times=(clock,), style=ClockStyle.VAGUE)


def _counts(tokens: Tokens, at: int, after: int) -> bool:
    """Whether a number counts something: "every 2 hours"."""
    one, following = look(tokens, at), look(tokens, past_joints(tokens, after))
    is_number = one.number is not None or ("number" in one and one.clock is None)
    return is_number and "unit" in following and after == at + 1


def _of_the_day(clock: ClockTime, part: str) -> time:
    """The reading that fits the part of the day; by itself, an hour from six in the morning on."""
    first = clock.times[0]
    if clock.style is not ClockStyle.VAGUE or first.hour > _NOON or first.hour == 0:
        return first
    afternoon = first.replace(hour=first.hour % _NOON + _NOON)
    if part in {"afternoon", "evening"}:
        return afternoon
    if part in {"morning", "night", "early"}:
        return first.replace(hour=first.hour % _NOON)
    return first if first.hour >= _FIRST_HOUR else afternoon
