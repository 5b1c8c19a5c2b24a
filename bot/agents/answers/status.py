"""Answers about how it stands: one pipeline, several, all of them; what runs, what failed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.errors import AdfError
from adf.records import PipelineRun, RunList, RunStatus
from bot.agents.answers.context import AnswerContext, remembering
from bot.agents.interface import Answer

MOST_ASKED_APART = 3
_ACTIVE = [RunStatus.IN_PROGRESS, RunStatus.QUEUED]


async def status(turn: AnswerContext) -> Answer:
    """The newest run of a pipeline, with the rows it moved if it went well; or of several."""
    if turn.unclear:
        return await _several(turn, turn.unclear)
    if turn.meant.run_id:
        return remembering(turn, await turn.report(turn.meant.run_id, expand_children=False))
    runs = await turn.runs(pipeline=turn.pipeline, latest_only=True, **turn.meant.asked.arguments)
    runs = replace(runs, rows=await _rows(turn, runs))
    return remembering(turn, runs, note=_in_zone(runs.runs[:1], turn.meant.asked.zone))


async def running(turn: AnswerContext) -> Answer:
    """What runs or waits now."""
    return remembering(turn, await turn.runs(status=_ACTIVE, critical=_critical(turn)))


async def failures(turn: AnswerContext) -> Answer:
    """The failed runs of one pipeline or of all."""
    runs = await turn.runs(
        pipeline=turn.pipeline,
        status=[RunStatus.FAILED],
        critical=_critical(turn),
        **turn.meant.asked.arguments,
    )
    return remembering(turn, runs)


async def runs_of(turn: AnswerContext) -> Answer:
    """Every run of a pipeline, or only those that failed."""
    only = [RunStatus.FAILED] if turn.meant.broken_only else None
    runs = await turn.runs(pipeline=turn.pipeline, status=only, **turn.meant.asked.arguments)
    return remembering(turn, runs)


async def succeeded(turn: AnswerContext) -> Answer:
    """The good runs of all pipelines."""
    runs = await turn.runs(
        status=[RunStatus.SUCCEEDED], critical=_critical(turn), **turn.meant.asked.arguments
    )
    return remembering(turn, runs)


async def overview(turn: AnswerContext) -> Answer:
    """How each pipeline stands: its newest run."""
    times = turn.meant.asked.arguments
    runs = await turn.runs(latest_only=True, critical=_critical(turn), **times)
    return remembering(turn, runs)


async def inventory(turn: AnswerContext) -> Answer:
    """Which pipelines there are."""
    match = _shared_word(turn)
    found = await turn.call("adf_list_pipelines", match=match, critical=_critical(turn))
    return remembering(turn, found)


def _critical(turn: AnswerContext) -> bool | None:
    return True if turn.meant.critical else None


async def _rows(turn: AnswerContext, runs: RunList) -> int | None:
    """How many rows the newest run copied, asked for good runs only; None when it tells none."""
    newest = runs.runs[0] if runs.runs else None
    if newest is None or newest.status is not RunStatus.SUCCEEDED:
        return None
    try:
        report = await turn.report(newest.run_id, expand_children=False)
    except AdfError:
        return None
    moved = [one.rows_copied for one in report.activity_runs if one.rows_copied is not None]
    return sum(moved) if moved else None


async def _several(turn: AnswerContext, names: Sequence[str]) -> Answer:
    """The newest run of each pipeline that fits, in one list; few are asked for one by one."""
    times = turn.meant.asked.arguments
    if len(names) <= MOST_ASKED_APART:
        lists = [await turn.runs(pipeline=name, latest_only=True, **times) for name in names]
    else:
        lists = [await turn.runs(latest_only=True, **times)]
    found = tuple(run for runs in lists for run in runs.runs if run.pipeline in names)
    there = {run.pipeline for run in found}
    without = [name for name in names if name not in there]
    note = f"No run in that time: {', '.join(without)}." if without else None
    empty = [runs for runs in lists if not runs.runs] if turn.meant.found.each else []
    told = replace(lists[0], runs=found, pipeline=None)
    answer = remembering(turn, told, *empty, note=note)
    return replace(answer, memory={**answer.memory, "listed": list(names)})


def _shared_word(turn: AnswerContext) -> str | None:
    """The word that all names which fit have in common, for a list of them."""
    names = turn.meant.found.names
    words = turn.question.text.lower().split()
    return next((one for one in words if len(one) > 2 and names and _in_all(one, names)), None)


def _in_all(word: str, names: Sequence[str]) -> bool:
    return all(word in name.lower() for name in names)


def _in_zone(runs: Sequence[PipelineRun], zone: ZoneInfo | None) -> str | None:
    """The times of a run in a zone that was asked for: the card shows the reader's own."""
    if not zone or not runs or not runs[0].start:
        return None
    run = runs[0]
    ended = f", ended {_clock(run.end, zone)}" if run.end else ""
    return f"In {zone.key}: started {_clock(run.start, zone)}{ended}."


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d %b %H:%M}" if moment else ""
