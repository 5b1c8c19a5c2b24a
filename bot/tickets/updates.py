"""Tells a ticket what happened to its incident, each thing once, and reads how the ticket stands.

What a comment is about is stored before it is sent. After an unclear answer the ticket is asked
whether the comment is there before it is sent again.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.tickets.ports import (
    IncidentHistory,
    TicketedIncidents,
    TicketError,
    TicketRefused,
    TicketSystem,
)
from bot.tickets.repository import TicketRepository
from bot.tickets.setup import TicketUpdates
from bot.tickets.text import news_of
from bot.tickets.ticket import Ticket
from cards.records import TimelineLine

log = logging.getLogger("adfops.tickets")

CHECK_EVERY = timedelta(minutes=5)
MOST_MARKS = 60
_UTC = ZoneInfo("UTC")


class TicketUpdate:
    """Keeps an open ticket and its incident in step."""

    def __init__(
        self,
        *,
        system: TicketSystem,
        tickets: TicketRepository,
        incidents: TicketedIncidents,
        updates: TicketUpdates,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; `updates` is how much a ticket is told."""
        self._system = system
        self._tickets = tickets
        self._incidents = incidents
        self._updates = updates
        self._clock = clock

    async def step(self, ticket: Ticket) -> Ticket:
        """Do what is due for an open ticket; what cannot be done now is due again."""
        history = await self._incidents.history(ticket.incident_id, _UTC)
        if history is None:
            return ticket
        ticket = await self._linked(ticket, history)
        try:
            ticket = await self._commented(ticket, history)
            ticket = await self._closed(ticket, history)
            return await self._over(await self._checked(ticket), history)
        except TicketError as error:
            log.warning("ticket %s cannot be kept up to date: %s", ticket.number, error)
            return ticket

    async def _linked(self, ticket: Ticket, history: IncidentHistory) -> Ticket:
        """Write it into the incident first; what happened before it was opened is in its text."""
        if ticket.linked:
            return ticket
        opened = ticket.opened
        await self._incidents.ticket_opened(
            ticket.incident_id, opened.person, f"{ticket.system} {ticket.number}", opened.at
        )
        marks = tuple(_mark(one) for one in history.lines if one.at <= opened.at)
        return await self._changed(ticket, linked=True, mirrored=marks)

    async def _commented(self, ticket: Ticket, history: IncidentHistory) -> Ticket:
        """One comment for all that is new; it is left out where its incident says it itself."""
        known = {*ticket.mirrored}
        new = tuple(
            one
            for one in history.lines
            if _mark(one) not in known and ticket.number not in one.text
        )
        if self._updates is TicketUpdates.OFF or not new:
            return ticket
        number = f"{ticket.key}-{ticket.updates + 1}"
        marks = tuple(_mark(one) for one in new)
        # The last try had no answer that tells: it is there, or it is sent as it is now.
        if ticket.telling and await self._system.has_comment(ticket.remote_id, number):
            return await self._mirrored(ticket, ticket.telling)
        ticket = await self._changed(ticket, telling=marks)
        try:
            await self._system.comment(ticket.remote_id, news_of(new, ticket.incident_id), number)
        except TicketRefused:
            # It would be refused again: the ticket was deleted, or is locked.
            await self._mirrored(ticket, marks)
            raise
        return await self._mirrored(ticket, marks)

    async def _closed(self, ticket: Ticket, history: IncidentHistory) -> Ticket:
        """Close it with its incident, where that is set; what is closed there already stays so."""
        if not history.is_over or ticket.is_over or self._updates is not TicketUpdates.CLOSE:
            return ticket
        now = await self._system.get(ticket.remote_id)
        if not now.is_done:
            words = f"{ticket.incident_id} is over."
            try:
                await self._system.close(ticket.remote_id, words)
            except TicketRefused as error:
                log.warning("ticket %s cannot be closed: %s", ticket.number, error)
        return await self._changed(ticket, checked_at=None)

    async def _over(self, ticket: Ticket, history: IncidentHistory) -> Ticket:
        """It knows how its incident ended: the incident's messages are drawn a last time."""
        if ticket.is_over is history.is_over:
            return ticket
        ticket = await self._changed(ticket, is_over=history.is_over)
        await self._incidents.retell(ticket.incident_id)
        return ticket

    async def _checked(self, ticket: Ticket) -> Ticket:
        """How it stands there, now and then; its incident's messages show it."""
        now = self._clock()
        if ticket.checked_at is not None and now - ticket.checked_at < CHECK_EVERY:
            return ticket
        found = await self._system.get(ticket.remote_id)
        is_new = (found.status, found.is_done) != (ticket.status, ticket.is_done)
        ticket = await self._changed(
            ticket, checked_at=now, status=found.status, is_done=found.is_done
        )
        if is_new:
            await self._incidents.retell(ticket.incident_id)
        return ticket

    async def _mirrored(self, ticket: Ticket, marks: tuple[str, ...]) -> Ticket:
        known = tuple(dict.fromkeys((*ticket.mirrored, *marks)))[-MOST_MARKS:]
        return await self._changed(ticket, mirrored=known, telling=(), updates=ticket.updates + 1)

    async def _changed(self, ticket: Ticket, **changes: object) -> Ticket:
        after = await self._tickets.change_ticket(
            ticket.incident_id, lambda one: one.moved(**changes)
        )
        return after or ticket


def _mark(line: TimelineLine) -> str:
    """A short name for one event."""
    return hashlib.sha256(f"{line.at.isoformat()}|{line.text}".encode()).hexdigest()[:10]
