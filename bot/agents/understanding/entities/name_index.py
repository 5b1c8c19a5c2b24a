"""The names of a factory's pipelines, taken apart once, and how alike two words are after typos."""

import bisect
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

SHORTEST = 5
SIMILAR = 0.8
SCRAMBLED = 0.85
MOST_SLIPS = 2


def alike(said: str, known: str) -> float:
    """From 0 to 1; the same letters in another order count as a slip too."""
    if _digits(said) != _digits(known):
        return 0.0
    slips = OSA.distance(said, known)
    near = 1 - slips / max(len(said), len(known)) if slips <= MOST_SLIPS else 0.0
    if near >= SCRAMBLED or len(said) != len(known) or said[0] != known[0]:
        return near
    return SCRAMBLED if sorted(said) == sorted(known) else near


def _digits(word: str) -> str:
    """Its digits: a slip of the pen does not make another number of one."""
    return "".join(sign for sign in word if sign.isdigit())


class Spellings:
    """Known words by their first letter and length, so that few need be compared with what is said.

    Both of the first two letters are tried as the first: they are what a hasty hand swaps.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Sort the words that are long enough to be told apart when misspelled."""
        shelves: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in words:
            if len(word) >= SHORTEST - 1:
                shelves[word[0], len(word)].append(word)
        self._shelves: Mapping[tuple[str, int], list[str]] = dict(shelves)

    def nearest(self, said: str) -> dict[str, float]:
        """The known words that are alike enough, and how alike; the best and what ties with it."""
        if len(said) < SHORTEST - 1:
            return {}
        slack = max(1, len(said) // 4)
        close = {
            word: alike(said, word)
            for letter in {said[0], said[1]}
            for length in range(len(said) - slack, len(said) + slack + 1)
            for word in self._shelves.get((letter, length), ())
        }
        best = max(close.values(), default=0.0)
        if best < SIMILAR:
            return {}
        nearest = next(word for word, near in close.items() if near == best)
        slips = OSA.distance(said, nearest)
        return {
            word: max(near, SIMILAR)
            for word, near in close.items()
            if (near >= best - 0.05 and not _adds_letters(word, nearest))
            or (near and OSA.distance(said, word) <= slips)
        }


def _adds_letters(word: str, nearer: str) -> bool:
    """Whether a word is a nearer one with letters added that nobody wrote."""
    return word != nearer and word.startswith(nearer)


_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_LETTERS = re.compile(r"[^\W_]+")
# What people leave out when they say a name, in any factory.
PREFIXES = frozenset({"pl", "pln", "pipe", "pipeline", "adf", "p", "ppl"})
COMMON = 0.3

Run = tuple[int, range]


class NameIndex:
    """Every name by its words, by runs of its words written together, and by how it is misspelt.

    `runs` tells which words of which names a joined run of words is; `affixes` are words that may
    be left out of any name; `abbreviations` are words without vowels ("mbr"); words that many names
    share weigh little.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Take every name apart."""
        self.names = tuple(dict.fromkeys(names))
        self.words = tuple(words_of(name) for name in self.names)
        self.vocabulary = frozenset(word for words in self.words for word in words)
        self.whole = _by_letters(self.names)
        self.runs = _runs(self.words)
        self.spellings = Spellings(self.runs)
        seen = Counter(word for words in self.words for word in set(words))
        count = len(self.names)
        self.weights: Mapping[str, float] = {
            word: math.log(1 + count / often) for word, often in seen.items()
        }
        often = {word for word, much in seen.items() if count > 9 and much > COMMON * count}
        self.affixes = PREFIXES | often
        self.abbreviations = sorted(
            word for word in self.vocabulary - self.affixes if is_abbreviation(word)
        )
        self._sorted = sorted(self.vocabulary)

    def starting_with(self, start: str) -> Sequence[str]:
        """The words of names that begin with these letters, the word itself left out."""
        first = bisect.bisect_left(self._sorted, start)
        last = bisect.bisect_right(self._sorted, start + "\uffff")
        return [word for word in self._sorted[first:last] if word != start]


ABBREVIATED = range(3, 6)
VOWELS = frozenset("aeiou")


def is_abbreviation(word: str) -> bool:
    """Whether a word has no vowel but perhaps its first letter: mbr, acct."""
    return len(word) in ABBREVIATED and word.isalpha() and VOWELS.isdisjoint(word[1:])


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words a name is made of, in lower case."""
    return tuple(part.lower() for part in _PARTS.findall(name))


def extends(name: str, base: str) -> bool:
    """Whether a name is another one with words added: "X_Backfill" extends "X"."""
    longer, shorter = words_of(name), words_of(base)
    return len(longer) > len(shorter) and longer[: len(shorter)] == shorter


def compact(name: str) -> str:
    """The letters and digits of a name, in lower case."""
    return "".join(_LETTERS.findall(name.lower()))


def _by_letters(names: Sequence[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[compact(name)].append(name)
    return found


def _runs(names: Sequence[Sequence[str]]) -> Mapping[str, list[Run]]:
    """Every run of words that stand together in a name, written as one."""
    found: dict[str, list[Run]] = defaultdict(list)
    for place, words in enumerate(names):
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                found["".join(words[start:end])].append((place, range(start, end)))
    return dict(found)
