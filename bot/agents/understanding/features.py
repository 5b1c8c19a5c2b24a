"""What the classifier looks at: n-grams of characters and words of a masked, normalized text.

The trainer and the runtime share this module, so that both see the same features. An n-gram is
known by its CRC-32 alone: a table of the n-grams themselves took 23 MB of memory, and of 150,000
only one pair shares a number.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# What stands for a name in the text; rows of the corpus write {pipeline} for xpipe and so on.
MASKS = {
    "pipeline": "xpipe",
    "pipeline2": "xpipe",
    "activity": "xact",
    "factory": "xfactory",
    "person": "xperson",
    "time": "xtime",
    "run": "xrun",
    "trigger": "xtrig",
    "ir": "xir",
    "count": "xnum",
    "incident": "xinc",
    "table": "xtable",
    "service": "xservice",
}
# A time by its kind.
TIME_MASKS = {
    "time": "xtime",
    "wide": "xspan",
    "deadline": "xuntil",
    "recurring": "xdaily",
    "zone": "xzone",
}
MASK_WORDS = frozenset({*MASKS.values(), *TIME_MASKS.values()})
SHORTEST, LONGEST = 2, 5
Keys = NDArray[np.uint32]
GramCounts = tuple[Keys, NDArray[np.intp]]
"""The n-grams of a text, each once and in order, and how often each stands there."""
_NONE: Keys = np.array([], np.uint32)
_RUN = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_INCIDENT = re.compile(r"\binc(?:ident)?[- #]?\d+\b")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2} ?(?:am|pm|uhr|h)\b")
_NUMBER = re.compile(r"\d+")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_APOSTROPHES = re.compile("['`\N{RIGHT SINGLE QUOTATION MARK}]")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+|[?!]+")


@lru_cache(maxsize=64)
def normalized(text: str) -> str:
    """In lower case; ids, clock times and numbers masked; "pleeease" shortened."""
    said = _APOSTROPHES.sub("", text.lower())
    said = _CLOCK.sub(" xtime ", _INCIDENT.sub(" xinc ", _RUN.sub(" xrun ", said)))
    said = _DRAWN_OUT.sub(r"\1\1", _NUMBER.sub(" xnum ", said))
    return _SPACES.sub(" ", said).strip()


def word_grams(text: str) -> Iterator[str]:
    """Words and pairs of words; the first and the last word are told apart."""
    words = _WORD.findall(text)
    for word in words:
        yield f"w{word}"
    for one, other in pairwise(words):
        yield f"w{one} {other}"
    if words:
        yield f"^{words[0]}"
        yield f"${words[-1]}"


def character_grams(word: str) -> Iterator[str]:
    """Runs of two to five characters within a word, its edges included."""
    if word in MASK_WORDS:
        yield f"c{word}"
        return
    padded = f" {word} "
    for size in range(SHORTEST, LONGEST + 1):
        for at in range(max(1, len(padded) - size + 1)):
            yield f"c{padded[at : at + size]}"


def counts_of(text: str) -> tuple[GramCounts, GramCounts]:
    """How often each word gram and each character gram stands in a normalized text."""
    words = text.split()
    characters = np.concatenate([_keys_of_word(word) for word in words]) if words else _NONE
    return _counted(_keys(word_grams(text))), _counted(characters)


@lru_cache(maxsize=4096)
def _keys_of_word(word: str) -> Keys:
    return _keys(character_grams(word))


def _keys(grams: Iterable[str]) -> Keys:
    in_bytes = (gram.encode("utf-8", "surrogatepass") for gram in grams)
    return np.array([zlib.crc32(one) for one in in_bytes], np.uint32)


def _counted(keys: Keys) -> GramCounts:
    found, often = np.unique(keys, return_counts=True)
    return found, often
