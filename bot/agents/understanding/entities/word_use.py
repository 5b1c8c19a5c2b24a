"""Whether a word of a name stands where questions have it as an ordinary word: "post here".

The corpus has names masked, so that it knows both: beside which words an ordinary word stands, and
beside which a name does. On nine authors left out, four in ten ordinary words are known by their
places, and one in two hundred of the names that are such a word is taken for one.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from bot.agents.understanding.classifier import the_classifier
from bot.agents.understanding.features import MASKS
from bot.agents.understanding.text import is_pause
from bot.agents.understanding.vocabulary import is_everyday, is_usual

NAME = MASKS["pipeline"]
# How much likelier an ordinary word must be than a name, as a logarithm.
SURELY = 3.5
# What a pair of words counts that no text has, as a share of the texts with the word.
UNSEEN = 0.001


def is_said_as_usual(tokens: Sequence[str], place: int) -> bool:
    """Whether the word at a place of a text is used there as questions use it, not as a name."""
    word = tokens[place]
    if not is_usual(word) or is_everyday(word):
        return False
    before = next((one for one in reversed(tokens[:place]) if not is_pause(one)), "")
    after = next((one for one in tokens[place + 1 :] if not is_pause(one)), "")
    return _is_usual_between(before, word, after)


@lru_cache(maxsize=4096)
def _is_usual_between(before: str, word: str, after: str) -> bool:
    sides = [(_gram(before, "^{}"), before, True), (_gram(after, "${}"), after, False)]
    pairs = [
        (_beside(template, other, word, first=first), _beside(template, other, NAME, first=first))
        for template, other, first in sides
    ]
    if not any(usual for usual, _ in pairs):
        return False
    return sum(math.log((usual + UNSEEN) / (name + UNSEEN)) for usual, name in pairs) > SURELY


def _gram(other: str, edge: str) -> str:
    return "" if other else edge


def _beside(edge: str, other: str, word: str, *, first: bool) -> float:
    """Of the texts with a word, the share that has it beside another word, or at an edge."""
    known = the_classifier()
    often = known.share(f"w{word}")
    if not often:
        return 0.0
    pair = edge.format(word) if edge else f"w{other} {word}" if first else f"w{word} {other}"
    return known.share(pair) / often
