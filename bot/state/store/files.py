"""Opens the file of the store, makes what is in it, and refuses files that are not ours."""

import logging
import os
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.state.store.interface import Unusable

log = logging.getLogger("adfops.store")

SCHEMA_VERSION = 1
MEMORY = ":memory:"
_MARK = 0x41444F50  # "ADOP", so that a foreign database is not taken for ours
# What is replaced or deleted leaves the file at once, and its log with the next write.
_FORGETFUL = ("secure_delete = ON", "wal_autocheckpoint = 1", "journal_size_limit = 0")
# A write-ahead log needs memory that all its readers share, and a share of files has none; the one
# owner of the lease locks nobody out by keeping the file to itself.
_ON_DISK = ("journal_mode = WAL",)
_ON_NETWORK = ("locking_mode = EXCLUSIVE", "journal_mode = DELETE")
_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = re.compile(r"cifs|smb\w*|nfs\d?|9p|afs|ceph|glusterfs|lustre|beegfs|gpfs|fuse(\..+)?")
_OCTAL = re.compile(r"\\([0-7]{3})")
_JOURNALS = ("-journal", "-wal")
_TABLE = """CREATE TABLE IF NOT EXISTS entries (
    partition TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (partition, key)) WITHOUT ROWID"""
_COUNTER = "CREATE TABLE IF NOT EXISTS counter (written INTEGER NOT NULL)"


def open_file(path: str, on_network: bool | None = None) -> sqlite3.Connection:
    """A connection to our file; `on_network` is found out by the mounts where it is not given."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    except (OSError, sqlite3.Error) as error:
        raise Unusable(f"ADFOPS_STORE: cannot open {path}: {error}") from None
    if on_network is None:
        on_network = path != MEMORY and is_on_network(Path(path))
    try:
        _prepare(connection, path, _ON_NETWORK if on_network else _ON_DISK)
    except sqlite3.Error as error:
        connection.close()
        raise Unusable(f"ADFOPS_STORE: {path} is no store of ours: {error}") from None
    except Unusable:
        connection.close()
        raise
    return connection


def detach(file: Path) -> None:
    """Put a copy in the place of the file, out of reach of a suspended owner that has it open.

    One that was stopped between its last check and the end of its write ends that write when it
    goes on, hours later perhaps; it must end in a file that nobody reads any more. A system that
    does not let a file be replaced while it is open keeps the old one.
    """
    copy = file.with_name(f"{file.name}.new")
    try:
        for part in ("", *_JOURNALS):
            _copy(_beside(file, part), _beside(copy, part))
        if not copy.exists():
            return
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            # Takes in what the log holds, and takes back what was half written.
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        copy.replace(file)
        for part in (*_JOURNALS, "-shm"):
            _beside(file, part).unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        log.warning("the store of a silent owner is used as it is: %s", error)
        for part in ("", *_JOURNALS):
            with suppress(OSError):
                _beside(copy, part).unlink(missing_ok=True)


def _copy(file: Path, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    if file.exists():
        shutil.copyfile(file, copy)
        with copy.open("rb+") as written:
            os.fsync(written.fileno())


def _beside(file: Path, part: str) -> Path:
    return file.with_name(f"{file.name}{part}")


def _prepare(connection: sqlite3.Connection, path: str, journal: tuple[str, ...]) -> None:
    if journal is _ON_NETWORK:
        # Before the file is read: a log that an earlier version left needs no shared memory then.
        connection.execute(f"PRAGMA {_ON_NETWORK[0]}")
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and mark != _MARK:
        raise Unusable(f"ADFOPS_STORE: {path} is the database of another program")
    if version > SCHEMA_VERSION:
        raise Unusable(f"ADFOPS_STORE: {path} was written by a newer version of the bot")
    for one in (*journal, "synchronous = FULL", *_FORGETFUL):
        connection.execute(f"PRAGMA {one}")
    for words in (_TABLE, _COUNTER):
        connection.execute(words)
    connection.execute("INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)")
    connection.execute(f"PRAGMA application_id = {_MARK}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def is_on_network(path: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether the file system of a path is one of a network; False where that cannot be told."""
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    # The deepest mount wins, and of several at one place the last.
    whole, best, kind = path.absolute(), -1, ""
    for line in lines:
        left, _, right = line.partition(" - ")
        place = Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), left.split()[4]))
        if whole.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), right.split()[0]
    return _NETWORK.fullmatch(kind) is not None
