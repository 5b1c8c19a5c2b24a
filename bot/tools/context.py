"""What the bot's own tools work on: who asks, where, and the bot's state about both."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from adf.history.backtest import Backtest, LastDue
from adf.records import ActionTarget, Pipeline, TriggerStatus
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, Grant, Right
from bot.messages import Address, Person, Scope
from bot.state.boards import Boards
from bot.state.conversations import ConversationStates
from bot.state.erasure import Erasure
from bot.state.mutes import Mutes
from bot.state.rooms import Rooms
from bot.state.subscriptions import Subscriptions
from bot.state.summaries import Summaries
from bot.state.usage import AnswerCounter, ModelUsage
from bot.tools.ports import IncidentOperations
from cards.records import (
    AuditReport,
    Denied,
    HandoverEntry,
    Mentioned,
    Problem,
    ProposalReport,
    TicketProposal,
    WhatIf,
)

ErasePerson = Callable[[str], Awaitable[Erasure]]
PipelinesOf = Callable[[Sequence[str]], Awaitable[Sequence[Pipeline]]]
MissedStarts = Callable[[str], Awaitable[Sequence[TriggerStatus]]]
"""The triggers of a factory with the starts that did not come; may raise an AdfError."""
MembersOf = Callable[[Address], Awaitable[Sequence[Mentioned]]]
"""The members of a room who are of ours; may raise RosterUnreadable."""
WaitingProposals = Callable[[Sequence[str]], Awaitable[Sequence[HandoverEntry]]]
"""What waits for somebody's approval in some factories."""
_CALLED = {
    Scope.PERSONAL: "this chat",
    Scope.GROUP: "this group chat",
    Scope.CHANNEL: "this channel",
}


class FactoryLookup(Protocol):
    """Reads in a factory what a subscription may be about, and how often it would have told."""

    async def failures(
        self, factory: str, name: str | None, covers: Callable[[str], bool], wait: timedelta
    ) -> Backtest | None:
        """How often a failure would have been posted."""
        ...

    async def overlong(self, factory: str, name: str, longest: timedelta) -> Backtest | None:
        """How many runs of a pipeline took longer than that."""
        ...

    async def late(self, factory: str, name: str, due: LastDue) -> Backtest | None:
        """On how many days a pipeline was not done by then."""
        ...

    async def runtimes(self, factory: str) -> Sequence[str]:
        """The integration runtimes that are the owner's own."""
        ...


class ActionProposals(Protocol):
    """Makes proposals: shows what an act would do, and never does it."""

    async def propose(
        self, target: ActionTarget, here: "ToolContext"
    ) -> ProposalReport | Denied | Problem:
        """Store a proposal of the asker; refused to who may not act."""
        ...

    async def preview(self, target: ActionTarget, here: "ToolContext") -> WhatIf | Denied:
        """What an act would do, without proposing it."""
        ...


class TicketProposals(Protocol):
    """Proposes tickets: shows what one would say, and never opens it."""

    async def propose(
        self, incident_id: str, note: str, here: "ToolContext"
    ) -> TicketProposal | Denied | Problem:
        """Store a proposal of the asker; refused to who may not have one opened."""
        ...

    async def known(
        self, incident_id: str | None, pipeline: str | None, factories: Sequence[str]
    ) -> TicketProposal | None:
        """The newest ticket of an incident or a pipeline; None where there is none."""
        ...

    async def waiting(self, factories: Sequence[str]) -> Sequence[HandoverEntry]:
        """Those that nobody has decided on yet."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What of the audit is asked for, in one factory."""

    factory: str
    hours: float
    run_id: str | None = None
    incident: str | None = None
    action: str | None = None
    pipeline: str | None = None


class AuditReader(Protocol):
    """Tells who did what."""

    async def report(self, here: "ToolContext", wanted: AuditFilter) -> AuditReport | Denied:
        """The entries that fit, for who may see them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BotState:
    """The bot's state: people, rooms, incidents, subscriptions, conversations, counts, names.

    `name` is the bot's own, `model` that of the language model, blank without one; `is_simulated`
    tells that the factories are those of the simulator; without `tickets` none are opened.
    """

    name: str
    people: AccessPolicy
    refusals: Denials
    rooms: Rooms
    subscriptions: Subscriptions
    incidents: IncidentOperations
    mutes: Mutes
    summaries: Summaries
    boards: Boards
    missed: MissedStarts
    proposals: WaitingProposals
    memories: ConversationStates
    answered: AnswerCounter
    spending: ModelUsage
    model: str
    pipelines: PipelinesOf
    erase: ErasePerson
    actions: ActionProposals
    audit: AuditReader
    is_simulated: bool = False
    past: FactoryLookup | None = None
    tickets: TicketProposals | None = None
    members: MembersOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolContext:
    """One question's who and where; `asked` are its words."""

    person: Person
    address: Address
    asked: str
    now: datetime
    zone: ZoneInfo
    state: BotState

    @property
    def is_personal(self) -> bool:
        """Whether the asker is alone in this chat."""
        return self.address.scope is Scope.PERSONAL

    @property
    def place(self) -> str:
        """What this room is called in a sentence."""
        return _CALLED[self.address.scope]

    async def grant(self) -> Grant:
        """What the person may do here."""
        return await self.state.people.grant(self.person, self.address)

    async def refuse(self, grant: Grant, right: Right, factory: str | None = None) -> Denied:
        """No, with who can help."""
        return await self.state.refusals.refuse(
            self.person, self.address, grant, asked=self.asked, right=right, factory=factory
        )
