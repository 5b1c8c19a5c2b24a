"""Sentences on the newest run of a pipeline, and on the pipelines that start it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records import BROKEN, InvokedBy, PipelineRun, RunList, RunStatus, broken_upstream_said
from adf.records.moments import moment_said
from bot.agents.answers.context import AnswerContext

MOST_CALLERS = 3
_ENDED = {
    RunStatus.QUEUED: "is queued",
    RunStatus.IN_PROGRESS: "is running",
    RunStatus.CANCELING: "is being canceled",
    RunStatus.CANCELLED: "was canceled",
    RunStatus.SKIPPED: "was skipped",
    RunStatus.TIMED_OUT: "timed out",
    RunStatus.SUCCEEDED: "succeeded",
    RunStatus.FAILED: "failed",
}


def last_run_sentence(run: PipelineRun, zone: ZoneInfo, now: datetime) -> str:
    """When the newest run started, and what became of it."""
    started = f" started {moment_said(run.start, zone, now)} and" if run.start else ""
    return f"Its last run{started} {_ended(run)}."


def held_up_said(turn: AnswerContext, runs: RunList) -> str | None:
    """What kept one pipeline from starting or from new data, for a list that shows it green."""
    zone, now = turn.question.zone, turn.question.now
    return broken_upstream_said(runs.pipeline or "", runs.upstream, zone, now) or None


def started_by_said(run: PipelineRun, zone: ZoneInfo, now: datetime) -> str:
    """Who or what started a run, and when; what Data Factory does not keep is said to be so."""
    by, at = run.invoked_by, f" {moment_said(run.start, zone, now)}" if run.start else ""
    if by is None or not by.name:
        return f"Data Factory does not say who started {run.pipeline}."
    if by.is_by_hand:
        return f"Started by hand{at}{_by_whom(by)}."
    kind = f" ({by.kind})" if by.kind else ""
    return f"Started{at} by {by.name}{kind}."


def by_hand_before(
    runs: Sequence[PipelineRun], other: PipelineRun, zone: ZoneInfo, now: datetime
) -> str | None:
    """Who started it by hand last, where another run is meant that began otherwise."""
    last = next((run for run in runs if run.invoked_by and run.invoked_by.is_by_hand), None)
    if last is None or last.invoked_by is None or last.run_id == other.run_id:
        return None
    at = f" {moment_said(last.start, zone, now)}" if last.start else ""
    return f"By hand it was last started{at}{_by_whom(last.invoked_by)}."


def _by_whom(by: InvokedBy) -> str:
    if by.person is None:
        return "; Azure's activity log does not tell by whom"
    return f" by {by.person} (from Azure's activity log)"


async def describe_callers(turn: AnswerContext) -> str | None:
    """A sentence on the newest runs of those that call the pipeline; None when nobody does."""
    callers = _callers(turn)
    if not callers:
        return None
    found = await asyncio.gather(*(turn.runs(pipeline=one, latest_only=True) for one in callers))
    states = [_describe(name, runs.runs) for name, runs in zip(callers, found, strict=True)]
    return f"{turn.pipeline} is started by {'; '.join(states)}."


def _callers(turn: AnswerContext) -> Sequence[str]:
    meant = turn.factory or turn.question.factory
    return [
        one.name
        for one in turn.pipelines
        if turn.pipeline in one.calls and meant in {"", one.factory}
    ][:MOST_CALLERS]


def _describe(name: str, runs: Sequence[PipelineRun]) -> str:
    if not runs:
        return f"{name}, which did not run either"
    if runs[0].status in BROKEN:
        return f"{name}, whose last run {_ended(runs[0])}: ask why {name} failed"
    return f"{name}, whose last run {_ended(runs[0])}"


def _ended(run: PipelineRun) -> str:
    return _ENDED.get(run.status, "is in an unknown state")
