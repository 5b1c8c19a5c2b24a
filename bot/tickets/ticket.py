"""What is stored of a proposed ticket and of the one ticket that an incident has.

proposal: WAITING --press--> OPEN (its ticket says how far that is) | WITHDRAWN | EXPIRED

ticket:   SENT --answer--> OPEN ... is_over
           |  ^
           |  '-- the second try, after a search by our own key that found nothing
           |-- no answer --> UNCERTAIN: searched for by the key
           '-- refused ----> FAILED: somebody may press again

Only ids, names and times: what a ticket says is made anew each time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.messages import Address, Person
from bot.state.store import Moment
from cards.records import ActionEvent, TicketLink, TicketState

LIFETIME = timedelta(minutes=30)
# How often a ticket may be sent without another press.
MOST_ATTEMPTS = 3
UNSETTLED = frozenset({TicketState.SENT, TicketState.UNCERTAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """Who asked for a ticket or had it opened, and when."""

    person_id: str
    name: str
    tenant: str
    at: Moment

    @classmethod
    def of(cls, person: Person, at: datetime) -> "TicketEvent":
        """What somebody did now, as the validated activity names them."""
        return cls(person_id=person.person_id, name=person.name, tenant=person.tenant, at=at)

    @property
    def person(self) -> Person:
        """Who it was."""
        return Person(person_id=self.person_id, name=self.name, tenant=self.tenant)

    @property
    def event(self) -> ActionEvent:
        """As a card shows it."""
        return ActionEvent(name=self.name, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTicket:
    """A ticket that somebody asked for; `note` is what they want it to say beside the facts."""

    proposal_id: str
    incident_id: str
    factory: str
    pipelines: tuple[str, ...]
    requested: TicketEvent
    address: Address
    note: str = ""
    state: TicketState = TicketState.WAITING
    revision: int = 1
    decided: TicketEvent | None = None

    @property
    def expires_at(self) -> datetime:
        """From when on nobody can have it opened."""
        return self.requested.at + LIFETIME

    def is_waiting(self, now: datetime) -> bool:
        """Whether a press may still open it."""
        return self.state is TicketState.WAITING and now < self.expires_at

    def moved(self, state: TicketState, **changes: Any) -> "ProposedTicket":  # noqa: ANN401 - as in replace
        """The same in another state, as a new revision."""
        return replace(self, state=state, revision=self.revision + 1, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The ticket of one incident: `key` is our own id for it, written into it and searched by.

    `proposal_id` is the one that was approved, `sent_at` when it was last sent, `code` why it was
    refused. `remote_id` is what its system calls it in addresses, `number` what people call it.
    `linked` tells that the incident's timeline has it, `mirrored` which events it was told of,
    `telling` those that it is being told of right now.
    """

    incident_id: str
    factory: str
    pipelines: tuple[str, ...]
    key: str
    proposal_id: str
    opened: TicketEvent
    address: Address
    system: str
    sent_at: Moment
    requested: TicketEvent | None = None
    note: str = ""
    state: TicketState = TicketState.SENT
    attempts: int = 1
    code: str = ""
    remote_id: str = ""
    number: str = ""
    url: str = ""
    status: str = ""
    is_done: bool = False
    checked_at: Moment | None = None
    linked: bool = False
    mirrored: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    updates: int = 0
    is_over: bool = False
    revision: int = 1

    @property
    def link(self) -> TicketLink:
        """As an incident shows it."""
        status = self.status if self.state is TicketState.OPEN else ""
        return TicketLink(
            system=self.system,
            number=self.number,
            status=status,
            url=self.url,
            is_pending=not self.is_over,
        )

    def moved(self, **changes: Any) -> "Ticket":  # noqa: ANN401 - as in replace
        """The same with changes, as a new revision."""
        return replace(self, revision=self.revision + 1, **changes)
