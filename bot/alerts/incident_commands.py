"""What the tools about incidents do: each change in the store, and its messages right after it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.alerts.incident_report import IncidentReports, NotesOf, mute_of
from bot.alerts.incident_timeline import timeline_lines
from bot.alerts.incidents import ActionOutcome, Incident, IncidentService, Participant
from bot.alerts.incidents.handling import (
    assigned,
    is_noted_as_muted,
    muted,
    ticketed,
    unmuted,
)
from bot.alerts.incidents.regrouping import IncidentRegrouping
from bot.alerts.incidents.threads import incident_of_thread
from bot.alerts.noise import noise_of
from bot.messages import Address, Person
from bot.state.mutes import Mutes, MuteScope, StoredMute
from bot.state.store import Store
from bot.tickets.ports import IncidentHistory
from bot.tools.ports import AlertNoise
from cards.records import ActionResult, IncidentEntry, IncidentReport, IncidentState, Mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSources:
    """What incidents are read from and written to; `notes` are what owners declared."""

    store: Store
    incidents: IncidentService
    reports: IncidentReports
    mutes: Mutes
    notes: NotesOf
    factories: Sequence[str]
    clock: Callable[[], datetime]


class IncidentCommands:
    """The operations on incidents for people's words and presses; rights are checked before."""

    def __init__(self, sources: IncidentSources, due: asyncio.Event) -> None:
        """Borrow everything; `due` has the changed messages delivered."""
        self._sources = sources
        self._incidents = sources.incidents
        self._regrouping = IncidentRegrouping(sources.store, sources.incidents, sources.clock)
        self._due = due

    async def entries(
        self, factories: Sequence[str], person: Person, since: datetime | None = None
    ) -> Sequence[IncidentEntry]:
        """The incidents that are not over, oldest first; with `since`, also those that ended."""
        found: list[Incident] = []
        for factory in factories:
            found += await self._incidents.open(factory)
            if since is not None:
                found += await self._incidents.ended_since(factory, since)
        mutes = await self._sources.mutes.active(factories)
        return [self._entry(one, mutes, person) for one in found]

    async def noise(
        self, factories: Sequence[str], address: Address, since: datetime, wait: timedelta
    ) -> AlertNoise:
        """What a place was told of since then, held against what was done about it."""
        return await noise_of(self._incidents, factories, address, since, wait)

    async def in_thread(self, address: Address) -> str:
        """The incident whose message began this thread; blank for none."""
        return await incident_of_thread(self._sources.store, self._sources.factories, address)

    async def factory_of(self, incident_id: str) -> str | None:
        """The factory of an incident; None for one that is not known."""
        incident = await self._incidents.find(incident_id)
        return incident.factory if incident else None

    async def report(
        self, incident_id: str, zone: ZoneInfo, call: Sequence[Mentioned] = ()
    ) -> IncidentReport | None:
        """The incident as its card shows it."""
        incident = await self._incidents.find(incident_id)
        return await self.report_of(incident, zone, call) if incident else None

    async def report_of(
        self, incident: Incident, zone: ZoneInfo, call: Sequence[Mentioned] = ()
    ) -> IncidentReport:
        """The report of an incident that was read already."""
        report = await self._sources.reports.of(incident, zone)
        return replace(report, call=tuple(call)) if call else report

    async def history(self, incident_id: str, zone: ZoneInfo) -> IncidentHistory | None:
        """What happened to it, without asking Data Factory."""
        incident = await self._incidents.find(incident_id)
        if incident is None:
            return None
        lines = timeline_lines(incident.timeline, zone)
        return IncidentHistory(lines=lines, is_over=incident.state is IncidentState.RESOLVED)

    async def ticket_opened(self, incident_id: str, by: Person, number: str, at: datetime) -> None:
        """It has a ticket, also where it was over by then."""
        person = _participant(by)
        await self._incidents.record(incident_id, lambda one: ticketed(one, person, number, at))
        self._due.set()

    async def retell(self, incident_id: str) -> None:
        """Have its messages drawn again, as far as they may still change."""
        await self._incidents.record(
            incident_id, lambda one: replace(one, revision=one.revision + 1)
        )
        self._due.set()

    async def acknowledge(self, incident_id: str, person: Person, note: str = "") -> ActionResult:
        """Somebody has it; the first one counts."""
        now = self._sources.clock()
        return self._posted(await self._incidents.acknowledge(incident_id, person, now, note))

    async def resolve(self, incident_id: str, person: Person, note: str = "") -> ActionResult:
        """Somebody says that it is over."""
        now = self._sources.clock()
        return self._posted(await self._incidents.resolve(incident_id, person, now, note))

    async def assign(self, incident_id: str, to: Mentioned, by: Person) -> ActionResult:
        """It is given to somebody; giving it to them twice changes nothing."""
        now, given = self._sources.clock(), Participant(person_id=to.person_id, name=to.name)

        def give(one: Incident) -> Incident | None:
            same = one.assigned and one.assigned.person_id == given.person_id
            return None if same else assigned(one, given, _participant(by), now)

        return self._posted(await self._incidents.change(incident_id, give))

    async def reopen(self, incident_id: str, person: Person) -> ActionResult:
        """Somebody says that it was not over."""
        return self._wake(await self._regrouping.reopen(incident_id, _participant(person)))

    async def split(self, incident_id: str, pipeline: str, person: Person) -> str:
        """One pipeline has another cause: the id of its own incident; blank when it has none."""
        new_id = await self._regrouping.split(incident_id, pipeline, _participant(person))
        self._wake(ActionResult.DONE if new_id else ActionResult.ALREADY)
        return new_id

    async def merge(self, incident_id: str, other: str, person: Person) -> ActionResult:
        """Another incident has the same cause and is part of this one from now on."""
        return self._wake(await self._regrouping.merge(incident_id, other, _participant(person)))

    async def mute(
        self, incident_id: str, person: Person, until: datetime, reason: str
    ) -> ActionResult:
        """What is known of it is held back until then, or until the next good run.

        The mute is written first: should the process end in between, it holds, and asking again
        writes the same.
        """
        incident, now = await self._incidents.find(incident_id), self._sources.clock()
        if incident is None or incident.state is IncidentState.RESOLVED:
            return ActionResult.OVER if incident else ActionResult.UNKNOWN
        mute = _known_issue(incident, person, now, until, reason)
        await self._sources.mutes.add(mute)
        by = _participant(person)
        outcome = await self._incidents.change(
            incident_id, lambda one: muted(one, by, now, until, reason)
        )
        return self._posted(outcome)

    async def unmute(self, incident_id: str, person: Person) -> ActionResult:
        """What is known of it is posted again.

        Should the process end before that is noted, asking again notes it.
        """
        incident, now = await self._incidents.find(incident_id), self._sources.clock()
        if incident is None:
            return ActionResult.UNKNOWN
        removed = await self._sources.mutes.remove(incident.factory, incident_id)
        if removed is None and not is_noted_as_muted(incident, now):
            return ActionResult.ALREADY
        by = _participant(person)
        await self._incidents.change(incident_id, lambda one: unmuted(one, by, now))
        return self._wake(ActionResult.DONE)

    def _posted(self, outcome: ActionOutcome) -> ActionResult:
        return self._wake(outcome.verdict)

    def _wake(self, verdict: ActionResult) -> ActionResult:
        if verdict is ActionResult.DONE:
            self._due.set()
        return verdict

    def _entry(
        self, incident: Incident, mutes: Sequence[StoredMute], person: Person
    ) -> IncidentEntry:
        mute = mute_of(incident, mutes)
        having, given, ending = incident.acknowledged, incident.assigned, incident.ending
        mine = {one.person_id.lower() for one in (having, given) if one}
        return IncidentEntry(
            incident_id=incident.incident_id,
            factory=incident.factory,
            pipelines=tuple(one.pipeline for one in incident.standing),
            state=incident.state,
            since=incident.since,
            count=incident.count,
            person=having.name if having else "",
            person_since=having.at if having else None,
            assignee=given.name if given else "",
            muted_until=mute.until if mute else None,
            muted_by=mute.name if mute else "",
            held_back=incident.hushed,
            recovered=ending.at if ending else None,
            recovered_by=(ending.run_id if not ending.by else ending.by.name) if ending else "",
            critical=any(
                self._sources.notes(incident.factory, one.pipeline).critical
                for one in incident.standing
            ),
            is_mine=person.person_id.lower() in mine,
        )


def _known_issue(
    incident: Incident, person: Person, at: datetime, until: datetime, reason: str
) -> StoredMute:
    return StoredMute(
        factory=incident.factory,
        target=incident.incident_id,
        scope=MuteScope.CAUSE,
        until=until,
        at=at,
        by=person.person_id,
        name=person.name,
        reason=reason,
        signature=incident.signature,
        pipelines=tuple(one.pipeline for one in incident.standing),
    )


def _participant(person: Person) -> Participant:
    return Participant(person_id=person.person_id, name=person.name)
