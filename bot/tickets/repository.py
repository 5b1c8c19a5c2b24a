"""Proposed tickets and the one ticket of each incident, in one partition of the store.

One batch approves a proposal, takes the place of its incident's ticket, and has the message of the
proposal edited: of several who press at once, on one card or on several, one wins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Address
from bot.outbox.entry import EntryStage, OutboxEntry
from bot.state.store import (
    Insert,
    Operation,
    Replace,
    RowCodec,
    Rows,
    Store,
    drop,
    everything,
    retry_on_conflict,
)
from bot.tickets.ticket import UNSETTLED, ProposedTicket, Ticket
from cards.records import TicketLink, TicketState

PARTITION = "tickets"
KIND = "ticket"
RETENTION = timedelta(days=45)
_PROPOSAL = "proposal-"
_TICKET = "ticket-"
_PROPOSALS = RowCodec(ProposedTicket, sparse=True)
_TICKETS = RowCodec(Ticket, sparse=True)

ProposalStep = Callable[[ProposedTicket], ProposedTicket | None]
TicketStep = Callable[[Ticket], Ticket | None]
MessagePlace = tuple[Address, str]
"""Where a card is shown: the address, and the id of its message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPlace:
    """The ticket of an incident, and whether this press gave it its place."""

    ticket: Ticket
    is_new: bool


class TicketRepository:
    """Reads and writes proposals and tickets, each change from the version that was read."""

    def __init__(self, store: Store) -> None:
        """Borrow the store."""
        self._store = store
        self._proposals = Rows(store, PARTITION, _PROPOSALS)
        self._tickets = Rows(store, PARTITION, _TICKETS)

    async def add(self, proposal: ProposedTicket) -> None:
        """Put a new proposal in the store."""
        await self._proposals.insert(_PROPOSAL + proposal.proposal_id, proposal)

    async def proposal(self, proposal_id: str) -> ProposedTicket | None:
        """A proposal by its id; None for one that is not known."""
        return await self._proposals.get(_PROPOSAL + proposal_id)

    async def ticket(self, incident_id: str) -> Ticket | None:
        """The ticket of an incident; None where it has none."""
        return await self._tickets.get(_TICKET + incident_id)

    async def link_of(self, incident_id: str) -> TicketLink | None:
        """What an incident shows of its ticket; None for none, and for one that was refused."""
        found = await self.ticket(incident_id)
        return found.link if found and found.state is not TicketState.FAILED else None

    async def change_proposal(
        self, proposal_id: str, change: ProposalStep, message: MessagePlace | None = None
    ) -> ProposedTicket | None:
        """Put what `change` makes of a proposal in its place; None where nothing was changed."""
        return await retry_on_conflict(lambda: self._change(proposal_id, change, message))

    async def change_ticket(self, incident_id: str, change: TicketStep) -> Ticket | None:
        """Put what `change` makes of a ticket in its place; None where nothing was changed."""
        return await self._tickets.update(
            _TICKET + incident_id, lambda one: change(one) if one else None
        )

    async def approve(
        self, proposal: ProposedTicket, ticket: Ticket, message: MessagePlace
    ) -> TicketPlace | None:
        """Approve a proposal and give its incident that ticket, unless it has one by now.

        None where the proposal was decided on meanwhile.
        """
        return await retry_on_conflict(lambda: self._approve(proposal, ticket, message))

    async def tickets(self) -> Sequence[Ticket]:
        """Every ticket."""
        return [row.item for row in await self._tickets.list_all(_TICKET, f"{_TICKET}~")]

    async def waiting(self, now: datetime) -> Sequence[ProposedTicket]:
        """The proposals that somebody may still press on."""
        rows = await self._proposals.list_all(_PROPOSAL, f"{_PROPOSAL}~")
        return [row.item for row in rows if row.item.is_waiting(now)]

    async def purge(self, now: datetime) -> None:
        """Forget what ended weeks ago, and where it was shown; the audit stays."""
        rows = await self._proposals.list_all(_PROPOSAL, f"{_PROPOSAL}~")
        proposals = [
            row.item.proposal_id for row in rows if now - row.item.requested.at > RETENTION
        ]
        tickets = [
            one.incident_id
            for one in await self.tickets()
            if now - one.sent_at > RETENTION and one.state not in UNSETTLED
        ]
        messages = [
            entry.key
            for prefix in ("post-", "shown-")
            for entry in await everything(self._store, PARTITION, prefix)
            if any(f"-{one}-" in entry.key for one in proposals)
        ]
        keys = [_PROPOSAL + one for one in proposals] + [_TICKET + one for one in tickets]
        await drop(self._store, PARTITION, [*keys, *messages])

    async def _change(
        self, proposal_id: str, change: ProposalStep, message: MessagePlace | None
    ) -> ProposedTicket | None:
        entry = await self._store.get(PARTITION, _PROPOSAL + proposal_id)
        after = change(_PROPOSALS.from_json(entry.value)) if entry else None
        if entry is None or after is None:
            return None
        value = _PROPOSALS.to_json(after)
        writes: list[Operation] = [Replace(key=entry.key, value=value, version=entry.version)]
        await self._store.batch(PARTITION, [*writes, *await self._recipe(proposal_id, message)])
        return after

    async def _approve(
        self, proposal: ProposedTicket, ticket: Ticket, message: MessagePlace
    ) -> TicketPlace | None:
        stored = await self._store.get(PARTITION, _PROPOSAL + proposal.proposal_id)
        if stored is None or _PROPOSALS.from_json(stored.value).state is not TicketState.WAITING:
            return None
        key = _TICKET + ticket.incident_id
        there = await self._store.get(PARTITION, key)
        before = _TICKETS.from_json(there.value) if there else None
        is_new = before is None or before.state is TicketState.FAILED
        approved = _PROPOSALS.to_json(proposal)
        writes: list[Operation] = [
            Replace(key=stored.key, value=approved, version=stored.version),
            *await self._recipe(proposal.proposal_id, message),
        ]
        if there is None or before is None:
            writes.append(Insert(key=key, value=_TICKETS.to_json(ticket)))
        elif is_new:
            # The key of the first try stays: what it may have left behind is found by it.
            ticket = again(before, ticket)
            writes.append(Replace(key=key, value=_TICKETS.to_json(ticket), version=there.version))
        await self._store.batch(PARTITION, writes)
        return TicketPlace(ticket=ticket if is_new else before or ticket, is_new=is_new)

    async def _recipe(self, proposal_id: str, message: MessagePlace | None) -> list[Operation]:
        """The recipe of the message that shows a proposal, where there is none yet."""
        if message is None or not message[1]:
            return []
        recipe = OutboxEntry(
            kind=KIND,
            source=proposal_id,
            address=message[0],
            stage=EntryStage.POSTED,
            message_id=message[1],
        )
        if await self._store.get(PARTITION, recipe.key) is not None:
            return []
        return [Insert(key=recipe.key, value=recipe.to_json())]


def again(before: Ticket, ticket: Ticket) -> Ticket:
    """A refused ticket that somebody approved once more: under the same key, counted on."""
    return before.moved(
        proposal_id=ticket.proposal_id,
        opened=ticket.opened,
        address=ticket.address,
        note=ticket.note,
        requested=ticket.requested,
        sent_at=ticket.sent_at,
        state=TicketState.SENT,
        attempts=before.attempts + 1,
        code="",
    )
