"""One decision of what an error is: everything that is told of it follows from this.

The innermost error that says something decides. Evidence is ranked: a system's exact code, then
Data Factory's own code where it stands for one cause, then words, then what is vague. A code that
stands for several causes only says where, and decides when there is nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from adf.diagnosis.knowledge import ErrorPhrase, Kind, KnownError, kinds, phrases_in
from adf.diagnosis.knowledge.facts import Statement, reasons_before, statements_in
from adf.diagnosis.knowledge.phrases import names_in_words, plain, without_advice
from adf.diagnosis.recognize import bare_code, entries_in, own_entries, without_codes
from adf.diagnosis.unwrap import Peeled

_IN_TIME = {"query_timeout": "connect_timeout", "timeout": "connect_timeout"}
_RIVAL = 0.8
_SURE = 26
_OUTERMOST = frozenset({"2200", "2400", "2402", "ActionFailed", "BadRequest"})
# What keeps a call from its endpoint, or is known of any endpoint; the rest is what it answered.
_OF_CALLS = frozenset({"auth", "network", "throttling", "timeout", "quota", "cancelled"})
_OF_CALLERS = frozenset({"bad_url", "expression", "auth_setting", "size_limit"})

# The activities that run a program of their user's: notebook, job, script, custom activity.
CODE_RUNS = frozenset({"3204", "6002", "2312", "2347", "2500"})
_OF_CODE = frozenset(
    {"source_data", "sink_data", "schema_mapping", "service_transient", "config"}
)
_DRIVE = re.compile(r"['\"‘“][A-Za-z]:\\")
_FAILING = re.compile(r"(?i)(?:fail|raise|throw)(?![a-z]*(?:over|safe))")
_REFUSALS = frozenset({"permission", "unreachable"})
# What a failure led to, which says less than words of its cause.
_OUTCOMES = frozenset(
    {"cluster_start", "job_failed", "code_failed", "function_failed", "rest_failed", "trigger"}
    | {"sap_error", "bad_request", "cancelled", "service_error"}
)


class Rank(IntEnum):
    """How far a piece of evidence is to be trusted, the best first."""

    EXACT = 0
    OWN = 1
    WORDS = 2
    OUTER = 3
    STATED = 4
    BARE = 5
    VAGUE = 6
    OUTCOME = 7
    HINT = 8
    WEAK = 9
    MANY = 10
    WRAPPER = 11


class Place(IntEnum):
    """Where a sign was read: as a code in the text, as words, or beside the text."""

    CODE = 0
    WORDS = 1
    OUTSIDE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One sign of what the error is: how deep it stands, from inside, and how telling it is."""

    rank: Rank
    depth: int
    weight: int
    kind: Kind
    place: Place
    entry: KnownError | None = None
    reasons: int = 0


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
    found = list(_evidence(peeled, outer_code, failure_type))
    found = _as_run(_as_answered(_while_connecting(found)), outer_code)
    found = _after_codes(_behind_causes(found))
    found = _on_own_machine(found, peeled.root)
    if not found:
        return None
    best = min(found, key=_precedence)
    entry = best.entry
    own = _own_code(best, found)
    return Decision(
        kind=best.kind,
        code=own.code if own else entry.code if entry else None,
        cause=entry.cause if entry else best.kind.cause,
        page=(entry and entry.page) or (own and own.page),
        confidence=_confidence(best, found),
        rivals=_rivals(best, found),
    )


def _precedence(one: Evidence) -> tuple[Rank, int, int, int, str]:
    return (one.rank, one.depth, -one.reasons, -one.weight, one.kind.name)


def _evidence(peeled: Peeled, outer_code: str, failure_type: str) -> Iterator[Evidence]:
    texts = peeled.layers or (peeled.text,)
    for depth, text in enumerate(texts):
        yield from _by_codes(text, depth)
        yield from _by_words(text, depth)
        yield from _by_statements(text, depth)
    outside = len(texts)
    yield from _by_codes(peeled.text, outside)
    yield from (_of_entry(one, outside) for one in own_entries(peeled.codes, peeled.text))
    if texts != (peeled.text,):
        yield from _by_words(peeled.text, outside)
    for one in own_entries([outer_code]):
        found = _of_entry(one, outside + 1)
        # A number from outside is the activity's, whatever went wrong inside it.
        rank = max(found.rank, Rank.OUTER) if one.code.isdigit() else found.rank
        yield replace(found, rank=rank, place=Place.OUTSIDE)
    yield from (_of_entry(one, outside + 1) for one in bare_code(peeled.text))
    if peeled.target and _FAILING.match(peeled.target):
        yield _by_design(outside)
    if not peeled.text and not outer_code and failure_type:
        yield from (_of_entry(one, 0) for one in own_entries(["~Cancelled"]))


def _by_design(depth: int) -> Evidence:
    """An activity named for failing ends a pipeline with words of its author."""
    kind = kinds()["fail_activity"]
    return Evidence(rank=Rank.WEAK, depth=depth, weight=0, kind=kind, place=Place.WORDS)


def _by_codes(text: str, depth: int) -> Iterator[Evidence]:
    for place, entry in enumerate(dict.fromkeys(entries_in(text))):
        yield _of_entry(entry, depth, weight=-place)


def _by_words(text: str, depth: int) -> Iterator[Evidence]:
    text = without_codes(text)
    said = without_advice(plain(text))
    written = frozenset(phrases_in(said))
    for one in written:
        found = _of_phrase(one, depth, weak=one.weak)
        yield replace(found, reasons=reasons_before(said, one.place(said) or 0))
    spelled = frozenset(phrases_in(names_in_words(text))) - written
    yield from (_of_phrase(one, depth, weak=True) for one in spelled)
    named = frozenset(statements_in(names_in_words(text)))
    yield from (replace(_of_statement(one, depth), rank=Rank.WEAK) for one in named)


def _by_statements(text: str, depth: int) -> Iterator[Evidence]:
    said = without_advice(plain(without_codes(text)))
    yield from (_of_statement(one, depth) for one in frozenset(statements_in(said)))


def _of_phrase(one: ErrorPhrase, depth: int, *, weak: bool) -> Evidence:
    rank = Rank.WORDS if one.telling else Rank.HINT
    rank = Rank.STATED if len(one.parts) > 1 and one.weight < _SURE else rank
    rank = Rank.BARE if one.bare and not one.stressed else rank
    rank = Rank.WEAK if weak else rank
    if one.entry and one.entry.many:
        rank = Rank.WRAPPER if one.entry.wrapper else Rank.MANY
    return Evidence(
        rank=rank,
        depth=depth,
        weight=one.weight,
        kind=kinds()[one.kind],
        place=Place.WORDS,
        entry=one.entry,
    )


def _behind_causes(found: list[Evidence]) -> list[Evidence]:
    """What only says that a job or cluster failed gives way to words that say why."""
    return [
        replace(one, rank=Rank.OUTCOME)
        if one.kind.name in _OUTCOMES and Rank.OWN < one.rank < Rank.OUTCOME
        else one
        for one in found
    ]


def _after_codes(found: list[Evidence]) -> list[Evidence]:
    """A number that stands for one cause goes before a statement, though not before a phrase."""
    if not any(one.rank is Rank.OUTER for one in found):
        return found
    return [
        replace(one, rank=Rank.BARE) if one.rank is Rank.STATED else one for one in found
    ]


def _of_statement(one: Statement, depth: int) -> Evidence:
    rank = Rank.WEAK if one.faint else Rank.STATED
    kind = kinds()[one.kind]
    return Evidence(
        rank=rank,
        depth=depth,
        weight=one.weight,
        kind=kind,
        place=Place.WORDS,
        reasons=one.depth,
    )


def _of_entry(entry: KnownError, depth: int, weight: int = 0) -> Evidence:
    rank = Rank.OWN if entry.own else Rank.EXACT
    if entry.vague:
        rank = Rank.VAGUE
    if entry.many:
        rank = Rank.WRAPPER if entry.wrapper else Rank.MANY
    kind = kinds()[entry.kind]
    return Evidence(rank=rank, depth=depth, weight=weight, kind=kind, place=Place.CODE, entry=entry)


def _while_connecting(found: list[Evidence]) -> list[Evidence]:
    """Where no session was opened, only what keeps one from being opened can be the cause."""
    opening = any(
        one.entry and one.entry.own and "FailedToConnect" in one.entry.code for one in found
    )
    if not opening:
        return found
    return [_seen_connecting(one) for one in found if _is_possible(one)]


def _as_answered(found: list[Evidence]) -> list[Evidence]:
    """A bare status that a called function or endpoint answered with is that endpoint's failure."""
    called = next((one for one in found if one.entry and one.entry.code in {"2108", "3608"}), None)
    if called is None:
        return found
    return [
        replace(one, kind=called.kind, entry=called.entry) if _is_answer(one) else one
        for one in found
    ]


def _as_run(found: list[Evidence], outer_code: str) -> list[Evidence]:
    """What a notebook or program met while it ran is a failure of that program."""
    if outer_code not in CODE_RUNS:
        return found
    kind = kinds()["code_failed"]
    return [replace(one, kind=kind) if _is_of_code(one) else one for one in found]


def _is_of_code(one: Evidence) -> bool:
    categories = set(one.kind.categories.values())
    return one.rank in {Rank.STATED, Rank.BARE} and bool(categories & _OF_CODE)


def _is_answer(one: Evidence) -> bool:
    own = set(one.kind.categories.values()) & _OF_CALLS or one.kind.name in _OF_CALLERS
    return one.rank >= Rank.WORDS and not own


def _is_possible(one: Evidence) -> bool:
    return one.rank < Rank.OWN or one.kind.connecting or one.kind.name in _IN_TIME


def _on_own_machine(found: list[Evidence], text: str) -> list[Evidence]:
    """A path with a drive letter is on the runtime's machine, which may not or cannot open it."""
    if not _DRIVE.search(text):
        return found
    kind = kinds()["runtime_path"]
    return [
        replace(one, kind=kind, entry=None)
        if one.kind.name in _REFUSALS and one.rank >= Rank.WORDS
        else one
        for one in found
    ]


def _seen_connecting(one: Evidence) -> Evidence:
    other = _IN_TIME.get(one.kind.name)
    if other is None:
        return one
    return replace(one, kind=kinds()[other], entry=None)


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
    if best.rank is Rank.WRAPPER:
        return "unknown"
    if best.rank > Rank.OWN and best.rank is not Rank.OUTER:
        return "likely"
    said = [
        one
        for one in found
        if one.rank in {Rank.WORDS, Rank.STATED} and one.depth <= best.depth
    ]
    first = min(said, key=_precedence, default=None)
    agree = first is None or set(first.kind.categories.values()) & set(
        best.kind.categories.values()
    )
    return "known" if agree else "likely"


def _rivals(best: Evidence, found: list[Evidence]) -> tuple[Kind, ...]:
    """Other kinds that the same words or the same code allow."""
    if best.entry and best.rank is Rank.MANY:
        named = [kinds()[name] for name in best.entry.candidates]
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
