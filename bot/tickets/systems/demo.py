"""A ticket system for trying it out: in memory, forgotten at the end of the process."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.tickets.ports import RemoteTicket, TicketRefused
from bot.tickets.setup import TicketSetup
from cards.records import TicketText


@dataclass(slots=True, kw_only=True)
class _DemoTicket:
    """A ticket with its comments."""

    key: str
    remote: RemoteTicket
    comments: list[str] = field(default_factory=list[str])


class DemoTickets:
    """Tickets that nobody outside of this process sees."""

    settles_in = timedelta(seconds=5)

    def __init__(self, setup: TicketSetup) -> None:
        """Begin with none."""
        self.name = setup.name
        self._tickets: dict[str, _DemoTicket] = {}

    async def find(self, key: str) -> RemoteTicket | None:
        """The ticket with that key."""
        return next((one.remote for one in self._tickets.values() if one.key == key), None)

    async def create(self, key: str, text: TicketText) -> RemoteTicket:
        """The next number."""
        del text
        number = f"DEMO-{len(self._tickets) + 1}"
        remote = RemoteTicket(remote_id=number, number=number, url="", status="New")
        self._tickets[number] = _DemoTicket(key=key, remote=remote)
        return remote

    async def get(self, remote_id: str) -> RemoteTicket:
        """The ticket as it is now."""
        return self._of(remote_id).remote

    async def comment(self, remote_id: str, words: str, mark: str) -> None:
        """Add a comment."""
        self._of(remote_id).comments.append(f"{words}\n({mark})")

    async def has_comment(self, remote_id: str, mark: str) -> bool:
        """Whether a comment is there."""
        return any(f"({mark})" in one for one in self._of(remote_id).comments)

    async def close(self, remote_id: str, words: str) -> None:
        """Mark it as closed."""
        del words
        ticket = self._of(remote_id)
        ticket.remote = replace(ticket.remote, status="Closed", is_done=True)

    def _of(self, remote_id: str) -> _DemoTicket:
        found = self._tickets.get(remote_id)
        if found is None:
            raise TicketRefused("404")
        return found
