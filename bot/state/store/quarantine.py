"""Rows that cannot be read are set aside, so that none of them stops a start or hides the others.

They lie in a partition of their own, without what people wrote, until they are a fortnight old.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from bot.state.store.interface import Entry, Missing, Store, StoreError, Value, VersionConflict
from bot.state.store.scans import drop, read_all
from bot.state.store.updates import update

log = logging.getLogger("adfops.store")

QUARANTINE = "quarantine"
KEPT = timedelta(days=14)
# Everything that a decoder of stored JSON raises on another shape.
UNREADABLE = (ValidationError, KeyError, TypeError, ValueError, AttributeError, OverflowError)
# A question's text must not outlive its answer, and what is set aside is never answered.
_WRITTEN_BY_PEOPLE = frozenset({"text", "data", "calls", "left_out", "memory"})

T = TypeVar("T")


async def readable(
    store: Store, partition: str, entries: Iterable[Entry], decode: Callable[[Entry], T]
) -> list[T]:
    """What of these entries can be read; the others are set aside."""
    found: list[T] = []
    for entry in entries:
        try:
            found.append(decode(entry))
        except UNREADABLE as error:
            await set_aside(store, partition, entry, error)
    return found


async def readable_one(
    store: Store, partition: str, entry: Entry | None, decode: Callable[[Entry], T]
) -> T | None:
    """An entry decoded; None when there is none, or none that can be read."""
    if entry is None:
        return None
    try:
        return decode(entry)
    except UNREADABLE as error:
        await set_aside(store, partition, entry, error)
        return None


async def set_aside(store: Store, partition: str, entry: Entry, error: Exception) -> None:
    """Move a row that cannot be read out of the way; a store that cannot do that keeps it."""
    why = _why(error)
    log.error("set aside a row that cannot be read: %s/%s (%s)", partition, entry.key, why)
    value = {"partition": partition, "key": entry.key, "why": why}
    place = hashlib.sha256(f"{partition}/{entry.key}".encode()).hexdigest()[:32]
    try:
        await update(store, QUARANTINE, place, lambda _: {**value, "value": _bare(entry.value)})
        with suppress(VersionConflict, Missing):
            await store.delete(partition, entry.key, entry.version)
    except (StoreError, OSError) as trouble:
        log.warning("%s/%s could not be moved: %s", partition, entry.key, trouble)


async def list_quarantine(store: Store) -> Sequence[str]:
    """What is set aside: partition, key and reason of each row."""
    entries = await read_all(store, QUARANTINE)
    return [f"{one.value['partition']}/{one.value['key']}: {one.value['why']}" for one in entries]


async def purge_quarantine(store: Store, now: datetime) -> None:
    """Drop what has lain there for a fortnight, counted from the first time it is met here."""
    old: list[str] = []
    for entry in await read_all(store, QUARANTINE):
        since = entry.value.get("since")
        if since is None:
            await update(store, QUARANTINE, entry.key, lambda row: _since(row, now))
        elif datetime.fromisoformat(since) < now - KEPT:
            old.append(entry.key)
    await drop(store, QUARANTINE, old)


def _since(row: Value | None, now: datetime) -> Value | None:
    return {**row, "since": now.isoformat()} if row else None


def _why(error: Exception) -> str:
    """The kind of fault and its place in the row; never a value, which may be a person's words."""
    if isinstance(error, ValidationError):
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in faults[:3])
    return (
        f"{type(error).__name__}: {str(error)[:40]}"
        if isinstance(error, KeyError)
        else _name(error)
    )


def _name(error: Exception) -> str:
    return type(error).__name__


def _bare(value: object) -> Any:  # noqa: ANN401 - JSON of any shape
    """A row without what people wrote."""
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, object]", value).items()
        return {name: _bare(one) for name, one in pairs if name not in _WRITTEN_BY_PEOPLE}
    if isinstance(value, list):
        return [_bare(one) for one in cast("list[object]", value)]
    return value
