"""Words of a text as a list: pauses between them, and stretches without one."""

from collections.abc import Sequence
from itertools import pairwise

from bot.agents.understanding.text import tokens_of


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case, pauses among them."""
    return [token.word for token in tokens_of(text)]


def with_umlauts(word: str) -> str:
    """A German word as it is spelled where there are umlauts: "frueh" is "früh"."""
    return word.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü")


def is_pause(token: str) -> bool:
    """Whether it is no word but what parts them."""
    return not token[0].isalnum()


def between(tokens: Sequence[str], joints: frozenset[str]) -> list[range]:
    """The stretches of a text between pauses and words like "and"."""
    places = [place for place, word in enumerate(tokens) if word in joints or is_pause(word)]
    edges = [-1, *places, len(tokens)]
    return [range(a + 1, b) for a, b in pairwise(edges) if b > a + 1]
