"""A point of time as it was said (day, part of it, clock time) and which moments it may be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum

from bot.agents.understanding.entities.time.calendar import first_instant, last_instant, midnight

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalNow:
    """The present in the zone that times are said in; `ahead` when the text speaks of later."""

    now: datetime
    zone: tzinfo
    ahead: bool = False

    @property
    def wall(self) -> datetime:
        """What the clock shows."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)

    @property
    def today(self) -> date:
        """What the calendar shows."""
        return self.wall.date()


class ClockStyle(Enum):
    """How a clock time was written: "2" may be in the night or in the afternoon."""

    VAGUE = "vague"
    HALF = "half"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """A time of the day; a vague one has two readings, as it is written first."""

    times: tuple[time, ...]
    style: ClockStyle

    def written(self) -> "ClockTime":
        """The clock time as one of 24 hours."""
        return replace(self, times=self.times[:1], style=ClockStyle.FULL)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """Days in a row; `weekly` for a day of the week, of which there is one each week."""

    first: date
    last: date
    weekly: bool = False


class DayPart(Enum):
    """A part of the day, as hours after its midnight; a night ends on the next day."""

    EARLY = (0, 6)
    MORNING = (0, 12)
    AFTERNOON = (12, 18)
    EVENING = (18, 24)
    NIGHT = (18, 30)

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Its beginning and end on the wall clock."""
        begins, ends = (timedelta(hours=hour) for hour in self.value)
        return midnight(day) + begins, midnight(day) + ends


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """What was said of a time; `moment` is one counted back from now, `margin` what "about" is.

    `early` is how long before its part a clock time may be: "at 5 tonight" is in the afternoon.
    """

    days: DaySpan | None = None
    part: DayPart | None = None
    clock: ClockTime | None = None
    moment: datetime | None = None
    margin: timedelta = timedelta(minutes=30)
    early: timedelta = timedelta()

    @property
    def is_short(self) -> bool:
        """Whether it is a moment, not a stretch of time."""
        return self.clock is not None or self.moment is not None

    def within(self, base: "TimePoint | None") -> "TimePoint":
        """The same point, of the day and part of another where it names none."""
        if base is None or self.moment or self.days:
            return self
        return replace(self, days=base.days, part=self.part or base.part, early=base.early)


def whole_days(first: date, last: date | None = None) -> TimePoint:
    """Days from their beginning to their end; one day when no last one is given."""
    return TimePoint(days=DaySpan(first=first, last=last or first))


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeEdge:
    """One end of a range on the wall clock; `moment` where it is exactly known."""

    wall: datetime
    moment: datetime | None = None

    def opens(self, zone: tzinfo) -> datetime:
        """The moment in UTC at which a range begins."""
        return (self.moment or first_instant(self.wall, zone)).astimezone(UTC)

    def closes(self, zone: tzinfo) -> datetime:
        """The moment in UTC at which a range ends."""
        return (self.moment or last_instant(self.wall, zone)).astimezone(UTC)

    def moved(self, by: timedelta) -> "RangeEdge":
        """The edge somewhat earlier or later."""
        return RangeEdge(wall=self.wall + by, moment=self.moment + by if self.moment else None)


EdgePair = tuple[RangeEdge, RangeEdge]


def edges_of(
    point: TimePoint,
    here: LocalNow,
    *,
    limit: datetime | None = None,
    after: datetime | None = None,
    today: bool = False,
) -> EdgePair | None:
    """Where a point begins and ends: the latest up to `limit` (now), or the first `after` one.

    `today` takes the weekday of today for today, where a week ago is meant otherwise.
    """
    if point.moment:
        wall = point.moment.astimezone(here.zone).replace(tzinfo=None)
        edge = RangeEdge(wall=wall, moment=point.moment)
        return edge, edge
    if after is None and limit is None and here.ahead and not _is_past(point, here):
        after = here.wall
    found = sorted(_readings(point, here, both=after is not None or today))
    fits = [one for one in found if one[1] > after] if after else _until(found, limit or here.wall)
    if not found:
        return None
    chosen = fits[0] if after and fits else fits[-1] if fits else found[0]
    return RangeEdge(wall=chosen[0]), RangeEdge(wall=chosen[1])


def _is_past(point: TimePoint, here: LocalNow) -> bool:
    days = point.days
    return days is not None and not days.weekly and days.last < here.today


def _until(
    found: list[tuple[datetime, datetime]], limit: datetime
) -> list[tuple[datetime, datetime]]:
    return [one for one in found if one[0] <= limit]


def _readings(
    point: TimePoint, here: LocalNow, *, both: bool
) -> Iterator[tuple[datetime, datetime]]:
    for first, last in _days(point, here, both=both):
        if point.clock:
            for moment in _clock_on(point, first, here, both=both):
                yield moment, moment
        elif point.part:
            yield point.part.on(first)
        else:
            yield midnight(first), midnight(last) + DAY


def _days(point: TimePoint, here: LocalNow, *, both: bool) -> Iterator[tuple[date, date]]:
    """The days that may be meant; today's weekday is a week ago unless a clock time is said."""
    days = point.days
    if days is None:
        return ((day, day) for day in (here.today + DAY * back for back in (1, 0, -1, -2)))
    if not days.weekly:
        return iter(((days.first, days.last),))
    today = both or point.clock is not None
    weeks = (days.first + WEEK * step for step in (2, 1, 0, -1, -2))
    return ((day, day) for day in weeks if day != here.today or today)


def _clock_on(point: TimePoint, day: date, here: LocalNow, *, both: bool) -> Iterator[datetime]:
    """The moments at which the clock shows a time on a day or in a part of it."""
    clock = point.clock
    if clock is None:
        return iter(())
    if point.part:
        begins, ends = point.part.on(day)
        moments = [datetime.combine(one, at) for one in (day, day + DAY) for at in clock.times]
        inside = [one for one in moments if begins - point.early <= one < ends]
        return iter(inside or [datetime.combine(day, clock.times[0])])
    named = point.days is not None and day != here.today and not both
    return (datetime.combine(day, at) for at in (clock.times[:1] if named else clock.times))
