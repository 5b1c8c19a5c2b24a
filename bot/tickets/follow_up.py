"""Follows tickets: what has no answer is settled, what is open is kept in step with its incident.

Everything is taken up again after a start and now and then, so that nothing stays open because a
process died.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.tickets.opening import TicketOpening
from bot.tickets.repository import TicketRepository
from bot.tickets.ticket import UNSETTLED, Ticket
from bot.tickets.updates import TicketUpdate
from cards.records import TicketState

log = logging.getLogger("adfops.tickets")

SWEEP_SECONDS = 15.0
# A ticket is looked at for that long after its incident was over: it may be opened again.
WATCHED_AFTER = timedelta(days=3)


class TicketFollowUp:
    """Brings tickets on, one by one; `on_change` has the messages edited that show them."""

    def __init__(
        self,
        *,
        tickets: TicketRepository,
        opening: TicketOpening,
        update: TicketUpdate,
        on_change: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._tickets = tickets
        self._opening = opening
        self._update = update
        self._on_change = on_change
        self._clock = clock
        self._due = asyncio.Event()

    def wake(self) -> None:
        """Look at the tickets now."""
        self._due.set()
        self._on_change()

    async def run(self) -> None:
        """Look at the tickets for ever, at once when something happened."""
        while True:
            self._due.clear()
            await self.sweep()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_SECONDS):
                    await self._due.wait()

    async def sweep(self) -> None:
        """Look at each ticket once; one that cannot be followed must not hold up the others."""
        try:
            await self._tickets.purge(self._clock())
            tickets = await self._tickets.tickets()
        except Exception:
            log.exception("tickets cannot be read")
            return
        for ticket in tickets:
            try:
                after = await self.step(ticket)
            except Exception:
                log.exception("ticket of %s cannot be followed", ticket.incident_id)
                continue
            if after.revision != ticket.revision:
                self._on_change()

    async def step(self, ticket: Ticket) -> Ticket:
        """Look at one ticket; the ticket as it is after that."""
        if ticket.state in UNSETTLED:
            ticket = await self._opening.settle(ticket)
        if ticket.state is not TicketState.OPEN or self._is_past(ticket):
            return ticket
        return await self._update.step(ticket)

    def _is_past(self, ticket: Ticket) -> bool:
        since = ticket.checked_at or ticket.sent_at
        return ticket.is_over and ticket.is_done and self._clock() - since > WATCHED_AFTER
