"""Words of a question that are no names of pipelines, or only beside a stronger word."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.agents.understanding.entities.name_index import NameIndex, alike
from bot.agents.understanding.vocabulary import is_everyday, is_usual, known_words

SHORTEST = 3
# They say how many or which, and no pipeline is known by one alone: "rerun every red one".
_DETERMINERS = frozenset(
    {
        "all",
        "another",
        "any",
        "both",
        "each",
        "every",
        "none",
        "other",
        "own",
        "same",
        "some",
        "such",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinaryWords:
    """Words of a question that are no names: `ignored` never, `weak` ("data") never alone.

    `slips` are misspelled words of the question, with their right spelling.
    """

    ignored: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    slips: Mapping[str, str] = field(default_factory=dict[str, str])

    def among(self, index: NameIndex) -> "OrdinaryWords":
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


@lru_cache(maxsize=1)
def ordinary_words() -> OrdinaryWords:
    """Words that questions use: often ones are never a name, other known ones never alone."""
    common = _DETERMINERS | {word for word in known_words() if is_everyday(word)}
    usual = {word: word for word in known_words() if is_usual(word)}
    return OrdinaryWords(ignored=common, weak=frozenset(), slips=usual)
