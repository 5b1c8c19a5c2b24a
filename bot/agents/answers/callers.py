"""Sentences on the newest run of a pipeline, and on the pipelines that start it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records import BROKEN, PipelineRun, RunStatus
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


async def describe_callers(turn: AnswerContext) -> str | None:
    """A sentence on the newest runs of those that call the pipeline; None when nobody does."""
    callers = _callers(turn)
    if not callers:
        return None
    found = await asyncio.gather(*(turn.runs(pipeline=one, latest_only=True) for one in callers))
    states = [_describe(name, runs.runs) for name, runs in zip(callers, found, strict=True)]
    return f"{turn.pipeline} is started by {'; '.join(states)}."


async def not_reached(turn: AnswerContext, newest: PipelineRun) -> str | None:
    """A sentence on a caller that failed later than the newest run, so that no run was started."""
    callers = _callers(turn) if newest.start else ()
    found = await asyncio.gather(*(turn.runs(pipeline=one, latest_only=True) for one in callers))
    later = (runs.runs[0] for runs in found if runs.runs)
    failed = [
        run.pipeline
        for run in later
        if run.status in BROKEN and run.start and newest.start and run.start > newest.start
    ]
    if not failed:
        return None
    return f"It has not run since then: {failed[0]}, which starts it, failed."


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
