"""What is due for incidents that stand: who hears of them after a while, or after the night."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from adf.records import PipelineNotes
from bot.alerts.incidents import Incident
from bot.messages import Address, Scope
from bot.state.notification_terms import EventKind
from bot.state.subscription import Occasion

Notes = Callable[[str, str], PipelineNotes]
Announce = Callable[[Incident, Sequence[Address]], Awaitable[bool]]
HoldsBack = Callable[[Incident], Awaitable[bool]]


class DelayedRecipients(Protocol):
    """Knows who asked to be told after a wait, or not in some hours."""

    async def delayed(self, occasion: Occasion) -> Sequence[Address]:
        """Where that is told by now, of those who do not hear at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIncidents:
    """Tells those who wait, once an incident has stood for as long as they asked."""

    recipients: DelayedRecipients
    announce: Announce
    notes: Notes
    holds_back: HoldsBack | None = None

    async def look(self, open_ones: Sequence[Incident]) -> bool:
        """Look at every open incident of a factory; whether anybody new is told."""
        changed = False
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
        )


def _whole(address: Address) -> Address:
    """A channel, not a thread in it: each incident begins its own thread."""
    if address.scope is not Scope.CHANNEL:
        return address
    return replace(address, conversation=address.room)
