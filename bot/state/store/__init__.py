"""What the bot must not lose: one small interface, SQLite in the box, a stub for tests."""

from bot.state.store.interface import (
    AlreadyExists,
    Delete,
    Entry,
    Insert,
    Missing,
    Operation,
    Replace,
    Store,
    StoreError,
    UnsupportedByTables,
    Unusable,
    Value,
    VersionConflict,
)
from bot.state.store.memory import MemoryStore
from bot.state.store.scans import drop, everything, parts
from bot.state.store.sqlite import SqliteStore, open_sqlite

SQLITE = "sqlite:///"


async def open_store(url: str) -> Store:
    """Open the store of a setting: sqlite:///path, or memory: for one that forgets."""
    if url == "memory:":
        return MemoryStore()
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return await open_sqlite(url.removeprefix(SQLITE))
    raise Unusable(f"ADFOPS_STORE: {url} is neither sqlite:///path nor memory:")


__all__ = [
    "AlreadyExists",
    "Delete",
    "Entry",
    "Insert",
    "MemoryStore",
    "Missing",
    "Operation",
    "Replace",
    "SqliteStore",
    "Store",
    "StoreError",
    "UnsupportedByTables",
    "Unusable",
    "Value",
    "VersionConflict",
    "drop",
    "everything",
    "open_sqlite",
    "open_store",
    "parts",
]
