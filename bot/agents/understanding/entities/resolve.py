"""Which factory and which pipelines a text fits, and what casts doubt on the names it fits."""

from collections.abc import Sequence
from dataclasses import replace

from bot.agents.understanding.entities.factories import FactoryMention, find_factory, stage_at
from bot.agents.understanding.entities.ordinary_words import ordinary_words
from bot.agents.understanding.entities.pipelines import (
    MatchKind,
    NameMatch,
    find_names,
)
from bot.agents.understanding.vocabulary import is_everyday, known_words

SHORT_WORD = 5
FEW = 4


def who_is_meant(
    tokens: Sequence[str], names: Sequence[str], factories: Sequence[str]
) -> tuple[FactoryMention, NameMatch]:
    """The factory and the names a text fits: a name said in full keeps its words, else the factory.

    What could be a word of both leaves it in doubt which factory is meant.
    """
    wording = ordinary_words()
    where, found = find_factory(tokens, factories), find_names(tokens, names, wording)
    found = replace(found, mixed=_is_hardly_a_name(tokens, found))
    if not where.places & found.places:
        is_silent = where.alias is None and where.unknown is None
        beside = _beside(tokens, found) if is_silent else ()
        return (stage_at(tokens, beside, factories) if beside else where), found
    if found.how is MatchKind.EXACT:
        return find_factory(_without(tokens, found.places), factories), found
    alone = find_names(_without(tokens, where.places), names, wording)
    beside = any(abs(one - other) == 1 for one in where.places for other in alone.places)
    return where, replace(alone, mixed=beside)


def _beside(tokens: Sequence[str], found: NameMatch) -> tuple[int, ...]:
    """The places right after and right before a name, and the last word of all."""
    if not found.places:
        return ()
    return (max(found.places) + 1, min(found.places) - 1, len(tokens) - 1)


def _is_hardly_a_name(tokens: Sequence[str], found: NameMatch) -> bool:
    """Whether all that was said of a name is some first letters, or an everyday word.

    Of two beginnings of words side by side, or of one that no question uses, that is enough.
    """
    said = [tokens[place] for place in found.places]
    beginning = len(said) == 1 and (len(said[0]) < FEW or said[0] in known_words())
    short = found.how is MatchKind.SHORT and beginning and len(said[0]) < SHORT_WORD
    everyday = found.how is not MatchKind.EXACT and len(said) == 1 and is_everyday(said[0])
    return short or everyday


def _without(tokens: Sequence[str], places: frozenset[int]) -> list[str]:
    return ["," if place in places else word for place, word in enumerate(tokens)]
