"""The sign of each word of a question, slips of the pen forgiven."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.agents.understanding.entities.orders import order_in
from bot.agents.understanding.lexicon import GERMAN, GERMAN_SIGNS, NO_SLIPS, SIGN_OF, Sign
from bot.agents.understanding.tokens import with_umlauts

LONG_WORD = 8
_UMLAUTS = re.compile("[aou]e")
NAME = "x"
# Of two words that are as near, the one that is asked with more often.
_OFTEN = (Sign.STATUS, Sign.BROKEN, Sign.WHY, Sign.ERROR, Sign.RUNNING)
_RANK = {sign: _OFTEN.index(sign) if sign in _OFTEN else len(_OFTEN) for sign in Sign}

_YES = frozenset({"ok", "okay", "fine", "good", "alright", "gut"})


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A word as it was read: its sign, and its right spelling."""

    sign: Sign | None
    word: str


def read_words(tokens: Sequence[str], named: Collection[int]) -> list[TaggedText]:
    """What each word points to; None for one that is not understood, a filler for a name."""
    german = not GERMAN.isdisjoint(tokens)
    read = [
        TaggedText(Sign.FILLER, NAME)
        if place in named
        else TaggedText(GERMAN_SIGNS[word], word)
        if german and word in GERMAN_SIGNS
        else _read(word)
        for place, word in enumerate(tokens)
    ]
    read = _without_yes(read)
    ordered = order_in([one.word for one in read], [one.sign for one in read])
    if ordered:
        return read
    return [
        TaggedText(Sign.GENERIC, one.word) if one.sign is Sign.PERHAPS_ACT else one for one in read
    ]


def _without_yes(read: list[TaggedText]) -> list[TaggedText]:
    """A sentence that asks for something and begins with "ok" does not ask whether it is ok."""
    quiet = {Sign.FILLER, Sign.GENERIC, Sign.NOUN, Sign.BACK, None}
    first = next((place for place, one in enumerate(read) if one.sign not in quiet), 0)
    if not read or read[first].word not in _YES or first > 2:
        return read
    if all(one.sign in quiet for one in read[first + 1 :]):
        return read
    return [*read[:first], TaggedText(Sign.FILLER, read[first].word), *read[first + 1 :]]


def slips_in(tokens: Sequence[str]) -> dict[str, str]:
    """The misspelled words of a question that ask for something, with their right spelling."""
    read = {word: _read(word) for word in tokens}
    return {
        word: one.word
        for word, one in read.items()
        if one.word != word and one.sign not in {Sign.FILLER, Sign.GENERIC, Sign.NOUN}
    }


@lru_cache(maxsize=4096)
def _read(word: str) -> TaggedText:
    """A word, or the word of questions that it is a slip of the pen away from."""
    if word in SIGN_OF:
        return TaggedText(SIGN_OF[word], word)
    if _UMLAUTS.search(word) and (spelled := with_umlauts(word)) in SIGN_OF:
        return TaggedText(SIGN_OF[spelled], spelled)
    if word in NO_SLIPS:
        return TaggedText(None, word)
    if len(word) < 4:
        return TaggedText(Sign.FILLER if word.isdigit() or not word.isalnum() else None, word)
    most = 2 if len(word) >= LONG_WORD else 1
    near = [
        (OSA.distance(known, word), not _scrambled(known, word), _RANK[sign], known)
        for known, sign in SIGN_OF.items()
        if len(known) > 3 and known[0] == word[0] and abs(len(known) - len(word)) <= most
    ]
    fits = [one for one in near if not one[1] or one[0] <= _most_slips(one[3], word)]
    return TaggedText(SIGN_OF[min(fits)[3]], min(fits)[3]) if fits else TaggedText(None, word)


def _most_slips(known: str, word: str) -> int:
    """How many slips still make one word of the other: two in long ones that begin alike."""
    return 2 if len(word) >= LONG_WORD and known[:2] == word[:2] else 1


def _scrambled(known: str, word: str) -> bool:
    return known[0] == word[0] and len(known) == len(word) and sorted(known) == sorted(word)
