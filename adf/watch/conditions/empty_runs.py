"""Good runs that copied nothing, of pipelines that usually copy many rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cachetools import TTLCache

from adf.client import AdfClient
from adf.history.row_counts import row_stats
from adf.records import (
    Condition,
    ConditionKind,
    ConditionOver,
    Expectation,
    PipelineRun,
    RunStatus,
    TimeRange,
)
from adf.watch.conditions.findings import Findings

LOOK_BACK = timedelta(hours=26)
OVERLAP = timedelta(minutes=15)
HISTORY = timedelta(days=10)
MANY = 10
# Each new run costs a call, and what is usual a dozen once a day.
MOST_READ = 20
MOST_NAMED = 100
_TEN_MINUTES = 600.0
_ONE_DAY = 86_400.0


class EmptyRunsCheck:
    """Reads the rows of the newest good run of each pipeline that is watched for it."""

    kinds = frozenset({ConditionKind.ZERO_ROWS})
    every = timedelta(seconds=55)

    def __init__(self, client: AdfClient) -> None:
        """Read one factory."""
        self._client = client
        self._names: TTLCache[str, Sequence[str]] = TTLCache(1, _TEN_MINUTES)
        self._rows: TTLCache[str, int | None] = TTLCache(5_000, _ONE_DAY)
        self._usual: TTLCache[str, int | None] = TTLCache(2_000, _ONE_DAY)
        self._newest: dict[str, PipelineRun] = {}
        self._reached: datetime | None = None
        self._looked: set[str] = set()

    async def find(self, expected: Sequence[Expectation], now: datetime) -> Findings:
        """The pipelines whose newest good run copied nothing, and those that copy again."""
        await self._look(expected, now)
        unread = [run for run in self._newest.values() if run.run_id not in self._rows]
        for run in unread[:MOST_READ]:
            await self._read(run, now)
        standing: list[Condition] = []
        over: list[ConditionOver] = []
        for name, run in self._newest.items():
            rows = self._rows.get(run.run_id)
            if rows == 0 and (self._usual.get(name) or 0) >= MANY:
                standing.append(_condition(run, now))
            elif rows:
                at = run.end or now
                over.append(ConditionOver(key=f"zero_rows|{name}", at=at, run_id=run.run_id))
        return Findings(standing=standing, over=over, is_complete=len(unread) <= MOST_READ)

    async def _look(self, expected: Sequence[Expectation], now: datetime) -> None:
        """Add the newest good run of each pipeline that is watched."""
        names = [name for name in await self._all() if self._is_watched(name, expected)]
        self._newest = {name: run for name, run in self._newest.items() if name in names}
        # A pipeline that is watched from now on is looked back for like all of them at first.
        is_new = self._reached is None or not set(names) <= self._looked
        start = now - LOOK_BACK if is_new or self._reached is None else self._reached - OVERLAP
        time_range = TimeRange(start=min(start, now), end=now)
        for some in (names[at : at + MOST_NAMED] for at in range(0, len(names), MOST_NAMED)):
            runs = await self._client.list_runs(
                time_range, pipelines=some, statuses=[RunStatus.SUCCEEDED]
            )
            for run in runs:
                known = self._newest.get(run.pipeline)
                if not run.debug and (known is None or (run.end or now) > (known.end or now)):
                    self._newest[run.pipeline] = run
        self._reached, self._looked = now, set(names)

    async def _all(self) -> Sequence[str]:
        if "" not in self._names:
            self._names[""] = [one.name for one in await self._client.list_pipelines()]
        return self._names[""]

    def _is_watched(self, pipeline: str, expected: Sequence[Expectation]) -> bool:
        """By its name; of everything only what is critical, or whose rows were declared."""
        notes = self._client.factory.notes_for(pipeline)
        counts = notes.critical or notes.usual_rows is not None
        return any(one.covers(pipeline) and (one.is_named or counts) for one in expected)

    async def _read(self, run: PipelineRun, now: datetime) -> None:
        """Read the rows of a run and, where there are none, what is usual."""
        copied = await self._copied(run, now)
        if copied == 0 and run.pipeline not in self._usual:
            await self._learn(run, now)
        self._rows[run.run_id] = copied

    async def _copied(self, run: PipelineRun, now: datetime) -> int | None:
        rows = await self._client.list_activity_runs(run.run_id, run.start, now)
        moved = [one.rows_copied for one in rows if one.rows_copied is not None]
        return sum(moved) if moved else None

    async def _learn(self, run: PipelineRun, now: datetime) -> None:
        """What the pipeline usually copies: of runs before that one."""
        end = run.start or now
        runs = await self._client.list_runs(
            TimeRange(start=now - HISTORY, end=end),
            pipeline=run.pipeline,
            statuses=[RunStatus.SUCCEEDED],
        )
        declared = self._client.factory.notes_for(run.pipeline).usual_rows
        before = [one for one in runs if one.run_id != run.run_id]
        stats = await row_stats(self._client, before, declared, now)
        self._usual[run.pipeline] = stats.usual if stats and stats.usual else declared


def _condition(run: PipelineRun, now: datetime) -> Condition:
    return Condition(
        factory=run.factory,
        kind=ConditionKind.ZERO_ROWS,
        key=f"zero_rows|{run.pipeline}",
        subject=run.pipeline,
        since=run.end or now,
        pipelines=(run.pipeline,),
        run_id=run.run_id,
    )
