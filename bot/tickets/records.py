"""What a card says of a proposed ticket as it is now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.tickets.opening import FORGOTTEN, NOT_SEEN
from bot.tickets.ports import TicketedIncidents
from bot.tickets.repository import TicketRepository
from bot.tickets.text import text_of
from bot.tickets.ticket import ProposedTicket, Ticket
from cards.records import TicketProposal, TicketState, TicketText

_UTC = ZoneInfo("UTC")
UNCERTAIN = (
    "I sent it and got no answer. I'm looking for it by its own key and will send it again only if "
    "it isn't there."
)
_WHY = {
    "400": "It refused the ticket. Check ADFOPS_TICKETS_PROJECT and ADFOPS_TICKETS_TYPE.",
    "401": "It refused the sign-in. Check ADFOPS_TICKETS_USER and ADFOPS_TICKETS_SECRET.",
    "403": "The bot's account may not open tickets there; its administrator can allow it.",
    "404": "There is no such place. Check ADFOPS_TICKETS_URL and ADFOPS_TICKETS_PROJECT.",
    "unreachable": "It cannot be reached from the bot. Check ADFOPS_TICKETS_URL and the network.",
    NOT_SEEN: "It was sent more than once without an answer, and nothing of it is there.",
    FORGOTTEN: "That incident is not known anymore.",
}


class TicketRecords:
    """Makes the record of a proposal from what is stored and from its incident."""

    def __init__(
        self,
        tickets: TicketRepository,
        incidents: TicketedIncidents,
        system: str,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; `system` is what people call the ticket system."""
        self._tickets = tickets
        self._incidents = incidents
        self._system = system
        self._clock = clock

    async def text(self, proposal: ProposedTicket) -> TicketText | None:
        """What the ticket would say now; None for an incident that is not known anymore."""
        incident = await self._incidents.report(proposal.incident_id, _UTC)
        if incident is None:
            return None
        return text_of(incident, proposal.note, proposal.requested.name, proposal.address)

    async def of(self, proposal: ProposedTicket) -> TicketProposal:
        """The record as it is now; what waits shows all that the ticket would say."""
        state = proposal.state
        if state is TicketState.WAITING and self._clock() >= proposal.expires_at:
            state = TicketState.EXPIRED
        record = self.with_text(proposal, None, state)
        if state is TicketState.WAITING:
            return replace(record, text=await self.text(proposal))
        if state is not TicketState.OPEN:
            return record
        ticket = await self._tickets.ticket(proposal.incident_id)
        return self._followed(record, ticket) if ticket else record

    def with_text(
        self, proposal: ProposedTicket, text: TicketText | None, state: TicketState
    ) -> TicketProposal:
        """The record with a text that was made already."""
        return TicketProposal(
            proposal_id=proposal.proposal_id,
            incident_id=proposal.incident_id,
            factory=proposal.factory,
            pipelines=proposal.pipelines,
            system=self._system,
            requested=proposal.requested.event,
            expires_at=proposal.expires_at,
            state=state,
            text=text,
            decided=proposal.decided.event if proposal.decided else None,
        )

    def existing(self, proposal: ProposedTicket, ticket: Ticket) -> TicketProposal:
        """The ticket that an incident has already, in the place of a proposal."""
        record = self._followed(self.with_text(proposal, None, ticket.state), ticket)
        record = replace(record, decided=ticket.opened.event)
        if ticket.state is not TicketState.OPEN:
            return record
        said = f"{ticket.incident_id} has this ticket already, opened by {ticket.opened.name}."
        return replace(record, said=said)

    def found(self, ticket: Ticket, *, others: int) -> TicketProposal:
        """A ticket that was asked for; `others` are how many older ones fit as well."""
        record = TicketProposal(
            proposal_id=ticket.proposal_id,
            incident_id=ticket.incident_id,
            factory=ticket.factory,
            pipelines=ticket.pipelines,
            system=self._system,
            requested=(ticket.requested or ticket.opened).event,
            expires_at=ticket.sent_at,
            decided=ticket.opened.event,
        )
        record = self._followed(record, ticket)
        older = f" There are {others} older ones as well." if others > 1 else ""
        older = " There is an older one as well." if others == 1 else older
        over = " The incident is over." if ticket.is_over else ""
        said = f"{record.said or f'It is the ticket of {ticket.incident_id}.'}{over}{older}"
        return replace(record, said=said)

    def _followed(self, record: TicketProposal, ticket: Ticket) -> TicketProposal:
        said = ""
        if ticket.state is TicketState.FAILED:
            said = _WHY.get(ticket.code, f"It answered {ticket.code}. Nothing was opened.")
        elif ticket.state is TicketState.UNCERTAIN:
            said = UNCERTAIN
        return replace(record, state=ticket.state, link=ticket.link, said=said)
