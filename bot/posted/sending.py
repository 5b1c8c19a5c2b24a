"""Whoever carries messages for us, and how it says that one did not get through."""

from typing import Protocol

from bot.messages import Address, Reply


class NotDelivered(Exception):
    """A message did not get through, as far as is known.

    `passes`: a later attempt may help. `may_have_arrived`: a post may be there all the same.
    `wait`: how many seconds the other side asked for.
    """

    passes = True
    may_have_arrived = False
    wait: float | None = None


class Sender(Protocol):
    """Carries messages to Teams; raises NotDelivered, and Unreachable for a dead address."""

    async def send(self, reply: Reply) -> str:
        """Post a message; returns its id."""
        ...

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        """Put a message in the place of an earlier one."""
        ...

    async def typing(self, address: Address) -> None:
        """Show that something is being worked on."""
        ...
