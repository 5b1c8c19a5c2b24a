"""Holds an answer against the truth: what contradicts it, in words; None when nothing does.

Only a sure answer can be wrong: whoever asks back has claimed nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityTable,
    Comparison,
    PipelineList,
    RunList,
    RunReport,
    RunStats,
    RunStatus,
)
from cards.records import Help, Picker, Problem, Usage
from tests.paraphrases.facts import Facts, facts_of
from tests.paraphrases.meaning import Kind, Meaning
from tests.paraphrases.stage import Outcome

BAD = frozenset({RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.CANCELLED})
ENDED_WELL = frozenset({RunStatus.SUCCEEDED})
SHORT = timedelta(hours=6)
LATE = timedelta(minutes=5)
CHANGES = frozenset({"ops_subscribe", "ops_unsubscribe", "ops_bind", "bot_reset"})
BY_CALL: Mapping[Kind, str] = {
    Kind.SUBSCRIBE: "ops_subscribe",
    Kind.UNSUBSCRIBE: "ops_unsubscribe",
    Kind.SUBSCRIPTIONS: "ops_list_subscriptions",
    Kind.USAGE: "bot_usage",
    Kind.HELP: "bot_help",
    Kind.RESET: "bot_reset",
    Kind.BIND: "ops_bind",
}


def contradiction(meaning: Meaning, outcome: Outcome, now: datetime) -> str | None:
    """Why a sure answer is wrong, beginning with the class of the mistake."""
    if not outcome.answer.sure:
        return None
    records = outcome.answer.records
    if any(isinstance(one, Picker | Problem) for one in records):
        return "sure while asking back: " + ", ".join(type(one).__name__ for one in records)
    found_facts = (facts_of(one, outcome.calls) for one in records)
    facts = [one for one in found_facts if one]
    if meaning.must_ask:
        return _unknowable(meaning, outcome, facts)
    found = [_against(kind, meaning, outcome, facts, now) for kind in sorted(meaning.kinds)]
    wrong = [one for one in found if one]
    # A mistake beyond the kind tells more than "another kind was wanted".
    return None if None in found else min(wrong, key=lambda one: one.startswith("wrong kind"))


def _unknowable(meaning: Meaning, outcome: Outcome, facts: list[Facts]) -> str | None:
    shown = frozenset[str]().union(*(one.pipelines for one in facts))
    note = outcome.answer.note or ""
    if meaning.but and "Without" in note and not shown & meaning.but:
        return None
    if meaning.parts > 1 and (len(facts) >= meaning.parts or "part of that" in note):
        return None
    if meaning.every and shown == meaning.pipelines:
        return None
    if meaning.every and any(isinstance(one, PipelineList) for one in outcome.answer.records):
        return None
    return f"sure though it must be asked: shows {sorted(shown) or outcome.answer.text!r}"


def _against(
    kind: Kind, meaning: Meaning, outcome: Outcome, facts: list[Facts], now: datetime
) -> str | None:
    if kind is Kind.NO_DATA:
        return _shows_nothing(meaning, outcome, facts)
    if kind in BY_CALL:
        return _called(kind, meaning, outcome, facts)
    if not facts:
        return _only_words(kind, meaning, outcome)
    wrong = (
        _wrong_pipeline(meaning, facts)
        or _wrong_factory(meaning, facts)
        or _wrong_kind(kind, outcome)
        or _wrong_time(kind, meaning, facts, now)
        or _wrong_run(meaning, facts)
    )
    return wrong or _wrong_filter(meaning, outcome)


def _shows_nothing(meaning: Meaning, outcome: Outcome, facts: list[Facts]) -> str | None:
    """Nothing was asked that runs tell; a run of the pipeline with a sentence on it is fair."""
    acts = [one.name for one in outcome.calls if one.name in CHANGES]
    if acts:
        return f"acts though nobody asked for it: {acts}"
    shown = frozenset[str]().union(*(one.pipelines for one in facts))
    if facts and not (outcome.answer.note and shown and shown <= meaning.pipelines):
        return f"data for what is none of our questions: {[one.what for one in facts]}"
    return None


def _called(kind: Kind, meaning: Meaning, outcome: Outcome, facts: list[Facts]) -> str | None:
    named = [one for one in outcome.calls if one.name == BY_CALL[kind]]
    records = outcome.answer.records
    if kind is Kind.RESET and not named and not records and not outcome.answer.memory:
        return None
    if kind is Kind.HELP and any(isinstance(one, Help) for one in records):
        return None
    if kind is Kind.USAGE and any(isinstance(one, Usage) for one in records):
        return None
    if not named or facts:
        return f"wrong kind: {kind} wanted, got {_summary(outcome)}"
    given = named[-1].arguments
    if meaning.pipelines and given.get("target") not in meaning.pipelines:
        return f"wrong pipeline: {given} wanted {sorted(meaning.pipelines)}"
    if kind is Kind.BIND and given.get("factory") != meaning.factory:
        return f"wrong factory: {given} wanted {meaning.factory}"
    if meaning.where and given.get("where", "here") != meaning.where:
        return f"wrong place: {given} wanted {meaning.where}"
    return None


def _only_words(kind: Kind, meaning: Meaning, outcome: Outcome) -> str | None:
    reads = [one for one in outcome.calls if one.name.startswith("adf_")]
    named = {str(one.arguments["pipeline"]) for one in reads if one.arguments.get("pipeline")}
    if kind is Kind.STEPS and not outcome.answer.records and named <= meaning.pipelines:
        return None
    if not reads:
        return f"wrong kind: {kind} wanted, got {_summary(outcome)}"
    if meaning.pipelines and not named <= meaning.pipelines:
        return f"wrong pipeline: asked for {sorted(named)}"
    return None


def _wrong_pipeline(meaning: Meaning, facts: list[Facts]) -> str | None:
    shown = frozenset[str]().union(*(one.pipelines for one in facts))
    wanted = meaning.pipelines
    if any(one.is_whole for one in facts) and wanted:
        return f"wrong pipeline: all of them, wanted {sorted(wanted)}"
    if wanted and not shown <= wanted:
        return f"wrong pipeline: {sorted(shown)}, wanted {sorted(wanted)}"
    if wanted and meaning.every and shown != wanted:
        return f"only a part: {sorted(shown)}, wanted {sorted(wanted)}"
    if not wanted and not all(one.is_whole for one in facts):
        return f"wrong pipeline: {sorted(shown)}, wanted all of them"
    return None


def _wrong_factory(meaning: Meaning, facts: list[Facts]) -> str | None:
    shown = {one.factory for one in facts}
    if meaning.factory and shown != {meaning.factory}:
        return f"wrong factory: {sorted(shown)}, wanted {meaning.factory}"
    return None


def _wrong_kind(kind: Kind, outcome: Outcome) -> str | None:
    if any(SHOWS[kind](record) for record in outcome.answer.records):
        return None
    return f"wrong kind: {kind} wanted, got {_summary(outcome)}"


def _wrong_time(kind: Kind, meaning: Meaning, facts: list[Facts], now: datetime) -> str | None:
    for one in facts:
        if meaning.spans and not any(one.lies_in(span) for span in meaning.spans):
            return f"wrong time: {one.when} wanted {[str(span) for span in meaning.spans]}"
        if not meaning.spans and kind in {Kind.FAILURES, Kind.STATUS} and one.range:
            start, end = one.range
            if end < now - LATE or start > now - SHORT:
                return f"a time nobody said: {one.when}"
    return None


def _wrong_run(meaning: Meaning, facts: list[Facts]) -> str | None:
    shown = {one.run_id for one in facts if one.run_id}
    if meaning.run_ids and shown and not shown <= meaning.run_ids:
        return f"wrong run: {sorted(shown)}, wanted {sorted(meaning.run_ids)}"
    return None


def _wrong_filter(meaning: Meaning, outcome: Outcome) -> str | None:
    given = [one.arguments.get("critical") for one in outcome.calls if one.name[:4] == "adf_"]
    if meaning.critical and True not in given:
        return "wrong filter: only critical ones were wanted"
    if meaning.critical is None and True in given:
        return "wrong filter: nobody asked for critical ones only"
    return None


def _status(record: object) -> bool:
    return isinstance(record, RunList | RunReport)


def _why(record: object) -> bool:
    """The report of a run; or the list, where the newest run that ended did not break."""
    if isinstance(record, RunList):
        ended = [run for run in record.runs if run.status not in ACTIVE]
        return not ended or ended[0].status not in BROKEN
    return isinstance(record, RunReport | ActivityTable)


def _list_of(states: frozenset[RunStatus]) -> Callable[[object], bool]:
    def is_such(record: object) -> bool:
        if not isinstance(record, RunList):
            return False
        return bool(record.statuses) and states.issuperset(record.statuses)

    return is_such


SHOWS: Mapping[Kind, Callable[[object], bool]] = {
    Kind.STATUS: _status,
    Kind.WHY: _why,
    Kind.STEPS: _status,
    Kind.DURATION: lambda one: isinstance(one, RunList | RunReport | RunStats),
    Kind.TREND: lambda one: isinstance(one, RunStats),
    Kind.COMPARE: lambda one: isinstance(one, Comparison),
    Kind.HISTORY: lambda one: isinstance(one, RunReport) and one.history is not None,
    Kind.FAILURES: _list_of(BAD),
    Kind.SUCCEEDED: _list_of(ENDED_WELL),
    Kind.RUNNING: _list_of(ACTIVE),
    Kind.OVERALL: lambda one: isinstance(one, RunList | RunStats),
    Kind.LIST: lambda one: isinstance(one, PipelineList),
}


def _summary(outcome: Outcome) -> str:
    kinds = ", ".join(type(one).__name__ for one in outcome.answer.records)
    return kinds or f"words {(outcome.answer.text or '')[:60]!r}"
