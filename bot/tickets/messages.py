"""The messages that show a decided proposal, edited as its ticket goes on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from bot.messages import Address, Renderer
from bot.outbox import RenderedMessage
from bot.state.rooms import RoomZones
from bot.tickets.records import TicketRecords
from bot.tickets.repository import PARTITION, TicketRepository
from bot.tickets.ticket import ProposedTicket
from cards.records import TicketState

_FINAL = frozenset({TicketState.FAILED, TicketState.WITHDRAWN, TicketState.EXPIRED})


class TicketMessages:
    """The source of the messages that show proposed tickets."""

    def __init__(
        self,
        *,
        tickets: TicketRepository,
        records: TicketRecords,
        render: Renderer,
        zones: RoomZones,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._tickets = tickets
        self._records = records
        self._render = render
        self._zones = zones
        self._clock = clock

    def partitions(self) -> Sequence[str]:
        """All tickets lie in one."""
        return [PARTITION]

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """A proposal has changed where it did itself, or its ticket."""
        del partition
        found = [await self._tickets.proposal(name) for name in names]
        return {one.proposal_id: await self._revision(one) for one in found if one is not None}

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of a proposal as it is now."""
        del is_new
        proposal = await self._tickets.proposal(name)
        if proposal is None:
            return None
        revision, now = await self._revision(proposal), self._clock()
        record = await self._records.of(proposal)
        card = self._render(record, now, await self._zones.of(address), None)
        return RenderedMessage(card=card, revision=revision, is_final=record.state in _FINAL)

    async def _revision(self, proposal: ProposedTicket) -> int:
        if proposal.state is not TicketState.OPEN:
            return proposal.revision
        ticket = await self._tickets.ticket(proposal.incident_id)
        return proposal.revision + (ticket.revision if ticket else 0)
