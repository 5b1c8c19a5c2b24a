"""What happened inside a run, for a language model: the cause first, broken parts before others."""

from collections.abc import Sequence

from adf.records import (
    BROKEN,
    ActivityError,
    ActivityRun,
    ActivityTable,
    Cause,
    CauseStep,
    ErrorExplanation,
    ErrorHistory,
    Meaning,
    Occurrence,
    RerunOdds,
    RunReport,
)
from bot.agents.model.facts.fields import Facts, FactWriter, counted, cut, filled, seconds, word
from bot.agents.model.facts.runs import check_facts

MOST_ERRORS = 3
MOST_NAMES = 20
LONGEST_MEANING = 320


def run_report(record: RunReport, writer: FactWriter) -> Facts:
    """A run with its cause, what that means, and the parts of it."""
    inside = sorted(record.activity_runs, key=lambda one: one.status not in BROKEN)
    parameters = {word(key): word(value) for key, value in record.run.parameters.items()}
    return filled(
        record="run",
        factory=record.run.factory,
        as_of=writer.at(record.as_of),
        run=writer.of_run(record.run),
        message=writer.error(record.run.message) if record.cause is None else None,
        cause=_cause(record.cause, writer) if record.cause else None,
        meaning=_meaning(record.meaning) if record.meaning else None,
        newest_run=writer.of_run(record.newer) if record.newer else None,
        look_inside=check_facts(record.check) if record.check else None,
        error_history=_history(record.history, writer) if record.history else None,
        reruns_after_this_error=_odds(record.odds) if record.odds else None,
        gaps=writer.some(record.gaps, word) if writer.error_text else len(record.gaps),
        count_by_status=counted(one.status for one in inside),
        activity_runs=writer.some(inside, lambda one: _activity_run(one, writer)),
        left_out=writer.omitted(inside) or None,
        child_runs=writer.some(record.children, lambda child: writer.of_run(child.run), 10),
        parameters=parameters if writer.error_text else None,
        owner=word(record.notes.owner or ""),
        critical=record.notes.critical or None,
        waiting_downstream=writer.some(_waiting(record), word, MOST_NAMES),
    )


def activity_table(record: ActivityTable, writer: FactWriter) -> Facts:
    """The same as its report, with the states that were asked for."""
    facts = run_report(record.report, writer)
    return {**facts, **filled(status_filter=[str(one) for one in record.only])}


def _cause(cause: Cause, writer: FactWriter) -> Facts:
    items = cause.items
    known = [cause.error.message]
    other: list[ActivityError] = []
    for one in cause.failed:
        if one.error and not _is_repeated(one.error.message, known):
            known.append(one.error.message)
            other.append(one.error)
    return filled(
        failure_path=[_step(one) for one in cause.path[-6:]],
        error=_error(cause.error, writer),
        other_errors=[_error(one, writer) for one in other[: min(MOST_ERRORS, writer.rows) - 1]],
        items_total=items.total if items else None,
        items_failed=items.failed if items else None,
        failed_items=writer.some(items.names, word, MOST_NAMES) if items else None,
    )


def _is_repeated(message: str, known: Sequence[str]) -> bool:
    """Whether an error is one that was told, or only wraps it."""
    return any(message == one or (one and message.endswith(one)) for one in known)


def _step(step: CauseStep) -> Facts:
    return filled(
        pipeline=word(step.pipeline),
        activity=word(step.activity),
        type=step.kind,
    )


def _error(error: ActivityError, writer: FactWriter) -> Facts:
    return filled(
        code=word(error.code),
        failure_type=word(error.failure_type),
        target=word(error.target),
        message=writer.error(error.message),
    )


def _meaning(meaning: Meaning) -> Facts:
    return filled(
        code=meaning.code,
        cause=cut(meaning.cause, LONGEST_MEANING),
        next_steps=[cut(one, LONGEST_MEANING) for one in meaning.next_steps[:5]],
        does_a_rerun_help=meaning.rerun,
        who_can_fix_it=meaning.actor,
        confidence=meaning.confidence,
        other_causes=[cut(one, LONGEST_MEANING) for one in meaning.candidates],
    )


def error_explanation(record: ErrorExplanation, writer: FactWriter) -> Facts:
    """An error text that somebody asked about, with its innermost message and its meaning."""
    return filled(
        record="ErrorExplanation",
        says=writer.error(record.root),
        category=record.category,
        side=record.side,
        meaning=_meaning(record.meaning) if record.meaning else "nothing is known of this error",
    )


def _odds(odds: RerunOdds) -> Facts:
    known = odds.is_sample
    return filled(
        days=odds.days,
        reruns=odds.reruns,
        went_green=odds.green,
        green_after_s=seconds(odds.median),
        true_rate_between=[round(odds.low, 2), round(odds.high, 2)] if known else None,
        too_few_to_tell=None if known else True,
        left_alone=odds.left_alone or None,
        green_by_itself=odds.healed or None,
    )


def _history(history: ErrorHistory, writer: FactWriter) -> Facts:
    return filled(
        days=history.days,
        times=len(history.occurrences),
        newest=writer.some(history.occurrences, lambda one: _occurrence(one, writer), 8),
    )


def _occurrence(one: Occurrence, writer: FactWriter) -> Facts:
    good = one.recovered
    return filled(
        run_id=one.run.run_id,
        failed_at=writer.at(one.run.end or one.run.start),
        recovered_at=writer.at(good.end or good.start) if good else None,
    )


def _activity_run(one: ActivityRun, writer: FactWriter) -> Facts:
    return filled(
        name=word(one.name),
        type=one.kind,
        status=str(one.status),
        item=word(one.item or ""),
        start=writer.at(one.start),
        duration_s=seconds(one.duration),
        rows_copied=one.rows_copied,
        attempt=one.retry_attempt or None,
        runtime=word(one.runtime or ""),
        error_code=word(one.error.code) if one.error else None,
    )


def _waiting(record: RunReport) -> tuple[str, ...]:
    """Who waits for it, as it was looked up, else as it was declared."""
    return tuple(one.name for one in record.waiting) or record.notes.downstream
