"""Where incidents are stored: one partition per factory, their numbers, what expires."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import AwareDatetime, TypeAdapter

from adf.watch import Key
from bot.alerts.incidents.incident import EarlierIncident, Incident
from bot.outbox.entry import FILED, LIVE
from bot.state.store import (
    Entry,
    Insert,
    Operation,
    Replace,
    RowCodec,
    Store,
    drop,
    everything,
    readable,
    readable_one,
    retry_on_conflict,
)
from cards.records import IncidentState

PARTITION = "incident-numbers"
_NEXT = "next"
_ID = re.compile(r"INC-[0-9]{1,18}")


class IncidentNumbers:
    """Gives each incident the next number; one that was given is never given again."""

    def __init__(self, store: Store) -> None:
        """Borrow the store."""
        self._store = store

    async def give(self, factory: str) -> str:
        """The id of a new incident of a factory."""
        return await retry_on_conflict(lambda: self._give(factory))

    async def factory_of(self, incident_id: str) -> str | None:
        """The factory of an incident; None for a number that was never given."""
        if not _ID.fullmatch(incident_id):
            return None
        entry = await self._store.get(PARTITION, incident_id)
        return await readable_one(
            self._store, PARTITION, entry, lambda one: str(one.value["factory"])
        )

    async def forget(self, incident_id: str) -> None:
        """Drop where an incident was; its number stays used."""
        await self._store.delete(PARTITION, incident_id)

    async def _give(self, factory: str) -> str:
        last = await self._store.get(PARTITION, _NEXT)
        number = await self._next(last)
        incident_id = f"INC-{number}"
        after = put(_NEXT, {"number": number + 1}, last.version if last else None)
        place = Insert(key=incident_id, value={"factory": factory})
        await self._store.batch(PARTITION, [after, place])
        return incident_id

    async def _next(self, last: Entry | None) -> int:
        """The next number; where the counter cannot be read, one above all that were given."""
        number = last.value.get("number") if last else 1
        if type(number) is int and number > 0:
            return number
        given = [int(one.key[4:]) for one in await everything(self._store, PARTITION, "INC-")]
        return max(given, default=0) + 1


OPEN = "open-"
PAST = "past-"
GROUP = "group-"
SEEN = "seen-"
WATERMARK = "watermark"
_INCIDENT = RowCodec(Incident, sparse=True)
_GROUP = TypeAdapter[EarlierIncident | None](EarlierIncident | None)
_MOMENT = TypeAdapter[datetime](AwareDatetime)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIncident:
    """An incident as it was read, with the version to replace it by."""

    incident: Incident
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentGroup:
    """Failures of one cause: the incident that is open, the one before, the version as read."""

    open_id: str = ""
    earlier: EarlierIncident | None = None
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
    return _INCIDENT.to_json(incident)


def from_json(stored: Mapping[str, Any]) -> Incident:
    """Read back what `to_json` wrote."""
    return _INCIDENT.from_json(stored)


def put(key: str, value: Mapping[str, Any], version: str | None) -> Operation:
    """Replace what was read, or insert where nothing was."""
    if version is None:
        return Insert(key=key, value=value)
    return Replace(key=key, value=value, version=version)


def put_group(
    group: str, before: IncidentGroup, open_id: str, earlier: EarlierIncident | None
) -> Operation:
    """Write which incident of a group is open, and which one was the last."""
    value = {"open": open_id, "earlier": _GROUP.dump_python(earlier, mode="json")}
    return put(group_key(group), value, before.version)


def group_of(entry: Entry) -> IncidentGroup:
    """What is known of a group after its first failure."""
    earlier = _GROUP.validate_python(entry.value["earlier"])
    return IncidentGroup(open_id=entry.value["open"], earlier=earlier, version=entry.version)


def key_of_mark(entry: Entry) -> Key:
    """The run and the status that a mark stands for."""
    return str(entry.value["run"]), str(entry.value["status"])


def moment_of(entry: Entry) -> datetime:
    """The moment in a mark or a watermark."""
    return _MOMENT.validate_python(entry.value["at"])


def mark(key: Key, at: datetime) -> Operation:
    """The mark that a run was told of."""
    value = {"run": key[0], "status": key[1], "at": at.isoformat()}
    return Insert(key=seen_key(key), value=value)


async def read_open(store: Store, factory: str) -> Sequence[StoredIncident]:
    """The incidents of a factory that are not over, the oldest first."""
    partition = partition_of(factory)
    entries = await everything(store, partition, OPEN)
    found = await readable(store, partition, entries, partial(_stored, factory))
    return sorted(found, key=lambda one: one.incident.since)


async def read_ended(store: Store, factory: str, since: datetime) -> Sequence[Incident]:
    """The incidents of a factory that were over after a moment, the first that ended first."""
    partition = partition_of(factory)
    entries = await everything(store, partition, PAST)
    found = await readable(store, partition, entries, partial(_stored, factory))
    ended = [
        (one.incident.ending.at, one.incident)
        for one in found
        if one.incident.ending and one.incident.ending.at >= since
    ]
    return [incident for _, incident in sorted(ended, key=lambda one: one[0])]


async def read(store: Store, factory: str, incident_id: str) -> StoredIncident | None:
    """An incident by its id, over or not."""
    for prefix in (OPEN, PAST):
        entry = await store.get(partition_of(factory), f"{prefix}{incident_id}")
        found = await readable_one(store, partition_of(factory), entry, partial(_stored, factory))
        if found is not None:
            return found
    return None


def _stored(factory: str, entry: Entry) -> StoredIncident:
    incident = from_json(entry.value)
    if incident.factory != factory or key_of(incident) != entry.key:
        # It could be read and never be written again.
        raise ValueError("an incident that belongs elsewhere")
    return StoredIncident(incident=incident, version=entry.version)


async def read_group(store: Store, factory: str, group: str) -> IncidentGroup:
    """What is known of a group of failures."""
    partition = partition_of(factory)
    entry = await store.get(partition, group_key(group))
    return await readable_one(store, partition, entry, group_of) or IncidentGroup()


KEPT_MARKS = timedelta(days=2)
KEPT_INCIDENTS = timedelta(days=45)


async def forget_marks(store: Store, factory: str, reached: datetime) -> None:
    """Drop marks two days older than where the watch is: it never looks back as far."""
    partition = partition_of(factory)
    marks = await readable(
        store,
        partition,
        await everything(store, partition, SEEN),
        lambda one: (one.key, moment_of(one)),
    )
    await drop(store, partition, [key for key, at in marks if at < reached - KEPT_MARKS])


async def forget_incidents(
    store: Store, numbers: IncidentNumbers, factory: str, now: datetime
) -> None:
    """Drop what has been over for 45 days, with its recipes."""
    partition = partition_of(factory)
    past = await readable(
        store, partition, await everything(store, partition, PAST), partial(_stored, factory)
    )
    for incident in [one.incident for one in past]:
        if incident.ending and incident.ending.at < now - KEPT_INCIDENTS:
            await _forget(store, numbers, incident)


async def _forget(store: Store, numbers: IncidentNumbers, incident: Incident) -> None:
    partition = partition_of(incident.factory)
    gone = [key_of(incident)]
    for prefix in (LIVE, FILED):
        recipes = await everything(store, partition, f"{prefix}{incident.incident_id}-")
        gone += [one.key for one in recipes]
    group = await read_group(store, incident.factory, incident.group)
    if group.earlier and group.earlier.incident_id == incident.incident_id and not group.open_id:
        gone.append(group_key(incident.group))
    await drop(store, partition, gone)
    await numbers.forget(incident.incident_id)
