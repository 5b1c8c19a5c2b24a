"""Rows that are there for a while, so that any replica finds what another one made a moment ago."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from bot.state.background import BackgroundTasks
from bot.state.store import Moment, RowCodec, Rows, Store, StoreError

log = logging.getLogger("adfops.store")


class Passing(Protocol):
    """A row that knows when it was made."""

    @property
    def at(self) -> Moment:
        """When it was made."""
        ...


T = TypeVar("T", bound=Passing)

# A press can come while the row is still being written.
_WAITS = (0.0, 0.1, 0.3, 0.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingPlace(Generic[T]):
    """Where rows of one kind lie, how they are read, and for how long they count."""

    partition: str
    codec: RowCodec[T]
    lifetime: timedelta


class PassingRows(Generic[T]):
    """Rows of one kind; written in the background, since nobody waits for them here."""

    def __init__(self, store: Store, place: PassingPlace[T], clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._rows = Rows(store, place.partition, place.codec)
        self._lifetime = place.lifetime
        self._clock = clock
        self._writing = BackgroundTasks()

    def put(self, key: str, newest: Callable[[], T | None]) -> None:
        """Have a row written as `newest` makes it at that moment; returns at once."""
        self._writing.start(self._put(key, newest))

    async def get(self, key: str) -> T | None:
        """A row that still counts; one that is missing is looked for once more, for a second."""
        for wait in _WAITS if key else ():
            await asyncio.sleep(wait)
            if (row := await self._rows.get(key)) is not None:
                return None if self._is_over(row) else row
        return None

    async def purge(self) -> None:
        """Delete the rows that do not count any more."""
        async for page in self._rows.pages():
            await self._rows.delete_unchanged([row for row in page if self._is_over(row.item)])

    async def close(self) -> None:
        """Finish what is being written."""
        await self._writing.close(1.0)

    async def _put(self, key: str, newest: Callable[[], T | None]) -> None:
        try:
            await self._rows.update(key, lambda _: newest())
        except StoreError as error:
            log.info("a row in %s could not be written: %s", self._rows.partition, error)

    def _is_over(self, row: T) -> bool:
        return self._clock() - row.at >= self._lifetime
