"""Names found in a text, how they were found, and which words cannot be one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.agent.offline.index import NameIndex
from bot.agent.offline.spelling import alike

SHORTEST = 3


class How(StrEnum):
    """How a name was found in the text."""

    EXACT = "exact"
    PART = "part"
    SHORT = "short"
    SPELLING = "spelling"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The names a text fits: one when it is clear, several when it is not.

    `places` are the words of the text (counted from 0) that were read as the name; `each` tells
    that several were named on purpose ("stock and sales"), `doubt` that another may be meant,
    `mixed` that a word beside it names a factory too.
    """

    names: tuple[str, ...] = ()
    how: How = How.NOWHERE
    places: frozenset[int] = frozenset()
    each: bool = False
    doubt: bool = False
    mixed: bool = False

    @property
    def one(self) -> str | None:
        """The name, when there is exactly one."""
        return self.names[0] if len(self.names) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words of a question that are no names: `ignored` never, `weak` ("data") never alone.

    `slips` are misspelled words of the question, with their right spelling.
    """

    ignored: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    slips: Mapping[str, str] = field(default_factory=dict[str, str])

    def among(self, index: NameIndex) -> "Wording":
        """With words that names of this factory use too: those may stand beside a stronger one."""
        shared = {word for word in self.ignored & index.vocabulary if len(word) > 3}
        return replace(self, ignored=self.ignored - shared, weak=self.weak | shared)

    def reads_as(self, word: str, near: float) -> bool:
        """Whether a word is at least as likely a misspelled word of the question."""
        return word in self.slips and alike(word, self.slips[word]) >= near

    def is_everyday(self, word: str) -> bool:
        """Whether a word says nothing about which pipeline is meant."""
        return word in self.ignored or word in self.weak

    def says_nothing(self, word: str) -> bool:
        """Whether a word alone cannot be a name: an everyday one, or a letter or two."""
        return self.is_everyday(word) or len(word) < SHORTEST
