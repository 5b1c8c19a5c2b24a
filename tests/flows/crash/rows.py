"""What lies in the store of bots that live, as seen from outside: a file, or a table."""

import contextlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables import TableClient, UpdateMode

from bot.state.replicas.fencing import FENCE
from bot.state.store.tables.entities import make_entity, read_entry
from bot.state.store.tables.opening import EMULATOR_KEY, parse_address

Changed = tuple[str, str, Mapping[str, Any]]


class SeenRows(Protocol):
    """The rows of a store that somebody else owns."""

    url: str

    def all(self) -> Sequence[tuple[str, str, str]]:
        """Partition, key and JSON of every row."""
        ...

    def rewrite(self, changed: Sequence[Changed]) -> None:
        """Write rows anew while nobody lives."""
        ...


class FileRows:
    """The rows of a SQLite file."""

    def __init__(self, file: Path) -> None:
        self.url = f"sqlite:///{file}"
        self._file = file

    def all(self) -> Sequence[tuple[str, str, str]]:
        with contextlib.closing(sqlite3.connect(self._file)) as connection:
            return connection.execute("SELECT partition, key, value FROM entries").fetchall()

    def rewrite(self, changed: Sequence[Changed]) -> None:
        with contextlib.closing(sqlite3.connect(self._file)) as connection, connection:
            for partition, key, value in changed:
                where = (json.dumps(value), partition, key)
                connection.execute(
                    "UPDATE entries SET value = ? WHERE partition = ? AND key = ?", where
                )


class TableRows:
    """The rows of a table at the emulator."""

    def __init__(self, url: str) -> None:
        self.url = url
        where = parse_address(url.removeprefix("tables:"))
        account = where.endpoint.rpartition("/")[2]
        self._table: Any = TableClient(
            where.endpoint,
            where.table,
            credential=AzureNamedKeyCredential(account, EMULATOR_KEY),
        )

    def all(self) -> Sequence[tuple[str, str, str]]:
        entities = list(self._table.list_entities())
        read = [(str(one["PartitionKey"]), read_entry(one)) for one in entities]
        return [
            (partition, entry.key, json.dumps(entry.value, ensure_ascii=False))
            for partition, entry in read
            if entry.key != FENCE
        ]

    def rewrite(self, changed: Sequence[Changed]) -> None:
        for partition, key, value in changed:
            entity = make_entity(partition, key, value, "")
            self._table.update_entity(entity, mode=UpdateMode.REPLACE)
