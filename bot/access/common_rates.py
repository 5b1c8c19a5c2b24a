"""The part of a fleet's rate limits that its replicas have in common: counted in the store.

A row holds the moments that one person, or one room, took of it; its key is a hash. Both are
written in one batch, so that nothing is counted for somebody who was refused.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.state.store import (
    Insert,
    Moment,
    Operation,
    Replace,
    RowCodec,
    Rows,
    Store,
    retry_on_conflict,
)

PARTITION = "rates"
# As many replicas may count for one busy room at the same moment; each makes way at once.
_TRIES = 100
_LONGEST_LOOK_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenTimes:
    """When something was done, the oldest first."""

    times: tuple[Moment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonPart:
    """What may be taken of a common part: by whom, how often within a time.

    `own_wait` is when the replica that asks has room again in its own part.
    """

    whose: str
    most: int
    within: timedelta
    own_wait: timedelta


_CODEC = RowCodec(TakenTimes)


class CommonRates:
    """Counts that all replicas share."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._rows = Rows(store, PARTITION, _CODEC)
        self._clock = clock

    async def take(self, parts: Sequence[CommonPart]) -> timedelta | None:
        """Count one more in each; how long to wait where one is used up, and none is counted."""
        return await retry_on_conflict(lambda: self._take(parts), _TRIES)

    async def purge(self) -> None:
        """Delete what no limit looks back at any more."""
        oldest = self._clock() - _LONGEST_LOOK_BACK
        async for page in self._rows.pages():
            await self._rows.delete_unchanged(
                [row for row in page if not row.item.times or row.item.times[-1] < oldest]
            )

    async def _take(self, parts: Sequence[CommonPart]) -> timedelta | None:
        now, operations = self._clock(), list[Operation]()
        for part in parts:
            key = hashlib.sha256(part.whose.encode()).hexdigest()[:32]
            entry = await self._store.get(PARTITION, key)
            known = _CODEC.from_json(entry.value).times if entry else ()
            times = [one for one in known if now - one < part.within]
            if len(times) >= part.most:
                free = times[-part.most] + part.within - now if part.most else part.own_wait
                return min(part.own_wait, free)
            value: Mapping[str, object] = _CODEC.to_json(TakenTimes(times=(*times, now)))
            operations.append(
                Replace(key=key, value=value, version=entry.version)
                if entry
                else Insert(key=key, value=value)
            )
        await self._store.batch(PARTITION, operations)
        return None
