"""What the evidence of an error means in its context: where it stood decides what it can be."""

import re
from collections.abc import Sequence
from dataclasses import replace

from adf.diagnosis.evidence import Evidence, Rank
from adf.diagnosis.knowledge import kinds

# The activities that run a program of their user's: notebook, job, script, custom activity.
CODE_RUNS = frozenset({"3204", "6002", "2312", "2347", "2500"})
_CALLS = frozenset({"2108", "3608"})
_IN_TIME = {"query_timeout": "connect_timeout", "timeout": "connect_timeout"}
# What keeps a call from its endpoint, or is known of any endpoint; the rest is what it answered.
_OF_CALLS = frozenset({"auth", "network", "throttling", "timeout", "quota", "cancelled"})
_OF_CALLERS = frozenset({"bad_url", "expression", "auth_setting", "size_limit"})
_OF_CODE = frozenset({"source_data", "sink_data", "schema_mapping", "service_transient", "config"})
_DRIVE = re.compile(r"['\"‘“][A-Za-z]:\\")
_REFUSALS = frozenset({"permission", "unreachable"})
# What a failure led to, which says less than words of its cause.
_OUTCOMES = frozenset(
    {"cluster_start", "job_failed", "code_failed", "function_failed", "rest_failed", "trigger"}
    | {"sap_error", "bad_request", "cancelled", "service_error"}
)


def in_context(found: Sequence[Evidence], outer_code: str, root: str) -> list[Evidence]:
    """The evidence as it is to be read where it was found."""
    seen = _as_run(_as_answered(_while_connecting(list(found))), outer_code)
    return _on_own_machine(_after_codes(_behind_causes(seen)), root)


def _while_connecting(found: list[Evidence]) -> list[Evidence]:
    """Where no session was opened, only what keeps one from being opened can be the cause."""
    if not is_connecting(found):
        return found
    return [_seen_connecting(one) for one in found if _is_possible(one)]


def is_connecting(found: Sequence[Evidence]) -> bool:
    """Whether a code says that no session was opened."""
    return any(one.entry and one.entry.own and "FailedToConnect" in one.entry.code for one in found)


def _is_possible(one: Evidence) -> bool:
    return one.rank < Rank.OWN or one.kind.connecting or one.kind.name in _IN_TIME


def _seen_connecting(one: Evidence) -> Evidence:
    other = _IN_TIME.get(one.kind.name)
    if other is None:
        return one
    return replace(one, kind=kinds()[other], entry=None)


def _as_answered(found: list[Evidence]) -> list[Evidence]:
    """A bare status that a called function or endpoint answered with is that endpoint's failure."""
    called = next((one for one in found if one.entry and one.entry.code in _CALLS), None)
    if called is None:
        return found
    return [
        replace(one, kind=called.kind, entry=called.entry) if _is_answer(one) else one
        for one in found
    ]


def _is_answer(one: Evidence) -> bool:
    own = set(one.kind.categories.values()) & _OF_CALLS or one.kind.name in _OF_CALLERS
    return one.rank >= Rank.WORDS and not own


def _as_run(found: list[Evidence], outer_code: str) -> list[Evidence]:
    """What a notebook or program met while it ran is a failure of that program."""
    if outer_code not in CODE_RUNS:
        return found
    kind = kinds()["code_failed"]
    return [replace(one, kind=kind) if _is_of_code(one) else one for one in found]


def _is_of_code(one: Evidence) -> bool:
    categories = set(one.kind.categories.values())
    return one.rank in {Rank.STATED, Rank.BARE} and bool(categories & _OF_CODE)


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
    return [replace(one, rank=Rank.BARE) if one.rank is Rank.STATED else one for one in found]


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
