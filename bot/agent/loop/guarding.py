"""Keeps the instructions where they belong: words of a model that recite them are not shown.

They hold no secret, but a model that recites them does what somebody else told it.
"""

import re
from functools import lru_cache

from bot.agent.loop.instructing import read_instructions

RECITED = 10
_WORD = re.compile(r"\w+")


def recites(words: str) -> bool:
    """Whether a piece of the instructions stands in these words, ten words in a row."""
    return not _pieces().isdisjoint(_rows(words))


@lru_cache(maxsize=1)
def _pieces() -> frozenset[tuple[str, ...]]:
    return frozenset(_rows(read_instructions()))


def _rows(text: str) -> list[tuple[str, ...]]:
    """Every row of words of that length, whatever stands between them."""
    told = _WORD.findall(text.casefold())
    return [tuple(told[at : at + RECITED]) for at in range(len(told) - RECITED + 1)]
