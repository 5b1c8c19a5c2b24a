"""Answers about how it goes over time: rates and durations, and how two runs differ."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from adf.records import ACTIVE, BROKEN, PipelineRun, RunList, RunStats, RunStatus
from adf.records.moments import moment_said
from bot.agents.answers.clarify import nothing_to_compare
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.answers.status import failures, runs_of
from bot.agents.interface import Answer
from bot.agents.understanding.entities.time_ranges import TimeMention
from bot.agents.understanding.intents import Intent
from cards.text import count, duration

LONG_AGO = 24 * 14.0
WEEKS = LONG_AGO
# A day of 25 hours, when clocks go back, is still one day.
ONE_NIGHT = timedelta(hours=25)
TWO_DAYS = timedelta(days=2)
_RERUN = re.compile(r"(?i)\bre-?run\b")
_BOTH = re.compile(
    r"(?i)\b(?:two|both|them|those|these|each other|one another|the other|side by side|beiden?"
    r"|ambos|los dos|les deux|tutti e due|entrambi)\b"
)
_TO_COME = re.compile(r"(?i)\b(?:will|going to|gonna|left|remain\w*|much longer|wird|noch)\b")


async def trend(turn: AnswerContext) -> Answer:
    """Durations and failure rates of one pipeline, of the critical ones, or of all."""
    asked = turn.frame.slots.time
    if turn.intent is Intent.FAILURES_BY_DAY and asked.given and not _is_wide(turn, TWO_DAYS):
        return await failures(turn)  # fewer than two bars are no chart
    if asked.end and turn.pipeline:
        return await runs_of(turn)
    since = (turn.question.now - asked.start) / timedelta(hours=1) if asked.start else None
    found = await turn.call(
        "adf_run_stats",
        pipeline=turn.pipeline,
        hours=asked.hours or since or (WEEKS if turn.pipeline else None),
        critical=turn.critical,
    )
    note = "Counted from then until now." if asked.end else None
    return answered(turn, found, note=note)


async def how_long(turn: AnswerContext) -> Answer:
    """How long the newest run took or has been running, beside the usual; else the trend."""
    if turn.pipeline is None or turn.unclear or _is_wide(turn):
        return await trend(turn)
    one = {"run_id": turn.other_run} if turn.other_run else {"pipeline": turn.pipeline}
    runs = await turn.runs(**one, latest_only=True, **turn.times)
    stats = await turn.call("adf_run_stats", pipeline=turn.pipeline, metric="duration", hours=WEEKS)
    said = (_idle(turn, runs), _usual(cast("RunStats", stats)))
    return answered(turn, runs, note=" ".join(one for one in said if one) or None)


def _idle(turn: AnswerContext, runs: RunList) -> str:
    """That nothing of it runs, where it is asked how long it will take; else blank."""
    newest = runs.runs[0] if runs.runs else None
    is_over = newest is not None and newest.status not in ACTIVE and not turn.other_run
    to_come = _TO_COME.search(turn.question.text)
    return f"{turn.pipeline} is not running now." if is_over and to_come else ""


async def expected_end(turn: AnswerContext) -> Answer:
    """When the run that is going on should be done, and on how many runs that rests."""
    runs = await turn.runs(pipeline=turn.pipeline, latest_only=True)
    newest = runs.runs[0] if runs.runs else None
    if newest is None or newest.status not in ACTIVE or newest.start is None:
        return answered(turn, runs, note=f"{turn.pipeline} is not running now.")
    asked = {"pipeline": turn.pipeline, "metric": "duration", "hours": WEEKS}
    stats = cast("RunStats", await turn.call("adf_run_stats", **asked))
    usual = stats.pipelines[0].usual if stats.pipelines else None
    if usual is None:
        note = "I can't say when it will be done: there are too few finished runs to compare with."
        return answered(turn, runs, note=note)
    return answered(turn, runs, note=f"{_due(turn, newest.start + usual)} {_usual(stats)}")


def _due(turn: AnswerContext, due: datetime) -> str:
    """The moment by which a run is usually done, or by how much it is late."""
    zone, now = turn.frame.slots.time.zone, turn.question.now
    at = f"{due.astimezone(zone):%H:%M %Z}" if zone else moment_said(due, turn.question.zone, now)
    if due >= now:
        return f"Expected to finish around {at}."
    return f"It should have finished around {at}, {duration(now - due)} ago."


def _is_wide(turn: AnswerContext, than: timedelta = ONE_NIGHT) -> bool:
    """Whether the time that was asked for holds more than, say, the runs of one day or night."""
    time = turn.frame.slots.time
    if not time.given or turn.frame.slots.last:
        return False
    start = time.start or turn.question.now - timedelta(hours=time.hours or 0)
    return (time.end or turn.question.now) - start > than


def _usual(stats: RunStats) -> str | None:
    """How long runs of the pipeline usually take, and on how many that rests."""
    one = stats.pipelines[0] if stats.pipelines else None
    if one is None or one.usual is None:
        return None
    return f"Usually {duration(one.usual)} ({count(one.runs, 'run')} in the last 14 days)."


async def compare(turn: AnswerContext) -> Answer:
    """Two runs that were named; or a run against the one before, of another time or factory."""
    ids = turn.frame.slots.run_ids
    if len(ids) > 1:
        return await _against(turn, ids[0], ids[1])
    if turn.frame.slots.time.other and not _other_factory(turn):
        return await _of_two_times(turn)
    other = turn.remembered("other_run")
    if other and turn.run_id and not turn.times and _BOTH.search(turn.frame.text):
        return await _against(turn, turn.run_id, other)  # the two that were shown
    mine = await _mine(turn)
    if mine is None:
        return asked_back(turn, nothing_to_compare(turn))
    listed = await _others(turn)
    before = [run for run in listed if _fits(run, mine, turn)]
    after = _after(listed, mine, turn)
    is_rerun = mine.status in BROKEN and _RERUN.search(turn.frame.text)
    others = (after or before) if is_rerun else (before or after)
    if not others:
        return asked_back(turn, nothing_to_compare(turn))
    return await _against(turn, mine.run_id, others[0].run_id)


def _after(
    runs: Sequence[PipelineRun], mine: PipelineRun, turn: AnswerContext
) -> Sequence[PipelineRun]:
    """The next run after mine: "compare the rerun with the failed one"."""
    if turn.frame.slots.time.given or _other_factory(turn) or mine.start is None:
        return ()
    ended = [run for run in runs if run.start is not None and run.status not in ACTIVE]
    return [run for run in reversed(ended) if run.start is not None and run.start > mine.start][:1]


async def _of_two_times(turn: AnswerContext) -> Answer:
    """The newest run of each of two times, as in "today's run with yesterday's"."""
    time = turn.frame.slots.time
    ranges = [(time.start, time.end), time.other or (None, None)]
    ranges.sort(key=lambda one: one[0] or turn.question.now, reverse=True)
    later = ranges[0][0]
    if later is not None and ranges[1][0] == later:
        # Said beside "tonight", "last night" is the one before.
        ranges[1] = (later - timedelta(days=1), later)
    found = [
        await turn.runs(pipeline=turn.pipeline, **_as_arguments(start, end or ceiling))
        for (start, end), ceiling in zip(ranges, (None, later), strict=True)
    ]
    if not all(runs.runs for runs in found):
        return asked_back(turn, nothing_to_compare(turn))
    newest, older = (runs.runs[0] for runs in found)
    return await _against(turn, newest.run_id, older.run_id)


def _as_arguments(start: datetime | None, end: datetime | None) -> dict[str, str]:
    given = {"from": start, "to": end}
    return {name: one.isoformat() for name, one in given.items() if one}


async def _against(turn: AnswerContext, mine: str, other: str) -> Answer:
    found = await turn.tools.call("adf_compare_runs", run_id_a=mine, run_id_b=other)
    return answered(turn, found)


async def _mine(turn: AnswerContext) -> PipelineRun | None:
    """The run that was named or talked about, or the newest that can be held against another."""
    runs = (await turn.runs(pipeline=turn.pipeline, hours=LONG_AGO)).runs
    run_id = turn.run_id
    return next((run for run in runs if run.run_id == run_id), runs[0] if runs else None)


async def _others(turn: AnswerContext) -> Sequence[PipelineRun]:
    there = _other_factory(turn)
    where = {"factory": there} if there else {}
    found = await turn.call("adf_pipeline_runs", pipeline=turn.pipeline, hours=LONG_AGO, **where)
    return cast("RunList", found).runs


def _other_factory(turn: AnswerContext) -> str | None:
    """The factory a run is held against: the second that was said, or one that is not the own."""
    where = turn.frame.slots.factory
    said = [one for one in (*where.others, where.alias) if one and one != turn.factory]
    return said[0] if said else None


def _fits(run: PipelineRun, mine: PipelineRun, turn: AnswerContext) -> bool:
    """Whether a run can be held against mine: ended, good if a good one was asked for."""
    if run.run_id == mine.run_id or run.start is None or run.status in ACTIVE:
        return False
    if turn.frame.slots.failed and mine.status not in BROKEN and run.status not in BROKEN:
        return False
    if turn.frame.slots.succeeded and not _other_factory(turn):
        return run.status is RunStatus.SUCCEEDED and _is_before(run, mine, turn.frame.slots.time)
    return _other_factory(turn) is not None or _is_before(run, mine, turn.frame.slots.time)


def _is_before(run: PipelineRun, mine: PipelineRun, asked: TimeMention) -> bool:
    """Older than mine, and of the time that was asked for where mine itself is not."""
    if run.start is None or (mine.start is not None and run.start >= mine.start):
        return False
    return _is_within(mine, asked) or _is_within(run, asked)


def _is_within(run: PipelineRun, asked: TimeMention) -> bool:
    if asked.start is None:
        return True
    return run.start is not None and asked.start <= run.start <= (asked.end or run.start)
