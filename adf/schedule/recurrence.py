"""When a schedule trigger starts: its recurrence in its own time zone, both clock changes included.

Minutes and hours are counted in elapsed time from the start; days, weeks and months go by the wall
clock of the zone, as Data Factory does. A time that the clock leaps over in spring comes as much
later as the clock leaps; one that it shows twice in autumn is the first of the two.
"""

import calendar
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from adf.records import MonthlyOccurrence, Recurrence
from adf.schedule.zones import zone_named

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_DAILY = frozenset({"day", "week", "month"})
_DAY = timedelta(days=1)
# The rarest schedule is a leap day's, eight years apart around 2100.
_LONGEST_GAP = timedelta(days=8 * 366 + 1)
# Data Factory takes far less; a longer step would leave the calendar.
_MOST_STEPS = 100_000


def starts(recurrence: Recurrence, after: datetime, until: datetime) -> Iterator[datetime]:
    """Every start later than `after`, up to and with `until`; none for what cannot be read."""
    zone = zone_named(recurrence.time_zone)
    first = _instant(recurrence.start, zone)
    if zone is None or first is None:
        return
    end = _instant(recurrence.end, zone)
    last = min(until, end) if end else until
    seen = max(after, first - timedelta(microseconds=1))
    try:
        for when in _candidates(recurrence, first, zone, seen):
            if when > last:
                return
            if when > seen:
                seen = when
                yield when
    except OverflowError:
        # The calendar has come to its end, and with it the schedule.
        return


def next_start(recurrence: Recurrence, now: datetime) -> datetime | None:
    """The first start later than now; None where there is none any more, or none that is known."""
    return next(starts(recurrence, now, now + _LONGEST_GAP), None)


def end_of(recurrence: Recurrence) -> datetime | None:
    """When a schedule ends."""
    return _instant(recurrence.end, zone_named(recurrence.time_zone))


def local_start(recurrence: Recurrence) -> datetime | None:
    """When a schedule begins, by the wall clock of its zone."""
    zone = zone_named(recurrence.time_zone)
    first = _instant(recurrence.start, zone)
    return first.astimezone(zone) if first else None


def is_readable(recurrence: Recurrence) -> bool:
    """Whether its starts can be told."""
    known = recurrence.frequency.lower() in _STEPS.keys() | _DAILY
    return known and _instant(recurrence.start, zone_named(recurrence.time_zone)) is not None


def week_days(recurrence: Recurrence) -> list[int]:
    """The days of the week that a schedule names, 0 for Monday."""
    return _days(recurrence.week_days)


def _instant(wire: datetime | None, zone: tzinfo | None) -> datetime | None:
    """A published time as a moment; without an offset it is a wall-clock time of the zone."""
    if wire is None or zone is None:
        return None
    try:
        return (wire if wire.tzinfo else wire.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return None


def _candidates(
    recurrence: Recurrence, first: datetime, zone: tzinfo, after: datetime
) -> Iterator[datetime]:
    frequency = recurrence.frequency.lower()
    every = min(recurrence.interval, _MOST_STEPS)
    if frequency in _STEPS:
        return _by_elapsed_time(recurrence, first, zone, after, _STEPS[frequency] * every)
    if frequency in _DAILY:
        return _by_wall_clock(recurrence, first.astimezone(zone), every, after)
    return iter(())


def _by_elapsed_time(
    recurrence: Recurrence, first: datetime, zone: tzinfo, after: datetime, step: timedelta
) -> Iterator[datetime]:
    """Every so many minutes or hours; what else the schedule names narrows that down."""
    minutes = _numbers(recurrence.minutes, 59) if step >= _STEPS["hour"] else []
    hours, days = _numbers(recurrence.hours, 23), week_days(recurrence)
    when = first + max((after - first) // step - 1, 0) * step
    patience = when + _LONGEST_GAP
    while when < patience:
        for one in _at_minutes(when, zone, minutes):
            local = one.astimezone(zone)
            if (not hours or local.hour in hours) and (not days or local.weekday() in days):
                patience = one + _LONGEST_GAP
                yield one
        when += step


def _at_minutes(when: datetime, zone: tzinfo, minutes: Sequence[int]) -> Iterator[datetime]:
    """The hour of a moment at the minutes that a schedule names; the moment itself without any."""
    if not minutes:
        yield when
        return
    shift = when.astimezone(zone).minute
    hour = when.replace(second=0, microsecond=0) - timedelta(minutes=shift)
    for minute in minutes:
        yield hour + timedelta(minutes=minute)


def _by_wall_clock(
    recurrence: Recurrence, first: datetime, every: int, after: datetime
) -> Iterator[datetime]:
    """The times of day of a schedule on each of its days."""
    hours = _numbers(recurrence.hours, 23) or [first.hour]
    minutes = _numbers(recurrence.minutes, 59) or [first.minute]
    times = [time(hour, minute) for hour in hours for minute in minutes]
    zone = first.tzinfo
    day = max(first.date(), after.astimezone(zone).date() - _DAY)
    patience = day + _LONGEST_GAP
    while day < patience:
        if _is_on(recurrence, day, first.date(), every):
            patience = day + _LONGEST_GAP
            found = {datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for at in times}
            yield from sorted(found)
        day += _DAY


def _is_on(recurrence: Recurrence, day: date, first: date, every: int) -> bool:
    frequency, wanted = recurrence.frequency.lower(), week_days(recurrence)
    if frequency == "day":
        return (day - first).days % every == 0 and (not wanted or day.weekday() in wanted)
    if frequency == "week":
        monday = first - timedelta(days=first.weekday())
        in_week = (day - monday).days // 7 % every == 0
        return in_week and day.weekday() in (wanted or [first.weekday()])
    months = (day.year - first.year) * 12 + day.month - first.month
    return months % every == 0 and _is_in_month(recurrence, day, first)


def _is_in_month(recurrence: Recurrence, day: date, first: date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    named = _numbers(recurrence.month_days, 31, -31)
    if not named and not recurrence.occurrences:
        return day.day == first.day
    if day.day in named or day.day - length - 1 in named:
        return True
    return any(_is_occurrence(one, day, length) for one in recurrence.occurrences)


def _is_occurrence(wanted: MonthlyOccurrence, day: date, length: int) -> bool:
    if day.weekday() not in _days([wanted.day]):
        return False
    from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
    return wanted.occurrence in {None, from_start, from_end}


def _numbers(wire: Sequence[int], high: int, low: int = 0) -> list[int]:
    """The numbers within their bounds, in order; Data Factory publishes no others."""
    return sorted({one for one in wire if low <= one <= high})


def _days(wire: Sequence[str]) -> list[int]:
    return [WEEK.index(name.lower()) for name in wire if name.lower() in WEEK]
