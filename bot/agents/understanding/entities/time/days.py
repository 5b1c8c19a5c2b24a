"""Days and periods: weekdays, "yesterday", "last week", "the first of may", "2 days ago"."""

from collections.abc import Callable
from datetime import timedelta

from bot.agents.understanding.entities.time.calendar import months_before
from bot.agents.understanding.entities.time.cursor import (
    Tokens,
    count_at,
    ends_here,
    look,
    past_joints,
)
from bot.agents.understanding.entities.time.dates import (
    dated_at,
    day_month_at,
    month_at,
    month_day_at,
    month_of,
    ordinal_at,
)
from bot.agents.understanding.entities.time.periods import period_of
from bot.agents.understanding.entities.time.points import (
    DAY,
    DaySpan,
    LocalNow,
    TimePoint,
    whole_days,
)

_MOST_MONTHS = 1200
_UNITS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0, "halfhour": 0.5}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
Found = tuple[TimePoint, int] | None


def day_at(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """The day or days at a place, and the place after them."""
    one = look(tokens, at)
    if one.is_plain:
        return None
    return next((found for read in _READERS if (found := read(tokens, at, here))), None)


def hours_of(unit: str) -> float:
    """How many hours a unit has."""
    if unit in _UNITS:
        return _UNITS[unit]
    return 24.0 * (_DAYS[unit] if unit in _DAYS else 30 * _MONTHS.get(unit, 0))


def _ago(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "2 hours ago", "vor 2 Tagen": a moment or a day, never "up to now"."""
    before = "ago_before" in look(tokens, at)
    counted = count_at(tokens, at + before)
    if counted is None or "unit" not in look(tokens, counted[1]):
        return None
    number, place = counted
    unit, after = look(tokens, place).tags["unit"], place + 1
    if not before and "ago" not in look(tokens, after):
        return None
    return _back(number, unit, here), after + (not before)


def _same_clock(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "this time yesterday": so many whole days before now."""
    if "same_clock" not in look(tokens, at):
        return None
    found = day_at(tokens, past_joints(tokens, at + 1), here)
    days = found[0].days if found else None
    if found is None or days is None or days.first != days.last or days.first >= here.today:
        return None
    moment = here.now - (here.today - days.first)
    return TimePoint(moment=moment.replace(second=0, microsecond=0)), found[1]


def _back(number: float, unit: str, here: LocalNow) -> TimePoint:
    if unit in _UNITS:
        length = timedelta(hours=number * _UNITS[unit])
        minutes = 30 if length >= timedelta(hours=1) else max(5, length / timedelta(minutes=2))
        moment = (here.now - length).replace(second=0, microsecond=0)
        return TimePoint(moment=moment, margin=timedelta(minutes=round(minutes)))
    if unit in _MONTHS:
        return whole_days(
            months_before(here.today, min(_MOST_MONTHS, round(number * _MONTHS[unit])))
        )
    return whole_days(here.today - DAY * round(number * _DAYS.get(unit, 7)))


def _relative(tokens: Tokens, at: int, here: LocalNow) -> Found:
    back = look(tokens, at).tags.get("day")
    if back is None or (back == "1" and _means_morning(tokens, at)):
        return None
    return whole_days(here.today + DAY * int(back)), at + 1


def _means_morning(tokens: Tokens, at: int) -> bool:
    """Whether a word for tomorrow ("morgen", "mañana") is the morning here."""
    before = look(tokens, at - 1)
    return "part" in look(tokens, at) and bool({"this", "joint", "last"} & before.tags.keys())


def _weekday(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "friday", "last friday", "monday last week", "viernes pasado"."""
    tags = look(tokens, at).tags
    place = at + bool({"last", "this", "next"} & tags.keys())
    number = look(tokens, place).tags.get("weekday")
    if number is None or (place == at and _is_doubtful(tokens, at)):
        return None
    after = place + 1 + ("last_behind" in look(tokens, place + 1))
    week = period_of(tokens, past_joints(tokens, place + 1), here)
    if week and week[0].last - week[0].first == DAY * 6:
        return whole_days(week[0].first + DAY * int(number)), week[1]
    return _of_the_week(int(number), here, frozenset(tags)), after


def _of_the_week(number: int, here: LocalNow, tags: frozenset[str]) -> TimePoint:
    back = (here.today.weekday() - number) % 7
    if "next" in tags:
        return whole_days(here.today + DAY * (7 - back))
    if "last" in tags:
        return whole_days(here.today - DAY * (back or 7))
    day = here.today - DAY * back
    if "this" in tags and back == 0:
        return whole_days(day)
    return TimePoint(days=DaySpan(first=day, last=day, weekly=True))


def _is_doubtful(tokens: Tokens, at: int) -> bool:
    """Whether a short form may be another word ("mon", "sat") for all that stands beside it."""
    if "doubtful" not in look(tokens, at):
        return False
    before, after = look(tokens, at - 1), look(tokens, at + 1)
    return before.is_plain and after.is_plain and not (at == 0 or ends_here(tokens, at + 1))


def _period(tokens: Tokens, at: int, here: LocalNow) -> Found:
    found = period_of(tokens, at, here)
    if found is None:
        return None
    days, after = found
    place = past_joints(tokens, after)
    number = look(tokens, place).tags.get("weekday")
    if number and days.last - days.first == DAY * 6:
        return whole_days(days.first + DAY * int(number)), place + 1
    return TimePoint(days=days), after


def _edge(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "the beginning of the week", "the first of november"."""
    edge = look(tokens, at).tags.get("edge")
    if edge is None:
        return None
    place = past_joints(tokens, at + 1)
    found = period_of(tokens, place, here, bare=True) or month_of(tokens, place, here)
    if found is None:
        return None
    days, after = found
    return whole_days(days.last if edge == "end" else days.first), after


_READERS: tuple[Callable[[Tokens, int, LocalNow], Found], ...] = (
    *(
        _same_clock,
        dated_at,
        day_month_at,
        month_day_at,
        _ago,
        ordinal_at,
        _relative,
        _weekday,
        _edge,
    ),
    *(_period, month_at),
)
