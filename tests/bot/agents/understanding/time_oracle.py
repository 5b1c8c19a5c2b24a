"""What ranges of time are right, computed apart from the product: another zone library, by search.

A range of the wall clock holds every minute at which the clock showed a time in it; where it shows
none (an hour that was left out), it is moved forward by what the clock jumped.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from dateutil import tz

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Adelaide")
CHANGES = {
    "Europe/Berlin": ("2026-03-29T01:00Z", "2026-10-25T01:00Z"),
    "America/New_York": ("2026-03-08T07:00Z", "2026-11-01T06:00Z"),
    "Asia/Kolkata": ("2026-03-29T01:00Z", "2026-10-25T01:00Z"),
    "Australia/Adelaide": ("2026-04-04T16:30Z", "2026-10-03T16:30Z"),
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRange:
    """A range in words, asked at a moment in a zone, and what it is: UTC, open when it goes on."""

    text: str
    now: datetime
    zone: str
    start: datetime
    end: datetime | None


def wall_of(moment: datetime, zone: str) -> datetime:
    """What the clock shows."""
    return moment.astimezone(tz.gettz(zone)).replace(tzinfo=None)


def begins(wall: datetime, zone: str) -> datetime:
    """The first minute at which the clock shows that or more."""
    near = wall.replace(tzinfo=tz.gettz(zone)).astimezone(UTC) - 2 * HOUR
    return next(at for at in _minutes(near) if wall_of(at, zone) >= wall)


def ends(wall: datetime, zone: str) -> datetime:
    """The minute after the last one at which the clock shows less."""
    near = wall.replace(tzinfo=tz.gettz(zone)).astimezone(UTC) - 2 * HOUR
    return [at for at in _minutes(near) if wall_of(at, zone) < wall][-1] + MINUTE


def _minutes(start: datetime) -> Iterator[datetime]:
    return (start + MINUTE * number for number in range(301))


def between(start: datetime, end: datetime, zone: str) -> tuple[datetime, datetime]:
    """A range of the wall clock as moments."""
    found = begins(start, zone), ends(end, zone)
    if found[0] < found[1]:
        return found
    local = start.replace(tzinfo=tz.gettz(zone))
    moved = tz.resolve_imaginary(local).astimezone(UTC)
    return moved, moved + (end - start)


def ranges(seed: int, number: int) -> Iterator[SaidRange]:
    """So many ranges, asked within a few days of a clock change."""
    rng = random.Random(seed)
    while number:
        zone = rng.choice(ZONES)
        change = datetime.fromisoformat(rng.choice(CHANGES[zone]))
        after = rng.choice([(-60, 26 * 60), (0, 30 * 60), (-24 * 60, 6 * 24 * 60)])
        now = change + MINUTE * rng.randrange(*after) + timedelta(seconds=17)
        said = rng.choice(_WAYS)(rng, wall_of(now, zone))
        if said is None:
            continue
        text, start, end = said
        number -= 1
        yield _said(text, now, zone, start, end)


Walls = tuple[str, datetime, datetime | None] | None


def _said(text: str, now: datetime, zone: str, start: datetime, end: datetime | None) -> SaidRange:
    wall = wall_of(now, zone)
    if end is None or end >= wall:
        return SaidRange(text=text, now=now, zone=zone, start=begins(start, zone), end=None)
    first, last = between(start, end, zone)
    open_end = last >= now
    return SaidRange(text=text, now=now, zone=zone, start=first, end=None if open_end else last)


def _clock(rng: random.Random, at: datetime) -> str:
    """A clock time written in one of the ways that leave no doubt."""
    hour = at.hour % 12 or 12
    half = "am" if at.hour < 12 else "pm"
    ways = [f"{at:%H:%M}", f"{hour}:{at:%M}{half}", f"{hour}:{at:%M} {half.upper()}"]
    if at.minute == 0:
        ways += [f"{hour}{half}", f"{hour} {half}", f"{at.hour} Uhr"]
    return rng.choice(ways)


def _moment(rng: random.Random, day: datetime) -> datetime:
    minute = rng.choice([0, 0, 15, 30, 45])
    return datetime.combine(day.date(), time(rng.choice([*range(24), *[1, 2, 3] * 5]), minute))


def _between_clocks(rng: random.Random, wall: datetime) -> Walls:
    start = _moment(rng, wall - DAY * rng.choice([0, 1]))
    end = start + timedelta(minutes=rng.choice([15, 30, 60, 90, 120, 300, 600]))
    if not start < wall or start + DAY < wall:
        return None
    words = rng.choice(["between {} and {}", "from {} to {}", "from {} until {}", "{} - {}"])
    return words.format(_clock(rng, start), _clock(rng, end)), start, end


def _of_yesterday(rng: random.Random, wall: datetime) -> Walls:
    start = _moment(rng, wall - DAY)
    end = start + timedelta(minutes=rng.choice([30, 60, 120, 240]))
    words = rng.choice(["yesterday between {} and {}", "yesterday from {} to {}"])
    return words.format(_clock(rng, start), _clock(rng, end)), start, end


def _dated(rng: random.Random, wall: datetime) -> Walls:
    day = wall - DAY * rng.randrange(1, 9)
    start = _moment(rng, day)
    end = start + timedelta(minutes=rng.choice([30, 60, 120, 180]))
    date = rng.choice([f"{day:%Y-%m-%d}", f"{day.day} {day:%B}", f"{day:%b} {day.day}"])
    return f"on {date} between {_clock(rng, start)} and {_clock(rng, end)}", start, end


def _since_weekday(rng: random.Random, wall: datetime) -> Walls:
    start = _moment(rng, wall - DAY * rng.randrange(1, 7))
    words = rng.choice(["since {} {}", "since {} at {}", "since {}, {}", "after {} {}"])
    return words.format(DAYS[start.weekday()], _clock(rng, start)), start, None


def _across_days(rng: random.Random, wall: datetime) -> Walls:
    start = _moment(rng, wall - DAY * rng.randrange(2, 6))
    end = _moment(rng, start + DAY)
    words = rng.choice(["from {} {} to {} {}", "between {} {} and {} {}"])
    days = DAYS[start.weekday()], DAYS[end.weekday()]
    text = words.format(days[0], _clock(rng, start), days[1], _clock(rng, end))
    return text, start, end


def _whole_day(rng: random.Random, wall: datetime) -> Walls:
    back = rng.randrange(2, 7)
    start = datetime.combine(wall.date() - DAY * back, time())
    day = DAYS[start.weekday()]
    words = [f"on {day}", f"last {day}", f"{back} days ago", f"on {start:%Y-%m-%d}"]
    return rng.choice(words), start, start + DAY


def _day_before(rng: random.Random, wall: datetime) -> Walls:
    start = datetime.combine(wall.date() - DAY, time())
    return rng.choice(["yesterday", "gestern", "ayer", "all day yesterday"]), start, start + DAY


def _since_day(rng: random.Random, wall: datetime) -> Walls:
    start = datetime.combine(wall.date() - DAY * rng.randrange(1, 7), time())
    return rng.choice(["since {}", "seit {}"]).format(DAYS[start.weekday()]), start, None


def _today(rng: random.Random, wall: datetime) -> Walls:
    start = datetime.combine(wall.date(), time())
    return rng.choice(["today", "so far today", "since midnight", "heute"]), start, None


def _night(rng: random.Random, wall: datetime) -> Walls:
    start = datetime.combine(wall.date() - DAY, time(18))
    words = ["last night", "overnight", "letzte nacht", "anoche"]
    return rng.choice(words), start, start + 12 * HOUR


def _night_of(rng: random.Random, wall: datetime) -> Walls:
    start = datetime.combine(wall.date() - DAY * rng.randrange(2, 6), time(18))
    return f"{DAYS[start.weekday()]} night", start, start + 12 * HOUR


def _days_in_a_row(rng: random.Random, wall: datetime) -> Walls:
    first = datetime.combine(wall.date() - DAY * rng.randrange(3, 6), time())
    last = first + DAY * rng.choice([1, 2])
    words = rng.choice(["between {} and {}", "from {} to {}", "von {} bis {}"])
    return words.format(DAYS[first.weekday()], DAYS[last.weekday()]), first, last + DAY


def _week_before(rng: random.Random, wall: datetime) -> Walls:
    monday = datetime.combine(wall.date() - DAY * wall.weekday(), time()) - 7 * DAY
    return rng.choice(["last week", "letzte woche", "la semana pasada"]), monday, monday + 7 * DAY


def _before(rng: random.Random, wall: datetime) -> Walls:
    end = _moment(rng, wall)
    start = datetime.combine(end.date(), time())
    if not start < end < wall:
        return None
    return f"before {_clock(rng, end)}", start, end


def _around(rng: random.Random, wall: datetime) -> Walls:
    middle = _moment(rng, wall - DAY)
    text = f"yesterday around {_clock(rng, middle)}"
    return text, middle - 30 * MINUTE, middle + 30 * MINUTE


_WAYS: tuple[Callable[[random.Random, datetime], Walls], ...] = (
    *(_between_clocks, _between_clocks, _of_yesterday, _dated, _since_weekday, _across_days),
    *(_whole_day, _day_before, _since_day, _today, _night, _night_of, _days_in_a_row),
    *(_week_before, _before, _around),
)
