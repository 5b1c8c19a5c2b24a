"""What the bot must not lose: one small interface, SQLite in the box, Azure Tables for replicas."""

import asyncio
import importlib
import logging
from pathlib import Path

from bot.state.store.copying import Copied, check_no_copy, copy_store
from bot.state.store.interface import (
    AlreadyExists,
    Delete,
    Entry,
    Insert,
    ListedStore,
    Missing,
    NotOwner,
    Operation,
    OwnedByOther,
    Replace,
    Store,
    StoreError,
    StoreUnavailable,
    UnsupportedByTables,
    Unusable,
    Value,
    VersionConflict,
)
from bot.state.store.memory import MemoryStore
from bot.state.store.opening import WAIT_SECONDS, open_sqlite
from bot.state.store.quarantine import list_quarantine, purge_quarantine, readable, readable_one
from bot.state.store.rows import Moment, Row, RowCodec, Rows
from bot.state.store.scans import drop, everything, pages, parts, read_all
from bot.state.store.sqlite import SqliteStore
from bot.state.store.updates import CONFLICTS, Update, retry_on_conflict, update

SQLITE = "sqlite:///"
TABLES = "tables:"


async def open_store(url: str, *, wait: float = WAIT_SECONDS) -> ListedStore:
    """Open the store of a setting: sqlite:///path, tables:https://..., or memory: which forgets.

    A file that another process owns is waited for, `wait` seconds.
    """
    if url == "memory:":
        return MemoryStore()
    if url.startswith(TABLES):
        # The SDK takes a third of a second to import, and most bots never need it.
        module = await asyncio.to_thread(importlib.import_module, "bot.state.store.tables")
        return await module.open_tables(url.removeprefix(TABLES))
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return await open_sqlite(url.removeprefix(SQLITE), wait=wait)
    raise Unusable(f"ADFOPS_STORE: {url} is none of sqlite:///path, tables:https://..., memory:")


async def copy_between(source: str, target: str) -> Copied:
    """Copy the store of one setting into that of another; the bot runs on neither."""
    if source == target:
        raise Unusable("a store is not copied into itself")
    _check_source(source)
    opened = await open_store(source, wait=0)
    try:
        await check_no_copy(opened)
        copy = await open_store(target, wait=0)
        try:
            return await copy_store(opened, copy, source)
        finally:
            await copy.close()
    finally:
        await opened.close()


def _check_source(url: str) -> None:
    """Unusable where opening it would make an empty file."""
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file():
        raise Unusable(f"there is no store at {url}")


async def open_store_beside(url: str, name: str) -> ListedStore:
    """The store of a helper of the bot, in a file of its own: the bot alone owns the first one.

    Where even that is taken, by another helper, nothing is kept beyond the end of the process.
    """
    path = Path(url.removeprefix(SQLITE))
    if not url.startswith(SQLITE) or not path.name:
        return await open_store(url)
    try:
        return await open_store(f"{SQLITE}{path.with_stem(f'{path.stem}-{name}')}", wait=0)
    except OwnedByOther as error:
        log.warning("%s: refusals go to the log alone", error)
        return MemoryStore()


log = logging.getLogger("adfops.store")

__all__ = [
    "CONFLICTS",
    "TABLES",
    "AlreadyExists",
    "Copied",
    "Delete",
    "Entry",
    "Insert",
    "ListedStore",
    "MemoryStore",
    "Missing",
    "Moment",
    "NotOwner",
    "Operation",
    "OwnedByOther",
    "Replace",
    "Row",
    "RowCodec",
    "Rows",
    "SqliteStore",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "UnsupportedByTables",
    "Unusable",
    "Update",
    "Value",
    "VersionConflict",
    "check_no_copy",
    "copy_between",
    "copy_store",
    "drop",
    "everything",
    "list_quarantine",
    "open_sqlite",
    "open_store",
    "open_store_beside",
    "pages",
    "parts",
    "purge_quarantine",
    "read_all",
    "readable",
    "readable_one",
    "retry_on_conflict",
    "update",
]
