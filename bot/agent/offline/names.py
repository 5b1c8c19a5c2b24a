"""Which pipeline somebody means: by its name, by part of it, or by a slip of the pen.

A name is read as its words ("CustomerDataETL" is customer, data, etl). Words that many names share
weigh little, so "nightly" finds PL_Master_Nightly and "customer" stays open between three.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

LONGEST_GRAM = 5
LONGEST_NAME = 20
SIMILAR = 0.8
SHORTEST_FUZZY = 5
CLOSE = 0.9
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_WORDS = re.compile(r"[^\W_]+")


class How(StrEnum):
    """How a name was found in the text."""

    EXACT = "exact"
    PART = "part"
    SPELLING = "spelling"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The names a text fits: one when it is clear, several when it is not.

    `places` are the words of the text (counted from 0) that were read as the name.
    """

    names: tuple[str, ...] = ()
    how: How = How.NOWHERE
    places: frozenset[int] = frozenset()

    @property
    def one(self) -> str | None:
        """The name, when there is exactly one."""
        return self.names[0] if len(self.names) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    """What of one name the text holds: its weight, where in the text, and how alike it is."""

    name: str
    weight: float
    rest: float
    places: frozenset[int]
    alike: float


Grams = Mapping[str, range]


def tokens_of(text: str) -> list[str]:
    """The words of a text, in lower case; underscores and other signs part them."""
    return _WORDS.findall(text.lower())


def words_of(name: str) -> tuple[str, ...]:
    """The words a name is made of, in lower case."""
    return tuple(part.lower() for part in _PARTS.findall(name))


def find_names(
    tokens: Sequence[str],
    names: Iterable[str],
    ignored: frozenset[str],
    weak: frozenset[str] = frozenset(),
) -> Found:
    """Find the pipeline a text means.

    `ignored` are words of the question, never of a name; `weak` ones ("data") may belong to a name
    when they stand beside a stronger word, never alone.
    """
    known = list(dict.fromkeys(names))
    spelled = _spelled_out(_grams(tokens, LONGEST_NAME), known)
    if spelled:
        return spelled
    weights = _weights(known)
    grams = {
        gram: places
        for gram, places in _grams(tokens, LONGEST_GRAM).items()
        if not ignored & {tokens[places[0]], tokens[places[-1]]}
        and not (ignored | weak).issuperset(tokens[place] for place in places)
    }
    hits = [hit for name in known if (hit := _hit(name, grams, weights))]
    return _best(hits)


def nearest(text: str, names: Iterable[str], most: int = 5) -> tuple[str, ...]:
    """The names that look most like the text, best first."""
    said = "".join(tokens_of(text))
    ranked = sorted(names, key=lambda name: -OSA.normalized_similarity(said, _compact(name)))
    return tuple(ranked[:most])


def _spelled_out(grams: Grams, names: Sequence[str]) -> Found | None:
    """The longest name that stands in the text as it is, or with blanks between its words."""
    there = [name for name in names if len(_compact(name)) > 2 and _compact(name) in grams]
    if not there:
        return None
    longest = max(there, key=lambda name: len(_compact(name)))
    apart = [name for name in there if _compact(name) not in _compact(longest)]
    places = frozenset(place for name in (longest, *apart) for place in grams[_compact(name)])
    return Found(names=(longest, *apart), how=How.EXACT, places=places)


def _grams(tokens: Sequence[str], longest: int) -> dict[str, range]:
    """Joined runs of words and where they stand in the text."""
    found: dict[str, range] = {}
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + longest, len(tokens)) + 1):
            found.setdefault("".join(tokens[start:end]), range(start, end))
    return found


def _weights(names: Sequence[str]) -> dict[str, float]:
    seen = Counter(word for name in names for word in set(words_of(name)))
    return {word: math.log(1 + len(names) / count) for word, count in seen.items()}


def _hit(name: str, grams: Grams, weights: Mapping[str, float]) -> _Hit | None:
    """How much of a name the text holds; None for nothing.

    What is there letter by letter comes first; only the words left over are read as misspelled.
    """
    words = words_of(name)
    covered: dict[int, tuple[float, str]] = {}
    for run in _runs(words):
        joined = "".join(words[place] for place in run)
        if joined in grams:
            covered |= dict.fromkeys(run, (1.0, joined))
    taken = {place for _, gram in covered.values() for place in grams[gram]}
    left = {gram: places for gram, places in grams.items() if taken.isdisjoint(places)}
    for run in _runs(words):
        alike, gram = _most_alike("".join(words[place] for place in run), left)
        for place in run if alike else ():
            covered[place] = max(covered.get(place, (0.0, "")), (alike, gram))
    if not covered:
        return None
    return _Hit(
        name=name,
        weight=sum(weights[words[place]] * alike for place, (alike, _) in covered.items()),
        rest=sum(weights[word] for place, word in enumerate(words) if place not in covered),
        places=frozenset(place for _, gram in covered.values() for place in grams[gram]),
        alike=min(alike for alike, _ in covered.values()),
    )


def _runs(words: Sequence[str]) -> list[range]:
    """Every run of words that stand together in a name."""
    count = len(words)
    return [range(a, b) for a in range(count) for b in range(a + 1, count + 1)]


def _most_alike(words: str, grams: Grams) -> tuple[float, str]:
    if len(words) < SHORTEST_FUZZY:
        return 0.0, ""
    near = (gram for gram in grams if len(gram) > 3 and gram[0] == words[0])
    alike = ((OSA.normalized_similarity(words, gram), gram) for gram in near)
    best, gram = max(alike, default=(0.0, ""))
    return (best, gram) if best >= SIMILAR else (0.0, "")


def _best(hits: Sequence[_Hit]) -> Found:
    if not hits:
        return Found()
    top = max(hits, key=lambda hit: (hit.weight, -hit.rest))
    close = [hit for hit in hits if hit.weight >= CLOSE * top.weight]
    close.sort(key=lambda hit: (-hit.weight, hit.rest))
    base = [hit for hit in close if not any(_extends(hit.name, one.name) for one in close)]
    chosen = base if len(base) == 1 else close
    return Found(
        names=tuple(hit.name for hit in chosen),
        how=How.PART if top.alike == 1.0 else How.SPELLING,
        places=top.places,
    )


def _extends(name: str, base: str) -> bool:
    """Whether a name is another one with words added: "X_Backfill" extends "X"."""
    longer, shorter = words_of(name), words_of(base)
    return len(longer) > len(shorter) and longer[: len(shorter)] == shorter


def _compact(name: str) -> str:
    return "".join(tokens_of(name))
