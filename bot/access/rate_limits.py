"""How often a person, and a room, may ask, propose and press: more is refused until there is room.

Counted in this process alone: it protects Data Factory and the room from haste, while what may be
done at all is decided in the store.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cachetools import LRUCache

from bot.messages import Address, Person

MOST_COUNTED = 10_000


class Limited(StrEnum):
    """What is counted."""

    QUESTION = "question"
    PROPOSAL = "proposal"
    PRESS = "press"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many for one person, and for one room, within a time."""

    person: int
    room: int
    within: timedelta


RATES: Mapping[Limited, Rate] = {
    Limited.QUESTION: Rate(person=30, room=120, within=timedelta(minutes=1)),
    Limited.PROPOSAL: Rate(person=12, room=40, within=timedelta(minutes=10)),
    Limited.PRESS: Rate(person=20, room=60, within=timedelta(minutes=10)),
}


class RateLimits:
    """Counts by person and by room."""

    def __init__(
        self, clock: Callable[[], datetime], rates: Mapping[Limited, Rate] = RATES
    ) -> None:
        """Count from now on."""
        self._clock = clock
        self._rates = rates
        self._times: LRUCache[tuple[str, str], deque[datetime]] = LRUCache(MOST_COUNTED)

    def take(self, what: Limited, person: Person, address: Address) -> timedelta | None:
        """Count one more; how long to wait where that would be too many, which is not counted."""
        rate, now = self._rates[what], self._clock()
        counted = [
            (self._of(what, f"person {person.tenant} {person.person_id}", now), rate.person),
            (self._of(what, f"room {address.room}", now), rate.room),
        ]
        waits = [times[0] + rate.within - now for times, most in counted if len(times) >= most]
        if waits:
            return max(waits)
        for times, _ in counted:
            times.append(now)
        return None

    def _of(self, what: Limited, whose: str, now: datetime) -> deque[datetime]:
        times = self._times.get((what, whose))
        if times is None:
            times = self._times[(what, whose)] = deque[datetime]()
        while times and now - times[0] >= self._rates[what].within:
            times.popleft()
        return times


def too_fast(wait: timedelta) -> str:
    """What is said to somebody who is too fast."""
    seconds = max(1, round(wait.total_seconds()))
    length = f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
    return f"That was a lot in a short time. Try again in {length}."
