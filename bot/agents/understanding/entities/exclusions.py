"""Pipelines that are left out: "everything but DevSandbox", "ohne die Backfills"."""

from collections.abc import Sequence

from bot.agents.understanding.entities.name_index import words_of
from bot.agents.understanding.entities.pipelines import (
    MatchKind,
    OrdinaryWords,
    find_names,
    index_of,
)
from bot.agents.understanding.lexicon import (
    BEFORE_A_NAME,
    DENIES,
    LEAVES_OUT,
    OF_ANYTHING,
    UNTIL_PAUSE,
)

MOST_BETWEEN = 3
PAUSES = frozenset(",;-.:")
ENDS = frozenset(".!?")
# Said before "not", they begin a correction as a pause does.
SAYS_NO = frozenset({"no", "nah", "nope", "sorry", "wait", "nein", "non", "não"})
# Behind what is denied, what is meant instead begins so.
INSTEAD = frozenset({"other", "i", "we", "meant", "mean", "but", "its", "rather"})
NOTHING_WEAK = OrdinaryWords()


def excluded_in(
    words: Sequence[str], names: Sequence[str]
) -> tuple[list[str], tuple[str, ...], frozenset[int]]:
    """The words with what is left out made a pause, the names that are, and their places."""
    named: frozenset[int] | None = None
    for place, word in enumerate(words):
        length = next((n for n in (3, 2, 1) if " ".join(words[place : place + n]) in LEAVES_OUT), 0)
        if not length and word in DENIES and _denies(words, place):
            length = 1
        if not length:
            continue
        # Hardly any text leaves something out: names are looked for where one does.
        named = _places_of_whole_names(words, names) if named is None else named
        if place in named:
            continue
        begin = place + length
        end = _end_of(words, begin, " ".join(words[place:begin]))
        after = range(begin, end)
        found = find_names([words[one] for one in after], names, NOTHING_WEAK)
        between = words[begin : begin + min(found.places, default=0)]
        is_near = words[place] not in OF_ANYTHING or BEFORE_A_NAME.issuperset(between)
        if found.names and is_near and len(between) <= MOST_BETWEEN:
            gone = frozenset(after[one] for one in found.places) | frozenset(
                range(place, place + length)
            )
            left = ["," if one in gone else word for one, word in enumerate(words)]
            return left, _all_with(found.names, words, gone, names), gone
    return list(words), (), frozenset()


def _denies(words: Sequence[str], place: int) -> bool:
    """Whether a "not" denies what follows: behind a pause, or in a correction, "nah not orders"."""
    before = words[place - 1] if place else ""
    return before in PAUSES or (before in SAYS_NO and words[place] not in SAYS_NO)


def _places_of_whole_names(words: Sequence[str], names: Sequence[str]) -> frozenset[int]:
    """Where a name of several words stands in full: "not" in it leaves nothing out."""
    found = find_names(words, names, NOTHING_WEAK)
    is_whole = found.how is MatchKind.EXACT and len(found.places) > 1
    return found.places if is_whole else frozenset()


def _end_of(words: Sequence[str], begin: int, leaves_out: str) -> int:
    """Where what is left out ends: a list may go on behind a comma, "not the sandbox, ..." not.

    No sentence leaves out what stands in the next one: "forget it. orders now".
    """
    stops = ENDS | frozenset(",;") if leaves_out in UNTIL_PAUSE else ENDS
    stops = stops | INSTEAD if leaves_out in DENIES else stops
    end = min(len(words), begin + MOST_BETWEEN + 3)
    ahead = range(begin, end)
    return next((one for one in ahead if {words[one], words[one][0]} & stops), end)


def _all_with(
    found: Sequence[str], words: Sequence[str], gone: frozenset[int], names: Sequence[str]
) -> tuple[str, ...]:
    """Every name that holds the word that was said: "the sandboxes" are all of them."""
    said = {words[place] for place in gone} & index_of(tuple(names)).vocabulary
    alike = [name for name in names if said and said <= set(words_of(name))]
    return tuple(dict.fromkeys([*found, *alike]))
