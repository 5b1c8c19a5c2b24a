"""The rooms the bot was added to: their addresses, kept so that each is greeted once."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from bot.messages import Address
from bot.store import AlreadyExists, Store

PARTITION = "rooms"


class Rooms:
    """Rooms by tenant and conversation; a reload or a second install is not a new room."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock

    async def enter(self, address: Address) -> bool:
        """Remember a room; True only the first time."""
        key = hashlib.sha256(f"{address.tenant}|{address.room}".encode()).hexdigest()
        value = {"address": address.to_json(), "since": self._clock().isoformat()}
        try:
            await self._store.insert(PARTITION, key, value)
        except AlreadyExists:
            return False
        return True
