"""Answers about deadlines: will it be done in time, is everything in, would a rerun make it."""

from datetime import UTC
from typing import cast

from adf.records import ACTIVE, DeadlineReport
from bot.agents.answers.context import AnswerContext, answered
from bot.agents.answers.trends import expected_end
from bot.agents.interface import Answer
from bot.agents.understanding.entities.deadlines import deadline_in
from bot.agents.understanding.intents import Intent


async def in_time(turn: AnswerContext) -> Answer:
    """Whether a deadline is kept: that of one pipeline, or every declared one."""
    named = deadline_in(
        turn.frame.text, turn.question.now, turn.frame.slots.time.zone or turn.question.zone
    )
    if turn.pipeline is None:
        report = await _deadlines(turn, None)
        return answered(turn, report, note=_of_all(turn, report, named is not None))
    if named is not None:
        by = named.astimezone(UTC).isoformat()
        return answered(turn, await turn.call("adf_deadlines", pipeline=turn.pipeline, by=by))
    if not _is_declared(turn):
        return await expected_end(turn)
    runs = await turn.runs(pipeline=turn.pipeline, latest_only=True)
    if runs.runs and runs.runs[0].status in ACTIVE:
        return await expected_end(turn)
    return answered(turn, await _deadlines(turn, turn.pipeline))


def is_about_time(turn: AnswerContext) -> bool:
    """Whether it is asked if a rerun would be done by a time of day."""
    if turn.intent is not Intent.WHAT_IF or turn.pipeline is None:
        return False
    return deadline_in(turn.frame.text, turn.question.now, turn.question.zone) is not None


async def _deadlines(turn: AnswerContext, pipeline: str | None) -> DeadlineReport:
    return cast("DeadlineReport", await turn.call("adf_deadlines", pipeline=pipeline))


def _is_declared(turn: AnswerContext) -> bool:
    known = (one for one in turn.pipelines if one.name == turn.pipeline)
    return any(one.notes.due for one in known if turn.factory in {None, one.factory})


def _of_all(turn: AnswerContext, report: DeadlineReport, named: bool) -> str | None:
    """What the list of deadlines leaves out of the question."""
    if named:
        return "These are the declared deadlines; for another time, name the pipeline."
    del turn
    return None if report.deadlines else "Ask about one pipeline: “when will … be done”."
