"""Answers about a run by its place beside another: the one before, an hour earlier, the newest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from adf.records import BROKEN, ActivityTable, PipelineRun
from bot.agents.answers.context import AnswerContext, answered, said
from bot.agents.interface import Answer
from bot.agents.understanding.entities.run_steps import RunStep, Way
from bot.agents.understanding.entities.time_ranges import KEPT_DAYS
from bot.agents.understanding.intents import Intent, group_of

LONG_AGO_HOURS = KEPT_DAYS * 24.0
_CAUSE = group_of(Intent.WHY)
_INSIDE = group_of(Intent.DETAILS)


async def other_run(turn: AnswerContext, step: RunStep) -> Answer:
    """The run that a step leads to, shown as the last one was; never the same run again."""
    listed = await turn.runs(pipeline=turn.pipeline)
    chosen = _reached(turn, step, listed.runs, is_all=False)
    if chosen is None:
        listed = await turn.runs(pipeline=turn.pipeline, hours=LONG_AGO_HOURS)
        chosen = _reached(turn, step, listed.runs, is_all=True)
    if chosen is None:
        return said(turn, _nothing_there(turn, step))
    answer = await report_of_run(turn, chosen.run_id)
    is_newest = chosen.run_id == listed.runs[0].run_id
    return replace(answer, memory={**answer.memory, "elsewhere": not is_newest})


async def report_of_run(turn: AnswerContext, run_id: str) -> Answer:
    """One run as it was asked about: its cause, its activities, or how it stands."""
    found = await turn.runs(run_id=run_id, latest_only=True)
    if turn.intent in _CAUSE and found.runs[0].status in BROKEN:
        return answered(turn, await turn.report(run_id))
    is_inside = turn.intent in _INSIDE
    if is_inside and not (turn.intent is Intent.ROWS and any(one.rows for one in found.checks)):
        return answered(turn, ActivityTable(report=await turn.report(run_id)))
    return answered(turn, found)


def _nothing_there(turn: AnswerContext, step: RunStep) -> str:
    """That there is no such run, and how far back was looked."""
    if step.way is Way.ON:
        return f"No run of {turn.pipeline} started after that one."
    return (
        f"I found no run of {turn.pipeline} before that one: Data Factory keeps runs for "
        f"{KEPT_DAYS} days."
    )


def _reached(
    turn: AnswerContext, step: RunStep, runs: Sequence[PipelineRun], *, is_all: bool
) -> PipelineRun | None:
    """The run that the step leads to; None where the list, `is_all` of them or not, has none."""
    if not runs or step.way is Way.NEWEST:
        return runs[0] if runs else None
    known = turn.run_id if step.way is not Way.BEFORE_NEWEST else runs[0].run_id
    ids = [run.run_id for run in runs]
    if known not in ids and known and not is_all:
        return None
    place = ids.index(known) if known in ids else 0
    others = runs[:place][::-1] if step.way is Way.ON else runs[place + 1 :]
    if step.away is None:
        return others[step.count - 1] if len(others) >= step.count else None
    return _nearest(step, step.away, runs[place], others, is_all=is_all)


def _nearest(
    step: RunStep,
    away: timedelta,
    base: PipelineRun,
    others: Sequence[PipelineRun],
    *,
    is_all: bool,
) -> PipelineRun | None:
    """Of the other runs the one that started nearest to the moment that was said."""
    started = [(run.start, run) for run in others if run.start is not None]
    if base.start is None or not started:
        return None
    target = base.start + away if step.way is Way.ON else base.start - away
    if step.way is Way.BACK and started[-1][0] > target and not is_all:
        return None  # an older one may be nearer
    return min(started, key=lambda one: abs(one[0] - target))[1]
