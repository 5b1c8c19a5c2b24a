"""How many questions were answered, and what the language model's turns used: numbers only."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.state.store import AlreadyExists, Entry, Missing, Store, Value, VersionConflict
from cards.records import Used

PARTITION = "answered"
MOST_TRIES = 20


class AnswerCounter:
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


DAYS = "spending"
CONVERSATIONS = "spending-conversations"
KEPT = timedelta(days=30)
_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDay(Used):
    """What was used on one UTC date."""

    date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a million tokens cost: of input, of input that was cached, of output."""

    input: float
    cached: float
    output: float
    currency: str = "USD"

    def of(self, used: Used) -> str:
        """What that cost, such as "0.21 USD"; small sums keep the digits that tell them from 0."""
        fresh = max(0, used.input - used.cached)
        cost = (fresh * self.input + used.cached * self.cached + used.output * self.output) / 1e6
        digits = 2 if cost >= 0.1 or not cost else 4
        return f"{cost:,.{digits}f} {self.currency}"


class ModelUsage:
    """Adds up tokens; `ceiling` is how many a day may use, None for no limit."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        ceiling: int | None = None,
        price: Price | None = None,
    ) -> None:
        """Borrow the store; without a `price` nobody is told what a day cost."""
        self._store = store
        self._clock = clock
        self.ceiling = ceiling
        self.price = price

    async def may_spend(self) -> bool:
        """Whether the day's ceiling is not reached."""
        return self.ceiling is None or (await self.today()).tokens < self.ceiling

    async def today(self) -> UsageDay:
        """What was used since midnight, UTC."""
        return (await self.of_days(1))[0]

    async def add(self, used: Used, conversation: str) -> None:
        """What a turn took that was asked for in a conversation; the first of a day tidies up."""
        is_first = await self._add(DAYS, self._clock().date().isoformat(), used)
        await self._add(CONVERSATIONS, _hash(conversation), used)
        if is_first:
            await self._forget()

    async def of_days(self, days: int) -> Sequence[UsageDay]:
        """The last days, today last; a day without any is there with zeros."""
        today = self._clock()
        dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        entries = await self._store.range(DAYS, dates[0].date().isoformat())
        known = {entry.key: _used(entry.value) for entry in entries}
        return [
            UsageDay(date=date, **asdict(known.get(date.date().isoformat(), Used())))
            for date in dates
        ]

    async def of_conversation(self, conversation: str) -> Used:
        """What a conversation took, as far as it is remembered."""
        return self._kept(await self._store.get(CONVERSATIONS, _hash(conversation)))

    async def _add(self, partition: str, key: str, used: Used) -> bool:
        """Add to a row; given up when others keep writing. Whether it is the row's first."""
        for _ in range(MOST_TRIES):
            entry = await self._store.get(partition, key)
            value = asdict(self._kept(entry) + used) | {"at": self._clock().isoformat()}
            try:
                if entry is None:
                    await self._store.insert(partition, key, value)
                else:
                    await self._store.replace(partition, key, value, entry.version)
            except (AlreadyExists, VersionConflict, Missing):
                continue
            return entry is None
        return False

    def _kept(self, entry: Entry | None) -> Used:
        return Used() if entry is None or self._is_old(entry.value) else _used(entry.value)

    def _is_old(self, value: Value) -> bool:
        """Rows of days from before `at` was written down are never old."""
        return "at" in value and self._clock() - datetime.fromisoformat(value["at"]) > KEPT

    async def _forget(self) -> None:
        """Drop old conversations, page by page."""
        start = ""
        while page := await self._store.range(CONVERSATIONS, start, limit=_PAGE):
            for entry in page:
                if self._is_old(entry.value):
                    # Not what a turn adds to at this moment.
                    with suppress(VersionConflict, Missing):
                        await self._store.delete(CONVERSATIONS, entry.key, entry.version)
            start = f"{page[-1].key}0"


def _used(kept: Value) -> Used:
    """A row as it was read; those of before have fewer numbers."""
    numbers = {name: kept[name] for name in asdict(Used()) if name in kept}
    return Used(**numbers)


def _hash(conversation: str) -> str:
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]
