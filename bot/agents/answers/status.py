"""Answers about how it stands: one pipeline, several, all of them; what runs, what failed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from adf.records import ACTIVE, RunList, RunStatus
from adf.records.glossary import counted
from bot.agents.answers.callers import (
    by_hand_before,
    held_up_said,
    last_run_sentence,
    started_by_said,
)
from bot.agents.answers.context import AnswerContext, answered, without
from bot.agents.answers.schedules import did_not_start, missed_starts, not_started
from bot.agents.interface import Answer
from bot.agents.understanding.intents import Intent

MOST_ASKED_APART = 3
LONG_AGO_HOURS = 45 * 24.0
# No shift is so short.
MOMENT = timedelta(hours=3)


async def status(turn: AnswerContext) -> Answer:
    """The newest run of a pipeline, or of several."""
    if turn.unclear:
        return await _several(turn, turn.unclear)
    if turn.frame.slots.run_id:
        report = await turn.report(turn.frame.slots.run_id, expand_children=False)
        return answered(turn, report)
    runs = await turn.runs(pipeline=turn.pipeline, latest_only=True, **turn.times)
    if not runs.runs and turn.pipeline:
        if turn.times:
            return await _before_that(turn, runs)
        # A weekly load stands as its newest run does, however long ago that was.
        runs = await turn.runs(pipeline=turn.pipeline, latest_only=True, hours=LONG_AGO_HOURS)
    notes = [one for one in (_behind(turn, runs), await _late(turn, runs)) if one]
    return answered(turn, runs, note=" ".join(notes) or None)


async def _late(turn: AnswerContext, runs: RunList) -> str | None:
    """That a pipeline whose newest run is well should have run since, and did not."""
    is_well = bool(runs.runs) and runs.runs[0].status is RunStatus.SUCCEEDED
    if turn.pipeline is None or turn.times or not is_well:
        return None
    return did_not_start([said for _, said in await missed_starts(turn, turn.pipeline)])


async def _before_that(turn: AnswerContext, empty: RunList) -> Answer:
    """Why no run came in the time that was asked for, else in words the newest run there is."""
    idle = await not_started(turn, empty)
    if idle is not None:
        return idle
    older = await turn.runs(pipeline=turn.pipeline, latest_only=True, hours=LONG_AGO_HOURS)
    newest = older.runs[0] if older.runs else None
    if newest is None or newest.start is None:
        return answered(turn, empty)
    zone = turn.frame.slots.time.zone or turn.question.zone
    return answered(turn, empty, note=last_run_sentence(newest, zone, turn.question.now))


async def last_time(turn: AnswerContext) -> Answer:
    """When a pipeline last ran; the last good or failed run where that is asked for."""
    slots = turn.frame.slots
    wanted = RunStatus.SUCCEEDED if slots.succeeded else RunStatus.FAILED if slots.failed else None
    if wanted is None or turn.pipeline is None:
        return await status(turn)
    times = turn.times or {"hours": LONG_AGO_HOURS}
    runs = await turn.runs(pipeline=turn.pipeline, status=[wanted], **times)
    if not runs.runs:
        return await status(turn)
    return answered(turn, replace(runs, runs=runs.runs[:1], latest_only=True))


async def started_by(turn: AnswerContext) -> Answer:
    """Who or what started the newest run; of one that was started again, who did that."""
    if turn.frame.slots.run_id:
        runs = await turn.runs(run_id=turn.run_id, latest_only=True, starters=True)
    else:
        runs = await turn.runs(pipeline=turn.pipeline, starters=True, **turn.times)
    if not runs.runs:
        return answered(turn, runs)
    run = next((run for run in runs.runs if run.run_id == turn.run_id), runs.runs[0])
    here = (turn.question.zone, turn.question.now)
    said = [started_by_said(run, *here), by_hand_before(runs.runs, run, *here)]
    of_one = replace(runs, runs=(run,), latest_only=True)
    return answered(turn, of_one, note=" ".join(one for one in said if one))


async def failures(turn: AnswerContext) -> Answer:
    """The failed runs of one pipeline, of several, or of all."""
    failed = [RunStatus.FAILED]
    if turn.unclear:
        lists = await _lists_of(turn, turn.unclear, status=failed)
        found = tuple(run for one in lists for run in one.runs if run.pipeline in turn.unclear)
        runs = replace(lists[0], runs=found, pipeline=None)
        return answered(turn, runs, note=f"Only of {', '.join(turn.unclear)}.")
    runs = await turn.runs(
        pipeline=turn.pipeline, status=failed, critical=turn.critical, **turn.times
    )
    return answered(turn, runs)


async def runs_of(turn: AnswerContext) -> Answer:
    """Every run of a pipeline, or only those that failed or succeeded."""
    slots = turn.frame.slots
    only = (
        [RunStatus.FAILED] if slots.failed else [RunStatus.SUCCEEDED] if slots.succeeded else None
    )
    runs = await turn.runs(pipeline=turn.pipeline, status=only, **turn.times)
    if slots.count:
        runs = replace(runs, runs=runs.runs[: slots.count])
    return answered(turn, runs)


async def overview(turn: AnswerContext) -> Answer:
    """How each pipeline stands: its newest run."""
    critical = True if turn.intent is Intent.CRITICAL_OVERVIEW else turn.critical
    runs, late = await asyncio.gather(
        turn.runs(latest_only=True, critical=critical, **turn.times), _missed_by_now(turn)
    )
    notes = runs.notes
    names = [
        said
        for pipeline, said in late
        if not critical or (pipeline in notes and notes[pipeline].critical)
    ]
    return answered(turn, runs, note=did_not_start(names))


def is_a_moment(turn: AnswerContext) -> bool:
    """Whether a short while that is over was asked about: "what happened at 8"."""
    start, end = turn.frame.slots.time.start, turn.frame.slots.time.end
    return start is not None and end is not None and end - start <= MOMENT


async def _missed_by_now(turn: AnswerContext) -> Sequence[tuple[str, str]]:
    """What should have started by now; nothing where it is asked how it stood at one moment."""
    return () if is_a_moment(turn) else await missed_starts(turn)


async def inventory(turn: AnswerContext) -> Answer:
    """Which pipelines there are."""
    names = turn.frame.slots.pipelines
    words = turn.question.text.lower().split()
    match = next((one for one in words if len(one) > 2 and names and _in_all(one, names)), None)
    found = await turn.call("adf_list_pipelines", match=match, critical=turn.critical)
    return answered(turn, found)


def _behind(turn: AnswerContext, runs: RunList) -> str | None:
    """How many runs wait behind one that is going on."""
    is_open = bool(runs.runs) and runs.runs[0].status in ACTIVE
    if not is_open or turn.frame.slots.time.given or not runs.queued or turn.pipeline is None:
        return None
    limit = next((one.concurrency for one in turn.pipelines if one.name == turn.pipeline), None)
    count = f"{counted(runs.queued, 'run')} queued"
    behind = f" behind {runs.in_progress} in progress" if runs.in_progress else ""
    at_once = f" (at most {limit} at a time)" if limit else ""
    return f"{count}{behind}{at_once}."


async def _several(turn: AnswerContext, names: Sequence[str]) -> Answer:
    """The newest run of each pipeline that fits, in one list; few are asked for one by one."""
    lists = await _lists_of(turn, names, latest_only=True)
    found = tuple(run for runs in lists for run in runs.runs if run.pipeline in names)
    there = {run.pipeline for run in found}
    missing = [name for name in names if name not in there]
    held = [held_up_said(turn, runs) for runs in lists]
    absent = f"No run in that time: {', '.join(missing)}." if missing else None
    note = " ".join(one for one in (*held, absent) if one) or None
    empty = [runs for runs in lists if not runs.runs] if turn.frame.slots.each else []
    listed_runs = without(replace(lists[0], runs=found, pipeline=None), turn.frame.slots.excluded)
    answer = answered(turn, listed_runs, *empty, note=note)
    memory = {**answer.memory, "listed": list(names)}
    return replace(answer, memory=memory, sure=answer.sure and turn.frame.slots.each)


async def _lists_of(
    turn: AnswerContext, names: Sequence[str], **arguments: object
) -> Sequence[RunList]:
    """The runs of several pipelines: one list for each of a few, else one of all."""
    if len(names) > MOST_ASKED_APART:
        return [await turn.runs(**arguments, **turn.times)]
    return [await turn.runs(pipeline=name, **arguments, **turn.times) for name in names]


def _in_all(word: str, names: Sequence[str]) -> bool:
    return all(word in name.lower() for name in names)
