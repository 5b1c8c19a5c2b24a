"""Runs that take too long, and runs that wait in a queue: told from the runs that are active."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import TTLCache

from adf.client import AdfClient
from adf.errors import AdfError
from adf.history.metrics import p95, seconds_of_good
from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityRun,
    Condition,
    ConditionKind,
    Expectation,
    PipelineRun,
    RunStatus,
    TimeRange,
)
from adf.runs.waiting import with_wait
from adf.watch.conditions.findings import Findings

LOOK_BACK = timedelta(days=8)
HISTORY = timedelta(days=14)
ENOUGH = 5
MOST_HISTORIES = 10
# Shorter than this, a run that is twice its usual is not worth a message.
LEAST_EXCESS = timedelta(minutes=10)
IN_QUEUE = timedelta(minutes=30)
_SIX_HOURS = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualLength:
    """How long a pipeline usually takes, and from when on a run takes too long."""

    usual: timedelta
    too_long: timedelta


class ActiveRunsCheck:
    """One query for the active runs; more is read only of those that look too long."""

    kinds = frozenset({ConditionKind.OVERLONG, ConditionKind.QUEUE})
    every = timedelta(seconds=55)

    def __init__(self, client: AdfClient) -> None:
        """Read one factory."""
        self._client = client
        self._usual: TTLCache[str, UsualLength | None] = TTLCache(2_000, _SIX_HOURS)

    async def find(self, expected: Sequence[Expectation], now: datetime) -> Findings:
        """Runs over a limit or their usual, and pipelines whose runs are stuck in the queue."""
        time_range = TimeRange(start=now - LOOK_BACK, end=now)
        runs = await self._client.list_runs(time_range, statuses=sorted(ACTIVE))
        active = [run for run in runs if not run.debug]
        found = _queued(active, [one for one in expected if one.kind is ConditionKind.QUEUE], now)
        reads = MOST_HISTORIES
        for run in [run for run in active if run.status is RunStatus.IN_PROGRESS]:
            for one in expected:
                if one.kind is ConditionKind.OVERLONG and one.covers(run.pipeline):
                    is_read = one.longest is not None or run.pipeline in self._usual
                    reads -= not is_read
                    if reads >= 0 and (condition := await self._overlong(run, one, now)):
                        found.append(condition)
        return Findings(standing=found, is_complete=reads >= 0)

    async def _overlong(
        self, run: PipelineRun, expected: Expectation, now: datetime
    ) -> Condition | None:
        usual = await self._usual_of(run.pipeline, now) if expected.longest is None else None
        limit = expected.longest or (usual.too_long if usual else None)
        lasted = run.lasted(now)
        if limit is None or lasted is None or lasted <= limit:
            return None
        # The time in the queue counts in Data Factory's own start: what only waited is not slow.
        rows = await self._activities(run, now)
        working = with_wait(run, rows)
        lasted = working.lasted(now)
        if lasted is None or lasted <= limit:
            return None
        return Condition(
            factory=run.factory,
            kind=ConditionKind.OVERLONG,
            key=f"overlong|{run.run_id}|{expected.limit}",
            subject=run.pipeline,
            pipelines=(run.pipeline,),
            since=now - lasted + limit,
            limit=expected.limit,
            run_id=run.run_id,
            usual=usual.usual if usual else None,
            retrying=_retrying(rows),
        )

    async def _activities(self, run: PipelineRun, now: datetime) -> Sequence[ActivityRun]:
        try:
            return await self._client.list_activity_runs(run.run_id, run.start, now)
        except AdfError:
            return ()

    async def _usual_of(self, pipeline: str, now: datetime) -> UsualLength | None:
        """By its good runs of two weeks, else as its owners declared it; None for neither."""
        if pipeline not in self._usual:
            time_range = TimeRange(start=now - HISTORY, end=now)
            runs = await self._client.list_runs(
                time_range, pipeline=pipeline, statuses=[RunStatus.SUCCEEDED]
            )
            self._usual[pipeline] = usual_length(
                seconds_of_good(runs, now), self._client.factory.notes_for(pipeline).usual
            )
        return self._usual[pipeline]


def usual_length(took: Sequence[float], declared: timedelta | None) -> UsualLength | None:
    """What is usual, and what is far beyond it: twice the median and a quarter over the slowest."""
    if len(took) < ENOUGH:
        if declared is None:
            return None
        return UsualLength(usual=declared, too_long=max(2 * declared, declared + LEAST_EXCESS))
    usual = timedelta(seconds=statistics.median(took))
    slow = timedelta(seconds=1.25 * p95(took))
    return UsualLength(usual=usual, too_long=max(2 * usual, slow, usual + LEAST_EXCESS))


def _queued(
    active: Sequence[PipelineRun], expected: Sequence[Expectation], now: datetime
) -> list[Condition]:
    waiting: defaultdict[str, list[PipelineRun]] = defaultdict(list)
    for run in active:
        began = run.start or run.last_updated
        stuck = began is not None and now - began >= IN_QUEUE
        if run.status is RunStatus.QUEUED and stuck:
            waiting[run.pipeline].append(run)
    return [
        Condition(
            factory=runs[0].factory,
            kind=ConditionKind.QUEUE,
            key=f"queue|{pipeline}",
            subject=pipeline,
            pipelines=(pipeline,),
            since=min(_began(run, now) for run in runs),
            run_id=runs[-1].run_id,
            count=len(runs),
        )
        for pipeline, runs in waiting.items()
        if any(one.covers(pipeline) for one in expected)
    ]


def _began(run: PipelineRun, now: datetime) -> datetime:
    return run.start or run.last_updated or now


def _retrying(rows: Sequence[ActivityRun]) -> str:
    """The activity that failed before and is at work again in the same run; blank for none."""
    broken = {one.name for one in rows if one.status in BROKEN}
    return next((one.name for one in rows if one.name in broken and one.status in ACTIVE), "")
