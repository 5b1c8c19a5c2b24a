"""What the bot must not lose: one small interface, SQLite in the box, a stub for tests."""

from bot.state.store.interface import (
    AlreadyExists,
    Delete,
    Entry,
    Insert,
    Missing,
    NotOwner,
    Operation,
    OwnedByOther,
    Replace,
    Store,
    StoreError,
    UnsupportedByTables,
    Unusable,
    Value,
    VersionConflict,
)
from bot.state.store.memory import MemoryStore
from bot.state.store.quarantine import list_quarantine, purge_quarantine, readable, readable_one
from bot.state.store.rows import Moment, Row, RowCodec, Rows
from bot.state.store.scans import drop, everything, pages, parts, read_all
from bot.state.store.sqlite import WAIT_SECONDS, SqliteStore, open_sqlite
from bot.state.store.updates import CONFLICTS, Update, retry_on_conflict, update

SQLITE = "sqlite:///"


async def open_store(url: str, *, wait: float = WAIT_SECONDS) -> Store:
    """Open the store of a setting: sqlite:///path, or memory: for one that forgets.

    A file that another process owns is waited for, `wait` seconds.
    """
    if url == "memory:":
        return MemoryStore()
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return await open_sqlite(url.removeprefix(SQLITE), wait=wait)
    raise Unusable(f"ADFOPS_STORE: {url} is neither sqlite:///path nor memory:")


__all__ = [
    "CONFLICTS",
    "AlreadyExists",
    "Delete",
    "Entry",
    "Insert",
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
    "UnsupportedByTables",
    "Unusable",
    "Update",
    "Value",
    "VersionConflict",
    "drop",
    "everything",
    "list_quarantine",
    "open_sqlite",
    "open_store",
    "pages",
    "parts",
    "purge_quarantine",
    "read_all",
    "readable",
    "readable_one",
    "retry_on_conflict",
    "update",
]
