"""How often a person, and a room, may ask, propose and press: more is refused until there is room.

It protects Data Factory and the room from haste, while what may be done at all is decided in the
store. Where there are several replicas, half of a limit is divided among them, and each asks nobody
for its part; the other half is common and counted in the store.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cachetools import LRUCache

from adf.records.glossary import counted
from bot.access.common_rates import CommonPart, CommonRates
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """What one person or room did lately, as far as this process took it itself."""

    whose: str
    times: deque[datetime]


class RateLimits:
    """Counts by person and by room."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        rates: Mapping[Limited, Rate] = RATES,
        common: CommonRates | None = None,
        replicas: Callable[[], int] = lambda: 1,
    ) -> None:
        """Count from now on; `common` is what several `replicas` share."""
        self._clock = clock
        self._rates = rates
        self._common = common
        self._replicas = replicas
        self._times: LRUCache[tuple[str, str], deque[datetime]] = LRUCache(MOST_COUNTED)

    async def take(self, what: Limited, person: Person, address: Address) -> timedelta | None:
        """Count one more; how long to wait where that would be too many, which is not counted."""
        rate, now = self._rates[what], self._clock()
        counted = [
            (self._of(what, f"person {person.tenant} {person.person_id}", now), rate.person),
            (self._of(what, f"room {address.room}", now), rate.room),
        ]
        return await self._take(counted, rate.within, now)

    async def _take(
        self, counted: Sequence[tuple[_Counted, int]], within: timedelta, now: datetime
    ) -> timedelta | None:
        """Take from our own part as long as there is room in it, then from the common one."""
        replicas = self._replicas() if self._common else 1
        own, beyond = list[_Counted](), list[CommonPart]()
        for one, most in counted:
            part = most if replicas == 1 else most // (2 * replicas)
            if len(one.times) < part:
                own.append(one)
                continue
            wait = one.times[-part] + within - now if part else within
            left = most - replicas * part
            beyond.append(CommonPart(whose=one.whose, most=left, within=within, own_wait=wait))
        for one in own:
            one.times.append(now)
        refused = await self._beyond(beyond)
        if refused is not None:
            for one in own:
                one.times.remove(now)
        return refused

    async def _beyond(self, beyond: Sequence[CommonPart]) -> timedelta | None:
        if not beyond:
            return None
        if self._common is None:
            return max(one.own_wait for one in beyond)
        return await self._common.take(beyond)

    async def purge(self) -> None:
        """Delete what the store holds of times that no limit looks back at."""
        if self._common is not None:
            await self._common.purge()

    def _of(self, what: Limited, whose: str, now: datetime) -> _Counted:
        times = self._times.get((what, whose))
        if times is None:
            times = self._times[(what, whose)] = deque[datetime]()
        while times and now - times[0] >= self._rates[what].within:
            times.popleft()
        return _Counted(whose=f"{what} {whose}", times=times)


def too_fast(wait: timedelta) -> str:
    """What is said to somebody who is too fast."""
    seconds = max(1, round(wait.total_seconds()))
    length = counted(*((seconds, "second") if seconds < 90 else (round(seconds / 60), "minute")))
    return f"That was a lot in a short time. Try again in {length}."
