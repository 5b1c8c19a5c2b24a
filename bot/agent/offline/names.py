"""Which pipeline somebody means: by its name, by part of it, or by a slip of the pen.

A name is read as its words ("CustomerDataETL" is customer, data, etl). Words that many names share
weigh little, so "nightly" finds PL_Master_Nightly and "customer" stays open between three.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.agent.offline.index import NameIndex, compact
from bot.agent.offline.matching import Found, How, Wording, match
from bot.agent.offline.tokens import between, is_pause, tokens_of

__all__ = ["Found", "How", "Wording", "find_names", "index_of", "nearest"]

_JOINTS = frozenset({"and", "und", "or", "oder", "vs", "versus", "plus", "with", "mit", "not"})
_INSTEAD = frozenset(
    {
        "not",
        "nicht",
        "instead",
        "statt",
        "dont",
        "forget",
        "ignore",
        "skip",
        "egal",
        "vergiss",
        "leave",
    }
)
MOST_BETWEEN = 4


@lru_cache(maxsize=16)
def index_of(names: tuple[str, ...]) -> NameIndex:
    """The index of an inventory, made once as long as its names stay the same."""
    return NameIndex(names)


def find_names(tokens: Sequence[str], names: Iterable[str], wording: Wording) -> Found:
    """Find the pipeline a text means, or each of those it names; "not stock" is not meant."""
    index = index_of(tuple(names))
    among = wording.among(index)
    whole = match(tokens, range(len(tokens)), index, among)
    parts = [match(tokens, part, index, among) for part in between(tokens, _JOINTS)]
    said = [part for part in parts if part.one and not part.doubt]
    doubt = any(part.doubt for part in parts)
    if not _are_several(whole, said):
        return replace(whole, doubt=doubt or whole.doubt)
    places = frozenset[int]().union(*(part.places for part in said))
    meant = [part for part in said if not _is_ruled_out(tokens, part)] or said
    chosen = tuple(dict.fromkeys(part.names[0] for part in meant))
    worst = max((part.how for part in meant), key=tuple(How).index)
    return Found(names=chosen, how=worst, places=places, each=len(chosen) > 1, doubt=doubt)


def _are_several(whole: Found, said: Sequence[Found]) -> bool:
    """Whether different names stand in different parts, none of them a part of the whole one."""
    if len({part.names[0] for part in said}) < 2:
        return False
    inside = [part for part in said if part.places < whole.places and whole.one]
    return whole.how is not How.EXACT or not inside


def _is_ruled_out(tokens: Sequence[str], part: Found) -> bool:
    """Whether a name was said to be the wrong one: "not stock", "instead of stock"."""
    first = min(part.places)
    begin = max((place for place in range(first) if is_pause(tokens[place])), default=-1)
    return not _INSTEAD.isdisjoint(tokens[max(begin + 1, first - MOST_BETWEEN) : first])


def nearest(text: str, names: Iterable[str], most: int = 5) -> tuple[str, ...]:
    """The names that look most like the text, best first."""
    said = "".join(tokens_of(text))
    ranked = sorted(names, key=lambda name: -OSA.normalized_similarity(said, compact(name)))
    return tuple(ranked[:most])
