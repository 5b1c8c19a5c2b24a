"""Which run, pipeline or trigger an order means: by id, by name, or by how things stand."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from adf.errors import AdfError
from adf.records import ACTIVE, BROKEN, PipelineRun, RunList, RunReport, RunStatus, TriggerReport
from bot.agents.answers.clarify import MOST_CHOICES
from bot.agents.answers.context import AnswerContext, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.entities.acts import names_among, short_run_of
from bot.agents.understanding.intents import PROPOSED, Intent
from bot.agents.understanding.references import is_in_a_state
from cards.records import Choice, Picker, Problem

ACTIVE_STATES = [RunStatus.IN_PROGRESS, RunStatus.QUEUED]
# Most ids that people write stand on a card of these days.
LATELY_HOURS = 48.0
LONG_AGO_HOURS = 45 * 24.0
# Twice its usual time is what people call stuck.
STUCK_AFTER = 2

__all__ = ["ACTIVE", "ACTIVE_STATES", "run_named"]


async def run_named(turn: AnswerContext) -> PipelineRun | Answer | None:
    """The run whose id was said, whole or its first characters; None where none was."""
    ids = turn.frame.slots.run_ids
    if len(ids) > 1:
        return _which_run(turn, [(one[:8], one) for one in ids])
    if ids:
        runs = await turn.call("adf_pipeline_runs", run_id=ids[0])
        return cast("RunList", runs).runs[0]
    short = turn.frame.slots.short_run or _short(turn)
    if short is None:
        return None
    fits: list[PipelineRun] = []
    for hours in (LATELY_HOURS, LONG_AGO_HOURS):
        listed = await turn.runs(hours=hours)
        fits = [run for run in listed.runs if run.run_id.lower().startswith(short)]
        if fits:
            break
    if not fits:
        return asked_back(turn, _no_such_run(turn, short))
    if len(fits) > 1:
        return _which_run(turn, [(f"{run.pipeline} {run.run_id}", run.run_id) for run in fits])
    return fits[0]


async def by_whole_id(turn: AnswerContext) -> AnswerContext | Answer:
    """The question with the whole id of a run whose first characters were said.

    Asked back where no run or several begin so; an order looks for its run by itself.
    """
    slots = turn.frame.slots
    if slots.short_run is None or slots.run_ids or turn.intent in PROPOSED:
        return turn
    recalled = (turn.question.memory.get(one) for one in ("run_id", "cause_run_id"))
    known = next((one for one in recalled if str(one or "").startswith(slots.short_run)), None)
    found = known or await run_named(turn)
    if isinstance(found, Answer) or found is None:
        return found or turn
    run_id = found.run_id if isinstance(found, PipelineRun) else str(found)
    frame = replace(turn.frame, slots=replace(slots, run_ids=(run_id,)))
    return replace(turn, frame=frame, subject=replace(turn.subject, missing=False))


def _short(turn: AnswerContext) -> str | None:
    slots = turn.frame.slots
    if slots.pipelines:
        return None
    return short_run_of(turn.question.text, slots.bad_run)


async def newest_runs(turn: AnswerContext, pipeline: str) -> RunList:
    """The newest run of a pipeline, however long ago."""
    runs = await turn.runs(pipeline=pipeline, latest_only=True)
    if runs.runs:
        return runs
    return await turn.runs(pipeline=pipeline, latest_only=True, hours=LONG_AGO_HOURS)


async def meant_run(turn: AnswerContext, newest: PipelineRun) -> PipelineRun:
    """The newest run; "it" is the broken run that was talked about, while nothing newer broke."""
    known = turn.run_id if turn.subject.recalled else None
    if not known or known == newest.run_id:
        return newest
    is_over = newest.status in {*ACTIVE, *BROKEN} or not turn.question.memory.get("broken")
    if is_over and not turn.other_run:
        return newest
    runs = await turn.call("adf_pipeline_runs", run_id=known)
    return cast("RunList", runs).runs[0]


async def failed_ones(turn: AnswerContext, newest: PipelineRun) -> RunList | None:
    """The failed runs of what was talked about, where "the failed one" is not the newest run."""
    is_said = is_in_a_state(turn.frame) and turn.frame.slots.failed and turn.subject.recalled
    if not is_said or newest.status in {*ACTIVE, *BROKEN}:
        return None
    return await turn.runs(pipeline=newest.pipeline, status=[RunStatus.FAILED])


async def failed_now(turn: AnswerContext) -> RunList:
    """The pipelines whose newest run failed, critical ones first; child runs count with theirs."""
    failed, newest = await asyncio.gather(
        turn.runs(status=[RunStatus.FAILED], critical=turn.critical, **turn.times),
        turn.runs(latest_only=True, critical=turn.critical),
    )
    now = {run.pipeline: run for run in reversed(newest.runs)}
    found: dict[str, PipelineRun] = {}
    for run in failed.runs:
        is_child = run.invoked_by is not None and run.invoked_by.pipeline_run_id
        last = now.get(run.pipeline)
        is_newest = last is None or last.run_id == run.run_id or last.status in BROKEN
        if is_newest and not is_child:
            found.setdefault(run.pipeline, run)
    ranked = sorted(found.values(), key=lambda run: not _is_critical(failed, run))
    return replace(failed, runs=tuple(ranked))


def overlong(found: RunList, runs: Sequence[PipelineRun]) -> list[PipelineRun]:
    """The runs that take more than twice their usual time, where the owners declared one."""
    return [run for run in runs if _takes_too_long(found, run)]


async def activity_named(turn: AnswerContext, run: PipelineRun) -> str | Problem | None:
    """The activity that a rerun is to begin at, as the run has it; None where none was said."""
    said = [one for one in turn.frame.slots.unknown if one.lower() != run.pipeline.lower()]
    if not said or turn.intent not in {Intent.RERUN, Intent.RERUN_FROM_FAILED}:
        return None
    try:
        report = await turn.call(
            "adf_pipeline_activity_runs",
            run_id=run.run_id,
            expand_children=False,
            factory=run.factory or None,
        )
    except AdfError:
        return said[0]
    names = [one.name for one in cast("RunReport", report).activity_runs]
    found = names_among(" ".join(said), names)
    if len(found) == 1:
        return found[0]
    near = found or names
    return Problem(
        area="name",
        asked=turn.question.text,
        happened=f"Run {run.run_id[:8]} of {run.pipeline} has no activity {said[0]}.",
        fix="Pick the activity to begin at, or type its name as it appears in Data Factory.",
        who="",
        choices=tuple(
            Choice(title=one, question=f"rerun run {run.run_id} from {one}")
            for one in dict.fromkeys(near[:MOST_CHOICES])
        ),
    )


async def trigger_names(turn: AnswerContext) -> Sequence[str]:
    """Every trigger of the factory that is meant."""
    found = cast("TriggerReport", await turn.call("adf_trigger_status"))
    return [one.name for one in found.triggers]


async def triggers_meant(turn: AnswerContext, *, starts: bool) -> Sequence[str]:
    """The triggers that were named, else those that start the pipeline that was.

    Of several only those that are not yet as wished.
    """
    listed = cast("TriggerReport", await turn.call("adf_trigger_status")).triggers
    written = [one for one in listed if one.name.lower() in turn.question.text.lower()]
    about = {*turn.subject.unclear, turn.pipeline} - {None}
    strange = turn.frame.slots.unknown if turn.frame.slots.pipelines and not written else ()
    if strange and not names_among(" ".join(strange), [one.name for one in listed]):
        return []
    found = [max(written, key=lambda one: len(one.name))] if written else []
    found = found or [one for one in listed if about.intersection(one.pipelines)]
    if not found:
        fits = names_among(turn.question.text, [one.name for one in listed])
        found = [one for one in listed if one.name in fits]
    if not found and starts and not turn.frame.slots.unknown:
        found = listed  # of those that go on already none is meant
    open_ones = [one for one in found if one.is_started is not starts]
    return [one.name for one in (open_ones if len(found) > 1 and open_ones else found)]


def ended(run: PipelineRun, zone: ZoneInfo) -> str:
    """How and when a run ended, for a choice."""
    return f"{run.status.lower()} {_clock(run.end or run.last_updated, zone)}".strip()


def since(run: PipelineRun, zone: ZoneInfo) -> str:
    """Since when a run is under way, for a choice."""
    return f"{'queued' if run.status is RunStatus.QUEUED else 'since'} {_clock(run.start, zone)}"


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %H:%M}" if at else ""


def _is_critical(found: RunList, run: PipelineRun) -> bool:
    notes = found.notes.get(run.pipeline)
    return notes is not None and notes.critical


def _takes_too_long(found: RunList, run: PipelineRun) -> bool:
    notes = found.notes.get(run.pipeline)
    took: timedelta | None = run.lasted(found.as_of)
    return bool(notes and notes.usual and took and took > STUCK_AFTER * notes.usual)


def _which_run(turn: AnswerContext, runs: Sequence[tuple[str, str]]) -> Answer:
    verb = "cancel run" if turn.intent is Intent.CANCEL else "rerun run"
    mode = " from failure" if turn.intent is Intent.RERUN_FROM_FAILED else ""
    choices = tuple(
        Choice(title=title, question=f"{verb} {run_id}{mode}")
        for title, run_id in runs[:MOST_CHOICES]
    )
    return asked_back(turn, Picker(question="Which run? One at a time.", choices=choices))


def _no_such_run(turn: AnswerContext, short: str) -> Problem:
    return Problem(
        area="name",
        asked=turn.question.text,
        happened=f"No run of the last 45 days begins with {short}.",
        fix="A full run id has 36 characters; Studio shows it under Monitor, Pipeline runs.",
        who="",
    )
