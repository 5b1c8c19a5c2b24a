"""A yes counts once: that it is used is written down before anything is done for it."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import AlreadyExists, Store

PARTITION = "used"
# Much longer than a claim is taken up again.
KEPT = timedelta(days=1)


class Once:
    """What each decision was used for; a crash later, nothing is done for it a second time."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock

    async def use(self, decision: str, approval_id: str) -> bool:
        """Use the yes of a decision to a call; False when it was used before."""
        key = hashlib.sha256(f"{decision}|{approval_id}".encode()).hexdigest()
        await self._forget_old()
        try:
            await self._store.insert(PARTITION, key, {"at": self._clock().isoformat()})
        except AlreadyExists:
            return False
        return True

    async def _forget_old(self) -> None:
        oldest = self._clock() - KEPT
        for entry in await self._store.range(PARTITION):
            if datetime.fromisoformat(entry.value["at"]) < oldest:
                await self._store.delete(PARTITION, entry.key)
