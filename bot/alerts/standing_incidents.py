"""What is due for incidents that stand: who hears of them after a while, or after the night."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from adf.errors import AdfError
from adf.records import PipelineNotes, PipelineRun
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incidents import Incident
from bot.messages import Address, Scope
from bot.state.notification_terms import EventKind
from bot.state.subscription import Occasion

Notes = Callable[[str, str], PipelineNotes]
Announce = Callable[[Incident, Sequence[Address]], Awaitable[bool]]
HoldsBack = Callable[[Incident], Awaitable[bool]]
ActiveRuns = Callable[[str], Awaitable[Sequence[PipelineRun]]]

log = logging.getLogger("adfops.announcer")


class DelayedRecipients(Protocol):
    """Knows who asked to be told after a wait, or not in some hours."""

    async def delayed(self, occasion: Occasion) -> Sequence[Address]:
        """Where that is told by now, of those who do not hear at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFollower:
    """Says on an incident that a run is under way which may end it: a rerun, a retry, the next."""

    remarks: IncidentRemarks
    active: ActiveRuns
    retell: Callable[[str], Awaitable[object]]

    async def look(self, open_ones: Sequence[Incident]) -> bool:
        """One query for the active runs of a factory; whether a card has to say something new."""
        try:
            active = await self.active(open_ones[0].factory)
        except AdfError as error:
            log.info("active runs of %s cannot be read: %s", open_ones[0].factory, error)
            return False
        fresh = [one for one in open_ones if self.remarks.note_run(one, active)]
        for one in fresh:
            await self.retell(one.incident_id)
        return bool(fresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIncidents:
    """Tells those who wait, once an incident has stood for as long as they asked."""

    recipients: DelayedRecipients
    announce: Announce
    notes: Notes
    holds_back: HoldsBack | None = None
    follow: RunFollower | None = None

    async def look(self, open_ones: Sequence[Incident]) -> bool:
        """Look at every open incident of a factory; whether anybody new is told."""
        changed = False
        if self.follow is not None and open_ones:
            changed = await self.follow.look(open_ones)
        for one in open_ones:
            addresses = await self.recipients.delayed(self._occasion(one))
            if addresses and not (self.holds_back and await self.holds_back(one)):
                changed = await self.announce(one, [_whole(each) for each in addresses]) or changed
        return changed

    def _occasion(self, incident: Incident) -> Occasion:
        pipelines = {one.pipeline for one in incident.standing}
        critical = any(self.notes(incident.factory, one).critical for one in pipelines)
        return Occasion(
            factory=incident.factory,
            kind=EventKind.FAILURES,
            pipelines=pipelines,
            critical=critical,
            since=incident.since,
            is_retried=self.follow is not None and self.follow.remarks.is_retried(incident),
        )


def _whole(address: Address) -> Address:
    """A channel, not a thread in it: each incident begins its own thread."""
    if address.scope is not Scope.CHANNEL:
        return address
    return replace(address, conversation=address.room)
