"""Draws an incident for one address, from the incident and the report as they are now."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records import PipelineNotes
from bot.announcer.reports import Reports
from bot.announcer.words import WordsFor
from bot.drawing import Draw
from bot.incidents import Incident, Incidents, partition_of, told_incident
from bot.messages import Address
from bot.posted import Drawn
from cards.card import Card
from cards.records import Explanation, IncidentState, Mentioned

Notes = Callable[[str, str], PipelineNotes]
ZoneOf = Callable[[Address], Awaitable[ZoneInfo]]
Call = Callable[[str], Mentioned | None]
MayHear = Callable[[Address, str], Awaitable[bool]]


class IncidentCards:
    """The source of incident messages; `call` finds the owner to mention, by declared name."""

    def __init__(
        self,
        *,
        incidents: Incidents,
        factories: Sequence[str],
        reports: Reports,
        notes: Notes,
        draw: Draw,
        zone_of: ZoneOf,
        call: Call,
        may_hear: MayHear,
        clock: Callable[[], datetime],
        words: WordsFor | None = None,
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

    def partitions(self) -> Sequence[str]:
        """One partition for each factory."""
        return list(self._factories)

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """The revisions of incidents."""
        return await self._incidents.revisions(self._factories[partition], names)

    async def draw(self, name: str, address: Address, *, is_new: bool) -> Drawn | None:
        """The card of an incident; its first message calls the owner of a critical pipeline."""
        incident = await self._incidents.find(name)
        if incident is None or not await self._may_hear(address, incident.factory):
            return None
        call = self._called(incident) if is_new else ()
        explanation = self._words.of(incident) if self._words else None
        return Drawn(
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
        )
        told = replace(record, said=said) if said else record
        return self._draw(told, self._clock(), zone, None, explanation)

    def _called(self, incident: Incident) -> Sequence[Mentioned]:
        """The owners of critical pipelines that are known by their object id, each once."""
        notes = (self._notes(incident.factory, one.pipeline) for one in incident.standing)
        owners = dict.fromkeys(one.owner for one in notes if one.critical and one.owner)
        return [found for owner in owners if (found := self._call(owner))]
