"""What every ADF question works on: the factories, the clock, and how times and names are read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adf.client import Factories
from adf.errors import BadArguments
from adf.records import TimeRange

DEFAULT_HOURS = 48
LONGEST = timedelta(days=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adf:
    """The factories that can be asked, and the clock that says what "the last 48 hours" are."""

    factories: Factories
    clock: Callable[[], datetime]

    def time_range(
        self, hours: float | None, start: datetime | None, end: datetime | None
    ) -> TimeRange:
        """From the arguments of a tool; Data Factory keeps runs for 45 days, so no longer."""
        now = self.clock()
        until = _aware(end) if end else now
        since = _aware(start) if start else until - timedelta(hours=hours or DEFAULT_HOURS)
        if since >= until:
            raise BadArguments(
                f"the time range ends ({until:%F %T}) before it starts ({since:%F %T})"
            )
        return TimeRange(start=max(since, now - LONGEST), end=until)


def _aware(when: datetime) -> datetime:
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
