"""Looks into runs that succeeded, within the time and the calls that a status has."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.client import AdfClient
from adf.errors import AdfError
from adf.history.progress import usual_times
from adf.history.quality import EarlierRuns, check_run, earlier_runs
from adf.records import ActivityRun, PipelineRun, RunCheck, RunStatus, TimeRange
from adf.records.glossary import counted
from adf.runs.reading import ReportReader

# Of the 5 s in which a status is promised.
PATIENCE = 2.0
# A call each: newest runs of a list, earlier runs of one pipeline, pipelines held against those.
MOST_CHECKED, MOST_EARLIER, MOST_COMPARED = 24, 8, 6
FEW_EARLIER = 4
LOOK_BACK = timedelta(days=14)


class RunChecker:
    """Checks green runs; what could not be looked into is in `gaps`."""

    def __init__(self, client: AdfClient, now: datetime, patience: float = PATIENCE) -> None:
        """Borrow the client; the time begins to run."""
        self._client = client
        self._now = now
        self._reader = ReportReader(client, now, patience, at_once=MOST_CHECKED)
        self.gaps: list[str] = []

    async def check_one(
        self, run: PipelineRun, inside: Sequence[ActivityRun] | None = None
    ) -> RunCheck | None:
        """One run against the earlier good runs of its pipeline; None where it cannot be read."""
        mine, good = await asyncio.gather(self._inside(run, inside), self._good_before(run))
        if mine is None:
            self.gaps.append(f"could not look inside the newest run of {run.pipeline}")
            return None
        return check_run(run, mine, await self._earlier(run, good, MOST_EARLIER), self._now)

    async def check_many(
        self, newest: Sequence[PipelineRun], known: Sequence[PipelineRun]
    ) -> tuple[RunCheck, ...]:
        """The newest green runs, those of critical pipelines first, against the others `known`."""
        notes = self._client.factory.notes_for
        green = [run for run in newest if run.status is RunStatus.SUCCEEDED]
        ordered = sorted(green, key=lambda run: not notes(run.pipeline).critical)
        read = ordered[:MOST_CHECKED]
        inside = await asyncio.gather(*(self._inside(run, None) for run in read))
        names = {run.pipeline for run in read}
        good = [run for run in known if run.status is RunStatus.SUCCEEDED and run.pipeline in names]
        found = [(run, rows) for run, rows in zip(read, inside, strict=True) if rows is not None]
        self._say_left_out(len(green), len(found))
        quick = [self._quick(run, rows, good) for run, rows in found]
        again = [place for place, one in enumerate(quick) if _is_open(one, found[place][1])]
        compared = await asyncio.gather(
            *(self._compared(*found[place], good) for place in again[:MOST_COMPARED])
        )
        better = dict(zip(again, compared, strict=False))
        return tuple(better.get(place, one) for place, one in enumerate(quick))

    def _say_left_out(self, green: int, looked: int) -> None:
        if looked < green:
            total = counted(green, "pipeline")
            self.gaps.append(f"looked inside the newest green run of {looked} of {total}")

    def _quick(
        self, run: PipelineRun, rows: Sequence[ActivityRun], good: Sequence[PipelineRun]
    ) -> RunCheck:
        """Against durations, which cost no call, and what the owners declared."""
        return check_run(run, rows, self._without_rows(run, _before(run, good)), self._now)

    async def _compared(
        self, run: PipelineRun, rows: Sequence[ActivityRun], good: Sequence[PipelineRun]
    ) -> RunCheck:
        earlier = await self._earlier(run, _before(run, good), FEW_EARLIER)
        return check_run(run, rows, earlier, self._now)

    async def _earlier(
        self, run: PipelineRun, good: Sequence[PipelineRun], most: int
    ) -> EarlierRuns:
        inside = await asyncio.gather(*(self._inside(one, None) for one in good[:most]))
        known = self._without_rows(run, good)
        return earlier_runs(
            [rows for rows in inside if rows is not None], known.usual, known.declared_rows
        )

    def _without_rows(self, run: PipelineRun, good: Sequence[PipelineRun]) -> EarlierRuns:
        notes = self._client.factory.notes_for(run.pipeline)
        usual = usual_times(good, {run.pipeline: notes}, self._now)
        return EarlierRuns(usual=usual.get(run.pipeline), declared_rows=notes.usual_rows)

    async def _good_before(self, run: PipelineRun) -> Sequence[PipelineRun]:
        """The good runs of the same pipeline before, newest first."""
        until = run.end or run.last_updated or self._now
        time_range = TimeRange(start=until - LOOK_BACK, end=until)
        try:
            found = await self._client.list_runs(
                time_range, pipeline=run.pipeline, statuses=[RunStatus.SUCCEEDED]
            )
        except AdfError as error:
            self.gaps.append(f"could not read earlier runs of {run.pipeline} ({error.said})")
            return ()
        return _before(run, found)

    async def _inside(
        self, run: PipelineRun, known: Sequence[ActivityRun] | None
    ) -> Sequence[ActivityRun] | None:
        if known is not None:
            return known
        try:
            return await self._reader.activity_runs(run.run_id, run.start or run.last_updated)
        except AdfError:
            return None


def _is_open(check: RunCheck, rows: Sequence[ActivityRun]) -> bool:
    """Whether earlier runs must be read to tell: no rows, or something that was skipped."""
    nothing = check.rows == 0 and not check.usual_rows
    return nothing or any(one.status is RunStatus.SKIPPED for one in rows)


def _before(run: PipelineRun, good: Sequence[PipelineRun]) -> list[PipelineRun]:
    return [
        one
        for one in good
        if one.pipeline == run.pipeline
        and one.run_id != run.run_id
        and (run.start is None or one.start is None or one.start < run.start)
    ]
