"""Answers about what starts runs and where they run: triggers, missed starts, runtimes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from adf.errors import AdfError
from adf.records import (
    RunList,
    RunStatus,
    RuntimeReport,
    TriggerReport,
)
from adf.records.moments import moment_said
from bot.agents.answers.callers import describe_callers, last_run_sentence
from bot.agents.answers.clarify import MOST_CHOICES, which
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.answers.slow_runs import slow_now
from bot.agents.interface import Answer
from bot.agents.understanding.entities.pipelines import nearest
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.text import points_back
from bot.agents.understanding.things import thing_in

MOST_MISSED = 4
NAMED = 0.5
GOING_ON = [RunStatus.IN_PROGRESS, RunStatus.QUEUED]


async def triggers(turn: AnswerContext) -> Answer:
    """The triggers that were named or start a pipeline: their last, missed and next starts."""
    if turn.unclear:
        names = turn.unclear[:MOST_CHOICES]
        return asked_back(turn, which("Which pipeline do you mean?", names, Intent.TRIGGER_LIST))
    named = _written(turn)
    if named is None and _is_about_a_name(turn):
        names = nearest(turn.question.text, [one.name for one in turn.pipelines])
        return asked_back(turn, which("Which pipeline do you mean?", names, Intent.TRIGGER_LIST))
    found = cast(
        "TriggerReport",
        await turn.call(
            "adf_trigger_status",
            trigger=named,
            pipeline=None if named else turn.related_pipeline or turn.pipeline,
            state=None if named else _state(turn),
        ),
    )
    runs = await _newest_run(turn)
    if runs and runs.runs and _is_on_schedule(found):
        return answered(turn, runs)
    answer = answered(turn, found, note=await _did_run(turn, found, runs))
    if named or turn.related_pipeline is None:
        return answer
    # From now on that one is talked about.
    return replace(answer, memory={**answer.memory, "pipeline": turn.related_pipeline})


async def _newest_run(turn: AnswerContext) -> RunList | None:
    """The newest run of a pipeline that is asked to have run; None where that is not asked."""
    if turn.pipeline is None or turn.intent is not Intent.TRIGGER_DID_RUN:
        return None
    return await turn.runs(pipeline=turn.pipeline, latest_only=True, **turn.times)


def _is_on_schedule(found: TriggerReport) -> bool:
    """Whether no trigger is stopped or has missed a start, so that the run itself tells all."""
    return all(one.is_started and not one.has_problem for one in found.triggers)


def _is_about_a_name(turn: AnswerContext) -> bool:
    """Whether it is asked if something ran whose name is none here: all triggers do not tell."""
    is_unknown = turn.pipeline is None and turn.related_pipeline is None
    frame = turn.frame
    leans = points_back(frame.masked) or frame.named > NAMED
    is_named = bool(frame.slots.unknown) or (leans and not frame.follows)
    return is_unknown and is_named and turn.intent is Intent.TRIGGER_DID_RUN


async def _did_run(turn: AnswerContext, found: TriggerReport, runs: RunList | None) -> str | None:
    """The newest run, where it is asked whether it ran; who starts it, where no trigger does."""
    if runs is None:
        return None
    newest = runs.runs[0] if runs.runs else None
    callers = None if found.triggers else await describe_callers(turn)
    if newest is None or newest.start is None:
        return callers
    zone = turn.frame.slots.time.zone or turn.question.zone
    last = last_run_sentence(newest, zone, turn.question.now)
    return f"{last} {callers}" if callers else last


async def missed(turn: AnswerContext) -> Answer:
    """What should have started and did not, of one pipeline or all; and what runs too long."""
    found, slow = await asyncio.gather(
        turn.call("adf_trigger_status", pipeline=turn.pipeline), slow_now(turn)
    )
    return answered(turn, found, note=slow)


async def runtimes(turn: AnswerContext) -> Answer:
    """Whether integration runtimes are up: the one that was named, or all."""
    found = await turn.call("adf_ir_status", name=_written(turn))
    return answered(turn, cast("RuntimeReport", found))


async def restart_of_a_runtime(turn: AnswerContext) -> Answer:
    """The runtimes with what works on them, and every run that is in progress beside it."""
    found, runs = await asyncio.gather(
        turn.call("adf_ir_status", name=_written(turn)), turn.runs(status=GOING_ON)
    )
    names = list(dict.fromkeys(run.pipeline for run in runs.runs))
    more = f" and {len(names) - MOST_MISSED} more" if len(names) > MOST_MISSED else ""
    going = f"In progress or queued now: {', '.join(names[:MOST_MISSED])}{more}."
    return answered(turn, found, note=going if names else "Nothing is running now.")


async def not_started(turn: AnswerContext, runs: RunList) -> Answer | None:
    """The triggers of a pipeline that did not fail, where they say why nothing came of it."""
    is_over = turn.frame.slots.time.end is not None  # triggers are compared up to now
    if turn.pipeline is None or is_over or not can_read_triggers(turn):
        return None
    try:
        found = await turn.call("adf_trigger_status", pipeline=turn.pipeline)
    except AdfError:
        return None
    report = cast("TriggerReport", found)
    troubled = [one for one in report.triggers if one.has_problem or not one.is_started]
    return answered(turn, replace(report, triggers=tuple(troubled)), runs) if troubled else None


async def missed_starts(
    turn: AnswerContext, pipeline: str | None = None
) -> Sequence[tuple[str, str]]:
    """Each pipeline, or this one, that should have run and did not, and the words for it."""
    if not can_read_triggers(turn):
        return ()
    try:
        # Who stopped a trigger is not said beside a run, and costs up to two reads of the log.
        found = cast(
            "TriggerReport", await turn.call("adf_trigger_status", pipeline=pipeline, stops=False)
        )
    except AdfError:
        return ()
    now = turn.question.now
    return [
        (name, f"{name} (due {moment_said(one.missed[-1], turn.question.zone, now)})")
        for one in found.triggers
        if one.missed
        for name in one.pipelines
    ]


def did_not_start(late: Sequence[str]) -> str | None:
    """A sentence on the pipelines that should have run; None when all did."""
    if not late:
        return None
    more = f" and {len(late) - MOST_MISSED} more" if len(late) > MOST_MISSED else ""
    return f"Did not start: {', '.join(late[:MOST_MISSED])}{more}."


def can_read_triggers(turn: AnswerContext) -> bool:
    return any(one.name == "adf_trigger_status" for one in turn.tools.tools)


def _written(turn: AnswerContext) -> str | None:
    """The name that was written for a trigger or a runtime; pipelines have their own place."""
    thing = thing_in(turn.question.memory)
    known = thing.name if thing else ""
    named = (one for one in turn.frame.slots.unknown if not one.isalpha() or one == known)
    return next(named, None)


def _state(turn: AnswerContext) -> str | None:
    """Started or stopped ones only, in a list; None where both are asked about."""
    if turn.intent is not Intent.TRIGGER_LIST:
        return None
    on, off = turn.frame.slots.is_on, turn.frame.slots.is_off
    return None if on == off or turn.pipeline else "Started" if on else "Stopped"
