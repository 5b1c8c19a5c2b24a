"""One decision of what an error is: everything that is told of it follows from this.

The innermost error that says something decides. Evidence is ranked: a system's exact code, then
Data Factory's own code where it stands for one cause, then words, then what is vague. A code that
stands for several causes only says where, and decides when there is nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from adf.diagnosis.context import in_context
from adf.diagnosis.evidence import Evidence, Place, Rank, evidence_in
from adf.diagnosis.knowledge import Kind, KnownError, kinds
from adf.diagnosis.knowledge.classifier import is_telling
from adf.diagnosis.sides import side_of
from adf.diagnosis.unwrap import Peeled
from adf.diagnosis.weigh import is_opposed, likelihoods_of, next_likely, weighed

_RIVAL = 0.8
_WRAPPER = "copy_failed"
_OUTERMOST = frozenset({"2200", "2400", "2402", "ActionFailed", "BadRequest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the error is taken for; `rivals` are other kinds that fit nearly as well."""

    kind: Kind
    code: str | None
    cause: str
    page: str | None
    confidence: str
    rivals: tuple[Kind, ...]


def decide(peeled: Peeled, outer_code: str, failure_type: str) -> Decision | None:
    """Weigh all evidence; None when there is none."""
    found = in_context(list(evidence_in(peeled, outer_code, failure_type)), outer_code, peeled.root)
    found.sort(key=_precedence)
    side = side_of(peeled, outer_code)
    likely = likelihoods_of(peeled, outer_code, side)
    best = weighed(found, side, likely, telling=is_telling(peeled.root))
    if best is None:
        return None
    entry = best.entry
    own = _own_code(best, found)
    return Decision(
        kind=best.kind,
        code=own.code if own else entry.code if entry else None,
        cause=entry.cause if entry else best.kind.cause,
        page=(entry and entry.page) or (own and own.page),
        confidence="likely"
        if is_opposed(best.kind.category(side), likely)
        else _confidence(best, found),
        rivals=_rivals(best, found, likely),
    )


def _precedence(one: Evidence) -> tuple[Rank, int, int, int, str]:
    return (one.rank, one.depth, -one.reasons, -one.weight, one.kind.name)


def _own_code(best: Evidence, found: list[Evidence]) -> KnownError | None:
    """The code of Data Factory's that is told: the most telling one, inner before outer."""
    own = [one for one in found if one.entry and one.entry.own]
    first = min(own, key=_tells_where, default=None)
    others = best.entry is not None and not best.entry.own
    if first is None or (others and _is_outermost(first)):
        return None
    return first.entry


def _tells_where(one: Evidence) -> tuple[bool, bool, Place, int, int, str]:
    entry = one.entry
    weak, code = (entry.weak, entry.code) if entry else (True, "")
    return (_is_outermost(one), weak, one.place, one.depth, -one.weight, code)


def _is_outermost(one: Evidence) -> bool:
    """Whether it is a code that any error of an activity or pipeline comes with."""
    return one.entry is not None and one.entry.code in _OUTERMOST


def _confidence(best: Evidence, found: list[Evidence]) -> str:
    if best.rank is Rank.WRAPPER or best.kind.name == _WRAPPER:
        return "unknown"
    if best.rank > Rank.OWN and best.rank is not Rank.OUTER:
        return "likely"
    said = [
        one for one in found if one.rank in {Rank.WORDS, Rank.STATED} and one.depth <= best.depth
    ]
    first = min(said, key=_precedence, default=None)
    agree = first is None or set(first.kind.categories.values()) & set(
        best.kind.categories.values()
    )
    if best.rank is Rank.OUTER:
        # The number is the activity's: alone it only says where.
        agree = agree and any(one.kind is best.kind for one in found if one.place != Place.OUTSIDE)
    return "known" if agree else "likely"


def _rivals(best: Evidence, found: list[Evidence], likely: Mapping[str, float]) -> tuple[Kind, ...]:
    """Other kinds that the same words or the same code allow."""
    if best.entry and best.rank is Rank.MANY:
        named = [kinds()[name] for name in best.entry.candidates]
    elif best.rank is Rank.LEARNED:
        other = next_likely(best.kind, likely)
        named = [other] if other else []
    else:
        named = [
            one.kind
            for one in sorted(found, key=lambda one: (-one.weight, one.kind.name))
            if best.rank is Rank.WORDS
            and (one.rank, one.depth) == (best.rank, best.depth)
            and one.weight >= best.weight * _RIVAL
            and one.kind.categories != best.kind.categories
        ]
    return tuple(dict.fromkeys(one for one in named if one is not best.kind))[:2]
