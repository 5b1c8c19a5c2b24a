"""Which of the runs that are going on take too long, in a sentence that says what it rests on."""

from collections.abc import Collection
from dataclasses import replace
from typing import cast

from adf.errors import AdfError
from adf.records import Pace, QueueReport, RunProgress
from bot.agents.answers.context import AnswerContext
from cards.text import count, duration

MOST_SAID = 4


async def queue_of(turn: AnswerContext, *, why: bool = True) -> QueueReport:
    """What runs and waits, of the pipeline that is meant or of all but those left out."""
    shorter = None if why else False
    found = cast(
        "QueueReport", await turn.call("adf_queue_status", pipeline=turn.pipeline, why=shorter)
    )
    excluded = turn.frame.slots.excluded
    queues = tuple(one for one in found.queues if one.pipeline not in excluded)
    return replace(found, queues=queues)


async def queue_if_readable(turn: AnswerContext, *, why: bool = False) -> QueueReport | None:
    """How far runs are, as an addition to an answer: without it, the answer stands."""
    if not any(one.name == "adf_queue_status" for one in turn.tools.tools):
        return None
    try:
        return await queue_of(turn, why=why)
    except AdfError:
        return None


async def slow_now(turn: AnswerContext) -> str | None:
    """What takes too long now; None where nothing does or it cannot be read."""
    report = await queue_if_readable(turn)
    return slow_runs(turn, report) if report else None


def slow_runs(
    turn: AnswerContext, report: QueueReport, pipelines: Collection[str] | None = None
) -> str | None:
    """A sentence for each run that takes longer than usual, and on what that rests."""
    late = [
        run
        for run in report.running
        if run.is_overlong and (pipelines is None or run.pipeline in pipelines)
    ]
    said = [_slow(turn, run) for run in late[:MOST_SAID]]
    more = f" {len(late) - MOST_SAID} more take longer than usual." if len(late) > MOST_SAID else ""
    return f"{' '.join(said)}{more}" if said else None


def none_slow(report: QueueReport) -> str | None:
    """What can be said where nothing is slow: nothing of runs that cannot be compared."""
    unknown = [run.pipeline for run in report.running if run.pace is Pace.UNKNOWN]
    if unknown:
        named = ", ".join(dict.fromkeys(unknown[:MOST_SAID]))
        return f"I can't tell whether these take too long: too few finished runs of {named}."
    return "Nothing that runs takes longer than usual." if report.running else None


def _slow(turn: AnswerContext, run: RunProgress) -> str:
    took = duration(turn.question.now - run.since if run.since else None)
    word = "likely hung, running" if run.pace is Pace.HUNG else "running"
    at = f", at {run.activity}" if run.activity else ""
    return f"{run.pipeline}: {word} for {took}{at}; {_usual(run)}."


def _usual(run: RunProgress) -> str:
    if run.usual is None:
        return "too few finished runs to say what is usual"
    rests = f"{count(run.usual.sample, 'run')}" if run.usual.sample else "declared by its owners"
    return f"usually {duration(run.usual.middle)} ({rests})"
