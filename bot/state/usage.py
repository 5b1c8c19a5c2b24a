"""How many questions were answered, and what the language model's turns used: numbers only."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from bot.state.store import CONFLICTS, Moment, RowCodec, Rows, Store
from cards.records import Used

PARTITION = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredDay:
    """How many answers one UTC date had."""

    answers: int = 0


class AnswerCounter:
    """Counts answers by their UTC date."""

    def __init__(self, store: Store, clock: Callable[[], datetime], replica: str = "") -> None:
        """Borrow the store; each `replica` has a row of its own, that none waits for another."""
        self._days = Rows(store, PARTITION, RowCodec(AnsweredDay))
        self._clock = clock
        self._replica = replica

    async def count(self) -> None:
        """One more answer today; given up when others keep writing, for it is only a number."""
        key = f"{self._clock().date().isoformat()} {self._replica}".strip()
        with suppress(*CONFLICTS):
            await self._days.update(
                key, lambda day: AnsweredDay(answers=(day.answers if day else 0) + 1)
            )

    async def of_days(self, days: int) -> Sequence[tuple[datetime, int]]:
        """The answers of the last days, today last; a day without any is there with 0."""
        today = self._clock()
        dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        rows = await self._days.list_all(dates[0].date().isoformat())
        counted = Counter[str]()
        for row in rows:
            counted[row.key.partition(" ")[0]] += row.item.answers
        return [(date, counted[date.date().isoformat()]) for date in dates]


DAYS = "spending"
CONVERSATIONS = "spending-conversations"
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDay(Used):
    """What was used on one UTC date."""

    date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUsage(Used):
    """What was used, and when something was added last; rows of the first version have no `at`."""

    at: Moment | None = None

    @property
    def used(self) -> Used:
        """The numbers alone."""
        return Used(**{one.name: getattr(self, one.name) for one in fields(Used)})


_CODEC = RowCodec(StoredUsage)


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
        self._days = Rows(store, DAYS, _CODEC)
        self._conversations = Rows(store, CONVERSATIONS, _CODEC)
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
        is_first = await self._add(self._days, self._clock().date().isoformat(), used)
        await self._add(self._conversations, conversation_key(conversation), used)
        if is_first:
            await self._forget()

    async def of_days(self, days: int) -> Sequence[UsageDay]:
        """The last days, today last; a day without any is there with zeros."""
        today = self._clock()
        dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        rows = await self._days.list_all(dates[0].date().isoformat())
        known = {row.key: row.item.used for row in rows}
        return [
            UsageDay(date=date, **asdict(known.get(date.date().isoformat(), Used())))
            for date in dates
        ]

    async def of_conversation(self, conversation: str) -> Used:
        """What a conversation took, as far as it is remembered."""
        return self._kept(await self._conversations.get(conversation_key(conversation)))

    async def _add(self, rows: Rows[StoredUsage], key: str, used: Used) -> bool:
        """Add to a row; given up when others keep writing. Whether it is the row's first."""
        was_there = False

        def change(stored: StoredUsage | None) -> StoredUsage:
            nonlocal was_there
            was_there = stored is not None
            return StoredUsage(**asdict(self._kept(stored) + used), at=self._clock())

        try:
            await rows.update(key, change)
        except CONFLICTS:
            return False
        return not was_there

    def _kept(self, stored: StoredUsage | None) -> Used:
        return Used() if stored is None or self._is_old(stored) else stored.used

    def _is_old(self, stored: StoredUsage) -> bool:
        """Rows of days from before `at` was written down are never old."""
        return stored.at is not None and self._clock() - stored.at > KEPT

    async def _forget(self) -> None:
        """Drop old conversations, page by page; not what a turn adds to at this moment."""
        async for page in self._conversations.pages():
            await self._conversations.delete_unchanged(
                [one for one in page if self._is_old(one.item)]
            )


def conversation_key(conversation: str) -> str:
    """The key of what a conversation used."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]
