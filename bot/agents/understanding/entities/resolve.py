"""Which factory and which pipelines a text fits, and what casts doubt on the names it fits."""

from collections.abc import Sequence
from dataclasses import replace

from bot.agents.understanding.entities.factories import FactoryMention, find_factory
from bot.agents.understanding.entities.name_index import words_of
from bot.agents.understanding.entities.pipelines import (
    MatchKind,
    NameMatch,
    OrdinaryWords,
    find_names,
)
from bot.agents.understanding.lexicon import STRONG, THINGS, WEAK, Sign
from bot.agents.understanding.tagger import TaggedText, slips_in
from bot.agents.understanding.tokens import glued_in

WORDING = OrdinaryWords(ignored=STRONG, weak=WEAK)
SHORT_WORD = 5
_JOINS = frozenset({"and", "und", "&", "+", "plus", "sowie"})


def who_is_meant(
    tokens: Sequence[str], names: Sequence[str], factories: Sequence[str]
) -> tuple[FactoryMention, NameMatch]:
    """The factory and the names a text fits: a name said in full keeps its words, else the factory.

    What could be a word of both leaves it in doubt which factory is meant.
    """
    wording = replace(WORDING, slips=slips_in(tokens))
    where, found = find_factory(tokens, factories), find_names(tokens, names, wording)
    found = replace(found, mixed=_is_hardly_a_name(tokens, found))
    if not where.places & found.places:
        return where, found
    if found.how is MatchKind.EXACT:
        return find_factory(_without(tokens, found.places), factories), found
    alone = find_names(_without(tokens, where.places), names, wording)
    beside = any(abs(one - other) == 1 for one in where.places for other in alone.places)
    return where, replace(alone, mixed=beside)


def _is_hardly_a_name(tokens: Sequence[str], found: NameMatch) -> bool:
    """Whether all that was said of a name is a word for a thing, or some first letters."""
    said = [tokens[place] for place in found.places]
    short = found.how is MatchKind.SHORT and all(len(word) < SHORT_WORD for word in said)
    return short or (found.how is not MatchKind.EXACT and bool(said) and THINGS.issuperset(said))


def _without(tokens: Sequence[str], places: frozenset[int]) -> list[str]:
    return ["," if place in places else word for place, word in enumerate(tokens)]


def is_part_of_more(text: str, found: NameMatch, read: Sequence[TaggedText]) -> bool:
    """Whether a name was read from a part of what was written as one word."""
    return any(
        found.places & set(glued)
        and any(read[place].sign is not Sign.GENERIC for place in set(glued) - found.places)
        for glued in glued_in(text)
    )


def is_beside_another(found: NameMatch, read: Sequence[TaggedText]) -> bool:
    """Whether a word that may belong to another name stands beside the one that was read."""
    near = {place + step for place in found.places for step in (-1, 1)} - found.places
    own = set(words_of(found.one or ""))
    near |= {
        place + step
        for place, step in ((place, place - edge) for edge in found.places for place in near)
        if abs(step) == 1 and 0 <= place < len(read) and read[place].word in _JOINS
    }
    there = [read[place] for place in near - found.places if 0 <= place < len(read)]
    signs = {one.sign for one in there if one.word not in own}
    return None in signs or (Sign.NOUN in signs and found.how is not MatchKind.EXACT)
