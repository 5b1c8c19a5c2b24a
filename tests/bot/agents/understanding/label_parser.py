"""Reads the name of a time range back from a card, with means of its own."""

import re
from datetime import UTC, date, datetime, time, timedelta

from dateutil import tz

from tests.bot.agents.understanding.time_oracle import wall_of

DAY = timedelta(days=1)
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": DAY}
_DAY = r"(?:today|yesterday|Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d+ [A-Z][a-z]{2}(?: \d{4})?)"
_CLOCK = r"\d\d:\d\d(?: [A-Z]{2,5})?"
_LENGTH = re.compile(r"[Ll]ast (\d+) (min|h|d)(?:ays?)?")
_OPEN = re.compile(rf"(?:({_DAY}) ?)?({_CLOCK})? ?to now")
_SAME_DAY = re.compile(rf"(?:({_DAY}) )?({_CLOCK})-({_CLOCK})")
_TWO_DAYS = re.compile(rf"({_DAY}) ({_CLOCK}) to ({_DAY}) ({_CLOCK})")
_WHOLE_DAYS = re.compile(rf"({_DAY})(?: to ({_DAY}))?")


def range_in(label: str, now: datetime, zone: str) -> tuple[datetime, datetime | None]:
    """The range that a label names, UTC; None for an end that is now."""
    label = label[0].lower() + label[1:] if label[:1] in "LSYT" and label[1:2].islower() else label
    label = re.sub("^(sun|sat|thu|tue)", lambda day: day[0].title(), label)
    if found := _LENGTH.fullmatch(label):
        return now - int(found[1]) * _UNITS[found[2]], None
    if label == "since midnight":
        return _at("today", "00:00", now, zone), None
    if found := _OPEN.fullmatch(label):
        return _at(found[1] or "today", found[2] or "00:00", now, zone), None
    if found := _SAME_DAY.fullmatch(label):
        day = found[1] or "today"
        return _at(day, found[2], now, zone), _at(day, found[3], now, zone)
    if found := _TWO_DAYS.fullmatch(label):
        return _at(found[1], found[2], now, zone), _at(found[3], found[4], now, zone)
    found = _WHOLE_DAYS.fullmatch(label)
    assert found, label
    return _at(found[1], "00:00", now, zone), _at(found[2] or found[1], "24:00", now, zone)


def _at(day: str, clock: str, now: datetime, zone: str) -> datetime:
    hour, minute = int(clock[:2]), int(clock[3:5])
    wall = datetime.combine(_date(day, wall_of(now, zone).date()), time(hour % 24, minute))
    wall += DAY * (hour == 24)
    local = wall.replace(tzinfo=tz.gettz(zone))
    if clock[6:]:
        both = [local, tz.enfold(local, 1)]
        local = next(one for one in both if one.tzname() == clock[6:])
    return local.astimezone(UTC)


def _date(day: str, today: date) -> date:
    if day in {"today", "yesterday"}:
        return today - DAY * (day == "yesterday")
    if day.isalpha():
        return next(one for n in range(2, 7) if f"{(one := today - DAY * n):%a}" == day)
    year = "" if re.search(r"\d{4}$", day) else f" {today.year}"
    return datetime.strptime(f"{day}{year}", "%d %b %Y").replace(tzinfo=UTC).date()
