"""Which pipeline somebody means: by its name, by part of it, or by a slip of the pen.

A name is read as its words ("CustomerDataETL" is customer, data, etl). Words that many names share
weigh little, so "nightly" finds PL_Master_Nightly and "customer" stays open between three.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from bot.agent.offline.index import NameIndex, Run, compact, words_of

LONGEST_GRAM = 5
LONGEST_NAME = 20
CLOSE = 0.9
SHORTENED = 0.95
SHORTEST_START = 3
_WORDS = re.compile(r"[^\W_]+|[,;&+/]")
_PAUSES = frozenset(",;&+/")
_JOINTS = frozenset({"and", "und", "or", "oder", "vs", "versus", "plus", *_PAUSES})


class How(StrEnum):
    """How a name was found in the text."""

    EXACT = "exact"
    PART = "part"
    SHORT = "short"
    SPELLING = "spelling"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The names a text fits: one when it is clear, several when it is not.

    `places` are the words of the text (counted from 0) that were read as the name; `each` tells
    that several were named on purpose ("stock and sales").
    """

    names: tuple[str, ...] = ()
    how: How = How.NOWHERE
    places: frozenset[int] = frozenset()
    each: bool = False

    @property
    def one(self) -> str | None:
        """The name, when there is exactly one."""
        return self.names[0] if len(self.names) == 1 else None


Grams = Mapping[str, range]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    """What of one name the text holds: its weight, where in the text, and how alike it is."""

    name: str
    weight: float
    rest: float
    places: frozenset[int]
    alike: float
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words of a question that are no names: `ignored` never, `weak` ("data") never alone."""

    ignored: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()

    def among(self, index: NameIndex) -> "Wording":
        """With words that names of this factory use too: those may stand beside a stronger one."""
        shared = {word for word in self.ignored & index.vocabulary if len(word) > 3}
        return Wording(ignored=self.ignored - shared, weak=self.weak | shared)


@lru_cache(maxsize=16)
def index_of(names: tuple[str, ...]) -> NameIndex:
    """The index of an inventory, made once as long as its names stay the same."""
    return NameIndex(names)


def tokens_of(text: str) -> list[str]:
    """The words of a text, in lower case; signs part them, commas stay, apostrophes vanish."""
    return _WORDS.findall(
        text.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    )


def find_names(tokens: Sequence[str], names: Iterable[str], wording: Wording) -> Found:
    """Find the pipeline a text means, or each of those it names."""
    index = index_of(tuple(names))
    among = wording.among(index)
    whole = _find(tokens, range(len(tokens)), index, among)
    if whole.how is How.EXACT and len(whole.names) > 1:
        return replace(whole, each=True)
    parts = [_find(tokens, part, index, among) for part in _parts(tokens)]
    named = [part for part in parts if part.one]
    names_said = tuple(dict.fromkeys(part.names[0] for part in named))
    if len(names_said) < 2 or (whole.one and whole.how is How.EXACT):
        return whole
    worst = max((part.how for part in named), key=tuple(How).index)
    places = frozenset[int]().union(*(part.places for part in named))
    return Found(names=names_said, how=worst, places=places, each=True)


def nearest(text: str, names: Iterable[str], most: int = 5) -> tuple[str, ...]:
    """The names that look most like the text, best first."""
    said = "".join(tokens_of(text))
    ranked = sorted(names, key=lambda name: -OSA.normalized_similarity(said, compact(name)))
    return tuple(ranked[:most])


def _parts(tokens: Sequence[str]) -> list[range]:
    """The stretches of a text between "and", commas and the like."""
    joints = [-1, *(place for place, word in enumerate(tokens) if word in _JOINTS), len(tokens)]
    return [range(a + 1, b) for a, b in pairwise(joints) if b > a + 1]


def _find(tokens: Sequence[str], part: range, index: NameIndex, wording: Wording) -> Found:
    spelled = _spelled_out(tokens, part, index, wording)
    if spelled:
        return spelled
    grams = {
        gram: places
        for gram, places in _grams(tokens, part, LONGEST_GRAM).items()
        if not wording.ignored & {tokens[places[0]], tokens[places[-1]]}
        and not (wording.ignored | wording.weak).issuperset(tokens[place] for place in places)
    }
    return _best(_hits(grams, tokens, index))


def _spelled_out(
    tokens: Sequence[str], part: range, index: NameIndex, wording: Wording
) -> Found | None:
    """The longest name that stands in the text as it is, or with blanks between its words.

    A name that is one everyday word ("Extract") counts only where nothing else is said beside it.
    """
    there: dict[str, range] = {}
    for gram, places in _grams(tokens, part, LONGEST_NAME).items():
        everyday = len(places) == 1 and gram in wording.ignored | wording.weak
        for name in index.whole.get(gram, ()):
            if len(gram) > 2 and not (everyday and len(tokens) > len(places)):
                there[name] = places
    if not there:
        return None
    longest = max(list(there), key=lambda name: len(compact(name)))
    apart = [
        name
        for name in there
        if compact(name) == compact(longest) or not set(there[name]) & set(there[longest])
    ]
    chosen = tuple(dict.fromkeys([longest, *_outermost(apart, there)]))
    places = frozenset(place for name in chosen for place in there[name])
    return Found(names=chosen, how=How.EXACT, places=places)


def _outermost(names: Sequence[str], there: Mapping[str, range]) -> list[str]:
    """Names that do not stand inside a longer one."""
    return [
        name for name in names if not any(set(there[name]) < set(there[other]) for other in names)
    ]


def _grams(tokens: Sequence[str], part: range, longest: int) -> dict[str, range]:
    """Joined runs of words and where they stand in the text."""
    found: dict[str, range] = {}
    for start in part:
        for end in range(start + 1, min(start + longest, part.stop) + 1):
            if tokens[end - 1] in _PAUSES:
                break
            found.setdefault("".join(tokens[start:end]), range(start, end))
    return found


Covered = dict[int, tuple[float, range]]


def _hits(grams: Grams, tokens: Sequence[str], index: NameIndex) -> list[_Hit]:
    """What of each name the text holds: letter by letter first, then shortened, then misspelled."""
    covered: dict[int, Covered] = {}
    taken: set[int] = set()
    for gram, places in grams.items():
        for run in index.runs.get(gram, ()):
            _cover(covered, run, 1.0, places)
            taken.update(places)
    for gram, places in grams.items():
        if taken.isdisjoint(places):
            for run, near in _nearly(gram, places, index):
                _cover(covered, run, near, places)
    hits = [_hit(index, place, runs) for place, runs in covered.items()]
    return [hit for hit in hits if hit.weight > 0]


def _nearly(gram: str, places: range, index: NameIndex) -> Iterable[tuple[Run, float]]:
    """The runs of words a gram is the beginning of, or a slip of the pen away from."""
    starts = index.starting_with(gram) if len(places) == 1 and len(gram) >= SHORTEST_START else ()
    singular = gram[:-1] if len(gram) > 4 and gram.endswith(("s", "n")) else ""
    longer = [*starts, *([singular] if singular in index.runs else [])]
    known = dict.fromkeys(longer, SHORTENED) or index.spellings.nearest(gram)
    for word, near in known.items():
        for run in index.runs[word]:
            yield run, near


def _cover(covered: dict[int, Covered], run: Run, near: float, places: range) -> None:
    name, words = run
    mine = covered.setdefault(name, {})
    for word in words:
        if near > mine.get(word, (0.0, places))[0]:
            mine[word] = (near, places)


def _hit(index: NameIndex, name: int, covered: Covered) -> _Hit:
    words, weights = index.words[name], index.weights
    left = [word for place, word in enumerate(words) if place not in covered]
    spans = sorted(covered)
    return _Hit(
        name=index.names[name],
        weight=sum(weights[words[place]] * near for place, (near, _) in covered.items()),
        rest=sum(weights[word] for word in left),
        places=frozenset(place for _, places in covered.values() for place in places),
        alike=min(near for near, _ in covered.values()),
        complete=index.affixes.issuperset(left) and spans[-1] - spans[0] == len(spans) - 1,
    )


def _best(hits: Sequence[_Hit]) -> Found:
    if not hits:
        return Found()
    top = max(hits, key=lambda hit: (hit.weight, hit.complete, -hit.rest))
    close = [hit for hit in hits if hit.weight >= CLOSE * top.weight]
    close.sort(key=lambda hit: (-hit.weight, not hit.complete, hit.rest))
    whole = [hit for hit in close if hit.complete]
    base = whole or [hit for hit in close if not any(_extends(hit.name, one.name) for one in close)]
    chosen = base if len(base) == 1 else close
    worst = min(hit.alike for hit in chosen)
    how = How.PART if worst == 1.0 else How.SHORT if worst == SHORTENED else How.SPELLING
    return Found(names=tuple(hit.name for hit in chosen), how=how, places=top.places)


def _extends(name: str, base: str) -> bool:
    """Whether a name is another one with words added: "X_Backfill" extends "X"."""
    longer, shorter = words_of(name), words_of(base)
    return len(longer) > len(shorter) and longer[: len(shorter)] == shorter
