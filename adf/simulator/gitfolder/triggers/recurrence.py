"""When a schedule fires: the recurrence of a trigger, in its own time zone."""

import calendar
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adf.simulator.gitfolder.json_values import list_in, object_in, objects_in, whole_number
from adf.simulator.runs import Json
from adf.simulator.time_zones import iana_zone

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LENGTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
# Days without a firing after which there will be none: the longest gap is a leap day's, 8 years.
_PATIENCE = 4000
# Data Factory allows 1,000 at most; longer ones leave the calendar.
MOST_INTERVAL = 100_000


def firings(recurrence: Json, after: datetime) -> Iterator[datetime]:
    """Every time a schedule fires later than a moment; nothing for one that cannot be read."""
    start, zone = _start(recurrence)
    if start is None:
        return
    frequency = str(recurrence.get("frequency") or "").lower()
    every = whole_number(recurrence.get("interval"), 1, 1, MOST_INTERVAL)
    end = _moment(recurrence.get("endTime"), zone)
    plan = object_in(recurrence.get("schedule"))
    try:
        if frequency in _LENGTHS:
            found = _steady(start, _LENGTHS[frequency] * every, plan, after)
        else:
            found = _on_days(start.astimezone(zone), frequency, every, plan, after)
        for when in found:
            if end and when > end:
                return
            if when > after and when >= start:
                yield when
    except OverflowError:
        # The calendar has come to its end, and with it the schedule.
        return


def _start(recurrence: Json) -> tuple[datetime | None, ZoneInfo]:
    try:
        zone = ZoneInfo(iana_zone(str(recurrence.get("timeZone") or "UTC")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    return _moment(recurrence.get("startTime"), zone), zone


def _moment(text: object, zone: ZoneInfo) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(text))
        return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _steady(start: datetime, every: timedelta, plan: Json, after: datetime) -> Iterator[datetime]:
    """An interval of minutes or hours, counted from the start; hours may name their minutes."""
    minutes = _numbers(plan.get("minutes"), 59) if every >= _LENGTHS["hour"] else []
    when = start + max((after - start) // every, 0) * every
    while True:
        for minute in minutes or [when.minute]:
            yield when.replace(minute=minute)
        when += every


def _on_days(
    start: datetime, frequency: str, every: int, plan: Json, after: datetime
) -> Iterator[datetime]:
    """The times of day of a schedule on each day that it names."""
    hours = _numbers(plan.get("hours"), 23) or [start.hour]
    minutes = _numbers(plan.get("minutes"), 59) or [start.minute]
    times = [time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)]
    first = max(start.date(), after.astimezone(start.tzinfo).date() - timedelta(days=1))
    idle = 0
    day = first
    while idle < _PATIENCE:
        idle += 1
        if _is_on(day, start.date(), frequency, every, plan):
            idle = 0
            for at in times:
                yield datetime.combine(day, at, tzinfo=start.tzinfo).astimezone(UTC)
        day += timedelta(days=1)


def _is_on(day: date, start: date, frequency: str, every: int, plan: Json) -> bool:
    if frequency == "day":
        return (day - start).days % every == 0
    if frequency == "week":
        wanted = _days(plan.get("weekDays")) or [start.weekday()]
        monday = start - timedelta(days=start.weekday())
        return (day - monday).days // 7 % every == 0 and day.weekday() in wanted
    months = (day.year - start.year) * 12 + day.month - start.month
    return frequency == "month" and months % every == 0 and _is_in_month(day, start, plan)


def _is_in_month(day: date, start: date, plan: Json) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    occurrences = objects_in(plan.get("monthlyOccurrences"))
    days = _numbers(plan.get("monthDays"), 31, -31) or ([] if occurrences else [start.day])
    if day.day in days or day.day - length - 1 in days:
        return True
    return any(_is_occurrence(day, length, one) for one in occurrences)


def _is_occurrence(day: date, length: int, wanted: Mapping[str, Any]) -> bool:
    if day.weekday() not in _days([wanted.get("day")]):
        return False
    number = (day.day - 1) // 7 + 1
    from_end = -((length - day.day) // 7 + 1)
    return wanted.get("occurrence") in (None, number, from_end)


def _numbers(wire: object, high: int, low: int = 0) -> list[int]:
    """The numbers of a list that are in their bounds; Data Factory publishes no others."""
    return [one for one in list_in(wire) if isinstance(one, int) and low <= one <= high]


def _days(wire: object) -> list[int]:
    names = [str(one).lower() for one in list_in(wire)]
    return [_WEEK.index(name) for name in names if name in _WEEK]
