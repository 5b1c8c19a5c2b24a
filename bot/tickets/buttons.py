"""The presses on a proposed ticket: open it, drop it. Each is checked again at that moment.

A card carries the id of a proposal, and what stands for the words that it showed: words that are
others by now are shown, and nothing is opened.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from adf.errors import AdfError
from bot.access.audit import AuditedAct, AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy
from bot.access.roles import Right
from bot.agents.problems import problem_for
from bot.messages import CardActionHandler, CardClick, PressResult, Renderer, Scope
from bot.state.rooms import RoomZones
from bot.tickets.follow_up import TicketFollowUp
from bot.tickets.opening import TicketOpening, audited
from bot.tickets.records import TicketRecords
from bot.tickets.repository import TicketPlace, TicketRepository
from bot.tickets.ticket import ProposedTicket, Ticket, TicketEvent
from cards.records import Denied, Problem, TicketProposal, TicketState

UNKNOWN = "I don't know that proposal anymore. Ask for a ticket again."
ELSEWHERE = "This card was made for another conversation and has no power here."
EXPIRED = "It expired: a proposal is valid for 30 minutes. Ask for a ticket again."
WITHDRAWN = "It was withdrawn. Ask for a ticket again if it is still wanted."
CHANGED = "It reads differently by now, so nothing was opened. This is what it would say."

Record = TicketProposal | Denied | Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRules:
    """Who may press, and how a press without effect is told and written down."""

    policy: AccessPolicy
    denials: Denials
    audit: AuditLog
    clock: Callable[[], datetime]

    async def denied(self, click: CardClick, proposal: ProposedTicket | None) -> Denied | None:
        """Why this person may not press on it here; None where they may."""
        grant = await self.policy.grant(click.speaker, click.address)
        factory = proposal.factory if proposal else None
        if grant.lack is not None or (factory and not grant.may(Right.ACKNOWLEDGE, factory)):
            return await self.denials.refuse(
                click.speaker,
                click.address,
                grant,
                asked=_request(proposal if factory and grant.may(Right.READ, factory) else None),
                right=Right.ACKNOWLEDGE,
                factory=factory,
                act=_act(proposal) if proposal else None,
            )
        if proposal is None:
            return await self.refused(click, None, "unknown", UNKNOWN)
        if click.address.conversation != proposal.address.conversation:
            return await self.refused(click, proposal, "place", ELSEWHERE)
        return None

    async def refused(
        self, click: CardClick, proposal: ProposedTicket | None, why: str, said: str
    ) -> Denied:
        """The record of a refusal, written down."""
        await self.audit.refused(
            click.speaker,
            click.address,
            right=Right.ACKNOWLEDGE,
            factory=proposal.factory if proposal else "",
            why=why,
            act=_act(proposal) if proposal else None,
        )
        return Denied(asked=_request(proposal), happened=said)


class TicketActions:
    """The buttons of a proposed ticket."""

    def __init__(
        self,
        *,
        rules: TicketRules,
        tickets: TicketRepository,
        records: TicketRecords,
        opening: TicketOpening,
        follow_up: TicketFollowUp,
        render: Renderer,
        zones: RoomZones,
        system: str,
        make_key: Callable[[], str],
    ) -> None:
        """Borrow everything; `make_key` makes the key that a ticket is found by."""
        self._rules = rules
        self._tickets = tickets
        self._records = records
        self._opening = opening
        self._follow_up = follow_up
        self._render = render
        self._zones = zones
        self._system = system
        self._make_key = make_key

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {"open_ticket": self.open, "drop_ticket": self.drop}

    async def open(self, click: CardClick) -> PressResult:
        """Open the ticket that the card shows, if the person who pressed may have it opened now."""
        return await self._press(click, self._open)

    async def drop(self, click: CardClick) -> PressResult:
        """Take the proposal back."""
        return await self._press(click, self._drop)

    async def _press(
        self, click: CardClick, decide: Callable[[CardClick], Awaitable[Record]]
    ) -> PressResult:
        try:
            record = await decide(click)
        except AdfError as error:
            record = problem_for(error, "open a ticket", self._rules.clock())
        zone = await self._zones.of(click.address, click.zone)
        card = self._render(record, self._rules.clock(), zone, None)
        is_private = click.address.scope is Scope.PERSONAL
        words = record.happened if isinstance(record, Denied) and is_private else None
        return PressResult(card=card, words=words)

    async def _open(self, click: CardClick) -> Record:
        proposal = await self._proposal(click)
        denied = await self._rules.denied(click, proposal)
        if denied is not None or proposal is None:
            return denied or Denied(asked="", happened=UNKNOWN)
        if proposal.state is TicketState.OPEN:
            return await self._records.of(proposal)
        if not proposal.is_waiting(self._rules.clock()):
            return await self._late(click, proposal)
        text = await self._records.text(proposal)
        if text is None:
            return await self._rules.refused(click, proposal, "gone", UNKNOWN)
        if text.digest != click.data.get("text"):
            record = self._records.with_text(proposal, text, TicketState.WAITING)
            return replace(record, said=CHANGED)
        place = await self._approved(click, proposal)
        if place is not None and place.is_new:
            # A press of somebody who leaves is not taken back: what was begun is followed anyway.
            self._follow_up.wake()
            await self._opening.send(place.ticket, text)
        self._follow_up.wake()
        return await self._records.of(await self._proposal(click) or proposal)

    async def _approved(self, click: CardClick, proposal: ProposedTicket) -> TicketPlace | None:
        """Store that it was approved, with the one ticket of its incident."""
        event = TicketEvent.of(click.speaker, self._rules.clock())
        approved = proposal.moved(TicketState.OPEN, decided=event)
        ticket = Ticket(
            incident_id=proposal.incident_id,
            factory=proposal.factory,
            pipelines=proposal.pipelines,
            key=self._make_key(),
            proposal_id=proposal.proposal_id,
            opened=event,
            address=proposal.address,
            system=self._system,
            sent_at=event.at,
            note=proposal.note,
            requested=proposal.requested,
        )
        message = (click.address, click.on_message or "")
        place = await self._tickets.approve(approved, ticket, message)
        if place is not None:
            await self._rules.audit.acted("approved", click.speaker, click.address, _act(proposal))
        return place

    async def _drop(self, click: CardClick) -> Record:
        proposal = await self._proposal(click)
        denied = await self._rules.denied(click, proposal)
        if denied is not None or proposal is None:
            return denied or Denied(asked="", happened=UNKNOWN)
        event = TicketEvent.of(click.speaker, self._rules.clock())
        dropped = await self._tickets.change_proposal(
            proposal.proposal_id,
            lambda one: (
                one.moved(TicketState.WITHDRAWN, decided=event)
                if one.is_waiting(event.at)
                else None
            ),
            (click.address, click.on_message or ""),
        )
        if dropped is None:
            return await self._late(click, await self._proposal(click) or proposal)
        await self._rules.audit.acted("withdrawn", click.speaker, click.address, _act(proposal))
        self._follow_up.wake()
        return await self._records.of(dropped)

    async def _late(self, click: CardClick, proposal: ProposedTicket) -> Record:
        """A press on what does not wait anymore."""
        if proposal.state is TicketState.OPEN:
            return await self._records.of(proposal)
        is_gone = proposal.state is TicketState.WITHDRAWN
        said = WITHDRAWN if is_gone else EXPIRED
        return await self._rules.refused(click, proposal, "used" if is_gone else "expired", said)

    async def _proposal(self, click: CardClick) -> ProposedTicket | None:
        found = click.data.get("ticket")
        return await self._tickets.proposal(found) if isinstance(found, str) else None


def _act(proposal: ProposedTicket) -> AuditedAct:
    return audited(proposal.factory, proposal.pipelines, proposal.incident_id, proposal.proposal_id)


def _request(proposal: ProposedTicket | None) -> str:
    return f"a ticket for {proposal.incident_id}" if proposal else "open a ticket"
