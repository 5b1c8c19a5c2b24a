"""What about a pipeline is told, and when: the kind of event, its limit, waiting, quiet hours.

As one line of text, so that tools and cards pass it on as it is: "overlong 120 min",
"deadline 06:00 Europe/Berlin", "failures; wait 20 min; quiet 22:00-06:00 Europe/Berlin".
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST_WAIT = 24 * 60
LONGEST_LIMIT = 7 * 24 * 60
_MINUTE = timedelta(minutes=1)
_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_WAIT = re.compile(r"wait (\d{1,4}) min")
_QUIET = re.compile(rf"quiet {_CLOCK}-{_CLOCK}(?: (\S+))?")
_LENGTH = re.compile(r"(\d{1,5}) min")
_MOMENT = re.compile(rf"{_CLOCK}(?: (\S+))?")


class EventKind(StrEnum):
    """What about a pipeline is told; `problems` are all of them but `finish`."""

    FAILURES = "failures"
    FINISH = "finish"
    MISSED = "missed"
    OVERLONG = "overlong"
    DEADLINE = "deadline"
    ZERO_ROWS = "zero_rows"
    RUNTIME = "runtime"
    QUEUE = "queue"
    PROBLEMS = "problems"

    def includes(self, kind: "EventKind") -> bool:
        """Whether something of that kind is told to who asked for this one."""
        return self is kind or (self is EventKind.PROBLEMS and kind is not EventKind.FINISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationTerms:
    """A kind of event, with a `limit` of its own where one was said ("120 min", "06:00 UTC").

    `wait` are minutes it has to stand before it is told; `quiet` are hours in which nothing is.
    """

    kind: EventKind = EventKind.FAILURES
    limit: str = ""
    wait: int = 0
    quiet: str = ""

    def __str__(self) -> str:
        """The line that `terms_in` reads."""
        first = f"{self.kind} {self.limit}" if self.limit else str(self.kind)
        wait = f"wait {self.wait} min" if self.wait else ""
        quiet = f"quiet {self.quiet}" if self.quiet else ""
        return "; ".join(one for one in (first, wait, quiet) if one)

    def opens(self, now: datetime) -> bool:
        """Whether it may be told now: outside of the quiet hours."""
        return not is_quiet(self.quiet, now)


def terms_in(text: str, zone: str = "UTC") -> NotificationTerms:
    """Read such a line, its times in `zone` unless they name one; ValueError says what is wrong."""
    first, *more = [part.strip() for part in text.split(";")]
    word, _, limit = first.partition(" ")
    if word not in set(EventKind):
        raise ValueError(f"there is no event “{word}”, only {', '.join(EventKind)}")
    kind = EventKind(word)
    wait, quiet = 0, ""
    for part in more:
        if found := _WAIT.fullmatch(part):
            wait = _within(int(found.group(1)), LONGEST_WAIT, part)
        elif _QUIET.fullmatch(part):
            quiet = _checked_hours(part.removeprefix("quiet "), zone)
        else:
            raise ValueError(f"“{part}” is neither “wait 20 min” nor “quiet 22:00-06:00”")
    return NotificationTerms(
        kind=kind, limit=_limit(kind, limit.strip(), zone), wait=wait, quiet=quiet
    )


def longest_of(limit: str) -> timedelta | None:
    """How long a run may take, by a limit such as "120 min"; None for another one."""
    found = _LENGTH.fullmatch(limit)
    return int(found.group(1)) * _MINUTE if found else None


def last_deadline(limit: str, now: datetime) -> datetime | None:
    """The newest moment of a limit such as "06:00 Europe/Berlin" that is not to come."""
    found = _MOMENT.fullmatch(limit)
    if found is None:
        return None
    zone = _zone(found.group(3))
    at = time(int(found.group(1)), int(found.group(2)))
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), at, zone)
    if due > local:
        due = datetime.combine(local.date() - timedelta(days=1), at, zone)
    return due.astimezone(UTC)


def is_quiet(hours: str, now: datetime) -> bool:
    """Whether a moment lies in hours such as "22:00-06:00 Europe/Berlin"."""
    found = _QUIET.fullmatch(f"quiet {hours}") if hours else None
    if found is None:
        return False
    first, last = (time(int(found.group(at)), int(found.group(at + 1))) for at in (1, 3))
    local = now.astimezone(_zone(found.group(5))).time()
    return first <= local < last if first <= last else local >= first or local < last


def _limit(kind: EventKind, said: str, zone: str) -> str:
    if not said:
        return ""
    if kind is EventKind.OVERLONG and (found := _LENGTH.fullmatch(said)):
        return f"{_within(int(found.group(1)), LONGEST_LIMIT, said)} min"
    if kind is EventKind.DEADLINE and (found := _MOMENT.fullmatch(said)):
        _zone(found.group(3) or zone, strict=True)
        clock = f"{int(found.group(1)):02}:{found.group(2)}"
        return f"{clock} {found.group(3) or zone}"
    raise ValueError(
        f"“{said}” is no limit for {kind}: “overlong 120 min” and “deadline 06:00 Europe/Berlin”"
        " have one"
    )


def _within(number: int, most: int, said: str) -> int:
    if not 0 < number <= most:
        raise ValueError(f"“{said}” is not between 1 and {most} minutes")
    return number


def _checked_hours(hours: str, default: str) -> str:
    zone = hours.partition(" ")[2] or default
    _zone(zone, strict=True)
    first, last = hours.partition(" ")[0].split("-")
    if first == last:
        raise ValueError(f"“{hours}” has no end")
    return f"{first}-{last} {zone}"


def _zone(name: str | None, *, strict: bool = False) -> tzinfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if strict:
            raise ValueError(f"“{name}” is no time zone") from error
        return UTC
