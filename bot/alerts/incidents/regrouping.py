"""Incidents taken apart and put together by people, and what that teaches about later failures.

A rule says that failures of a pipeline with a group belong to another group. It is written in the
same batch as the incidents it follows from, so a crash leaves both or neither.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.alerts.incidents import repository
from bot.alerts.incidents.announcements import revive
from bot.alerts.incidents.changes import heard, posting
from bot.alerts.incidents.grouping import put_rule, rule_key
from bot.alerts.incidents.handling import merged, reopened, split_off, without_pipeline
from bot.alerts.incidents.incident import (
    Ending,
    Incident,
    IncidentEvent,
    Participant,
    TimelineKind,
)
from bot.alerts.incidents.lifecycle import resolved
from bot.alerts.incidents.repository import IncidentNumbers, StoredIncident
from bot.alerts.incidents.service import IncidentService
from bot.outbox.entry import LIVE, OutboxEntry
from bot.state.store import (
    Delete,
    Entry,
    Insert,
    Operation,
    Replace,
    Store,
    everything,
    readable,
    retry_on_conflict,
)
from cards.records import ActionResult, IncidentState

MOST_AT_ONCE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two incidents of one factory as they were read."""

    into: StoredIncident
    other: StoredIncident


class IncidentRegrouping:
    """Reopens, splits and merges; each in one batch that is made again when somebody was faster."""

    def __init__(
        self, store: Store, incidents: IncidentService, clock: Callable[[], datetime]
    ) -> None:
        """Borrow everything."""
        self._store = store
        self._incidents = incidents
        self._numbers = IncidentNumbers(store)
        self._clock = clock

    async def reopen(self, incident_id: str, by: Participant) -> ActionResult:
        """Open an incident again; ALREADY when it, or a later one of its cause, is open."""
        incident = await self._incidents.find(incident_id)
        if incident is None:
            return ActionResult.UNKNOWN
        verdict = await retry_on_conflict(lambda: self._reopen(incident.factory, incident_id, by))
        if verdict is ActionResult.DONE:
            await revive(self._store, incident.factory, incident_id)
        return verdict

    async def split(self, incident_id: str, pipeline: str, by: Participant) -> str:
        """Give one pipeline of an incident its own; blank when there is nothing to take apart.

        Of one that was taken out before, as when a crash cost the answer, it is the id of then.
        """
        incident = await self._incidents.find(incident_id)
        if incident is None or not _can_be_split(incident, pipeline):
            return _taken_out(incident, pipeline) if incident else ""
        new_id = await self._numbers.give(incident.factory)
        done = await retry_on_conflict(
            lambda: self._split(incident.factory, incident_id, pipeline, new_id, by)
        )
        return new_id if done else ""

    async def merge(self, incident_id: str, other_id: str, by: Participant) -> ActionResult:
        """Make another incident part of this one."""
        incident = await self._incidents.find(incident_id)
        if incident is None or incident_id == other_id:
            return ActionResult.UNKNOWN
        return await retry_on_conflict(
            lambda: self._merge(incident.factory, incident_id, other_id, by)
        )

    async def _reopen(self, factory: str, incident_id: str, by: Participant) -> ActionResult:
        found = await repository.read(self._store, factory, incident_id)
        if found is None:
            return ActionResult.UNKNOWN
        group = await repository.read_group(self._store, factory, found.incident.group)
        if found.incident.ending is None or group.open_id:
            return ActionResult.ALREADY
        after = reopened(found.incident, by, self._clock())
        operations: list[Operation] = [
            Delete(key=repository.key_of(found.incident), version=found.version),
            Insert(key=repository.key_of(after), value=repository.to_json(after)),
            repository.put_group(after.group, group, after.incident_id, found.incident.earlier),
        ]
        await self._store.batch(repository.partition_of(factory), operations)
        return ActionResult.DONE

    async def _split(
        self, factory: str, incident_id: str, pipeline: str, new_id: str, by: Participant
    ) -> bool:
        found = await repository.read(self._store, factory, incident_id)
        if found is None or not _can_be_split(found.incident, pipeline):
            return False
        at, group = self._clock(), _own_group(found.incident.group, pipeline)
        left = without_pipeline(found.incident, pipeline, new_id, by, at)
        apart = split_off(found.incident, pipeline, new_id, group, by, at)
        before = await repository.read_group(self._store, factory, group)
        rule = rule_key(found.incident.group, pipeline)
        places = await self._places(factory, incident_id)
        apart = replace(apart, told=found.incident.told)
        operations: list[Operation] = [
            Replace(
                key=repository.key_of(left), value=repository.to_json(left), version=found.version
            ),
            Insert(key=repository.key_of(apart), value=repository.to_json(apart)),
            repository.put_group(group, before, new_id, before.earlier),
            await put_rule(self._store, factory, rule, group),
            *await posting(self._store, factory, [_entry_at(one, new_id) for one in places]),
        ]
        await self._store.batch(repository.partition_of(factory), operations)
        return True

    async def _merge(
        self, factory: str, incident_id: str, other_id: str, by: Participant
    ) -> ActionResult:
        pair = await self._pair(factory, incident_id, other_id)
        if isinstance(pair, ActionResult):
            return pair
        at, into, other = self._clock(), pair.into.incident, pair.other.incident
        places = [one.address for one in await self._places(factory, other_id)]
        joined, entries = heard(merged(into, other, by, at), places)
        event = IncidentEvent(person_id=by.person_id, name=by.name, at=at)
        over = resolved(other, Ending(at=at, by=event, merged_into=incident_id))
        operations: list[Operation] = [
            Replace(
                key=repository.key_of(joined),
                value=repository.to_json(joined),
                version=pair.into.version,
            ),
            Delete(key=repository.key_of(other), version=pair.other.version),
            Insert(key=repository.key_of(over), value=repository.to_json(over)),
            *await posting(self._store, factory, entries),
            *await self._together(factory, into, other),
        ]
        await self._store.batch(repository.partition_of(factory), operations)
        return ActionResult.DONE

    async def _together(self, factory: str, into: Incident, other: Incident) -> Sequence[Operation]:
        """What is learned: failures of the other one's pipelines belong to this one's group."""
        if into.group == other.group:
            return ()
        group = await repository.read_group(self._store, factory, other.group)
        names = other.pipelines[: MOST_AT_ONCE // 2]
        rules = [
            await put_rule(self._store, factory, rule_key(other.group, name), into.group)
            for name in names
        ]
        return [repository.put_group(other.group, group, "", group.earlier), *rules]

    async def _pair(self, factory: str, incident_id: str, other_id: str) -> _Pair | ActionResult:
        into = await repository.read(self._store, factory, incident_id)
        other = await repository.read(self._store, factory, other_id)
        if into is None or other is None:
            return ActionResult.UNKNOWN
        if _are_merged(into.incident, other.incident):
            return ActionResult.ALREADY
        if IncidentState.RESOLVED in {into.incident.state, other.incident.state}:
            return ActionResult.OVER
        return _Pair(into=into, other=other)

    async def _places(self, factory: str, incident_id: str) -> Sequence[OutboxEntry]:
        """The messages about an incident, each in its room; a few at most take a batch."""
        found = await _entries(self._store, factory, f"{LIVE}{incident_id}-")
        return [one for one in found if one.source == incident_id][:MOST_AT_ONCE]


async def _entries(store: Store, factory: str, prefix: str) -> Sequence[OutboxEntry]:
    partition = repository.partition_of(factory)
    entries = await everything(store, partition, prefix)
    return await readable(store, partition, entries, _read)


def _read(entry: Entry) -> OutboxEntry:
    return OutboxEntry.from_json(entry.value)


def _entry_at(place: OutboxEntry, incident_id: str) -> OutboxEntry:
    return OutboxEntry(kind=place.kind, source=incident_id, address=place.address)


def _can_be_split(incident: Incident, pipeline: str) -> bool:
    names = set(incident.pipelines)
    return incident.ending is None and pipeline in names and len(names) > 1


def _are_merged(one: Incident, other: Incident) -> bool:
    """Whether one of them is part of the other one already."""
    return any(
        gone.ending is not None and gone.ending.merged_into == left.incident_id
        for gone, left in ((one, other), (other, one))
    )


def _taken_out(incident: Incident, pipeline: str) -> str:
    """The incident that one pipeline was given last, where the timeline still tells it."""
    said = f"{pipeline} to "
    for event in reversed(incident.timeline):
        if event.kind is TimelineKind.SPLIT and event.subject.startswith(said):
            return event.subject.removeprefix(said)
    return ""


def _own_group(group: str, pipeline: str) -> str:
    """The group of one pipeline's failures that were taken out of a larger one."""
    digest = hashlib.sha256(f"{group}|{pipeline}".encode()).hexdigest()[:12]
    return f"{pipeline}/apart/{digest}"
