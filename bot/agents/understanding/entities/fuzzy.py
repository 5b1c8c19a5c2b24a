"""Pipeline names in a text: exact, with blanks between their words, shortened, or misspelled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.agents.understanding.entities.name_index import (
    NameIndex,
    Run,
    compact,
    extends,
    words_of,
)
from bot.agents.understanding.entities.ordinary_words import SHORTEST, OrdinaryWords
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


LONGEST_GRAM = 5
CLOSE = 0.9
SHORTENED = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    """What of one name the text holds: its weight, where in the text, and how alike it is."""

    name: str
    weight: float
    rest: float
    places: frozenset[int]
    alike: float
    complete: bool


Grams = Mapping[str, range]
Covered = dict[int, tuple[float, range]]


def match(
    tokens: Sequence[str], part: range, index: NameIndex, wording: OrdinaryWords
) -> NameMatch:
    """The names that fit a stretch of text best."""
    spelled = spelled_out(tokens, part, index, wording)
    grams = {
        gram: places
        for gram, places in grams_of(tokens, part, LONGEST_GRAM).items()
        if not wording.ignored & {tokens[places[0]], tokens[places[-1]]}
        and (
            _is_run_of_a_name(gram, places, index)
            or _is_short_word_of_a_name(gram, index, wording)
            or not all(wording.says_nothing(tokens[place]) for place in places)
        )
    }
    if spelled and spelled.one and not spelled.doubt:
        return _longer(spelled, grams, index) or spelled
    if spelled and not spelled.doubt:
        return spelled
    found = _best(_hits(grams, index, wording))
    return found if found.names or not spelled else spelled


def _is_run_of_a_name(gram: str, places: range, index: NameIndex) -> bool:
    """Whether everyday words stand side by side as in one name alone: "the night close"."""
    names = {name for name, words in index.runs.get(gram, ()) if len(words) == len(places)}
    return len(places) > 1 and len(names) == 1


def _is_short_word_of_a_name(gram: str, index: NameIndex, wording: OrdinaryWords) -> bool:
    """Whether two letters are a word of a name and none of a question: "the gl pipeline"."""
    return len(gram) == SHORTEST - 1 and gram in index.vocabulary and gram not in wording.slips


def _longer(spelled: NameMatch, grams: Grams, index: NameIndex) -> NameMatch | None:
    """A longer name that begins with the one spelled out, its other words misspelled after it."""
    short = spelled.names[0]
    longer = {name for name in index.names if extends(name, short)}
    beside = {spelled.one: max(spelled.places) + 1}
    for gram, places in grams.items():
        if places[0] != beside[spelled.one]:
            continue
        for run, _ in _nearly(gram, places, index):
            name = index.names[run[0]]
            if name in longer and run[1].start >= len(words_of(short)):
                both = spelled.places | frozenset(places)
                return NameMatch(names=(name,), how=MatchKind.SPELLING, places=both)
    return None


def _hits(grams: Grams, index: NameIndex, wording: OrdinaryWords) -> list[_Hit]:
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
                if not wording.reads_as(gram, near):
                    _cover(covered, run, near, places)
            for run in _in_full(gram, places, index, wording):
                _cover(covered, run, SHORTENED, places)
    hits = [_hit(index, place, runs) for place, runs in covered.items()]
    return [hit for hit in hits if hit.weight > 0]


def _nearly(gram: str, places: range, index: NameIndex) -> Iterable[tuple[Run, float]]:
    """The runs of words a gram is the beginning of, or a slip of the pen away from."""
    starts = index.starting_with(gram) if len(places) == 1 and len(gram) >= SHORTEST else ()
    known = dict.fromkeys(starts, SHORTENED) | _singular(gram, index)
    known = known or index.spellings.nearest(gram)
    for word, near in known.items():
        for run in index.runs[word]:
            yield run, near


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


def _best(hits: Sequence[_Hit]) -> NameMatch:
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


LONGEST_NAME = 20


def spelled_out(
    tokens: Sequence[str], part: range, index: NameIndex, wording: OrdinaryWords
) -> NameMatch | None:
    """The longest name that stands in the text as it is, or with blanks between its words.

    A name that is one everyday word ("Extract") is in doubt where anything is said beside it.
    """
    there: dict[str, range] = {}
    everyday: dict[str, range] = {}
    for gram, places in grams_of(tokens, part, LONGEST_NAME).items():
        alone = len(places) < len(part) and len(places) == 1 and wording.is_everyday(gram)
        for name in index.whole.get(gram, ()) if _is_long(gram, wording) else ():
            (everyday if alone else there)[name] = places
    if there:
        return _longest(there)
    doubtful = _longest(everyday) if everyday else None
    return (
        NameMatch(names=doubtful.names, places=doubtful.places, how=MatchKind.PART, doubt=True)
        if (doubtful)
        else None
    )


def _is_long(gram: str, wording: OrdinaryWords) -> bool:
    """Whether it can be a name: two signs only where they are no word of a question ("GL")."""
    return len(gram) > 2 or (len(gram) == 2 and not wording.is_everyday(gram))


def _longest(there: Mapping[str, range]) -> NameMatch:
    longest = max(list(there), key=lambda name: len(compact(name)))
    apart = [
        name
        for name in there
        if compact(name) == compact(longest) or not set(there[name]) & set(there[longest])
    ]
    chosen = tuple(dict.fromkeys([longest, *_outermost(apart, there)]))
    places = frozenset(place for name in chosen for place in there[name])
    return NameMatch(names=chosen, how=MatchKind.EXACT, places=places)


def _outermost(names: Sequence[str], there: Mapping[str, range]) -> list[str]:
    """Names that do not stand inside a longer one."""
    return [
        name for name in names if not any(set(there[name]) < set(there[other]) for other in names)
    ]


def grams_of(tokens: Sequence[str], part: range, longest: int) -> dict[str, range]:
    """Joined runs of words and where they stand in the text."""
    found: dict[str, range] = {}
    for start in part:
        for end in range(start + 1, min(start + longest, part.stop) + 1):
            if is_pause(tokens[end - 1]):
                break
            found.setdefault("".join(tokens[start:end]), range(start, end))
    return found
