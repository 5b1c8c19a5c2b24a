"""Proposes a ticket for an incident: who may, whether there is one, what it would say.

Nothing here asks anything of the ticket system. It is opened by a person's own press alone.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from adf.redaction import redact_start
from bot.access.audit import AuditLog
from bot.access.roles import Right
from bot.tickets.opening import audited
from bot.tickets.ports import TicketedIncidents
from bot.tickets.records import TicketRecords
from bot.tickets.repository import TicketRepository
from bot.tickets.text import LONGEST_NOTE, text_of
from bot.tickets.ticket import ProposedTicket, TicketEvent
from bot.tools import ToolContext
from bot.tools.incident_text import unknown_incident
from cards.records import Denied, HandoverEntry, Problem, TicketProposal, TicketState


class TicketMaker:
    """Stores proposals of tickets."""

    def __init__(
        self,
        *,
        tickets: TicketRepository,
        incidents: TicketedIncidents,
        records: TicketRecords,
        audit: AuditLog,
        clock: Callable[[], datetime],
        make_id: Callable[[], str],
    ) -> None:
        """Borrow everything; `make_id` makes ids that nobody can guess."""
        self._tickets = tickets
        self._incidents = incidents
        self._records = records
        self._audit = audit
        self._clock = clock
        self._make_id = make_id

    async def propose(
        self, incident_id: str, note: str, here: ToolContext
    ) -> TicketProposal | Denied | Problem:
        """A stored proposal of the asker, the ticket there is already, or why there is neither."""
        grant = await here.grant()
        incident = await self._incidents.report(incident_id, here.zone)
        if incident is None or not grant.may(Right.READ, incident.factory):
            if not any(grant.may(Right.READ, one) for one in grant.aliases):
                return await here.refuse(grant, Right.ACKNOWLEDGE)
            return unknown_incident(here.asked, incident_id, ())
        if not grant.may(Right.ACKNOWLEDGE, incident.factory):
            return await here.refuse(grant, Right.ACKNOWLEDGE, incident.factory)
        proposal = ProposedTicket(
            proposal_id=self._make_id(),
            incident_id=incident.incident_id,
            factory=incident.factory,
            pipelines=incident.pipelines,
            requested=TicketEvent.of(here.person, self._clock()),
            address=here.address,
            note=" ".join(redact_start(note, LONGEST_NOTE).split())[:LONGEST_NOTE],
        )
        there = await self._tickets.ticket(incident.incident_id)
        if there is not None and there.state is not TicketState.FAILED:
            return self._records.existing(proposal, there)
        await self._tickets.add(proposal)
        act = audited(
            proposal.factory, proposal.pipelines, proposal.incident_id, proposal.proposal_id
        )
        await self._audit.acted("proposed", here.person, here.address, act)
        text = text_of(incident, proposal.note, here.person.name, here.address)
        return self._records.with_text(proposal, text, TicketState.WAITING)

    async def known(
        self, incident_id: str | None, pipeline: str | None, factories: Sequence[str]
    ) -> TicketProposal | None:
        """The newest ticket of an incident or a pipeline, as it is now; None where none is."""
        found = [
            one
            for one in await self._tickets.tickets()
            if one.factory in factories
            and one.state is not TicketState.FAILED
            and incident_id in {None, one.incident_id}
            and (pipeline is None or pipeline in one.pipelines)
        ]
        if not found:
            return None
        newest = max(found, key=lambda one: one.sent_at)
        return self._records.found(newest, others=len(found) - 1)

    async def waiting(self, factories: Sequence[str]) -> Sequence[HandoverEntry]:
        """The proposals of some factories that nobody has decided on yet."""
        now = self._clock()
        found = await self._tickets.waiting(now)
        return [_entry(one, now) for one in found if one.factory in factories]


def _entry(proposal: ProposedTicket, now: datetime) -> HandoverEntry:
    """For what it was asked, by whom, and for how long it can still be opened."""
    left = max(1, round((proposal.expires_at - now) / timedelta(minutes=1)))
    return HandoverEntry(
        title=f"Ticket for {proposal.incident_id}",
        detail=f"asked for by {proposal.requested.name}, to approve within {left} min",
        question=f"open a ticket for {proposal.incident_id}",
    )
