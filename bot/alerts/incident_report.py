"""What a card says of an incident: its words come from the records as they are read now."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adf.records import PipelineNotes, RelatedPipeline, RunReport
from adf.records.glossary import counted
from adf.records.moments import due_text, moment_said
from bot.alerts.incident_timeline import timeline_lines
from bot.alerts.incidents import Incident, TimelineKind
from bot.alerts.incidents.incident import EarlierIncident, Ending
from bot.alerts.run_reports import RunReports
from bot.state.mutes import Mutes, StoredMute
from cards import records
from cards.records import IncidentState, IncidentTimes, Mentioned, TicketLink
from cards.text import cut, duration

NotesOf = Callable[[str, str], PipelineNotes]
PeopleOf = Callable[[str], Sequence[Mentioned]]
WaitingFor = Callable[[str, str], Awaitable[Sequence[RelatedPipeline]]]
TicketOf = Callable[[str], Awaitable[TicketLink | None]]
OFFERS = frozenset({"resolve", "rerun", "mute", "split"})
_MOST_WORDS = 240

NotesByName = Callable[[str], PipelineNotes]


class IncidentReports:
    """Makes the report of an incident: what is stored of it, with what Data Factory says now."""

    def __init__(
        self,
        *,
        reports: RunReports,
        notes: NotesOf,
        mutes: Mutes | None = None,
        people_of: PeopleOf | None = None,
        waiting: WaitingFor | None = None,
        ticket_of: TicketOf | None = None,
    ) -> None:
        """Borrow everything; `people_of` are those that incidents of a factory can be given to.

        `waiting` tells who waits for a pipeline, `ticket_of` which ticket an incident has.
        """
        self._ticket_of = ticket_of
        self._waiting = waiting
        self._reports = reports
        self._notes = notes
        self._mutes = mutes
        self._people_of = people_of

    async def of(
        self, incident: Incident, zone: ZoneInfo, call: Sequence[Mentioned] = ()
    ) -> records.IncidentReport:
        """The report as it is now; `call` are people that a first alert mentions."""
        report = await self._reports.get(incident.factory, incident.standing[-1].run_id)
        record = incident_as_read(
            incident,
            report,
            lambda name: self._notes(incident.factory, name),
            zone,
            call,
            await self._related(incident),
        )
        mute = await self._mute_of(incident)
        people = self._people_of(incident.factory) if self._people_of else ()
        return replace(
            record,
            muted_until=mute.until if mute else None,
            muted_by=(mute.name or "somebody") if mute else "",
            people=tuple((one.name, one.person_id) for one in people),
            ticket=await self._ticket_of(incident.incident_id) if self._ticket_of else None,
        )

    async def is_settled(self, incident: Incident) -> bool:
        """Whether nothing more comes to it: it is over, and its ticket knows that."""
        if incident.state is not IncidentState.RESOLVED or self._ticket_of is None:
            return incident.state is IncidentState.RESOLVED
        ticket = await self._ticket_of(incident.incident_id)
        return ticket is None or not ticket.is_pending

    async def _related(self, incident: Incident) -> Sequence[RelatedPipeline] | None:
        if self._waiting is None:
            return None
        names = dict.fromkeys(one.pipeline for one in incident.standing)
        found = [await self._waiting(incident.factory, name) for name in names]
        known = {one.name.lower(): one for some in found for one in some}
        return [one for one in known.values() if one.name not in names]

    async def _mute_of(self, incident: Incident) -> StoredMute | None:
        if self._mutes is None or incident.ending is not None:
            return None
        return mute_of(incident, await self._mutes.active([incident.factory]))


def mute_of(incident: Incident, mutes: Sequence[StoredMute]) -> StoredMute | None:
    """The mute that holds back an incident, the one that lasts longest."""
    names = [one.pipeline for one in incident.standing]
    fitting = [
        one
        for one in mutes
        if one.factory == incident.factory
        and any(one.covers(name, incident.signature) for name in names)
    ]
    return fitting[-1] if fitting else None


async def holds_back(mutes: Mutes, incident: Incident) -> bool:
    """Whether somebody wants nothing new of an incident posted now."""
    return mute_of(incident, await mutes.active([incident.factory])) is not None


def incident_as_read(
    incident: Incident,
    report: RunReport | None,
    notes: NotesByName,
    zone: ZoneInfo,
    call: Sequence[Mentioned] = (),
    related: Sequence[RelatedPipeline] | None = None,
) -> records.IncidentReport:
    """The record a card is drawn from; without a report it tells what is known by name.

    `notes` are what the owners declared of a pipeline; `call` are those a first alert mentions;
    `related` wait for it, by the definitions or as declared; without them the declared ones stand.
    """
    declared, seen = [notes(one.pipeline) for one in incident.standing], incident.last_seen
    waiting = _waiting(declared, notes, seen, zone)
    return records.IncidentReport(
        incident_id=incident.incident_id,
        title=_title(incident, report, declared[-1]),
        factory=incident.factory,
        cause=_cause(incident, report),
        since=incident.since,
        pipelines=tuple(one.pipeline for one in incident.standing),
        state=incident.state,
        count=incident.count,
        last_seen=seen,
        error=report.cause.error.message if report and report.cause else "",
        waiting=waiting if related is None else _related(related, seen, zone),
        **_course(incident),
        next_step=_next_step(report),
        owner=next((one.owner for one in declared if one.owner), ""),
        run_id=incident.standing[-1].run_id,
        call=tuple(call) if incident.state is IncidentState.OPEN else (),
        offers=OFFERS,
        revision=incident.revision,
        said=_said(incident),
        timeline=timeline_lines(incident.timeline, zone),
        times=_times(incident),
        explained=report is not None and report.meaning is not None and not _is_merged(incident),
        **_people(incident),
    )


def _course(incident: Incident) -> dict[str, Any]:
    """When it broke like this before, and how it ended this time: by a run, or in another one."""
    before, ending = _earlier(incident.earlier), incident.ending
    if ending is None:
        return before
    return {**before, "resolved_by_run": ending.run_id, "merged_into": ending.merged_into}


def _is_merged(incident: Incident) -> bool:
    return incident.ending is not None and bool(incident.ending.merged_into)


def _people(incident: Incident) -> dict[str, Any]:
    """Who did the last step, who has it, whom it was given and brought to."""
    having, ending, escalation = incident.acknowledged, incident.ending, incident.escalated
    last = ending.by if ending else having
    given = next(
        (one for one in reversed(incident.timeline) if one.kind is TimelineKind.ASSIGNED), None
    )
    return {
        "changed_by": last.name if last else "",
        "changed_at": ending.at if ending else having.at if having else None,
        "acknowledged_by": having.name if having else "",
        "acknowledged_at": having.at if having else None,
        "assignee": incident.assigned.name if incident.assigned else "",
        "assigned_by": given.by.name if incident.assigned and given and given.by else "",
        "escalated_to": tuple(one.name for one in escalation.people) if escalation else (),
        "escalated_at": escalation.at if escalation else None,
    }


def _times(incident: Incident) -> IncidentTimes:
    """From the failure until it was detected, acknowledged and over."""
    having, ending, since = incident.acknowledged, incident.ending, incident.since
    return IncidentTimes(
        detect=incident.detected - since if incident.detected else None,
        acknowledge=having.at - since if having else None,
        resolve=ending.at - since if ending else None,
    )


def _title(incident: Incident, report: RunReport | None, notes: PipelineNotes) -> str:
    """What broke, where, after how long: CustomerDataETL failed · Copy_CRM · after 31 min."""
    pipelines = [one.pipeline for one in incident.standing]
    if len(pipelines) > 1:
        are = "were" if incident.ending else "are"
        return f"{counted(len(pipelines), 'pipeline')} {are} blocked"
    ending = incident.ending
    if ending and ending.run_id:
        return f"{pipelines[-1]} recovered"
    parts = [f"{pipelines[-1]} failed"]
    parts += [incident.activity_name] if incident.activity_name else []
    lasted = report.run.lasted(report.as_of) if report else None
    if lasted is not None:
        usual = f" (usually {duration(notes.usual)})" if notes.usual else ""
        parts.append(f"after {duration(lasted)}{usual}")
    return " · ".join(parts)


def _cause(incident: Incident, report: RunReport | None) -> str:
    """The cause in one sentence: what the error means, else its own first words."""
    name = incident.activity_name or incident.standing[-1].pipeline
    if report is None:
        return f"{name} failed. I can't read why right now."
    if report.meaning is not None:
        return report.meaning.cause
    words = report.cause.error.message if report.cause else report.run.message
    return f"{name} failed: {_first_words(words)}" if words.strip() else f"{name} failed."


def _first_words(message: str) -> str:
    plain = " ".join(message.split())
    sentence = plain.partition(". ")[0]
    return cut(sentence if sentence == plain else f"{sentence}.", _MOST_WORDS)


def _waiting(
    declared: Sequence[PipelineNotes], notes: NotesByName, now: datetime, zone: ZoneInfo
) -> tuple[str, ...]:
    """Who waits downstream as it was declared, each with when it is due."""
    names = dict.fromkeys(name for one in declared for name in one.downstream)
    return tuple(due_text(name, notes(name).due, now, zone) for name in names)


def _related(related: Sequence[RelatedPipeline], now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_waits(one, now, zone) for one in related))


def _waits(one: RelatedPipeline, now: datetime, zone: ZoneInfo) -> str:
    """Who waits downstream, when it starts, and when it is due."""
    starts = f", starts {moment_said(one.starts_next, zone, now)}" if one.starts_next else ""
    return due_text(f"{one.name}{starts}", one.due, now, zone)


def _earlier(earlier: EarlierIncident | None) -> dict[str, Any]:
    """When it broke like this before, and how that ended."""
    if earlier is None:
        return {}
    lasted = duration(earlier.ending.at - earlier.since)
    return {
        "history": f"{_ordinal(earlier.times + 1)} time",
        "earlier": f"{earlier.incident_id}, {_ended(earlier.ending)} after {lasted}",
        "earlier_at": earlier.since,
    }


def _next_step(report: RunReport | None) -> str:
    """The first thing to do about the error, where it is known."""
    meaning = report.meaning if report else None
    return meaning.next_steps[0] if meaning and meaning.next_steps else ""


def _ended(ending: Ending) -> str:
    return f"closed by {ending.by.name}" if ending.by else "recovered"


def _said(incident: Incident) -> str:
    """What else happened: what is well again already."""
    if incident.ending is not None:
        return ""
    well = [one.pipeline for one in incident.broken if one.well_by]
    if not well:
        return ""
    rest = f" and {len(well) - 3} more" if len(well) > 3 else ""
    return f"Recovered already: {', '.join(well[:3])}{rest}."


def _ordinal(number: int) -> str:
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
