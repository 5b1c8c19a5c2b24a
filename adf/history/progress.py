"""How far a run is: against runs of its pipeline that ended well, and at which activity."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adf.diagnosis import explain_error
from adf.history.metrics import p95, seconds_of
from adf.history.trend import FEW
from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityRun,
    Pace,
    PipelineNotes,
    PipelineRun,
    RunProgress,
    RunStatus,
    UsualTime,
)
from adf.runs.waiting import with_wait

# A run that takes a quarter longer than the slow ones, or a minute, is nothing to speak of yet.
_MARGIN, _LEAST = 1.25, timedelta(minutes=1)
# Hung: three times the usual, and one activity alone at work for longer than a whole run takes.
_HUNG = 3
THROTTLING = "throttling"
_CONTAINERS = frozenset({"ForEach", "Until", "IfCondition", "Switch", "ExecutePipeline"})


def usual_times(
    good: Iterable[PipelineRun], notes: Mapping[str, PipelineNotes], now: datetime
) -> dict[str, UsualTime]:
    """By pipeline, how long its good runs take; what the owners declared where there are few."""
    took: defaultdict[str, list[float]] = defaultdict(list)
    for run in good:
        seconds = seconds_of(run, now)
        if run.status is RunStatus.SUCCEEDED and seconds is not None:
            took[run.pipeline].append(seconds)
    found = {name: UsualTime(middle=one.usual) for name, one in notes.items() if one.usual}
    return found | {name: _of(times) for name, times in took.items() if len(times) >= FEW}


def _of(seconds: Sequence[float]) -> UsualTime:
    return UsualTime(
        middle=timedelta(seconds=statistics.median(seconds)),
        slow=timedelta(seconds=p95(seconds)),
        sample=len(seconds),
    )


def progress_of(
    run: PipelineRun,
    activity_runs: Sequence[ActivityRun],
    usual: UsualTime | None,
    now: datetime,
) -> RunProgress:
    """How a run that is going on stands; without activity runs, by its own start."""
    working = with_wait(run, activity_runs)
    since = working.working_since or working.start
    found = RunProgress(
        pipeline=run.pipeline,
        run_id=run.run_id,
        since=since,
        pace=Pace.UNKNOWN,
        usual=usual,
        is_throttled=_is_throttled(activity_runs),
    )
    step = step_at_work(activity_runs)
    if step:
        found = replace(
            found,
            activity=step.name,
            activity_kind=step.kind,
            activity_since=step.start,
            runtime=step.runtime,
        )
    if usual is None or since is None:
        return found
    due = since + usual.middle
    return replace(found, pace=_pace(found, usual, now), expected_end=due if due > now else None)


def step_at_work(activity_runs: Sequence[ActivityRun]) -> ActivityRun | None:
    """The activity that is at work, of several the one that began first; containers come last."""
    going = [one for one in activity_runs if one.status in ACTIVE]
    inner = [one for one in going if one.kind not in _CONTAINERS]
    return min(inner or going, key=lambda one: (one.start is None, str(one.start)), default=None)


def _is_throttled(activity_runs: Sequence[ActivityRun]) -> bool:
    """Whether what is being tried again now was refused before for too many requests."""
    again = {one.name for one in activity_runs if one.status in ACTIVE and one.retry_attempt}
    broken = (one.error for one in activity_runs if one.name in again and one.status in BROKEN)
    return any(
        error is not None and explain_error(error.message, error.code).category == THROTTLING
        for error in broken
    )


def _pace(run: RunProgress, usual: UsualTime, now: datetime) -> Pace:
    took = now - run.since if run.since else timedelta()
    slow = max(usual.slow or usual.middle, usual.middle)
    if took <= max(slow * _MARGIN, slow + _LEAST):
        return Pace.USUAL
    at_it = now - run.activity_since if run.activity_since else timedelta()
    alone = run.activity_kind not in _CONTAINERS and at_it > max(slow, usual.middle * _HUNG / 2)
    return Pace.HUNG if took > usual.middle * _HUNG and alone else Pace.OVERLONG
