"""Answers about whether a green run did its work: rows, failures inside, skipped parts, length."""

from dataclasses import replace

from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityTable,
    RunCheck,
    RunList,
    RunReport,
    RunStatus,
)
from adf.records.groups import grouped_runs
from bot.agents.answers.context import AnswerContext, answered
from bot.agents.interface import Answer
from cards.text import count

_LIMIT = "I can see what was moved, not whether the values are right."
_NOTHING_TO_COMPARE = "Too few earlier runs say how many rows are usual."


async def quality(turn: AnswerContext) -> Answer:
    """What speaks against a green run; of every pipeline where none is named."""
    run_id = turn.frame.slots.run_id or (turn.run_id if not turn.times else None)
    if run_id:
        return _of_report(turn, await turn.report(run_id))
    if turn.pipeline is None:
        return await _of_all(turn)
    runs = await turn.runs(pipeline=turn.pipeline, latest_only=True, **turn.times)
    ended = next((run for run in runs.runs if run.status not in ACTIVE), None)
    if ended is None:
        return answered(turn, runs)
    going = runs.runs[0].status in ACTIVE
    return _of_report(turn, await turn.report(ended.run_id), is_before=going)


def _of_report(turn: AnswerContext, report: RunReport, *, is_before: bool = False) -> Answer:
    """The inside of a green run with what speaks against it; of a broken one, why it broke."""
    if report.run.status is not RunStatus.SUCCEEDED:
        return answered(turn, report)
    first = f"{report.run.pipeline} is running again; this is the run before." if is_before else ""
    said = [one for one in (first, _verdict(report.check)) if one]
    return answered(turn, ActivityTable(report=report), note=" ".join(said))


def _verdict(check: RunCheck | None) -> str:
    """What can be said without doubts, and never more than that."""
    if check is None:
        return "I couldn't look inside it."
    if check.doubts:
        return _LIMIT
    if check.rows is None:
        return f"Nothing speaks against it, but no activity says how many rows it moved. {_LIMIT}"
    if check.usual_rows is None:
        return f"{_NOTHING_TO_COMPARE} {_LIMIT}"
    return f"Nothing speaks against it ({_rests(check)}). {_LIMIT}"


def _rests(check: RunCheck) -> str:
    sample = f"{count(check.sample, 'earlier run')}" if check.sample else "declared by its owners"
    return f"{count(check.rows or 0, 'row')}, usually {check.usual_rows or 0:,}: {sample}"


async def _of_all(turn: AnswerContext) -> Answer:
    """The green runs to look at, of all pipelines or the critical ones."""
    runs = await turn.runs(latest_only=True, critical=turn.critical, **turn.times)
    doubtful = {one.run_id for one in runs.doubtful}
    if doubtful:
        listed = tuple(run for run in runs.runs if run.run_id in doubtful)
        return answered(turn, replace(runs, runs=listed), note=_beside(runs))
    return answered(turn, runs, note=f"{_none_doubtful(runs)} {_LIMIT}")


def _beside(runs: RunList) -> str:
    groups = grouped_runs(runs.runs)
    failed = sum(any(run.status in BROKEN for run in group.runs) for group in groups)
    also = f" {count(failed, 'pipeline')} failed: ask what failed." if failed else ""
    return f"{count(len(runs.doubtful), 'green run')} to check.{also}"


def _none_doubtful(runs: RunList) -> str:
    looked = count(len(runs.checks), "pipeline")
    return f"Nothing speaks against the newest green run of {looked}."
