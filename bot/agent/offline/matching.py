"""How well each name fits a stretch of text: letter by letter, shortened, or misspelled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.agent.offline.found import SHORTEST, Found, How, Wording
from bot.agent.offline.index import NameIndex, Run, extends, words_of
from bot.agent.offline.spelled import grams_of, spelled_out

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


def match(tokens: Sequence[str], part: range, index: NameIndex, wording: Wording) -> Found:
    """The names that fit a stretch of text best."""
    spelled = spelled_out(tokens, part, index, wording)
    grams = {
        gram: places
        for gram, places in grams_of(tokens, part, LONGEST_GRAM).items()
        if not wording.ignored & {tokens[places[0]], tokens[places[-1]]}
        and not all(wording.says_nothing(tokens[place]) for place in places)
    }
    if spelled and spelled.one and not spelled.doubt:
        return _longer(spelled, grams, index) or spelled
    if spelled and not spelled.doubt:
        return spelled
    found = _best(_hits(grams, index, wording))
    return found if found.names or not spelled else spelled


def _longer(spelled: Found, grams: Grams, index: NameIndex) -> Found | None:
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
                return Found(names=(name,), how=How.SPELLING, places=both)
    return None


def _hits(grams: Grams, index: NameIndex, wording: Wording) -> list[_Hit]:
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
    hits = [_hit(index, place, runs) for place, runs in covered.items()]
    return [hit for hit in hits if hit.weight > 0]


def _nearly(gram: str, places: range, index: NameIndex) -> Iterable[tuple[Run, float]]:
    """The runs of words a gram is the beginning of, or a slip of the pen away from."""
    starts = index.starting_with(gram) if len(places) == 1 and len(gram) >= SHORTEST else ()
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
    base = whole or [hit for hit in close if not any(extends(hit.name, one.name) for one in close)]
    chosen = base if len(base) == 1 else close
    worst = min(hit.alike for hit in chosen)
    how = How.PART if worst == 1.0 else How.SHORT if worst == SHORTENED else How.SPELLING
    return Found(names=tuple(hit.name for hit in chosen), how=how, places=top.places)
