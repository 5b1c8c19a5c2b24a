"""Opens a ticket once: one call, and after an unclear answer a search before a second one.

The key is stored before the first call and never changes, so whatever a call left behind is found
by it. Nothing is sent again before the system had the time in which a new ticket is found.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.access.audit import AuditedAct, AuditLog
from bot.tickets.ports import (
    RemoteTicket,
    TicketedIncidents,
    TicketError,
    TicketRefused,
    TicketSystem,
)
from bot.tickets.repository import TicketRepository
from bot.tickets.text import text_of
from bot.tickets.ticket import MOST_ATTEMPTS, UNSETTLED, Ticket
from cards.records import TicketState, TicketText

log = logging.getLogger("adfops.tickets")

NOT_SEEN = "not seen"
FORGOTTEN = "incident gone"
# Longer than any call: whoever sent it is not waiting for its answer any more.
IN_FLIGHT = timedelta(seconds=15)
_UTC = ZoneInfo("UTC")


class TicketOpening:
    """Sends approved tickets, and finds out what became of those without an answer."""

    def __init__(
        self,
        *,
        system: TicketSystem,
        tickets: TicketRepository,
        incidents: TicketedIncidents,
        audit: AuditLog,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._system = system
        self._tickets = tickets
        self._incidents = incidents
        self._audit = audit
        self._clock = clock
        self._sending: set[str] = set()

    async def text(self, ticket: Ticket) -> TicketText | None:
        """What a ticket says as its incident is now; None for an incident that is not known."""
        incident = await self._incidents.report(ticket.incident_id, _UTC)
        if incident is None:
            return None
        requested = ticket.requested or ticket.opened
        return text_of(incident, ticket.note, requested.name, ticket.address)

    async def send(self, ticket: Ticket, text: TicketText) -> Ticket:
        """Send a ticket whose place this press has just taken: nobody else does."""
        self._sending.add(ticket.incident_id)
        try:
            if ticket.attempts > 1:
                found = await self._system.find(ticket.key)
                if found is not None:
                    return await self._opened(ticket, found)
            return await self._opened(ticket, await self._system.create(ticket.key, text))
        except TicketRefused as error:
            return await self._failed(ticket, error.code)
        except TicketError as error:
            log.warning("ticket of %s: %s", ticket.incident_id, error)
            return await self._moved(ticket, TicketState.UNCERTAIN, code=error.code)
        finally:
            self._sending.discard(ticket.incident_id)

    async def settle(self, ticket: Ticket) -> Ticket:
        """Find out what became of a ticket without an answer; a second try where nothing did."""
        now = self._clock()
        if ticket.incident_id in self._sending or ticket.state not in UNSETTLED:
            return ticket
        if ticket.state is TicketState.SENT and now - ticket.sent_at < IN_FLIGHT:
            return ticket
        try:
            found = await self._system.find(ticket.key)
        except TicketError as error:
            log.info("ticket of %s cannot be searched for yet: %s", ticket.incident_id, error)
            return ticket
        if found is not None:
            return await self._opened(ticket, found)
        if now - ticket.sent_at < self._system.settles_in:
            return ticket
        return await self._try_again(ticket)

    async def _try_again(self, ticket: Ticket) -> Ticket:
        """Once more, if nobody else does; what was tried often enough is given up."""
        if ticket.attempts >= MOST_ATTEMPTS:
            return await self._failed(ticket, NOT_SEEN)
        text = await self.text(ticket)
        if text is None:
            return await self._failed(ticket, FORGOTTEN)
        now = self._clock()
        taken = await self._tickets.change_ticket(
            ticket.incident_id,
            lambda one: (
                one.moved(state=TicketState.SENT, attempts=one.attempts + 1, sent_at=now)
                if one.revision == ticket.revision
                else None
            ),
        )
        return await self.send(taken, text) if taken else ticket

    async def _opened(self, ticket: Ticket, found: RemoteTicket) -> Ticket:
        after = await self._moved(
            ticket,
            TicketState.OPEN,
            remote_id=found.remote_id,
            number=found.number,
            url=found.url,
            status=found.status,
            is_done=found.is_done,
            code="",
        )
        await self._write_down("opened", after)
        return after

    async def _failed(self, ticket: Ticket, code: str) -> Ticket:
        after = await self._moved(ticket, TicketState.FAILED, code=code)
        await self._write_down("failed", after, why=code)
        return after

    async def _moved(self, ticket: Ticket, state: TicketState, **changes: object) -> Ticket:
        """Write down what is known; a late answer counts more than a doubt."""
        after = await self._tickets.change_ticket(
            ticket.incident_id,
            lambda one: one.moved(state=state, **changes) if one.state in UNSETTLED else None,
        )
        return after or await self._tickets.ticket(ticket.incident_id) or ticket

    async def _write_down(self, kind: str, ticket: Ticket, why: str = "") -> None:
        act = audited(ticket.factory, ticket.pipelines, ticket.incident_id, ticket.proposal_id)
        act = AuditedAct(
            factory=act.factory,
            action=act.action,
            proposal=act.proposal,
            pipeline=act.pipeline,
            arguments=act.arguments,
            request_id=ticket.key,
            after=ticket.number,
        )
        await self._audit.acted(kind, ticket.opened.person, ticket.address, act, why=why)


def audited(
    factory: str, pipelines: tuple[str, ...], incident_id: str, proposal_id: str
) -> AuditedAct:
    """What the audit keeps of a ticket: never what it says."""
    return AuditedAct(
        factory=factory,
        action="ticket",
        proposal=proposal_id,
        pipeline=pipelines[0] if pipelines else "",
        arguments=incident_id,
    )
