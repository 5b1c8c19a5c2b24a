"""What the outbox needs from others: who carries messages, and what messages are made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.messages import Address, Reply
from cards.card import Card
from cards.records import Explanation


class NotDelivered(Exception):
    """A message did not get through, as far as is known.

    `passes`: a later attempt may help. `may_have_arrived`: a post may be there all the same.
    `wait`: how many seconds the other side asked for.
    """

    passes = True
    may_have_arrived = False
    wait: float | None = None

    @property
    def may_help_later(self) -> bool:
        """Whether another attempt is worth it: it was not refused for good, as far as is known."""
        return self.passes or self.may_have_arrived


class MessageSender(Protocol):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMessage:
    """A card as its source is now; nothing comes after a final one.

    `explanation` is what of it a language model said.
    """

    card: Card
    revision: int
    is_final: bool = False
    explanation: Explanation | None = None


class MessageSource(Protocol):
    """Sources of one kind, with the partitions where they and their recipes lie."""

    def partitions(self) -> Sequence[str]:
        """Where recipes of this kind lie."""
        ...

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """The revision of each of those that is still known."""
        ...

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card for an address, `is_new` for its first message; None for what is not known."""
        ...
