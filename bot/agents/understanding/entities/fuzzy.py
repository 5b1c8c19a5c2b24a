"""Pipeline names in a text: exact, with blanks between their words, shortened, or misspelled."""

from collections.abc import Mapping, Sequence

from bot.agents.understanding.entities.name_hits import (
    Grams,
    MatchKind,
    NameMatch,
    best_of,
    hits_of,
    nearly,
)
from bot.agents.understanding.entities.name_index import NameIndex, compact, extends, words_of
from bot.agents.understanding.entities.ordinary_words import SHORTEST, OrdinaryWords
from bot.agents.understanding.entities.word_use import is_said_as_usual
from bot.agents.understanding.text import is_pause

LONGEST_GRAM = 5


def match(
    tokens: Sequence[str], part: range, index: NameIndex, wording: OrdinaryWords
) -> NameMatch:
    """The names that fit a stretch of text best."""
    spelled = spelled_out(tokens, part, index, wording)
    if spelled and not spelled.doubt and not spelled.one:
        return spelled
    grams = {
        gram: places
        for gram, places in grams_of(tokens, part, LONGEST_GRAM).items()
        if wording.ignored.isdisjoint((tokens[places[0]], tokens[places[-1]]))
        and (
            _is_run_of_a_name(gram, places, index)
            or _is_short_word_of_a_name(gram, index, wording)
            or _is_spelled_by_letters(gram, places, index)
            or not all(wording.says_nothing(tokens[place]) for place in places)
        )
        and not (gram in index.runs and len(places) == 1 and is_said_as_usual(tokens, places[0]))
    }
    if spelled and spelled.one and not spelled.doubt:
        return _longer(spelled, grams, index) or spelled
    found = best_of(hits_of(tokens, part, grams, index, wording))
    return found if found.names or not spelled else spelled


def _is_run_of_a_name(gram: str, places: range, index: NameIndex) -> bool:
    """Whether everyday words stand side by side as in one name alone: "the night close"."""
    names = {name for name, words in index.runs.get(gram, ()) if len(words) == len(places)}
    return len(places) > 1 and len(names) == 1


def _is_short_word_of_a_name(gram: str, index: NameIndex, wording: OrdinaryWords) -> bool:
    """Whether two letters are a word of a name and none of a question: "the gl pipeline"."""
    return len(gram) == SHORTEST - 1 and gram in index.vocabulary and gram not in wording.slips


def _is_spelled_by_letters(gram: str, places: range, index: NameIndex) -> bool:
    """Whether an acronym of names is written as it is spoken: "g s t"."""
    return len(gram) == len(places) >= SHORTEST and gram in index.vocabulary


def _longer(spelled: NameMatch, grams: Grams, index: NameIndex) -> NameMatch | None:
    """A longer name that begins with the one spelled out, its other words misspelled after it."""
    short = spelled.names[0]
    longer = {name for name in index.names if extends(name, short)}
    beside = {spelled.one: max(spelled.places) + 1}
    for gram, places in grams.items():
        if places[0] != beside[spelled.one]:
            continue
        for run, _ in nearly(gram, places, index):
            name = index.names[run[0]]
            if name in longer and run[1].start >= len(words_of(short)):
                both = spelled.places | frozenset(places)
                return NameMatch(names=(name,), how=MatchKind.SPELLING, places=both)
    return None


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
        names = index.whole.get(gram)
        if not names or not _is_long(gram, wording):
            continue
        alone = len(places) < len(part) and len(places) == 1 and wording.is_everyday(gram)
        (everyday if alone else there).update(dict.fromkeys(names, places))
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
