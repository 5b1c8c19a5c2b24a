"""Dates of the calendar: "27 november", "nov 27", "27.11.", "on the 27th", "in january"."""

from datetime import date

from bot.agents.understanding.entities.time.calendar import date_or_none, latest_date, months_before
from bot.agents.understanding.entities.time.cursor import Tokens, ends_here, look
from bot.agents.understanding.entities.time.points import (
    DAY,
    DaySpan,
    LocalNow,
    TimePoint,
    whole_days,
)

Found = tuple[TimePoint, int] | None


def dated_at(tokens: Tokens, at: int, here: LocalNow) -> Found:
    dated = look(tokens, at).dated
    if dated is None:
        return None
    day = _date(*dated, here)
    return (whole_days(day), at + 1) if day else None


def day_month_at(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "27 november", "27. November 2026", "27th of november"."""
    number = look(tokens, at).number
    if number is None or not 1 <= number <= 31:
        return None
    place = at + 1
    while look(tokens, place).word in {".", "of", "de", "do", "di"} and place < at + 3:
        place += 1
    month = look(tokens, place).tags.get("month")
    return _with_year(tokens, place + 1, int(month), int(number), here) if month else None


def month_day_at(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "november 27th", "nov 27"."""
    month, following = look(tokens, at).tags.get("month"), look(tokens, at + 1)
    number = following.number
    if month is None or number is None or not 1 <= number <= 31:
        return None
    if "measured" in look(tokens, at + 2) or "half_of_day" in look(tokens, at + 2):
        return None
    return _with_year(tokens, at + 2, int(month), int(number), here)


def ordinal_at(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "on the 27th", "am 27."; "the 5th run" is none."""
    one = look(tokens, at)
    dotted = look(tokens, at + 1).word == "." and look(tokens, at - 1).word in {"am", "vom", "zum"}
    if not (one.ordinal or dotted) or not one.number or "joint" not in look(tokens, at - 1):
        return None
    after = look(tokens, at + 1 + dotted)
    if one.number > 31 or (after.is_plain and not ends_here(tokens, at + 1 + dotted)):
        return None
    months = (months_before(here.today.replace(day=1), back) for back in range(12))
    days = (date_or_none(one.year, one.month, int(look(tokens, at).number or 0)) for one in months)
    found = next((day for day in days if day and day <= here.today), None)
    return (whole_days(found), at + 1 + dotted) if found else None


def month_at(tokens: Tokens, at: int, here: LocalNow) -> Found:
    """As in "in january", "last november"."""
    place = at + ("last" in look(tokens, at))
    if place == at and "before_month" not in look(tokens, at - 1):
        return None
    found = month_of(tokens, place, here)
    return (TimePoint(days=found[0]), found[1]) if found else None


def month_of(tokens: Tokens, at: int, here: LocalNow) -> tuple[DaySpan, int] | None:
    month = look(tokens, at).tags.get("month")
    if month is None:
        return None
    year = look(tokens, at + 1).number
    if year and 2000 <= year <= 2100:
        first, after = date(int(year), int(month), 1), at + 2
    else:
        back = (here.today.month - int(month)) % 12
        first, after = months_before(here.today.replace(day=1), back), at + 1
    return DaySpan(first=first, last=months_before(first, -1) - DAY), after


def _with_year(tokens: Tokens, at: int, month: int, day: int, here: LocalNow) -> Found:
    skip = at + (look(tokens, at).word in {",", "de"})
    year = look(tokens, skip).number
    if year and 2000 <= year <= 2100 and year == int(year):
        found, after = _date(int(year), month, day, here), skip + 1
    else:
        found, after = _date(None, month, day, here), at
    return (whole_days(found), after) if found else None


def _date(year: int | None, month: int, day: int, here: LocalNow) -> date | None:
    if year:
        return date_or_none(year, month, day)
    found = latest_date(month, day, here.today)
    later = date_or_none(here.today.year, month, day)
    return later if here.ahead and later and later > here.today else found
