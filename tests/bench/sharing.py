"""The bot as a replica over a SQLite file that all share: `python -m tests.bench.sharing FILE`.

A table costs what its service costs; here only what the replicas themselves do is measured, so they
share a file in memory. Everything else is as it is over a table: claims, order, fences, leadership.
"""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import uvloop

import app  # noqa: TID251 - a bench starts the whole product
from bot.hosting import replicas
from bot.state.store import ListedStore, SqliteStore
from bot.state.store.files import open_file

AS_A_TABLE = "tables:https://bench.table.core.windows.net/shared"


def share(file: Path) -> None:
    """Have the store of the setting be that file."""

    async def open_shared(url: str) -> ListedStore:
        assert url == AS_A_TABLE, url
        thread = ThreadPoolExecutor(1)

        def opened() -> sqlite3.Connection:
            connection = open_file(str(file), on_network=False)
            for one in ("synchronous = OFF", "wal_autocheckpoint = 1000", "secure_delete = OFF"):
                connection.execute(f"PRAGMA {one}").fetchall()
            return connection

        connection = await asyncio.get_running_loop().run_in_executor(thread, opened)
        return SqliteStore(connection, thread)

    replicas.open_store = open_shared


if __name__ == "__main__":
    app.set_up_logging()
    share(Path(sys.argv[1]))
    uvloop.run(app.serve())
