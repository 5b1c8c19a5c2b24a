"""Which errors the bot met and did not know: counts under their signatures, never their text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.state.store import AlreadyExists, Missing, Store, VersionConflict

PARTITION = "error-gaps"
MOST_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorGap:
    """An error that nothing is known of: its signature, how often it was met, and when last."""

    signature: str
    count: int
    last: str


class ErrorGaps:
    """Counts unknown errors by signature."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock

    async def count(self, signature: str) -> None:
        """One more error of this signature; given up when others keep writing."""
        today = self._clock().date().isoformat()
        for _ in range(MOST_TRIES):
            entry = await self._store.get(PARTITION, signature)
            try:
                if entry is None:
                    await self._store.insert(PARTITION, signature, {"count": 1, "last": today})
                else:
                    value = {"count": entry.value["count"] + 1, "last": today}
                    await self._store.replace(PARTITION, signature, value, entry.version)
            except (AlreadyExists, VersionConflict, Missing):
                continue
            return

    async def most_met(self) -> Sequence[ErrorGap]:
        """Every unknown error, the most frequent first."""
        entries = await self._store.range(PARTITION)
        found = [
            ErrorGap(
                signature=entry.key, count=int(entry.value["count"]), last=str(entry.value["last"])
            )
            for entry in entries
        ]
        return sorted(found, key=lambda one: (-one.count, one.signature))
