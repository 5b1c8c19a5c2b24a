"""Which words people use when they ask: those of the corpus, so that others stand out as names."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.agents.understanding.classifier import the_classifier
from bot.agents.understanding.features import MASK_WORDS

SHORTEST_TYPO = 4
SHORTEST_CORRECTED = 5
LONG = 8
SHORTEST_PART = 3
# In such a share of the rows of the corpus a word stands that says nothing about which pipeline is
# meant: it holds for a larger corpus as well.
COMMON = 0.0007
EVERYDAY = 0.00375
USUAL = 0.00015
# A slip is so many times rarer than the word it stands for: "fialed" beside "failed".
OFTENER = 30


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every word of the corpus that at least two texts have."""
    return the_classifier().words - MASK_WORDS


@lru_cache(maxsize=1)
def _by_letter() -> dict[str, tuple[str, ...]]:
    letters: dict[str, list[str]] = {}
    for word in known_words():
        if len(word) >= SHORTEST_TYPO:
            letters.setdefault(word[0], []).append(word)
    return {letter: tuple(sorted(words)) for letter, words in letters.items()}


@lru_cache(maxsize=1)
def _by_use() -> Mapping[str, tuple[Sequence[str], Sequence[float]]]:
    """The usual words of each first letter, the most used first, and the shares less than zero."""
    share = the_classifier().share_of_rows
    ordered = {
        letter: sorted((one for one in words if is_usual(one)), key=lambda one: (-share(one), one))
        for letter, words in _by_letter().items()
    }
    return {letter: (words, [-share(one) for one in words]) for letter, words in ordered.items()}


@lru_cache(maxsize=8192)
def is_known(word: str) -> bool:
    """Whether a word is one that questions use, a typo forgiven in longer ones."""
    if word in known_words() or word.isdigit() or len(word) < 2:
        return True
    if len(word) < SHORTEST_TYPO or any(letter.isdigit() for letter in word):
        return False
    if _runs_together(word):
        return True
    slips = 1 if len(word) < 8 else 2
    near = process.extractOne(
        word, _by_letter().get(word[0], ()), scorer=OSA.distance, score_cutoff=slips
    )
    return near is not None


_WORD = re.compile(r"[^\W\d_]+")


def respelled(said: str) -> str:
    """A masked text with its slips of the pen corrected, where a usual word is near: "fialed"."""
    return _WORD.sub(lambda found: _corrected(found.group()), said)


@lru_cache(maxsize=8192)
def _corrected(written: str) -> str:
    """The usual word that a long strange one is a slip away from; itself where there is none.

    Some people make the same slip: a word that a few rows have is one of a word that many have.
    """
    word = written.lower()
    if len(word) < SHORTEST_CORRECTED or is_usual(word) or word in MASK_WORDS:
        return written
    return _usual_word_near(word) or written


def _usual_word_near(word: str) -> str | None:
    slips = 1 if len(word) < LONG else 2
    often = max(USUAL, OFTENER * the_classifier().share_of_rows(word))
    words, rare = _by_use().get(word[0], ((), ()))
    usual = words[: bisect_right(rare, -often)]
    near = process.extractOne(word, usual, scorer=OSA.distance, score_cutoff=slips)
    return str(near[0]) if near else None


def _runs_together(word: str) -> bool:
    """Whether it is two words that many questions use: "errmsg", "lastrun"."""
    cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
    return any(is_usual(word[:cut]) and is_usual(word[cut:]) for cut in cuts)


def is_common(word: str) -> bool:
    """Whether so many questions use a word that it cannot tell one pipeline from another."""
    return word.isdigit() or the_classifier().share_of_rows(word) >= COMMON


def is_usual(word: str) -> bool:
    """Whether enough questions use a word that it is no misspelled name."""
    return the_classifier().share_of_rows(word) >= USUAL


def is_everyday(word: str) -> bool:
    """Whether so many questions use a word that it is no name even where a name has it."""
    return the_classifier().share_of_rows(word) >= EVERYDAY


def is_rare(word: str, fewest: int) -> bool:
    """Whether fewer rows use a word, however it is spelled: it may belong to a name."""
    return not word.isdigit() and the_classifier().often(word) < fewest and not _is_typo(word)


def _is_typo(word: str) -> bool:
    if the_classifier().often(word) == 0:
        return is_known(word)
    return len(word) >= SHORTEST_TYPO and _usual_word_near(word) is not None
