"""The calls behind a queue: active runs, their activities, limits, runtimes, waiting windows."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from adf.client import AdfClient
from adf.errors import AdfError
from adf.history import QueueEvidence, progress_of, usual_times
from adf.records import (
    ACTIVE,
    AZURE_OWN,
    ActivityRun,
    PipelineRun,
    RunStatus,
    RuntimeStatus,
    TimeRange,
    UsualTime,
    WaitingWindow,
)
from adf.tools.runs import MOST_NAMED
from adf.tools.scope import LONGEST
from adf.tools.triggers import read_triggers

# Two weeks of one pipeline; of many, one week is enough to say what is usual.
ONE_PIPELINE, MANY = timedelta(days=14), timedelta(days=7)
# Each run costs a call for its activity runs, each runtime two for its state and its load.
MOST_RUNS, MOST_RUNTIMES = 16, 6
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ActiveWork:
    """What was read about the active runs, by pipeline, by run, by runtime."""

    runs: Sequence[PipelineRun]
    windows: Mapping[str, Sequence[WaitingWindow]]
    usual: Mapping[str, UsualTime]
    limits: Mapping[str, int | None]
    activity_runs: Mapping[str, Sequence[ActivityRun]]

    def of(self, pipeline: str, *, queued: bool) -> list[PipelineRun]:
        """The runs of a pipeline that wait, or those that are at work."""
        mine = (run for run in self.runs if run.pipeline == pipeline)
        return [run for run in mine if (run.status is RunStatus.QUEUED) == queued]

    @property
    def pipelines(self) -> list[str]:
        """Every pipeline of which something runs or waits."""
        return list(dict.fromkeys([*(run.pipeline for run in self.runs), *self.windows]))


class QueueReader:
    """Reads one queue; what cannot be read beyond the runs themselves becomes one of `gaps`."""

    def __init__(self, client: AdfClient, now: datetime) -> None:
        """Borrow the client."""
        self._client = client
        self._now = now
        self.gaps: list[str] = []

    async def read(self, pipeline: str | None, *, why: bool = True) -> list[QueueEvidence]:
        """What is known of each pipeline of which something runs or waits.

        Without `why`, only what tells how far the running ones are: two trips in a row.
        """
        work = await self._work(pipeline, why=why)
        waiting = [name for name in work.pipelines if why and work.of(name, queued=True)]
        runtimes, expected = await asyncio.gather(
            self._runtimes(_used(work.activity_runs.values()) if waiting else ()),
            self._expected([one for one in waiting if not work.of(one, queued=False)]),
        )
        return [self._evidence(name, work, runtimes, expected) for name in work.pipelines]

    async def _work(self, pipeline: str | None, *, why: bool) -> _ActiveWork:
        time_range = TimeRange(start=self._now - LONGEST, end=self._now)
        runs, windows = await asyncio.gather(
            self._client.list_runs(time_range, pipeline=pipeline, statuses=sorted(ACTIVE)),
            self._windows(pipeline) if why else _nothing(),
        )
        names = list(dict.fromkeys([*(run.pipeline for run in runs), *windows]))
        usual, limits, activity_runs = await asyncio.gather(
            self._usual(names), self._limits(names if why else ()), self._activity_runs(runs)
        )
        return _ActiveWork(
            runs=runs, windows=windows, usual=usual, limits=limits, activity_runs=activity_runs
        )

    def _evidence(
        self,
        name: str,
        work: _ActiveWork,
        runtimes: Mapping[str, RuntimeStatus],
        expected: Mapping[str, Sequence[RuntimeStatus]],
    ) -> QueueEvidence:
        going = work.of(name, queued=False)
        inside, usual = work.activity_runs, work.usual.get(name)
        return QueueEvidence(
            pipeline=name,
            concurrency=work.limits.get(name),
            running=[
                progress_of(run, inside.get(run.run_id, ()), usual, self._now) for run in going
            ],
            queued=work.of(name, queued=True),
            usual=usual,
            windows=work.windows.get(name, ()),
            runtimes=runtimes,
            expected_runtimes=expected.get(name, ()),
            running_in_factory=sum(run.status is not RunStatus.QUEUED for run in work.runs),
        )

    async def _windows(self, pipeline: str | None) -> dict[str, list[WaitingWindow]]:
        """The windows that have closed and wait, by the pipeline they start."""
        report = await self._or_gap(
            read_triggers(self._client, self._now, pipeline=pipeline, stops=False),
            "which windows wait",
        )
        found: dict[str, list[WaitingWindow]] = {}
        for trigger in report.triggers if report else ():
            waits = [one for one in trigger.waiting if one.status is not RunStatus.FAILED]
            for name in trigger.pipelines if waits else ():
                found.setdefault(name, []).extend(waits)
        return found

    async def _usual(self, names: Sequence[str]) -> dict[str, UsualTime]:
        """How long good runs take, from the days before."""
        if not names:
            return {}
        # Days of runs say what is usual: some minutes more or less change nothing of it.
        key = ("usual", *names)
        usual = self._client.remembered(key, lambda: self._usual_of(names))
        known = await self._or_gap(usual, "how long runs usually take")
        return usual_times((), self._client.factory.notes, self._now) if known is None else known

    async def _usual_of(self, names: Sequence[str]) -> dict[str, UsualTime]:
        back = ONE_PIPELINE if len(names) == 1 else MANY
        good = await self._client.list_runs(
            TimeRange(start=self._now - back, end=self._now),
            pipelines=names if len(names) <= MOST_NAMED else (),
            statuses=[RunStatus.SUCCEEDED],
        )
        return usual_times(good, self._client.factory.notes, self._now)

    async def _limits(self, names: Sequence[str]) -> dict[str, int | None]:
        """How many runs of each pipeline may be in progress at once."""
        what = "how many runs are allowed at once"
        if len(names) == 1:
            one = await self._or_gap(self._client.get_definition(names[0]), what)
            return {names[0]: one.concurrency} if one else {}
        listed = await self._or_gap(self._client.list_pipelines(), what) if names else None
        return {one.name: one.concurrency for one in listed or ()}

    async def _activity_runs(self, runs: Sequence[PipelineRun]) -> dict[str, Sequence[ActivityRun]]:
        """What is inside the runs that are at work, the longest first."""
        going = [run for run in runs if run.status is not RunStatus.QUEUED]
        read = sorted(going, key=lambda run: str(run.start))[:MOST_RUNS]
        if len(going) > len(read):
            self.gaps.append(f"{len(going) - len(read)} running runs were not looked into")
        found = await asyncio.gather(*map(self._inside, read))
        return {run.run_id: rows for run, rows in zip(read, found, strict=True)}

    async def _inside(self, run: PipelineRun) -> Sequence[ActivityRun]:
        rows = self._client.list_activity_runs(run.run_id, run.start, self._now)
        return await self._or_gap(rows, f"what a run of {run.pipeline} is working on") or ()

    async def _expected(self, names: Sequence[str]) -> dict[str, list[RuntimeStatus]]:
        """For what waits while nothing of it runs: the runtimes of its last good run."""
        found = await asyncio.gather(*(self._of_last_run(one) for one in names[:MOST_RUNTIMES]))
        return dict(zip(names, found, strict=False))

    async def _of_last_run(self, pipeline: str) -> list[RuntimeStatus]:
        time_range = TimeRange(start=self._now - ONE_PIPELINE, end=self._now)
        good = await self._or_gap(
            self._client.list_runs(time_range, pipeline=pipeline, statuses=[RunStatus.SUCCEEDED]),
            f"the last good run of {pipeline}",
        )
        rows = await self._inside(good[0]) if good else ()
        return [*(await self._runtimes(_used([rows]))).values()]

    async def _runtimes(self, names: Sequence[str]) -> dict[str, RuntimeStatus]:
        """The state of runtimes with machines of the owners', by lower-case name."""
        found = await asyncio.gather(*map(self._runtime, names[:MOST_RUNTIMES]))
        return {one.name.lower(): one for one in found if one}

    async def _runtime(self, name: str) -> RuntimeStatus | None:
        what = f"the state of integration runtime {name}"
        status = await self._or_gap(self._client.get_runtime_status(name), what)
        if status is None or not any(node.is_online for node in status.nodes):
            return status
        loaded = await self._or_gap(self._client.get_runtime_load(status), f"the load of {name}")
        return loaded or status

    async def _or_gap(self, reading: Awaitable[T], what: str) -> T | None:
        """The answer; in its place None and a gap where it cannot be had."""
        try:
            return await reading
        except AdfError as error:
            self.gaps.append(f"could not read {what} ({error.said})")
            return None


async def _nothing() -> dict[str, list[WaitingWindow]]:
    return {}


def _used(activity_runs: Iterable[Sequence[ActivityRun]]) -> list[str]:
    """The runtimes that activities ran on, Azure's own left out."""
    named = {one.runtime for rows in activity_runs for one in rows if one.runtime}
    return sorted(name for name in named if name.lower() not in AZURE_OWN)
