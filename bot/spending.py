"""What the language model used, by day: numbers only, held against the day's ceiling."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store import AlreadyExists, Missing, Store, Value, VersionConflict

PARTITION = "spending"
MOST_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Tokens of one UTC date; `cached` are a part of `input`."""

    date: datetime
    input: int = 0
    cached: int = 0
    output: int = 0
    turns: int = 0

    @property
    def tokens(self) -> int:
        """Everything that was read and written."""
        return self.input + self.output


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a million tokens cost: of input, of input that was cached, of output."""

    input: float
    cached: float
    output: float
    currency: str = "USD"

    def of(self, day: Day) -> str:
        """What a day cost, such as "0.21 USD"; small sums keep the digits that tell them from 0."""
        fresh = max(0, day.input - day.cached)
        cost = (fresh * self.input + day.cached * self.cached + day.output * self.output) / 1e6
        digits = 2 if cost >= 0.1 or not cost else 4
        return f"{cost:,.{digits}f} {self.currency}"


class Spending:
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

    async def today(self) -> Day:
        """What was used since midnight, UTC."""
        return (await self.of_days(1))[0]

    async def add(self, *, tokens_in: int, cached: int, tokens_out: int) -> None:
        """One more turn of the model; given up when others keep writing."""
        key = self._clock().date().isoformat()
        for _ in range(MOST_TRIES):
            entry = await self._store.get(PARTITION, key)
            before: Value = entry.value if entry else {}
            more = {"input": tokens_in, "cached": cached, "output": tokens_out, "turns": 1}
            value = {name: int(before.get(name, 0)) + much for name, much in more.items()}
            try:
                if entry is None:
                    await self._store.insert(PARTITION, key, value)
                else:
                    await self._store.replace(PARTITION, key, value, entry.version)
            except (AlreadyExists, VersionConflict, Missing):
                continue
            return

    async def of_days(self, days: int) -> Sequence[Day]:
        """The last days, today last; a day without any is there with zeros."""
        today = self._clock()
        dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        entries = await self._store.range(PARTITION, dates[0].date().isoformat())
        known = {entry.key: entry.value for entry in entries}
        return [_day(date, known.get(date.date().isoformat(), {})) for date in dates]


def _day(date: datetime, kept: Value) -> Day:
    return Day(
        date=date,
        input=int(kept.get("input", 0)),
        cached=int(kept.get("cached", 0)),
        output=int(kept.get("output", 0)),
        turns=int(kept.get("turns", 0)),
    )
