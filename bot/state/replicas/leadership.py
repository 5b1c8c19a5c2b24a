"""One leader among the replicas of a store, by a lease in it: who leads watches and delivers.

As with the lease of a file, nobody's wall clock counts: the leader renews, and whoever waits
watches it with a clock of its own. A lease only says who should write; that nobody else does is
held by the fences (`fencing`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.state.store import (
    CONFLICTS,
    RowCodec,
    Store,
    StoreError,
)
from bot.state.store.lease import LEASE_SECONDS, RENEW_SECONDS

log = logging.getLogger("adfops.replicas")

PARTITION = "leases"
KEY = "leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRow:
    """Who leads, for which time in a row; `beat` grows with each renewal."""

    holder: str
    term: int
    beat: int = 0
    released: bool = False


_CODEC = RowCodec(LeaseRow)


class Leadership:
    """The lease from the view of one replica; `lost` is set once another one leads instead."""

    def __init__(
        self,
        store: Store,
        replica: str,
        seconds: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Lead nothing yet; `seconds` is a clock that only runs."""
        self._store = store
        self._replica = replica
        self._seconds = seconds
        self._sleep = sleep
        self._held: tuple[LeaseRow, str] | None = None
        self._watched: tuple[LeaseRow | None, float] = (None, 0.0)
        self.lost = asyncio.Event()

    @property
    def term(self) -> int:
        """Which leader this is, counted from the first; 0 while it is none."""
        return self._held[0].term if self._held else 0

    async def acquire(self) -> None:
        """Wait until this replica leads; a store that does not answer is asked again."""
        while not await self._try_safely():
            await self._sleep(RENEW_SECONDS)
        log.info("this replica leads now, as number %d", self.term)

    async def keep(self) -> None:
        """Renew until the lease is lost; a store that does not answer is no loss by itself."""
        while not self.lost.is_set():
            await self._sleep(RENEW_SECONDS)
            try:
                await self.renew()
            except StoreError as error:
                log.warning("the lease could not be renewed: %s", error)

    async def try_acquire(self) -> bool:
        """Take the lease if it is free, or nothing was heard of its holder for long enough."""
        entry = await self._store.get(PARTITION, KEY)
        if entry is None:
            return await self._take(LeaseRow(holder=self._replica, term=1), None)
        current = _CODEC.from_json(entry.value)
        if current.released or self._is_silent(current):
            mine = LeaseRow(holder=self._replica, term=current.term + 1)
            return await self._take(mine, entry.version)
        return False

    async def renew(self) -> None:
        """Say that we are alive; sets `lost` where another replica has taken over."""
        if self._held is None:
            return
        row, version = self._held
        if not await self._take(replace(row, beat=row.beat + 1), version):
            await self._look_again(row.term)

    async def release(self) -> None:
        """Give it back, so that the next leader need not wait."""
        if self._held and not self.lost.is_set():
            row, version = self._held
            self._held = None
            try:
                value = _CODEC.to_json(replace(row, released=True))
                await self._store.replace(PARTITION, KEY, value, version)
            except StoreError as error:
                log.info("the lease was not given back: %s", error)

    async def _try_safely(self) -> bool:
        try:
            return await self.try_acquire()
        except StoreError as error:
            log.warning("the lease could not be read: %s", error)
            return False

    def _is_silent(self, current: LeaseRow) -> bool:
        """Whether it did not change for a whole lease, while we watched."""
        seen, since = self._watched
        if seen != current:
            self._watched = (current, self._seconds())
            return False
        return self._seconds() - since >= LEASE_SECONDS

    async def _take(self, row: LeaseRow, version: str | None) -> bool:
        value = _CODEC.to_json(row)
        try:
            if version is None:
                written = await self._store.insert(PARTITION, KEY, value)
            else:
                written = await self._store.replace(PARTITION, KEY, value, version)
        except CONFLICTS:
            return False
        self._held = (row, written)
        return True

    async def _look_again(self, term: int) -> None:
        """After a renewal that was refused: it may have been our own, whose answer was lost."""
        entry = await self._store.get(PARTITION, KEY)
        row = _CODEC.from_json(entry.value) if entry else None
        if entry and row and (row.term, row.holder) == (term, self._replica):
            self._held = (row, entry.version)
            return
        self.give_up()

    def give_up(self) -> None:
        """Another replica leads: this one can only end."""
        log.error("another replica leads now")
        self._held = None
        self.lost.set()
