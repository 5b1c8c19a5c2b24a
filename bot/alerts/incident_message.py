"""The source of incident messages: drawn from the records as they are read when they are sent."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.alerts.explanations import ExplanationFor
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incident_report import IncidentReports, NotesOf
from bot.alerts.incidents import Incident, IncidentService, partition_of
from bot.messages import Address, Renderer
from bot.outbox import RenderedMessage
from bot.state.cause_verdicts import RefreshVerdicts, all_known
from cards.card import Card
from cards.records import Explanation, IncidentState, Mentioned

ZoneOf = Callable[[Address], Awaitable[ZoneInfo]]
Call = Callable[[str], Mentioned | None]
MayHear = Callable[[Address, str], Awaitable[bool]]


class IncidentMessages:
    """The source of incident messages; `call` finds the owner to mention, by declared name."""

    def __init__(
        self,
        *,
        incidents: IncidentService,
        factories: Sequence[str],
        reports: IncidentReports,
        notes: NotesOf,
        draw: Renderer,
        zone_of: ZoneOf,
        call: Call,
        may_hear: MayHear,
        clock: Callable[[], datetime],
        words: ExplanationFor | None = None,
        remarks: IncidentRemarks | None = None,
        refresh: RefreshVerdicts = all_known,
    ) -> None:
        """Borrow everything; `notes` are what owners declared, by factory and pipeline.

        `may_hear` tells whether a room is told of a factory today: one bound to another is not.
        """
        self._incidents = incidents
        self._factories = {partition_of(one): one for one in factories}
        self._reports = reports
        self._notes = notes
        self._draw = draw
        self._zone_of = zone_of
        self._call = call
        self._may_hear = may_hear
        self._clock = clock
        self._words = words
        self._remarks = remarks
        self._refresh = refresh

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
            is_final=await self._reports.is_settled(incident),
            explanation=explanation,
        )

    async def draw_escalated(
        self, name: str, address: Address, *, is_new: bool
    ) -> RenderedMessage | None:
        """The same for the message that calls more people; nothing new once somebody has it."""
        incident = await self._incidents.find(name)
        if incident is None or not await self._may_hear(address, incident.factory):
            return None
        if is_new and incident.state is not IncidentState.OPEN:
            return None
        people = incident.escalated.people if incident.escalated and is_new else ()
        call = [Mentioned(name=one.name, person_id=one.person_id) for one in people]
        return RenderedMessage(
            card=await self._card(incident, address, None, call),
            revision=incident.revision,
            is_final=await self._reports.is_settled(incident),
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
        zone = await self._zone_of(address)
        record = await self._reports.of(incident, zone, call)
        await self._refresh((record,))
        remark = self._remarks.text(incident, zone) if self._remarks else ""
        more = said or " ".join(one for one in (record.said, remark) if one)
        told = replace(record, said=more)
        return self._draw(told, self._clock(), zone, None, explanation)

    def _called(self, incident: Incident) -> Sequence[Mentioned]:
        """The owners of critical pipelines that are known by their object id, each once."""
        notes = (self._notes(incident.factory, one.pipeline) for one in incident.standing)
        owners = dict.fromkeys(one.owner for one in notes if one.critical and one.owner)
        return [found for owner in owners if (found := self._call(owner))]
