"""Where incidents lie in the store: one partition for each factory, so that one batch is enough.

open-INC-7     an incident that is not over          group-<hash>   which is open, which was last
past-INC-7     one that is                           seen-<run>     a run that was told of
post-INC-7-x   a message that may change             watermark      how far the watch has come
shown-INC-7-x  one that will not
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter

from adf.watch import Key
from bot.incidents.incident import Earlier, Incident
from bot.store import Delete, Entry, Insert, Operation, Replace, Store
from cards.records import IncidentState

OPEN = "open-"
PAST = "past-"
GROUP = "group-"
SEEN = "seen-"
WATERMARK = "watermark"
MOST_IN_A_BATCH = 100
_MOST_READ = 100_000
_INCIDENT = TypeAdapter(Incident)
_GROUP = TypeAdapter[Earlier | None](Earlier | None)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An incident as it was read, with the version to replace it by."""

    incident: Incident
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Failures of one cause: the incident that is open, the one before, the version as read."""

    open_id: str = ""
    earlier: Earlier | None = None
    version: str | None = None


def partition_of(factory: str) -> str:
    """The partition of a factory, by its alias."""
    return f"incidents-{quote(factory, safe='')}"


def key_of(incident: Incident) -> str:
    """The key of an incident: what is over lies apart from what is not."""
    shelf = PAST if incident.state is IncidentState.RESOLVED else OPEN
    return f"{shelf}{incident.incident_id}"


def seen_key(key: Key) -> str:
    """The key of the mark that a run was told of in a status."""
    run_id, status = key
    return f"{SEEN}{quote(run_id, safe='')}-{quote(status, safe='')}"


def group_key(group: str) -> str:
    """The key of a group; its name may hold anything, so it is hashed."""
    return f"{GROUP}{hashlib.sha256(group.encode()).hexdigest()[:24]}"


def to_json(incident: Incident) -> dict[str, Any]:
    """An incident as plain JSON for the store."""
    return _INCIDENT.dump_python(incident, mode="json", exclude_defaults=True)


def from_json(stored: Mapping[str, Any]) -> Incident:
    """Read back what `to_json` wrote."""
    return _INCIDENT.validate_python(stored)


def put(key: str, value: Mapping[str, Any], version: str | None) -> Operation:
    """Replace what was read, or insert where nothing was."""
    if version is None:
        return Insert(key=key, value=value)
    return Replace(key=key, value=value, version=version)


def put_group(group: str, before: Group, open_id: str, earlier: Earlier | None) -> Operation:
    """Write which incident of a group is open, and which one was the last."""
    value = {"open": open_id, "earlier": _GROUP.dump_python(earlier, mode="json")}
    return put(group_key(group), value, before.version)


def group_of(entry: Entry | None) -> Group:
    """What is known of a group; nothing at its first failure."""
    if entry is None:
        return Group()
    earlier = _GROUP.validate_python(entry.value["earlier"])
    return Group(open_id=entry.value["open"], earlier=earlier, version=entry.version)


def mark(key: Key, at: datetime) -> Operation:
    """The mark that a run was told of."""
    value = {"run": key[0], "status": key[1], "at": at.isoformat()}
    return Insert(key=seen_key(key), value=value)


async def everything(store: Store, partition: str, prefix: str) -> Sequence[Entry]:
    """All entries whose keys begin alike."""
    end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return await store.range(partition, prefix, end, limit=_MOST_READ)


def parts(many: Sequence[T], size: int = MOST_IN_A_BATCH) -> Iterable[Sequence[T]]:
    """What is too much for one batch, in several."""
    return (many[at : at + size] for at in range(0, len(many), size))


async def drop(store: Store, partition: str, keys: Sequence[str]) -> None:
    """Delete many keys, a batch at a time."""
    for some in parts(keys):
        await store.batch(partition, [Delete(key=key) for key in some])


async def read_open(store: Store, factory: str) -> Sequence[Kept]:
    """The incidents of a factory that are not over, the oldest first."""
    entries = await everything(store, partition_of(factory), OPEN)
    kept = [Kept(incident=from_json(one.value), version=one.version) for one in entries]
    return sorted(kept, key=lambda one: one.incident.since)


async def read(store: Store, factory: str, incident_id: str) -> Kept | None:
    """An incident by its id, over or not."""
    for prefix in (OPEN, PAST):
        entry = await store.get(partition_of(factory), f"{prefix}{incident_id}")
        if entry is not None:
            return Kept(incident=from_json(entry.value), version=entry.version)
    return None


async def read_group(store: Store, factory: str, group: str) -> Group:
    """What is known of a group of failures."""
    return group_of(await store.get(partition_of(factory), group_key(group)))
