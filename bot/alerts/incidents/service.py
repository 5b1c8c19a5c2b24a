"""Incidents in the store: signals and people change them, and each change counts once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from adf.records import Failure, Recovery
from adf.watch import Key, key_of
from bot.alerts.incidents import repository
from bot.alerts.incidents.announcements import announce, escalate, revive
from bot.alerts.incidents.changes import AT_ONCE, heard, note_down, posting, spread, write
from bot.alerts.incidents.grouping import grouped
from bot.alerts.incidents.incident import (
    Ending,
    Escalation,
    Incident,
    IncidentEvent,
    TimelineKind,
)
from bot.alerts.incidents.lifecycle import (
    acknowledged,
    continued,
    is_helped,
    matching,
    opened,
    recovered,
    resolved,
)
from bot.alerts.incidents.repository import IncidentNumbers, StoredIncident
from bot.messages import Address, Person
from bot.state.store import (
    Insert,
    Operation,
    Replace,
    Store,
    everything,
    parts,
    readable,
    readable_one,
    retry_on_conflict,
)
from cards.records import ActionResult, IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOutcome:
    """The verdict, and the incident as it is now; `incident.acknowledged` says who was first."""

    verdict: ActionResult
    incident: Incident | None = None


class IncidentService:
    """Takes signals and what people do about them; each may come twice and counts once."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock
        self._numbers = IncidentNumbers(store)

    async def take(
        self,
        signal: Failure | Recovery,
        addresses: Sequence[Address] = (),
        *,
        is_muted: bool = False,
    ) -> Incident | None:
        """Write a signal down with all that follows from it; None when nothing does.

        `addresses` are those that hear of a failure; each gets one recipe for each incident. A
        failure that `is_muted` is counted, and nobody hears of it.
        """
        if isinstance(signal, Recovery):
            return await recover(self._store, signal)
        signal = await grouped(self._store, signal)
        at, to = self._clock(), () if is_muted else addresses
        taken = await retry_on_conflict(
            lambda: fail(self._store, self._numbers, signal, to, at, hushed=int(is_muted))
        )
        if len(signal.runs) > AT_ONCE:
            await retry_on_conflict(lambda: mark_rest(self._store, signal, at))
        if taken is not None and taken.untold:
            await spread(self._store, taken.factory, taken.incident_id)
        return taken

    async def acknowledge(
        self, incident_id: str, person: Person, at: datetime, note: str = ""
    ) -> ActionOutcome:
        """Somebody has it; the first one counts."""
        deed = IncidentEvent(person_id=person.person_id, name=person.name, at=at)
        return await self.change(
            incident_id, lambda one: None if one.acknowledged else acknowledged(one, deed, note)
        )

    async def resolve(
        self, incident_id: str, person: Person, at: datetime, note: str = ""
    ) -> ActionOutcome:
        """Somebody says that it is over."""
        deed = IncidentEvent(person_id=person.person_id, name=person.name, at=at)
        return await self.change(
            incident_id, lambda one: resolved(one, Ending(at=at, by=deed), note)
        )

    async def retell(self, incident_id: str) -> ActionOutcome:
        """Have the messages about it drawn again, for what they show beside it has changed."""
        return await self.change(incident_id, lambda one: replace(one, revision=one.revision + 1))

    async def record(self, incident_id: str, change: Callable[[Incident], Incident]) -> None:
        """Write something down about an incident, also about one that is over."""
        factory = await self._numbers.factory_of(incident_id)
        if factory is not None:
            await retry_on_conflict(lambda: note_down(self._store, factory, incident_id, change))

    async def announce(self, incident: Incident, addresses: Sequence[Address]) -> bool:
        """Post an incident that a mute held back; whether anybody new hears of it."""
        factory, incident_id = incident.factory, incident.incident_id
        posted = await retry_on_conflict(
            lambda: announce(self._store, factory, incident_id, addresses)
        )
        await spread(self._store, factory, incident_id)
        return posted

    async def escalate(
        self, incident: Incident, escalation: Escalation, addresses: Sequence[Address]
    ) -> bool:
        """Bring an incident to more people, once; whether that was done."""
        factory, incident_id = incident.factory, incident.incident_id
        return await retry_on_conflict(
            lambda: escalate(self._store, factory, incident_id, escalation, addresses)
        )

    async def find(self, incident_id: str) -> Incident | None:
        """An incident by its number, over or not."""
        factory = await self._numbers.factory_of(incident_id)
        kept = await repository.read(self._store, factory, incident_id) if factory else None
        return kept.incident if kept else None

    async def open(self, factory: str) -> Sequence[Incident]:
        """The incidents of a factory that are not over, the oldest first."""
        return [one.incident for one in await repository.read_open(self._store, factory)]

    async def ended_since(self, factory: str, since: datetime) -> Sequence[Incident]:
        """The incidents of a factory that were over after a moment, the oldest first."""
        return await repository.read_ended(self._store, factory, since)

    async def revisions(self, factory: str, ids: Collection[str]) -> Mapping[str, int]:
        """The revision of each of those incidents that is still known."""
        found = {one.incident_id: one.revision for one in await self.open(factory)}
        for incident_id in set(ids) - found.keys():
            kept = await repository.read(self._store, factory, incident_id)
            if kept is not None:
                found[incident_id] = kept.incident.revision
        return found

    async def seen(self, factory: str) -> Collection[Key]:
        """The runs that were told of, in the status they had."""
        partition = repository.partition_of(factory)
        marks = await everything(self._store, partition, repository.SEEN)
        return frozenset(await readable(self._store, partition, marks, repository.key_of_mark))

    async def watermark(self, factory: str) -> datetime | None:
        """How far the watch over a factory has come; None before its first poll."""
        partition = repository.partition_of(factory)
        entry = await self._store.get(partition, repository.WATERMARK)
        return await readable_one(self._store, partition, entry, repository.moment_of)

    async def move_watermark(self, factory: str, to: datetime) -> None:
        """Remember how far the watch has come; it never goes back."""
        await retry_on_conflict(lambda: self._move(factory, to))

    async def recover(self, factory: str) -> None:
        """Finish what a crash cut short: addresses that got no recipe yet."""
        for one in await self.open(factory):
            if one.untold:
                await spread(self._store, factory, one.incident_id)
            if any(event.kind is TimelineKind.REOPENED for event in one.timeline):
                await revive(self._store, factory, one.incident_id)

    async def purge(self, factory: str) -> None:
        """Forget marks the watch is past by two days, and what has been over for 45."""
        now = self._clock()
        reached = await self.watermark(factory) or now
        await repository.forget_marks(self._store, factory, min(now, reached))
        await repository.forget_incidents(self._store, self._numbers, factory, now)

    async def _move(self, factory: str, to: datetime) -> None:
        partition = repository.partition_of(factory)
        entry = await self._store.get(partition, repository.WATERMARK)
        reached = await readable_one(self._store, partition, entry, repository.moment_of)
        entry = entry if reached else None
        if reached is None or reached < to:
            value, version = {"at": to.isoformat()}, entry.version if entry else None
            await self._store.batch(
                partition, [repository.put(repository.WATERMARK, value, version)]
            )

    async def change(
        self, incident_id: str, change: Callable[[Incident], Incident | None]
    ) -> ActionOutcome:
        """Put what `change` makes of an incident that is not over in its place; None leaves it."""
        factory = await self._numbers.factory_of(incident_id)
        if factory is None:
            return ActionOutcome(verdict=ActionResult.UNKNOWN)
        return await retry_on_conflict(lambda: self._change_once(factory, incident_id, change))

    async def _change_once(
        self, factory: str, incident_id: str, change: Callable[[Incident], Incident | None]
    ) -> ActionOutcome:
        kept = await repository.read(self._store, factory, incident_id)
        if kept is None:
            return ActionOutcome(verdict=ActionResult.UNKNOWN)
        if kept.incident.state is IncidentState.RESOLVED:
            return ActionOutcome(verdict=ActionResult.OVER, incident=kept.incident)
        after = change(kept.incident)
        if after is None:
            return ActionOutcome(verdict=ActionResult.ALREADY, incident=kept.incident)
        await write(self._store, kept, after)
        return ActionOutcome(verdict=ActionResult.DONE, incident=after)


async def fail(
    store: Store,
    numbers: IncidentNumbers,
    failure: Failure,
    addresses: Sequence[Address],
    at: datetime,
    *,
    hushed: int = 0,
) -> Incident | None:
    """Write a failure down with its incident and its recipes; None when that was done before."""
    fresh = await _unseen(store, failure)
    if key_of(failure.run) not in fresh:
        return None
    kept = await repository.read_open(store, failure.factory)
    found = matching([one.incident for one in kept], failure)
    if found is None:
        after, operations = await _opening(store, numbers, failure, at)
        after, recipes = heard(replace(after, hushed=hushed), addresses)
        operations.append(Insert(key=repository.key_of(after), value=repository.to_json(after)))
    else:
        after = continued(found, failure)
        after, recipes = heard(replace(after, hushed=after.hushed + hushed), addresses)
        operations = _replacing(kept, found, after)
    operations += [repository.mark(key, at) for key in fresh[:AT_ONCE]]
    operations += await posting(store, failure.factory, recipes)
    await store.batch(repository.partition_of(failure.factory), operations)
    return after


async def mark_rest(store: Store, failure: Failure, at: datetime) -> None:
    """Mark the runs that did not fit into the write of their failure; the topmost did."""
    fresh = await _unseen(store, failure)
    for some in parts(fresh):
        marks = [repository.mark(key, at) for key in some]
        await store.batch(repository.partition_of(failure.factory), marks)


async def recover(store: Store, recovery: Recovery) -> Incident | None:
    """Tell a good run to each open incident; the one it changed last, None when it changed none."""
    changed: Incident | None = None
    for one in await repository.read_open(store, recovery.factory):
        if is_helped(one.incident, recovery.run):
            heal = partial(_heal, store, recovery, one.incident.incident_id)
            changed = await retry_on_conflict(heal) or changed
    return changed


async def _heal(store: Store, recovery: Recovery, incident_id: str) -> Incident | None:
    kept = await repository.read(store, recovery.factory, incident_id)
    if kept is None or kept.incident.ending or not is_helped(kept.incident, recovery.run):
        return None
    after = recovered(kept.incident, recovery.run)
    await write(store, kept, after)
    return after


async def _unseen(store: Store, failure: Failure) -> list[Key]:
    """The runs of a failure that were not told of, the topmost first, each once."""
    partition = repository.partition_of(failure.factory)
    keys = dict.fromkeys(key_of(run) for run in (failure.run, *failure.runs))
    return [key for key in keys if await store.get(partition, repository.seen_key(key)) is None]


async def _opening(
    store: Store, numbers: IncidentNumbers, failure: Failure, at: datetime
) -> tuple[Incident, list[Operation]]:
    group = await repository.read_group(store, failure.factory, failure.group)
    incident_id = await numbers.give(failure.factory)
    after = opened(failure, incident_id, group.earlier, at)
    return after, [repository.put_group(failure.group, group, incident_id, group.earlier)]


def _replacing(kept: Sequence[StoredIncident], found: Incident, after: Incident) -> list[Operation]:
    if after == found:
        return []
    version = next(one.version for one in kept if one.incident is found)
    return [Replace(key=repository.key_of(after), value=repository.to_json(after), version=version)]
