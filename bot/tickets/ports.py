"""What tickets need of others: a ticket system, and the incidents that tickets are about.

TicketError           asked of a ticket system in vain; `code` is its status, or a word
├── TicketRefused     nothing was done there, for sure
└── TicketUnclear     whether it was done cannot be told: search by the key before a second try
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.messages import Person
from cards.records import IncidentReport, TicketText, TimelineLine


class TicketError(Exception):
    """A ticket system did not do what was asked."""

    def __init__(self, code: str) -> None:
        """Keep the code; the words of the system are logged without secrets, and not kept."""
        super().__init__(code)
        self.code = code


class TicketRefused(TicketError):
    """It was refused, or never sent: nothing was done."""


class TicketUnclear(TicketError):
    """No answer that tells whether it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteTicket:
    """A ticket as its system tells of it; `is_done` for one that is resolved or closed there."""

    remote_id: str
    number: str
    url: str
    status: str = ""
    is_done: bool = False


class TicketSystem(Protocol):
    """One ticket system; each method may raise a TicketError, and none tries a second time."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def settles_in(self) -> timedelta:
        """How long after it was made a ticket is found by its key at the latest."""
        ...

    async def find(self, key: str) -> RemoteTicket | None:
        """The ticket that carries this key, and no other."""
        ...

    async def create(self, key: str, text: TicketText) -> RemoteTicket:
        """Open a ticket that carries the key."""
        ...

    async def get(self, remote_id: str) -> RemoteTicket:
        """A ticket as it is now."""
        ...

    async def comment(self, remote_id: str, words: str, mark: str) -> None:
        """Add plain words to a ticket; `mark` stands in them, and in no other comment."""
        ...

    async def has_comment(self, remote_id: str, mark: str) -> bool:
        """Whether a comment with that mark is there."""
        ...

    async def close(self, remote_id: str, words: str) -> None:
        """Have a ticket resolved, saying why."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentHistory:
    """What happened to an incident so far, as sentences; `is_over` once it has ended."""

    lines: tuple[TimelineLine, ...]
    is_over: bool


class TicketedIncidents(Protocol):
    """Incidents as tickets need them."""

    async def report(self, incident_id: str, zone: ZoneInfo) -> IncidentReport | None:
        """The incident as its card shows it; may ask Data Factory."""
        ...

    async def history(self, incident_id: str, zone: ZoneInfo) -> IncidentHistory | None:
        """What happened to it, from what is stored alone."""
        ...

    async def ticket_opened(self, incident_id: str, by: Person, number: str, at: datetime) -> None:
        """Write into its timeline that it has a ticket, once, and have its messages drawn again."""
        ...

    async def retell(self, incident_id: str) -> None:
        """Have its messages drawn again."""
        ...
