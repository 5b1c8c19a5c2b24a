"""Answers about what goes on now: what runs, what waits and why, what takes too long."""

import asyncio
from dataclasses import replace

from adf.records import QueueReport, RunList, RunStatus
from bot.agents.answers.context import AnswerContext, answered
from bot.agents.answers.schedules import not_started
from bot.agents.answers.slow_runs import none_slow, queue_if_readable, queue_of, slow_runs
from bot.agents.answers.status import status
from bot.agents.interface import Answer
from cards.text import duration

_ACTIVE = [RunStatus.IN_PROGRESS, RunStatus.QUEUED]


async def running(turn: AnswerContext) -> Answer:
    """What runs or waits now, and which of it takes longer than usual."""
    runs, report = await asyncio.gather(
        turn.runs(pipeline=turn.pipeline, status=_ACTIVE, critical=turn.critical),
        queue_if_readable(turn),
    )
    if turn.pipeline and not runs.runs:
        return await status(turn)
    note = slow_runs(turn, report, {run.pipeline for run in runs.runs}) if report else None
    return answered(turn, runs, note=note)


async def stuck(turn: AnswerContext) -> Answer:
    """Runs that take long: those over a limit, or what runs now against its usual time."""
    limit = turn.frame.slots.limit
    if limit is None or limit.length is None:
        return await _against_usual(turn)
    runs = await turn.runs(pipeline=turn.pipeline, critical=turn.critical, **turn.times)
    timed = [(run, run.lasted(runs.as_of)) for run in runs.runs]
    began = [(run, took) for run, took in timed if took is not None]
    long = tuple(run for run, took in began if (took > limit.length) == limit.over)
    side = "longer" if limit.over else "less"
    note = f"Runs that took {side} than {duration(limit.length)}: {len(long)} of {len(began)}."
    return answered(turn, replace(runs, runs=long), note=note)


async def queue(turn: AnswerContext) -> Answer:
    """What waits, why, and what it waits behind."""
    if turn.pipeline is None:
        return answered(turn, _waiting_only(await queue_of(turn)))
    runs, report = await asyncio.gather(
        turn.runs(pipeline=turn.pipeline, status=_ACTIVE), queue_of(turn)
    )
    if report.queues:
        return answered(turn, report)
    return await _nothing_waits(turn, runs)


async def _against_usual(turn: AnswerContext) -> Answer:
    """What runs now, with a word on whether any of it takes longer than usual."""
    if turn.pipeline:
        return await _one_against_usual(turn, turn.pipeline)
    runs, report = await asyncio.gather(
        turn.runs(status=_ACTIVE, critical=turn.critical), queue_if_readable(turn)
    )
    if report is None:
        return answered(turn, runs, note="I couldn't read how long these runs usually take.")
    return answered(turn, runs, note=slow_runs(turn, report) or none_slow(report))


async def _one_against_usual(turn: AnswerContext, pipeline: str) -> Answer:
    runs, report = await asyncio.gather(
        turn.runs(pipeline=pipeline, latest_only=True, **turn.times), queue_if_readable(turn)
    )
    if report is None or not report.running:
        return answered(turn, runs, note=f"{pipeline} is not running now.")
    return answered(turn, report, note=None if slow_runs(turn, report) else none_slow(report))


async def _nothing_waits(turn: AnswerContext, runs: RunList) -> Answer:
    """Nothing of it runs or waits: why it did not start, else how its newest run ended."""
    idle = await not_started(turn, runs)
    if idle is not None:
        return idle
    newest = await turn.runs(pipeline=turn.pipeline, latest_only=True, **turn.times)
    return answered(turn, newest, note=f"No run of {turn.pipeline} is queued or running now.")


def _waiting_only(report: QueueReport) -> QueueReport:
    """What waits, where anything does; else what runs."""
    waiting = tuple(one for one in report.queues if one.is_waiting)
    return replace(report, queues=waiting) if waiting else report
