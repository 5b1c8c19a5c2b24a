"""Generated recurrences, and their starts by libraries that share no code with the product.

The wall clock is python-dateutil's rrule, and croniter's where cron can say it; zones are those of
dateutil. Seconds of a start count for minutes and hours only.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from croniter import croniter
from dateutil import rrule, tz

from adf.records import MonthlyOccurrence, Recurrence

# Two of the north, two of the south, one of them with a leap of half an hour.
ZONES = {
    "Eastern Standard Time": "America/New_York",
    "W. Europe Standard Time": "Europe/Berlin",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "Lord Howe Standard Time": "Australia/Lord_Howe",
}
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
FREQUENCIES = ("Minute", "Hour", "Day", "Week", "Month")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def generated(seed: int, zone: str) -> Recurrence:
    """A recurrence of that zone; the hours of the clock changes come often."""
    dice = random.Random(f"{seed} {zone}")
    frequency = FREQUENCIES[seed % len(FREQUENCIES)]
    day = datetime.fromisoformat("2025-01-01") + timedelta(days=dice.randint(0, 364))
    start = day.replace(hour=dice.randint(0, 23), minute=dice.choice((0, 15, 30, 59)))
    in_month = frequency == "Month"
    is_elapsed = frequency in {"Minute", "Hour"}
    intervals = {"Minute": (15, 20, 45, 90), "Hour": (1, 2, 5, 12)}
    hours = tuple(dice.sample((0, 1, 2, 2, 3, 7, 13, 23), dice.randint(0, 3)))
    minutes = tuple(dice.sample(range(0, 60, 5), dice.randint(0, 3)))
    return Recurrence(
        frequency=frequency,
        interval=dice.choice(intervals.get(frequency, (1, 1, 1, 2, 3))),
        start=start,
        end=datetime.fromisoformat("2026-11-20T12:00") if dice.random() < 0.3 else None,
        time_zone=zone,
        hours=() if is_elapsed else hours,
        minutes=() if is_elapsed else minutes,
        week_days=tuple(dice.sample(DAYS, dice.randint(0, 4))) if frequency == "Week" else (),
        month_days=_month_days(dice) if in_month and dice.random() < 0.6 else (),
        occurrences=_occurrences(dice) if in_month and dice.random() < 0.6 else (),
    )


def _month_days(dice: random.Random) -> tuple[int, ...]:
    return tuple(dice.sample((1, 2, 15, 28, 29, 30, 31, -1, -2), dice.randint(0, 3)))


def _occurrences(dice: random.Random) -> tuple[MonthlyOccurrence, ...]:
    numbers = (1, 2, 5, -1, None)
    return tuple(
        MonthlyOccurrence(day=dice.choice(DAYS), occurrence=dice.choice(numbers))
        for _ in range(dice.randint(1, 2))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The starts of a recurrence within a range, told by dateutil."""

    recurrence: Recurrence
    after: datetime
    until: datetime

    @property
    def zone(self) -> tz.tzfile:
        found = tz.gettz(ZONES.get(self.recurrence.time_zone, self.recurrence.time_zone))
        assert isinstance(found, tz.tzfile)
        return found

    def instant(self, local: datetime) -> datetime:
        """A wall-clock time as a moment: later where the clock leaps, else the first of two."""
        return tz.resolve_imaginary(local.replace(tzinfo=self.zone, fold=0)).astimezone(UTC)

    def starts(self) -> list[datetime]:
        """By rrule."""
        assert self.recurrence.start is not None
        first = self.instant(self.recurrence.start)
        end = self.instant(self.recurrence.end) if self.recurrence.end else self.until
        found = {one for one in self._told() if self.after < one <= min(end, self.until)}
        return sorted(one for one in found if one >= first)

    def by_cron(self) -> list[datetime] | None:
        """By croniter; None where cron cannot say it."""
        line = cron_line(self.recurrence)
        start = self.recurrence.start
        if line is None or start is None:
            return None
        before = max(start, self.after.replace(tzinfo=None) - timedelta(days=2))
        told = croniter(line, before - timedelta(minutes=1))
        last = self.until.replace(tzinfo=None) + timedelta(days=2)
        found: set[datetime] = set()
        while (local := told.get_next(datetime)) < last:
            found.add(self.instant(local))
        first, end = self.instant(start), self.recurrence.end
        until = min(self.until, self.instant(end)) if end else self.until
        return sorted(one for one in found if self.after < one <= until and one >= first)

    def _told(self) -> Iterator[datetime]:
        start = self.recurrence.start
        assert start is not None
        if self.recurrence.frequency in {"Minute", "Hour"}:
            begin = self.instant(start)
            rule = rrule.MINUTELY if self.recurrence.frequency == "Minute" else rrule.HOURLY
            interval = self.recurrence.interval
            yield from rrule.rrule(rule, dtstart=begin, until=self.until, interval=interval)
            return
        last = (self.until + timedelta(days=2)).replace(tzinfo=None)
        for rule in self._wall_clock_rules(start, last):
            yield from (self.instant(local) for local in rule)

    def _wall_clock_rules(self, start: datetime, until: datetime) -> Iterator[rrule.rrule]:
        """From midnight of the first day (or week, or month), since a rule has no earlier time."""
        one = self.recurrence
        rule = partial(
            rrule.rrule,
            interval=one.interval,
            until=until,
            byhour=one.hours or start.hour,
            byminute=one.minutes or start.minute,
            bysecond=0,
        )
        midnight = start.replace(hour=0, minute=0)
        if one.frequency == "Day":
            yield rule(rrule.DAILY, dtstart=midnight)
        elif one.frequency == "Week":
            named = [DAYS.index(day) for day in one.week_days] or [start.weekday()]
            yield rule(rrule.WEEKLY, dtstart=midnight, byweekday=named)
        else:
            first = midnight.replace(day=1)
            days = one.month_days or (() if one.occurrences else (start.day,))
            if days:
                yield rule(rrule.MONTHLY, dtstart=first, bymonthday=days)
            for wanted in one.occurrences:
                day = rrule.weekday(DAYS.index(wanted.day), wanted.occurrence)
                yield rule(rrule.MONTHLY, dtstart=first, byweekday=day)


def cron_line(one: Recurrence) -> str | None:
    """The same schedule for cron, where it can be said."""
    if one.interval != 1 or one.start is None or one.frequency not in {"Day", "Week", "Month"}:
        return None
    if one.occurrences or any(day < 0 for day in one.month_days):
        return None
    minutes = ",".join(map(str, one.minutes or (one.start.minute,)))
    hours = ",".join(map(str, sorted(set(one.hours or (one.start.hour,)))))
    days = ",".join(map(str, one.month_days or (one.start.day,)))
    # Cron counts Sunday as 0.
    named = one.week_days or (DAYS[one.start.weekday()],)
    week = ",".join(str((DAYS.index(day) + 1) % 7) for day in named)
    return {
        "Day": f"{minutes} {hours} * * *",
        "Week": f"{minutes} {hours} * * {week}",
        "Month": f"{minutes} {hours} {days} * *",
    }[one.frequency]
