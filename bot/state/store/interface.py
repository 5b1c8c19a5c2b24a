"""The store: small JSON under (partition, key), six verbs, and the limits of Azure Tables for all.

StoreError
├── AlreadyExists     insert of a key that is there
├── VersionConflict   replace or delete of a version that is no longer the newest
├── Missing           replace or delete of a key that is not there
├── UnsupportedByTables   a value, a key or a batch that is too much for Azure Tables
├── StoreUnavailable  the service does not answer, or asks for more patience than there is
├── NotOwner          another process owns the store by now, so nothing may be written any more
└── Unusable          the store itself cannot be opened
    └── OwnedByOther  another process that is alive owns it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Value = Mapping[str, Any]


class StoreError(Exception):
    """Something the store could not do; `place` is the partition and key."""

    def __init__(self, said: str, place: str = "") -> None:
        """Keep the place beside the complaint."""
        super().__init__(f"{place}: {said}" if place else said)
        self.place = place


class AlreadyExists(StoreError):
    """The key is there already."""


class VersionConflict(StoreError):
    """Somebody else wrote a newer version."""


class Missing(StoreError):
    """The key is not there."""


class UnsupportedByTables(StoreError):
    """Not even Azure Tables could do that, so no store does."""


class StoreUnavailable(StoreError):
    """The service did not do it within the time for it; `may_be_done` where it still may have."""

    def __init__(self, said: str, place: str = "", *, may_be_done: bool = False) -> None:
        """Keep whether the write may be there."""
        super().__init__(said, place)
        self.may_be_done = may_be_done


class Unusable(StoreError):
    """The store cannot be opened: the path, the file or the setting is wrong."""


class OwnedByOther(Unusable):
    """Another process owns the store, and is alive; `holder` says which."""

    def __init__(self, said: str, holder: str) -> None:
        """Keep who it is."""
        super().__init__(said)
        self.holder = holder


class NotOwner(StoreError):
    """The store was lost to another process, or nobody can tell whether it still is ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value as it was read, with the version to replace it by."""

    key: str
    value: Value
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """Put a value where none is."""

    key: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """Put a value in the place of one version of another."""

    key: str
    value: Value
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Take a value away, of one version or of any."""

    key: str
    version: str | None = None


Operation = Insert | Replace | Delete


class Store(Protocol):
    """The six verbs. Values come and go as copies; versions are opaque. Expiry is the caller's."""

    async def get(self, partition: str, key: str) -> Entry | None:
        """The entry under a key, or None."""
        ...

    async def insert(self, partition: str, key: str, value: Value) -> str:
        """Put a value where none is; returns its version, or raises AlreadyExists."""
        ...

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        """Put a value in the place of a version; raises VersionConflict or Missing."""
        ...

    async def delete(self, partition: str, key: str, version: str | None = None) -> None:
        """Take a value away; a key that is not there is fine unless a version was named."""
        ...

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        """Entries with start <= key < end, in the order of their keys."""
        ...

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        """Do all of it or nothing, within one partition; raises what its first trouble raises.

        Returns the version of each; blank for a delete.
        """
        ...

    async def check(self) -> None:
        """Raise what keeps the store from being written: NotOwner, a full disk, a lost file."""
        ...

    async def close(self) -> None:
        """Close what was opened."""
        ...


class ListedStore(Store, Protocol):
    """A store that tells what is in it, for what goes through all of it."""

    async def partitions(self) -> Sequence[str]:
        """The names of all partitions, in their order."""
        ...
