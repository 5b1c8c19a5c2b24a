"""What messages are made of: sources that can be drawn, each with a revision that only grows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.messages import Address
from cards.card import Card
from cards.records import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A card as its source is now; nothing comes after a final one.

    `explanation` is what of it a language model said.
    """

    card: Card
    revision: int
    is_final: bool = False
    explanation: Explanation | None = None


class Source(Protocol):
    """Sources of one kind, with the partitions where they and their recipes lie."""

    def partitions(self) -> Sequence[str]:
        """Where recipes of this kind lie."""
        ...

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """The revision of each of those that is still known."""
        ...

    async def draw(self, name: str, address: Address, *, is_new: bool) -> Drawn | None:
        """The card for an address, `is_new` for its first message; None for what is not known."""
        ...
