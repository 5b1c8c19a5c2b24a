"""Weighs the signs of an error against what its words resemble.

A code decides alone. Words are weighed by their rank: where they are faint, or speak of several
things, the category that the whole text resembles decides which of them counts.
"""

import math
from collections.abc import Mapping, Sequence

from adf.diagnosis.context import is_connecting
from adf.diagnosis.evidence import Evidence, Place, Rank
from adf.diagnosis.knowledge import Kind, kinds
from adf.diagnosis.knowledge.classifier import classifier, comparable, features_of
from adf.diagnosis.recognize import without_codes
from adf.diagnosis.unwrap import Peeled

# How much the best sign of a category and the other ones add, by rank.
_TRUST = {
    Rank.WORDS: 2.5,
    Rank.OUTER: 1.5,
    Rank.STATED: 1.5,
    Rank.BARE: 1.0,
    Rank.VAGUE: 1.0,
    Rank.OUTCOME: 1.0,
    Rank.HINT: 0.7,
    Rank.WEAK: 0.7,
    Rank.MANY: 0.7,
    Rank.WRAPPER: 0.3,
}
_OTHERS = 0.6
# What a resemblance alone must reach, with no sign of that category or none at all.
_ALONE = 0.3
_TOGETHER = 0.6
_EVEN = math.log(0.05)
_NEXT = math.log(0.15)
_OPPOSED = math.log(0.6)
# What is told of a category when no sign says more.
_COMMON = {
    "api": "api_refused",
    "auth": "identity_problem",
    "cancelled": "cancelled",
    "compute": "job_failed",
    "config": "setting",
    "copy_wrapper": "copy_failed",
    "integration_runtime": "runtime_problem",
    "network": "unreachable",
    "orchestration": "inner_failed",
    "quota": "quota",
    "schema_mapping": "mapping_problem",
    "service_transient": "service_error",
    "sink_data": "sink_problem",
    "source_data": "source_problem",
    "stored_procedure": "procedure_problem",
    "throttling": "throttled",
    "timeout": "timeout",
    "web_function": "rest_failed",
}


def likelihoods_of(peeled: Peeled, outer_code: str, side: str | None) -> Mapping[str, float]:
    """How likely each category is by the words; empty where a code is all there is."""
    share = comparable(without_codes(peeled.root))
    if not share:
        return {}
    features = features_of(peeled.root, peeled.text, outer_code, side)
    found = classifier().likelihoods(features)
    even = (1 - share) / len(found)
    return {category: math.log(share * math.exp(one) + even) for category, one in found.items()}


def weighed(
    found: Sequence[Evidence], side: str | None, likely: Mapping[str, float], *, telling: bool
) -> Evidence | None:
    """The sign that decides, given the signs in the order of their precedence.

    Only `telling` words can decide with no sign of their category.
    """
    first = next(iter(found), None)
    if first is not None and (first.rank <= Rank.OWN or not likely):
        return first
    scores = _scores(found, side, likely)
    best = max(scores, key=lambda one: scores[one], default="")
    if first is not None and first.rank is Rank.WORDS and best in first.kind.categories.values():
        return first
    signed = [one for one in found if one.kind.category(side) == best]
    if signed:
        return signed[0]
    alone = _resembled(best, found) if telling and _is_alone_enough(best, likely) else None
    return alone or first


def next_likely(kind: Kind, likely: Mapping[str, float]) -> Kind | None:
    """The common kind of the category that comes next, to be named beside one that is no surer."""
    others = [one for one in likely if one not in kind.categories.values()]
    best = max(others, key=lambda one: likely[one], default=None)
    return kinds()[_COMMON[best]] if best and likely[best] >= _NEXT else None


def is_opposed(category: str, likely: Mapping[str, float]) -> bool:
    """Whether the words resemble another category so much that a code is not to be sure of."""
    return any(one >= _OPPOSED for other, one in likely.items() if other != category)


def _scores(
    found: Sequence[Evidence], side: str | None, likely: Mapping[str, float]
) -> dict[str, float]:
    added: dict[str, float] = {}
    for place, one in enumerate(found):
        category = one.kind.category(side)
        trust = _TRUST.get(one.rank, 0.0) * (_OTHERS if place else 1.0)
        added[category] = max(added.get(category, 0.0), trust)
    return {one: likely.get(one, _EVEN) + added.get(one, 0.0) for one in {*likely, *added}}


def _is_alone_enough(category: str, likely: Mapping[str, float]) -> bool:
    """Whether a category, with the one that comes next, is most of what the words resemble."""
    others = (math.exp(one) for other, one in likely.items() if other != category)
    own = math.exp(likely.get(category, -math.inf))
    return own >= _ALONE and own + max(others, default=0.0) >= _TOGETHER


def _resembled(category: str, found: Sequence[Evidence]) -> Evidence | None:
    """A sign for a category that only the whole text speaks for."""
    kind = kinds()[_COMMON[category]]
    if is_connecting(found) and not kind.connecting:
        return None
    return Evidence(rank=Rank.LEARNED, depth=0, weight=0, kind=kind, place=Place.WORDS)
