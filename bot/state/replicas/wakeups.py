"""What any replica tells the leader: look now, something has changed."""

import logging
from collections.abc import Callable

from bot.state.replicas.leadership import PARTITION
from bot.state.store import Store, StoreError, Value, update

log = logging.getLogger("adfops.replicas")

KEY = "wakeup"
POLL_SECONDS = 1.0


class Wakeups:
    """A counter in the store that any replica raises and the leader watches."""

    def __init__(self, store: Store) -> None:
        """Borrow the store."""
        self._store = store
        self._seen: Value | None = None

    async def raise_one(self) -> None:
        """Have the leader look; one that is not heard looks by itself a little later."""

        def change(row: Value | None) -> Value:
            return {"count": (row or {}).get("count", 0) + 1}

        try:
            await update(self._store, PARTITION, KEY, change)
        except StoreError as error:
            log.info("the leader could not be woken: %s", error)

    async def watch(self, wake: Callable[[], None]) -> None:
        """Look once; calls `wake` where somebody raised it since the last time."""
        try:
            entry = await self._store.get(PARTITION, KEY)
        except StoreError as error:
            log.info("wake-ups cannot be read: %s", error)
            return
        value = entry.value if entry else None
        if value != self._seen:
            self._seen = value
            wake()
