"""One due time of a summary as it is stored: what it covers, and what passed before it unsent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.state.store import Moment, RowCodec

KIND = "summary"
PREFIX = "due-"
# The next shift wants at least this much, and nobody reads more than a week.
SHORTEST = timedelta(hours=1)
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSummary:
    """A summary of a factory that was due `at` and covers the time `since` the one before it.

    `skipped` are earlier due times that passed while the bot was not running. `person` is whose
    own it is; blank for a room. Its times are shown in `zone`.
    """

    factory: str
    at: Moment
    since: Moment
    zone: str = "UTC"
    person: str = ""
    skipped: tuple[Moment, ...] = ()

    def covers(self, now: datetime) -> timedelta:
        """How far back it looks."""
        return min(max(now - self.since, SHORTEST), LONGEST)


DUE_SUMMARIES = RowCodec(DueSummary, sparse=True)


def name_of(place: str, at: datetime) -> str:
    """The name of what is due at one place at one time: the same after a crash."""
    return f"{at:%Y%m%dT%H%M%S}-{place}"
