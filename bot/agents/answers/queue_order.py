"""What becomes of the runs that wait for their turn once the run before them is over."""

from collections.abc import Iterator

from adf.records import PipelineQueue
from adf.records.glossary import counted
from adf.records.moments import moment_said
from bot.agents.answers.context import AnswerContext, answered
from bot.agents.answers.slow_runs import queue_if_readable
from bot.agents.interface import Answer
from cards.records import DocsAnswer


async def after_it_ends(turn: AnswerContext) -> Answer | None:
    """That waiting runs start by themselves; None where no run of the pipeline waits behind one.

    Data Factory starts a queued run as soon as fewer runs than the concurrency of its pipeline are
    in progress, however they ended.
    """
    report = await queue_if_readable(turn, why=True) if turn.pipeline else None
    mine = (one for one in report.queues if one.pipeline == turn.pipeline) if report else ()
    queue = next((one for one in mine if one.running and one.waiting), None)
    if report is None or queue is None:
        return None
    record = DocsAnswer(
        question=turn.question.text,
        finding="Yes: the next queued run starts by itself when a run in progress ends, whether "
        "that succeeds, fails, or is canceled. Nobody has to start it.",
        points=tuple(_points(turn, queue)),
        origin=f"From the runs of {queue.pipeline} and its concurrency",
        factory=report.factory,
    )
    return answered(turn, record)


def _points(turn: AnswerContext, queue: PipelineQueue) -> Iterator[str]:
    zone, now = turn.question.zone, turn.question.now
    limit = queue.concurrency
    if limit is not None:
        pace = "one after the other" if limit == 1 else f"{limit} at a time"
        yield f"Concurrency of {queue.pipeline} is {limit}: the waiting runs go {pace}."
    began = queue.running[0].since
    since = f", since {moment_said(began, zone, now)}" if began else ""
    going = counted(len(queue.running), "run")
    yield f"{counted(len(queue.waiting), 'run')} queued behind {going} in progress{since}."
    at = queue.waiting[0].expected_start
    if at is not None:
        yield f"The next one should start around {moment_said(at, zone, now)}."
