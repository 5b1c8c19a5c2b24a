"""What a card says of an incident: its words come from the records as they are read now."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records import PipelineNotes, RelatedPipeline, RunReport
from bot.alerts.explanations import ExplanationFor
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incidents import IncidentService, partition_of
from bot.alerts.incidents.incident import EarlierIncident, Ending, Incident
from bot.alerts.run_reports import RunReports
from bot.messages import Address, Renderer
from bot.outbox import RenderedMessage
from cards import records
from cards.card import Card
from cards.records import Explanation, IncidentState, Mentioned
from cards.text import cut, duration

OFFERS = frozenset({"resolve"})
_MOST_WORDS = 240

NotesByName = Callable[[str], PipelineNotes]


def told_incident(
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
    last = incident.standing[-1]
    declared = [notes(one.pipeline) for one in incident.standing]
    deed, ending = incident.acknowledged, incident.ending
    return records.IncidentReport(
        incident_id=incident.incident_id,
        title=_title(incident, report, declared[-1]),
        factory=incident.factory,
        cause=_cause(incident, report),
        since=incident.since,
        pipelines=tuple(one.pipeline for one in incident.standing),
        state=incident.state,
        count=incident.count,
        last_seen=incident.last_seen,
        error=report.cause.error.message if report and report.cause else "",
        waiting=_waiting(declared, notes) if related is None else _related(related, zone),
        history=_history(incident.earlier, zone),
        owner=next((one.owner for one in declared if one.owner), ""),
        changed_by=(ending.by.name if ending.by else "") if ending else deed.name if deed else "",
        changed_at=ending.at if ending else deed.at if deed else None,
        resolved_by_run=ending.run_id if ending else "",
        run_id=last.run_id,
        call=tuple(call) if incident.state is IncidentState.OPEN else (),
        offers=OFFERS,
        revision=incident.revision,
        said=_said(incident),
    )


def _title(incident: Incident, report: RunReport | None, notes: PipelineNotes) -> str:
    """What broke, where, after how long: CustomerDataETL failed · Copy_CRM · 31 min (usual 24)."""
    pipelines = [one.pipeline for one in incident.standing]
    if len(pipelines) > 1:
        return f"{len(pipelines)} pipelines {'stood' if incident.ending else 'stand'} still"
    parts = [f"{pipelines[-1]} failed"]
    parts += [incident.activity_name] if incident.activity_name else []
    lasted = report.run.lasted(report.as_of) if report else None
    if lasted is not None:
        usual = f" (usual {duration(notes.usual)})" if notes.usual else ""
        parts.append(f"{duration(lasted)}{usual}")
    return " · ".join(parts)


def _cause(incident: Incident, report: RunReport | None) -> str:
    """The cause in one sentence: what the error means, else its own first words."""
    name = incident.activity_name or incident.standing[-1].pipeline
    if report is None:
        return f"{name} failed. Data Factory does not tell why at the moment."
    if report.meaning is not None:
        return report.meaning.cause
    words = report.cause.error.message if report.cause else report.run.message
    return f"{name} failed: {_first_words(words)}" if words.strip() else f"{name} failed."


def _first_words(message: str) -> str:
    plain = " ".join(message.split())
    sentence = plain.partition(". ")[0]
    return cut(sentence if sentence == plain else f"{sentence}.", _MOST_WORDS)


def _waiting(declared: Sequence[PipelineNotes], notes: NotesByName) -> tuple[str, ...]:
    """Who waits downstream as it was declared, each with when it is due."""
    names = dict.fromkeys(name for one in declared for name in one.downstream)
    due = ((name, notes(name).due) for name in names)
    return tuple(f"{name}, due {at}" if at else name for name, at in due)


def _related(related: Sequence[RelatedPipeline], zone: ZoneInfo) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_waits(one, zone) for one in related))


def _waits(one: RelatedPipeline, zone: ZoneInfo) -> str:
    """Who waits downstream, when it starts, and when it is due."""
    starts = f", starts {one.starts_next.astimezone(zone):%H:%M}" if one.starts_next else ""
    return f"{one.name}{starts}{f', due {one.due}' if one.due else ''}"


def _history(earlier: EarlierIncident | None, zone: ZoneInfo) -> str:
    """When it broke like this before, and what was good after it."""
    if earlier is None:
        return ""
    lasted = duration(earlier.ending.at - earlier.since)
    return (
        f"{_ordinal(earlier.times + 1)} time; last {_moment(earlier.since, zone)}"
        f" ({earlier.incident_id}), {_ended(earlier.ending)} after {lasted}{_by(earlier.ending)}"
    )


def _ended(ending: Ending) -> str:
    return f"closed by {ending.by.name}" if ending.by else "good again"


def _by(ending: Ending) -> str:
    return f" by run {ending.run_id[:8]}" if ending.run_id else ""


def _said(incident: Incident) -> str:
    """What else happened: how long it took, or what is well again already."""
    if incident.ending is not None:
        lasted = duration(incident.ending.at - incident.since)
        by = incident.ending.by
        return f"Closed by {by.name} after {lasted}." if by else f"It took {lasted}."
    well = [one.pipeline for one in incident.broken if one.well_by]
    if not well:
        return ""
    rest = f" and {len(well) - 3} more" if len(well) > 3 else ""
    return f"Well again: {', '.join(well[:3])}{rest}."


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def _ordinal(number: int) -> str:
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


NotesOf = Callable[[str, str], PipelineNotes]
ZoneOf = Callable[[Address], Awaitable[ZoneInfo]]
Call = Callable[[str], Mentioned | None]
MayHear = Callable[[Address, str], Awaitable[bool]]
WaitingFor = Callable[[str, str], Awaitable[Sequence[RelatedPipeline]]]


class IncidentMessages:
    """The source of incident messages; `call` finds the owner to mention, by declared name."""

    def __init__(
        self,
        *,
        incidents: IncidentService,
        factories: Sequence[str],
        reports: RunReports,
        notes: NotesOf,
        draw: Renderer,
        zone_of: ZoneOf,
        call: Call,
        may_hear: MayHear,
        clock: Callable[[], datetime],
        words: ExplanationFor | None = None,
        waiting: WaitingFor | None = None,
        remarks: IncidentRemarks | None = None,
    ) -> None:
        """Borrow everything; `notes` are what owners declared, by factory and pipeline; `waiting`
        tells who waits for one.

        `may_hear` tells whether a room is told of a factory today: one bound to another is not.
        """
        self._incidents = incidents
        self._factories = {partition_of(one): one for one in factories}
        self._reports = reports
        self._notes = notes
        self._waiting = waiting
        self._draw = draw
        self._zone_of = zone_of
        self._call = call
        self._may_hear = may_hear
        self._clock = clock
        self._words = words
        self._remarks = remarks

    def partitions(self) -> Sequence[str]:
        """One partition for each factory."""
        return list(self._factories)

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """The revisions of incidents."""
        return await self._incidents.revisions(self._factories[partition], names)

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of an incident; its first message calls the owner of a critical pipeline."""
        incident = await self._incidents.find(name)
        if incident is None or not await self._may_hear(address, incident.factory):
            return None
        call = self._called(incident) if is_new else ()
        explanation = self._words.of(incident) if self._words else None
        return RenderedMessage(
            card=await self._card(incident, address, explanation, call),
            revision=incident.revision,
            is_final=incident.state is IncidentState.RESOLVED,
            explanation=explanation,
        )

    async def card(self, incident: Incident, address: Address, said: str = "") -> Card:
        """The card of an incident for somebody who pressed on it, with a sentence for them."""
        explanation = self._words.of(incident) if self._words else None
        return await self._card(incident, address, explanation, said=said)

    async def _card(
        self,
        incident: Incident,
        address: Address,
        explanation: Explanation | None,
        call: Sequence[Mentioned] = (),
        said: str = "",
    ) -> Card:
        report = await self._reports.get(incident.factory, incident.standing[-1].run_id)
        zone = await self._zone_of(address)
        record = told_incident(
            incident,
            report,
            lambda pipeline: self._notes(incident.factory, pipeline),
            zone,
            call,
            await self._related(incident),
        )
        remark = self._remarks.text(incident, zone) if self._remarks else ""
        more = said or " ".join(one for one in (record.said, remark) if one)
        told = replace(record, said=more)
        return self._draw(told, self._clock(), zone, None, explanation)

    async def _related(self, incident: Incident) -> Sequence[RelatedPipeline] | None:
        if self._waiting is None:
            return None
        names = dict.fromkeys(one.pipeline for one in incident.standing)
        found = [await self._waiting(incident.factory, name) for name in names]
        known = {one.name.lower(): one for some in found for one in some}
        return [one for one in known.values() if one.name not in names]

    def _called(self, incident: Incident) -> Sequence[Mentioned]:
        """The owners of critical pipelines that are known by their object id, each once."""
        notes = (self._notes(incident.factory, one.pipeline) for one in incident.standing)
        owners = dict.fromkeys(one.owner for one in notes if one.critical and one.owner)
        return [found for owner in owners if (found := self._call(owner))]
