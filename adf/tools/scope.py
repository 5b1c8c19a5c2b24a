"""What every ADF question works on: the factories, the clock, and how times and names are read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adf.cache import Scope
from adf.client import Factories
from adf.errors import BadArguments, OutOfRange
from adf.records import RangeKind, TimeRange
from adf.tool import Arguments

DEFAULT_HOURS = 48
LONGEST = timedelta(days=45)
# Level by level through child runs, or 45 days of runs: who asks for that waits a little longer.
DEEP_LIMIT = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Adf:
    """The factories that can be asked, and the clock that says what "the last 48 hours" are."""

    factories: Factories
    clock: Callable[[], datetime]

    def scope_of(self, arguments: Arguments) -> Scope:
        """The factory a question is about; every readable one where it names none to choose."""
        if "factory" not in arguments:
            return self.factories.aliases
        named = arguments["factory"]
        return (self.factories.alias_of(str(named) if named else None),)

    def time_range(
        self, hours: float | None, start: datetime | None, end: datetime | None
    ) -> TimeRange:
        """From the arguments of a tool; Data Factory keeps runs for 45 days, so no longer."""
        now = self.clock()
        until = _aware(end) if end else now
        since = _aware(start) if start else until - _length(hours)
        if since >= until:
            raise BadArguments(
                f"the time range ends ({until:%F %T}) before it starts ({since:%F %T})"
            )
        if until <= now - LONGEST:
            raise OutOfRange(
                f"Data Factory keeps runs for {LONGEST.days} days, and {until:%F} is before that",
                asked="look that far back",
            )
        begins = max(since, now - LONGEST)
        return TimeRange(start=begins, end=until, kind=_kind(start, until, now))


def _kind(start: datetime | None, until: datetime, now: datetime) -> RangeKind:
    if until < now:
        return RangeKind.CLOSED
    return RangeKind.SINCE if start else RangeKind.LENGTH


def _length(hours: float | None) -> timedelta:
    """So many hours back, as far as runs are kept; BadArguments for what is no length."""
    asked = float(hours or DEFAULT_HOURS)
    if not asked > 0:
        raise BadArguments(f"{asked:g} hours is no length of time", asked="look back")
    return timedelta(hours=min(asked, LONGEST / timedelta(hours=1)))


def _aware(when: datetime) -> datetime:
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
