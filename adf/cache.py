"""Answers kept for a moment: equal questions cost one call, and trouble can tell what was known.

A team asks the same thing at the same time ("is it still red?"). Data Factory allows 1,000
monitoring queries a minute for everybody together, so an answer counts as fresh for 20 s; its
record says as of when it is.
"""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from cachetools import FIFOCache

from adf.errors import AdfError, Forbidden, LastKnown, Throttled, Unavailable
from adf.single_flight import SingleFlight

FRESH = timedelta(seconds=20)
# A record older than a shift tells nobody how things are.
KEPT = timedelta(hours=24)
MOST_ANSWERS = 512
# About 1 KB each; a list of several thousand runs counts as what it weighs.
MOST_ROWS = 20_000
MOST_ROWS_OF_ONE = MOST_ROWS // 2
_MAY_PASS = (Throttled, Unavailable, Forbidden)

Ask = Callable[[], Awaitable[object]]
Scope = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One question: which tool, its arguments, and the factories it was put to."""

    tool: str
    arguments: Hashable
    scope: Scope


@dataclass(slots=True, kw_only=True)
class _CachedAnswer:
    """An answer, when it was got, and how many rows it holds."""

    record: object
    at: datetime
    rows: int
    is_fresh: bool = True


class AnswerCache:
    """The answers of the last moments, shared by all who may read the same factories."""

    def __init__(self, clock: Callable[[], datetime], fresh: timedelta = FRESH) -> None:
        """Begin with nothing known."""
        self._clock = clock
        self._fresh = fresh
        self._kept: FIFOCache[Key, _CachedAnswer] = FIFOCache(
            MOST_ROWS, getsizeof=lambda one: one.rows
        )
        self._flights: SingleFlight[Key, object] = SingleFlight()

    async def answer(self, key: Key, ask: Ask) -> object:
        """A fresh answer from memory, else that of `ask`, which all who wait now share.

        An AdfError that may pass carries what was last known; errors themselves are not kept.
        """
        known = self._kept.get(key)
        if known and known.is_fresh and self._clock() - known.at < self._fresh:
            return known.record
        return await self._flights.join(key, lambda: self._ask(key, ask))

    def outdate(self, factory: str) -> None:
        """Ask anew from now on about a factory of which something new is known."""
        for key, known in self._kept.items():
            if factory in key.scope:
                known.is_fresh = False

    async def _ask(self, key: Key, ask: Ask) -> object:
        asked_at = self._clock()
        try:
            record = await ask()
        except _MAY_PASS as error:
            error.last_known = self._last_known(key)
            raise
        except AdfError:
            self._kept.pop(key, None)
            raise
        self._keep(key, _CachedAnswer(record=record, at=asked_at, rows=_rows(record)))
        return record

    def _last_known(self, key: Key) -> LastKnown | None:
        known = self._kept.get(key)
        if known is None or self._clock() - known.at > KEPT:
            return None
        return LastKnown(record=known.record, at=known.at)

    def _keep(self, key: Key, answer: _CachedAnswer) -> None:
        if answer.rows > MOST_ROWS_OF_ONE:
            return
        self._kept[key] = answer
        # The cache bounds the rows; many small answers are bounded by their number.
        if len(self._kept) > MOST_ANSWERS:
            self._kept.popitem()


def _rows(record: object) -> int:
    """How much a record holds: the rows of its lists, one for anything else."""
    if not is_dataclass(record):
        return 1
    values = (getattr(record, field.name) for field in fields(record))
    return 1 + sum(len(cast("tuple[Any, ...]", v)) for v in values if isinstance(v, tuple))
