"""Which replicas are alive: each beats in the store, and each watches the others' beats.

One that was silent for a whole lease by the watcher's own clock is gone. What it was doing is taken
up by the others, and it finds out so when it comes back.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.state.store import CONFLICTS, Store, StoreError, read_all, update
from bot.state.store.lease import LEASE_SECONDS, RENEW_SECONDS

log = logging.getLogger("adfops.replicas")

PARTITION = "replicas"


class ReplicaRegistry:
    """The replicas of a store, as one of them sees them."""

    def __init__(
        self,
        store: Store,
        replica: str,
        seconds: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Know of nobody yet; `seconds` is a clock that only runs."""
        self._store = store
        self.replica = replica
        self._seconds = seconds
        self._sleep = sleep
        self._beat = 0
        self._seen: dict[str, tuple[int, float]] = {}
        self.died = asyncio.Event()

    @property
    def count(self) -> int:
        """How many replicas are alive, this one among them."""
        return max(1, len(self._seen))

    def is_gone(self, replica: str) -> bool:
        """Whether nobody answers for what that replica was doing."""
        return replica != self.replica and replica not in self._seen

    async def keep_beating(self) -> None:
        """Beat and watch, for ever; `died` is set when a replica is gone."""
        while True:
            try:
                await self.beat()
            except StoreError as error:
                log.warning("the replicas cannot be read: %s", error)
            await self._sleep(RENEW_SECONDS)

    async def beat(self) -> None:
        """Say that this replica is alive, and see who else is."""
        self._beat += 1
        beat = {"beat": self._beat}
        await update(self._store, PARTITION, self.replica, lambda _: beat)
        now, seen = self._seconds(), dict[str, tuple[int, float]]()
        for entry in await read_all(self._store, PARTITION):
            number = int(entry.value["beat"])
            before = self._seen.get(entry.key)
            since = before[1] if before and before[0] == number else now
            if now - since < LEASE_SECONDS:
                seen[entry.key] = (number, since)
            else:
                await self._forget(entry.key, entry.version)
        if self._seen.keys() - seen.keys():
            self.died.set()
        self._seen = seen

    async def leave(self) -> None:
        """Say that this replica ends, so that the others need not wait."""
        try:
            await self._store.delete(PARTITION, self.replica)
        except StoreError as error:
            log.info("the end of this replica could not be noted: %s", error)

    async def _forget(self, replica: str, version: str) -> None:
        log.warning("replica %s is gone", replica)
        try:
            await self._store.delete(PARTITION, replica, version)
        except CONFLICTS:
            log.info("replica %s is back", replica)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetShare:
    """Half of a limit is the leader's, who watches; the other half is divided among the rest."""

    count: Callable[[], int]
    leads: Callable[[], bool]

    def of(self, limit: int) -> int:
        """So much of it is this replica's; all of it for one that is alone."""
        others = self.count() - 1
        if others < 1:
            return limit
        return limit // 2 if self.leads() else limit // (2 * others)
