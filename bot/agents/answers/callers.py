"""What is said of the pipelines that start another: without them it does not run."""

import asyncio
from collections.abc import Sequence

from adf.records import BROKEN, PipelineRun
from bot.agents.answers.context import AnswerContext

MOST_CALLERS = 3


async def callers_told(turn: AnswerContext) -> str | None:
    """A sentence on the newest runs of those that call the pipeline; None when nobody does."""
    callers = _callers(turn)
    if not callers:
        return None
    found = await asyncio.gather(*(turn.runs(pipeline=one, latest_only=True) for one in callers))
    told = [_told(name, runs.runs) for name, runs in zip(callers, found, strict=True)]
    return f"{turn.pipeline} is started by {'; '.join(told)}."


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
    return f"It did not run since then: {failed[0]}, which starts it, failed."


def _callers(turn: AnswerContext) -> Sequence[str]:
    meant = turn.factory or turn.question.factory
    return [
        one.name
        for one in turn.pipelines
        if turn.pipeline in one.calls and meant in {"", one.factory}
    ][:MOST_CALLERS]


def _told(name: str, runs: Sequence[PipelineRun]) -> str:
    if not runs:
        return f"{name}, which did not run either"
    newest = runs[0]
    if newest.status in BROKEN:
        return f"{name}, whose newest run failed: ask why {name} failed"
    return f"{name}, whose newest run is {newest.status}"
