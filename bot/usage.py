"""How many questions were answered each day: a number for each date, and nothing else."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.store import AlreadyExists, Missing, Store, VersionConflict

PARTITION = "answered"
MOST_TRIES = 20


class Answered:
    """Counts answers by their UTC date."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock

    async def count(self) -> None:
        """One more answer today; given up when others keep writing, for it is only a number."""
        key = self._clock().date().isoformat()
        for _ in range(MOST_TRIES):
            entry = await self._store.get(PARTITION, key)
            try:
                if entry is None:
                    await self._store.insert(PARTITION, key, {"answers": 1})
                else:
                    value = {"answers": entry.value["answers"] + 1}
                    await self._store.replace(PARTITION, key, value, entry.version)
            except (AlreadyExists, VersionConflict, Missing):
                continue
            return

    async def of_days(self, days: int) -> Sequence[tuple[datetime, int]]:
        """The answers of the last days, today last; a day without any is there with 0."""
        today = self._clock()
        dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        entries = await self._store.range(PARTITION, dates[0].date().isoformat())
        counted = {entry.key: int(entry.value["answers"]) for entry in entries}
        return [(date, counted.get(date.date().isoformat(), 0)) for date in dates]
