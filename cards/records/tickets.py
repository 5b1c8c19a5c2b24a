"""Tickets of other systems: one that is proposed with all it will say, and the link to one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from adf.records import BaseRecord
from cards.records.actions import ActionEvent


class TicketState(StrEnum):
    """What became of a proposed ticket; `SENT` until the ticket system has answered."""

    WAITING = "waiting"
    SENT = "sent"
    OPEN = "open"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLink:
    """A ticket as an incident shows it: its number, where, the state it is in there, its page.

    `number` is blank while the system has not answered. `url` is built by us, or on the system's
    own host. `is_pending` tells that it was not told yet how its incident ended.
    """

    system: str
    number: str = ""
    status: str = ""
    url: str = ""
    is_pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketText:
    """What a ticket says, in plain text without links, mentions or secrets.

    `thread` is our own link to where it was asked for. `digest` stands for what others wrote of it:
    a press that was made on other words opens nothing.
    """

    title: str
    lines: tuple[str, ...]
    error: str = ""
    thread: str = ""
    digest: str = ""

    @property
    def body(self) -> str:
        """The whole text below the title, for a system that knows no other form."""
        error = ["", "Error:", self.error] if self.error else []
        thread = ["", f"In Microsoft Teams: {self.thread}"] if self.thread else []
        return "\n".join([*self.lines, *error, *thread])


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketProposal(BaseRecord):
    """A ticket that waits for an authorized press, or what became of it.

    `said` is what the ticket system or we had to say; `beside` is the answer to what else was
    asked in the same message.
    """

    proposal_id: str
    incident_id: str
    factory: str
    pipelines: tuple[str, ...]
    system: str
    requested: ActionEvent
    expires_at: datetime
    state: TicketState = TicketState.WAITING
    text: TicketText | None = None
    decided: ActionEvent | None = None
    link: TicketLink | None = None
    said: str = ""
    beside: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """The one whose incident it is about."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The proposal."""
        return f"ticket {self.proposal_id}"

    def one_line(self, zone: ZoneInfo) -> str | None:
        """Which ticket."""
        del zone
        return f"a ticket for {self.incident_id}"
