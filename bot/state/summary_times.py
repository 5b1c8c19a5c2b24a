"""When a summary is posted: a time of day on some days of the week, by the clock of a zone.

A time that a clock change leaves out comes as much later, one that it doubles comes once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = tuple(range(7))
WORKDAYS = tuple(range(5))
_SETS: Mapping[str, tuple[int, ...]] = {
    "daily": EVERY_DAY,
    "weekdays": WORKDAYS,
    "weekends": (5, 6),
}
_PLURALS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_ONE_DAY = timedelta(days=1)
# What was due longer ago than this is of no interest to anybody.
_FURTHEST = timedelta(days=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryTimes:
    """A time of day ("08:00"), the days of the week from Monday on, and an IANA zone."""

    at: str
    days: tuple[int, ...] = EVERY_DAY
    zone: str = "UTC"

    def __str__(self) -> str:
        """As a sentence has it: "on weekdays at 07:30"."""
        return f"{days_text(self.days)} at {self.at}"

    def due(self, after: datetime, until: datetime) -> Sequence[datetime]:
        """The moments that came after one and not after another, in UTC, oldest first."""
        first = max(after, until - _FURTHEST)
        return [one for one in self._moments(first, until) if first < one <= until]

    def next_after(self, now: datetime) -> datetime:
        """The next moment, in UTC."""
        week = now + timedelta(days=9)
        return next(one for one in self._moments(now, week) if one > now)

    def before(self, moment: datetime) -> datetime:
        """The last one before another, in UTC."""
        week = moment - timedelta(days=9)
        return [one for one in self._moments(week, moment) if one < moment][-1]

    def _moments(self, after: datetime, until: datetime) -> Iterator[datetime]:
        zone = zone_or_utc(self.zone)
        clock = time.fromisoformat(self.at)
        day = after.astimezone(zone).date() - _ONE_DAY
        last = until.astimezone(zone).date() + _ONE_DAY
        while day <= last:
            if day.weekday() in self.days:
                yield _moment(day, clock, zone)
            day += _ONE_DAY


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first moment of a day at which the clock shows that, or would without the change."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def days_in(text: str) -> tuple[int, ...]:
    """Days as they are written in a setting or a call; ValueError says what is wrong."""
    named = [one.strip().lower() for one in text.split(",") if one.strip()]
    found: set[int] = set()
    for one in named:
        if one in _SETS:
            found.update(_SETS[one])
        elif one in DAY_NAMES:
            found.add(DAY_NAMES.index(one))
        else:
            raise ValueError(f"“{one}” is no day: use daily, weekdays, weekends, or mon, tue ...")
    if not found:
        raise ValueError("name at least one day")
    return tuple(sorted(found))


def clock_in(text: str) -> str:
    """A time of day as it is kept ("07:30"); ValueError says what is wrong."""
    hour, _, rest = text.strip().partition(":")
    try:
        return f"{time.fromisoformat(f'{hour:0>2}:{rest}'):%H:%M}"
    except ValueError:
        raise ValueError(f"“{text}” is no time of day, such as 07:30") from None


def days_text(days: Sequence[int]) -> str:
    """Days as a sentence has them: "every day", "on weekdays", "on Mondays and Fridays"."""
    if tuple(days) == EVERY_DAY:
        return "every day"
    if tuple(days) == WORKDAYS:
        return "on weekdays"
    names = [_PLURALS[one] for one in days]
    return f"on {' and '.join([', '.join(names[:-1]), names[-1]] if names[1:] else names)}"


def days_key(days: Sequence[int]) -> str:
    """Days as a call has them: "daily", "weekdays", "mon,fri"."""
    known = next((key for key, value in _SETS.items() if value == tuple(days)), None)
    return known or ",".join(DAY_NAMES[one] for one in days)


def zone_or_utc(name: str) -> ZoneInfo:
    """A zone by its name; UTC for one that is not known any more."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
