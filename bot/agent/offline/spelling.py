"""How alike two words are when a pen slips: letters left out, added, changed or scrambled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

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
        slips = min(OSA.distance(said, word) for word, near in close.items() if near == best)
        return {
            word: max(near, SIMILAR)
            for word, near in close.items()
            if near >= best - 0.05 or (near and OSA.distance(said, word) <= slips)
        }
