"""Which factory the words mean: by its alias, or by what tells it from the others."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from bot.agents.understanding.entities.name_index import compact

# How stages are called in any company, by the short form that aliases use.
_STAGES = {
    "production": "prod",
    "prd": "prod",
    "produktion": "prod",
    "development": "dev",
    "entwicklung": "dev",
    "staging": "stg",
    "stage": "stg",
    "acceptance": "uat",
    "acc": "uat",
    "testing": "test",
    "tst": "test",
    "preproduction": "preprod",
    "producción": "prod",
    "produção": "prod",
    "produzione": "prod",
    "qa": "qa",
}
# How the aliases of factories call them; as a word of a question each may mean something else.
_IN_ALIASES = {**_STAGES, "live": "prod", "pro": "prod", "pre": "preprod"}
_KNOWN_STAGES = frozenset({*_STAGES, *_STAGES.values(), "sit", "int", "sandbox", "preprod"})
# Said of nothing else, so that no "in" is needed before them.
_BARE_STAGES = frozenset(
    {
        *("prod", "prd", "production", "uat", "qa", "dev", "development"),
        *("stg", "staging", "tst", "preprod", "preproduction"),
    }
)
# What stands before a stage that is a place.
PLACED_BY = frozenset({"in", "on", "im", "auf"})
_BEFORE_A_FACTORY = frozenset({"the", "from", "of"})
_DENIES = frozenset({"not", "nicht", "instead", "forget", "ignore", "never", "statt"})
_BEFORE_PRODUCTION = frozenset({"pre", "non"})
_UNTELLING = frozenset({"adf", "df", "factory", "data", "datafactory"})
_PLACES = frozenset({"factory", "adf"})
_PARTS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactoryMention:
    """The factory a text names and the places of the words that did; `unknown` is none of ours."""

    alias: str | None = None
    others: tuple[str, ...] = ()
    places: frozenset[int] = frozenset()
    unknown: str | None = None


def find_factory(tokens: Sequence[str], aliases: Sequence[str]) -> FactoryMention:
    """Find the factories a text names: the first one said, and the others."""
    joined = _joined(tokens)
    found = _find(joined, aliases)
    more = {place + 1 for place in found.places if joined[place] != tokens[place]}
    return replace(found, places=found.places | more)


def _find(tokens: Sequence[str], aliases: Sequence[str]) -> FactoryMention:
    said: dict[str, frozenset[int]] = {}
    forms = _forms_of(tuple(aliases))
    for place in range(len(tokens)):
        for alias, places in _at(place, tokens, forms).items():
            said[alias] = said.get(alias, frozenset()) | places
    if said:
        first, *others = _not_ruled_out(said, tokens)
        return FactoryMention(
            alias=first, others=tuple(others), places=frozenset[int]().union(*said.values())
        )
    return _unknown(tokens, aliases)


def _not_ruled_out(said: Mapping[str, frozenset[int]], tokens: Sequence[str]) -> Sequence[str]:
    """The aliases in their order, without those denied beside another: "not live, I meant dev"."""
    meant = [alias for alias, places in said.items() if not _is_denied(tokens, min(places))]
    return meant or [*said]


def _is_denied(tokens: Sequence[str], place: int) -> bool:
    before = [word for word in tokens[max(0, place - 2) : place] if word not in _BEFORE_A_FACTORY]
    return bool(before) and before[-1] in _DENIES


def _joined(tokens: Sequence[str]) -> list[str]:
    """The words with "pre-production" as the one stage it is, in the place of its first word."""
    joined = list(tokens)
    for place, (before, word) in enumerate(pairwise(tokens)):
        if before in _BEFORE_PRODUCTION and _STAGES.get(word, word) == "prod":
            joined[place], joined[place + 1] = "preproduction", ","
    return joined


def stage_at(
    tokens: Sequence[str], places: Iterable[int], aliases: Sequence[str]
) -> FactoryMention:
    """A stage said at one of these places, beside a name ("orders uat"), without "in"."""
    for place in places:
        token = tokens[place] if 0 <= place < len(tokens) else ""
        if token not in _BARE_STAGES:
            continue
        forms = {token, _STAGES.get(token, token)}
        fits = [one for one in aliases if forms & _words_of(one)]
        alias = fits[0] if len(fits) == 1 else None
        return FactoryMention(
            alias=alias, places=frozenset({place}), unknown=None if fits else token
        )
    return FactoryMention()


@dataclass(frozen=True, slots=True, kw_only=True)
class _AliasForms:
    """How aliases are said: by all their letters (of two alike the last), or by a telling word."""

    whole: Mapping[str, str]
    telling: Mapping[str, str]


@lru_cache(maxsize=16)
def _forms_of(aliases: tuple[str, ...]) -> _AliasForms:
    whole = {compact(alias): alias for alias in aliases}
    return _AliasForms(whole=whole, telling=_telling(aliases))


def _at(place: int, tokens: Sequence[str], forms: _AliasForms) -> dict[str, frozenset[int]]:
    for end in range(min(place + 6, len(tokens)), place, -1):
        alias = forms.whole.get("".join(tokens[place:end]))
        if alias is not None:
            return {alias: frozenset(range(place, end))}
    token = tokens[place]
    part = forms.telling.get(token) or forms.telling.get(_STAGES.get(token, ""))
    return {part: frozenset({place})} if part else {}


def _telling(aliases: Sequence[str]) -> Mapping[str, str]:
    """The words that stand in one alias only; none of them when there is one factory."""
    if len(aliases) < 2:
        return {}
    words = {alias: _words_of(alias) for alias in aliases}
    often = Counter(word for mine in words.values() for word in mine)
    return {
        word: alias
        for alias, mine in words.items()
        for word in mine
        if often[word] == 1 and len(word) > 1
    }


def _words_of(alias: str) -> set[str]:
    """The words of an alias, and the stage that one of them stands for: "live" is production."""
    said = set(_PARTS.findall(alias.lower())) - _UNTELLING
    return said | {_IN_ALIASES[word] for word in said if word in _IN_ALIASES}


def _unknown(tokens: Sequence[str], aliases: Collection[str]) -> FactoryMention:
    """A stage that is named like a place ("in dev", "adf-dev") and is none of the factories."""
    other = _alike(tokens, aliases)
    if other is not None:
        return other
    for place, (before, token) in enumerate(pairwise(tokens)):
        if before in _KNOWN_STAGES and token in _PLACES and aliases:
            return FactoryMention(unknown=before, places=frozenset({place}))
        if token not in _KNOWN_STAGES or not aliases:
            continue
        mine = [one for one in aliases if _STAGES.get(token, token) in _words_of(one)]
        if mine and before in PLACED_BY:
            alias = mine[0] if len(mine) == 1 else None
            return FactoryMention(alias=alias, places=frozenset({place + 1}))
        if before in PLACED_BY:
            return FactoryMention(unknown=token, places=frozenset({place + 1}))
        if before in _UNTELLING - {"data"}:
            return FactoryMention(unknown=f"{before}-{token}", places=frozenset({place, place + 1}))
    return FactoryMention()


def _alike(tokens: Sequence[str], aliases: Collection[str]) -> FactoryMention | None:
    """An alias that differs from one of ours in its last part alone: "adf-shop-stg"."""
    for alias in aliases:
        *first, last = _PARTS.findall(alias.lower())
        if len(first) < 2:
            continue
        for place in range(len(tokens) - len(first)):
            end = place + len(first)
            if list(tokens[place:end]) == first and tokens[end] != last and tokens[end].isalnum():
                places = frozenset(range(place, end + 1))
                return FactoryMention(unknown="-".join([*first, tokens[end]]), places=places)
    return None
