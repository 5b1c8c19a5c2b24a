"""Which pipeline somebody means: by its name, by part of it, or by a slip of the pen.

A name is read as its words ("CustomerDataETL" is customer, data, etl). Words that many names share
weigh little, so "nightly" finds PL_Master_Nightly and "customer" stays open between three.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.agents.understanding.entities.fuzzy import MatchKind, NameMatch, OrdinaryWords, match
from bot.agents.understanding.entities.name_index import NameIndex, compact
from bot.agents.understanding.text import between, is_pause, plain_words
from bot.agents.understanding.vocabulary import is_common

__all__ = ["MatchKind", "NameMatch", "OrdinaryWords", "find_names", "index_of", "nearest"]

_JOINTS = frozenset(
    {"and", "und", "or", "oder", "vs", "versus", "plus", "with", "mit", "not", "sowie", "as"}
)
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
        "mind",
        "nvm",
    }
)
_ASKED = frozenset({"why", "how", "warum", "wieso", "weshalb"})
_NO = frozenset({"no", "nope", "nein", "sorry", "ne"})
MOST_BETWEEN = 4


@lru_cache(maxsize=16)
def index_of(names: tuple[str, ...]) -> NameIndex:
    """The index of an inventory, made once as long as its names stay the same."""
    return NameIndex(names)


def find_names(tokens: Sequence[str], names: Iterable[str], wording: OrdinaryWords) -> NameMatch:
    """Find the pipeline a text means, or each of those it names; "not stock" is not meant."""
    index = index_of(tuple(names))
    among = wording.among(index)
    everything = range(len(tokens))
    whole = match(tokens, everything, index, among)
    found = (
        whole if stretch == everything else match(tokens, stretch, index, among)
        for stretch in between(tokens, _JOINTS)
    )
    parts = [part for part in found if not _is_within(part, whole)]
    single = [part for part in (whole, *parts) if part.one]
    wrong = [part for part in single if _is_ruled_out(tokens, part)]
    if wrong:
        return _find_another(tokens, wrong, index, among)
    said = [part for part in parts if part.one and not part.doubt]
    said = [part for part in said if not _is_in_passing(tokens, part, said, among)]
    doubt = any(part.doubt for part in parts)
    if not _are_several(whole, said):
        return replace(whole, doubt=doubt or whole.doubt)
    places = frozenset[int]().union(*(part.places for part in said))
    chosen = tuple(dict.fromkeys(part.names[0] for part in said))
    worst = max((part.how for part in said), key=tuple(MatchKind).index)
    return NameMatch(names=chosen, how=worst, places=places, each=len(chosen) > 1, doubt=doubt)


def _is_within(part: NameMatch, whole: NameMatch) -> bool:
    """Whether only words of a name that stands there in full were read: "do not use" of it."""
    is_whole = whole.how is MatchKind.EXACT and whole.one is not None
    return is_whole and bool(part.places) and part.places < whole.places


def _is_in_passing(
    tokens: Sequence[str], part: NameMatch, said: Sequence[NameMatch], wording: OrdinaryWords
) -> bool:
    """Whether a clause about something else has one word of a name, and another name is clear.

    "Frequency capping lags, the user sees the same shoe" is not about the user_graph_build too.
    """
    if len(part.places) > 1 or part.how is MatchKind.EXACT:
        return False
    (place,) = part.places
    clause = next(one for one in between(tokens, _JOINTS) if place in one)
    others = [tokens[at] for at in clause if at != place]
    is_clear = any(one.how is MatchKind.EXACT or len(one.places) > 1 for one in said)
    return is_clear and not all(map(wording.says_nothing, others))


def _find_another(
    tokens: Sequence[str], wrong: Sequence[NameMatch], index: NameIndex, wording: OrdinaryWords
) -> NameMatch:
    """The name that is meant when others were said to be the wrong ones."""
    gone = frozenset[int]().union(*(part.places for part in wrong))
    left = ["," if place in gone else word for place, word in enumerate(tokens)]
    found = match(left, range(len(left)), index, wording)
    return replace(found, places=found.places | gone, doubt=found.doubt or not found.names)


def _are_several(whole: NameMatch, said: Sequence[NameMatch]) -> bool:
    """Whether different names stand in different parts, none of them a part of the whole one."""
    if len({part.names[0] for part in said}) < 2:
        return False
    inside = [part for part in said if part.places < whole.places and whole.one]
    return whole.how is not MatchKind.EXACT or not inside


def _is_ruled_out(tokens: Sequence[str], part: NameMatch) -> bool:
    """Whether a name was said to be the wrong one: "not stock", "instead of stock"."""
    first = min(part.places)
    begin = max((place for place in range(first) if is_pause(tokens[place])), default=-1)
    after = tokens[max(part.places) + 1 :][:3]
    corrected = [word for word in after[:2] if not is_pause(word)]
    if corrected and corrected[0] in _NO and _goes_on(after, corrected[0]):
        corrected = corrected[1:]
    before = tokens[max(begin + 1, first - MOST_BETWEEN) : first]
    asked = not _ASKED.isdisjoint(before)
    if corrected and corrected[0] not in _NO and not all(map(is_pause, after[2:])):
        corrected = corrected[:1]  # "stock has no rows" is about stock
    return (not asked and not _INSTEAD.isdisjoint(before)) or bool(_NO.intersection(corrected))


def _goes_on(after: Sequence[str], no: str) -> bool:
    """Whether "no" only denies the next word: "the error of stock, no summary please"."""
    behind = after[after.index(no) + 1 :][:1]
    return bool(behind) and not is_pause(behind[0]) and is_common(behind[0])


def nearest(text: str, names: Iterable[str], most: int = 5) -> tuple[str, ...]:
    """The names that look most like the text, best first."""
    said = "".join(plain_words(text))
    ranked = sorted(names, key=lambda name: -OSA.normalized_similarity(said, compact(name)))
    return tuple(ranked[:most])
