"""The sign of each word of a question, slips of the pen forgiven."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.agent.offline.orders import order_in
from bot.agent.offline.words import GERMAN, GERMAN_SIGNS, NO_SLIPS, SIGN_OF, Sign

LONG_WORD = 8
# Of two words that are as near, the one that is asked with more often.
_OFTEN = (Sign.STATUS, Sign.BROKEN, Sign.WHY, Sign.ERROR, Sign.RUNNING)
_RANK = {sign: _OFTEN.index(sign) if sign in _OFTEN else len(_OFTEN) for sign in Sign}


def signs_of(tokens: Sequence[str], named: Collection[int]) -> list[Sign | None]:
    """What each word points to; None for one that is not understood."""
    german = not GERMAN.isdisjoint(tokens)
    signs = [
        GERMAN_SIGNS.get(word) if german and word in GERMAN_SIGNS else _sign_of(word)
        for word in tokens
    ]
    blind: list[Sign | None] = [
        Sign.FILLER if place in named else sign for place, sign in enumerate(signs)
    ]
    if order_in(tokens, blind) is None:
        return [Sign.GENERIC if sign is Sign.PERHAPS_ACT else sign for sign in blind]
    return blind


@lru_cache(maxsize=4096)
def _sign_of(word: str) -> Sign | None:
    """The sign of a word, or of the one that it is a slip of the pen away from."""
    if word in SIGN_OF:
        return SIGN_OF[word]
    if word in NO_SLIPS:
        return None
    if len(word) < 4:
        return Sign.FILLER if word.isdigit() or not word.isalnum() else None
    most = 2 if len(word) >= LONG_WORD else 1
    near = [
        (OSA.distance(known, word), not _scrambled(known, word), _RANK[sign], sign)
        for known, sign in SIGN_OF.items()
        if len(known) > 3 and known[0] == word[0] and abs(len(known) - len(word)) <= most
    ]
    fits = [one for one in near if one[0] <= most or not one[1]]
    return min(fits, key=lambda one: one[:3])[3] if fits else None


def _scrambled(known: str, word: str) -> bool:
    return known[0] == word[0] and len(known) == len(word) and sorted(known) == sorted(word)
