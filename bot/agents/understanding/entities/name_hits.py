"""How well each name fits the words of a text: letter by letter, shortened, misspelled, akin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.agents.understanding.entities.name_index import NameIndex, Run, extends
from bot.agents.understanding.entities.ordinary_words import SHORTEST, OrdinaryWords
from bot.agents.understanding.entities.word_forms import forms_of, is_akin
from bot.agents.understanding.text import is_pause


class MatchKind(StrEnum):
    """How a name was found in the text."""

    EXACT = "exact"
    PART = "part"
    SHORT = "short"
    SPELLING = "spelling"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMatch:
    """The names a text fits: one when it is clear, several when it is not.

    `places` are the words of the text (counted from 0) that were read as the name; `each` tells
    that several were named on purpose ("stock and sales"), `doubt` that another may be meant,
    `mixed` that a word beside it names a factory too.
    """

    names: tuple[str, ...] = ()
    how: MatchKind = MatchKind.NOWHERE
    places: frozenset[int] = frozenset()
    each: bool = False
    doubt: bool = False
    mixed: bool = False

    @property
    def one(self) -> str | None:
        """The name, when there is exactly one."""
        return self.names[0] if len(self.names) == 1 else None


CLOSE = 0.9
SHORTENED = 0.95
# A slip of the pen may be as far off.
OTHER_FORM = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHit:
    """What of one name the text holds: its weight, where in the text, and how alike it is."""

    name: str
    weight: float
    rest: float
    places: frozenset[int]
    alike: float
    complete: bool


Grams = Mapping[str, range]
Covered = dict[int, tuple[float, range]]


def hits_of(
    tokens: Sequence[str], part: range, grams: Grams, index: NameIndex, wording: OrdinaryWords
) -> list[NameHit]:
    """What of each name the text holds: letter by letter first, then shortened, then misspelled.

    Next to a word of a name less tells another word of it: "claims adjudication" is clm_adjudicate.
    """
    covered = _covered(grams, index, wording)
    for name in covered:
        _cover_beside(covered, name, part, tokens, index, wording)
    hits = [_hit(index, place, runs) for place, runs in covered.items()]
    return [hit for hit in hits if hit.weight > 0]


def _covered(grams: Grams, index: NameIndex, wording: OrdinaryWords) -> dict[int, Covered]:
    covered: dict[int, Covered] = {}
    taken: set[int] = set()
    for gram, places in grams.items():
        for run in index.runs.get(gram, ()):
            _cover(covered, run, 1.0, places)
            taken.update(places)
    for gram, places in grams.items():
        if taken.isdisjoint(places):
            for run, near in nearly(gram, places, index):
                if not wording.reads_as(gram, near):
                    _cover(covered, run, near, places)
            for run in _in_full(gram, places, index, wording):
                _cover(covered, run, SHORTENED, places)
    return covered


def nearly(gram: str, places: range, index: NameIndex) -> Iterable[tuple[Run, float]]:
    """The runs of words a gram is the beginning of, or a slip of the pen away from."""
    starts = index.starting_with(gram) if len(places) == 1 and len(gram) >= SHORTEST else ()
    known = dict.fromkeys(starts, SHORTENED) | _singular(gram, index)
    known = known or index.spellings.nearest(gram) or _forms(gram, places, index)
    for word, near in known.items():
        for run in index.runs[word]:
            yield run, near


def _forms(gram: str, places: range, index: NameIndex) -> dict[str, float]:
    """The words of names that one word is another form of, as sure as a slip of the pen."""
    return dict.fromkeys(forms_of(gram, index), OTHER_FORM) if len(places) == 1 else {}


def _in_full(gram: str, places: range, index: NameIndex, wording: OrdinaryWords) -> Iterable[Run]:
    """The words of names that a strange word begins with: "aggregation" is the Agg of a name."""
    if len(places) > 1 or gram in wording.slips:
        return
    for end in range(SHORTEST, len(gram) - 1):
        if gram[:end] in index.vocabulary and not wording.says_nothing(gram[:end]):
            yield from index.runs[gram[:end]]


def _singular(gram: str, index: NameIndex) -> dict[str, float]:
    """The word of a name that is said in the plural: "beds" is the bed of a name, letter by letter.

    The German plural in -n is only a word that begins alike.
    """
    single = gram[:-1]
    if len(single) < SHORTEST or single not in index.runs:
        return {}
    if gram.endswith("s"):
        return {single: 1.0}
    return {single: SHORTENED} if gram.endswith("n") and len(single) > SHORTEST else {}


def _cover_beside(
    covered: dict[int, Covered],
    name: int,
    part: range,
    tokens: Sequence[str],
    index: NameIndex,
    wording: OrdinaryWords,
) -> None:
    said = {place for _, places in covered[name].values() for place in places}
    beside = {min(said) - 1, max(said) + 1} & set(part)
    for place in beside:
        word = tokens[place]
        if is_pause(word) or wording.says_nothing(word):
            continue
        for at, known in enumerate(index.words[name]):
            if at not in covered[name] and is_akin(word, known):
                _cover(covered, (name, range(at, at + 1)), 1.0, range(place, place + 1))


def _cover(covered: dict[int, Covered], run: Run, near: float, places: range) -> None:
    name, words = run
    mine = covered.setdefault(name, {})
    for word in words:
        if near > mine.get(word, (0.0, places))[0]:
            mine[word] = (near, places)


def _hit(index: NameIndex, name: int, covered: Covered) -> NameHit:
    words, weights = index.words[name], index.weights
    left = [word for place, word in enumerate(words) if place not in covered]
    spans = sorted(covered)
    return NameHit(
        name=index.names[name],
        weight=sum(weights[words[place]] * near for place, (near, _) in covered.items()),
        rest=sum(weights[word] for word in left),
        places=frozenset(place for _, places in covered.values() for place in places),
        alike=min(near for near, _ in covered.values()),
        complete=index.affixes.issuperset(left) and spans[-1] - spans[0] == len(spans) - 1,
    )


def best_of(hits: Sequence[NameHit]) -> NameMatch:
    if not hits:
        return NameMatch()
    top = max(hits, key=lambda hit: (hit.weight, hit.complete, -hit.rest))
    close = [hit for hit in hits if hit.weight >= CLOSE * top.weight]
    close.sort(key=lambda hit: (-hit.weight, not hit.complete, hit.rest))
    whole = [hit for hit in close if hit.complete]
    base = whole or [hit for hit in close if not any(extends(hit.name, one.name) for one in close)]
    chosen = base if len(base) == 1 else close
    worst = min(hit.alike for hit in chosen)
    how = (
        MatchKind.PART
        if worst == 1.0
        else MatchKind.SHORT
        if worst == SHORTENED
        else MatchKind.SPELLING
    )
    return NameMatch(names=tuple(hit.name for hit in chosen), how=how, places=top.places)
