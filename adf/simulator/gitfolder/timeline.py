"""The runs of a folder's factory as time goes on: each is told once, when its time has come."""

import heapq
import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from cachetools import LRUCache

from adf.simulator.gitfolder.execution.activity_run_rows import rows_of
from adf.simulator.gitfolder.execution.results import PipelineStart, PlayedRun
from adf.simulator.gitfolder.execution.run_simulator import RunSimulator
from adf.simulator.gitfolder.triggers.triggers import PEOPLE, Due
from adf.simulator.gitfolder.triggers.tumbling_windows import Window, Windows
from adf.simulator.runs import (
    SUCCEEDED,
    PlannedInvoker,
    PlannedRun,
    SimulatedActivityRun,
    SimulatedRun,
)

_BREAKING, _BREAKING_EACH, _BREAKING_MOST, _BREAKING_AGAIN = 0.05, 0.045, 0.35, 0.1
_RERUN, _RERUN_MINUTES = 0.6, (4, 90)
_KEPT_PLAYS, _KEPT_ROWS = 64, 256

Ahead = tuple[datetime, int, Due, Iterator[Due]]


class Timeline:
    """Tells the runs of a factory, as far as the clock has come."""

    def __init__(
        self, simulator: RunSimulator, windows: Windows, rows: Iterable[Iterator[Due]]
    ) -> None:
        """Begin with these rows of starts."""
        self._simulator = simulator
        self._windows = windows
        self._order = itertools.count()
        self._ahead: list[Ahead] = []
        self._plays: LRUCache[str, dict[str, PlayedRun]] = LRUCache(_KEPT_PLAYS)
        self._written: LRUCache[str, tuple[SimulatedActivityRun, ...]] = LRUCache(_KEPT_ROWS)
        self._replaced: dict[str, PlannedRun] = {}
        self._retries: dict[Window, int] = {}
        for row in rows:
            self._push_next(row)

    def until(self, now: datetime) -> Iterator[PlannedRun]:
        """The runs that were due by now, each told once."""
        while self._ahead and self._ahead[0][0] <= now:
            _, _, due, row = heapq.heappop(self._ahead)
            self._push_next(row)
            yield from self._told(due)

    def add_row(self, row: Iterator[Due]) -> None:
        """Add what a trigger starts that was stopped before."""
        self._push_next(row)

    def add(self, due: Due) -> None:
        """Add a start of its own."""
        self._push_next(iter((due,)))

    def _push_next(self, row: Iterator[Due]) -> None:
        due = next(row, None)
        if due is not None:
            heapq.heappush(self._ahead, (due.start.due, next(self._order), due, row))

    def _told(self, due: Due) -> Iterator[PlannedRun]:
        start, window = due.start, due.window
        if window is not None:
            free = self._windows.free_at(start, window)
            if free is None:
                return
            if free > start.due:
                self.add(replace(due, start=replace(start, due=free)))
                return
        replaced = self._replaced.pop(start.run_id, None)
        if replaced is not None:
            yield replaced
        yield from self._played(due)

    def _played(self, due: Due) -> Iterator[PlannedRun]:
        start, played = self._play(due.start)
        for one in played:
            write_out = partial(self._rows, start, one.run.run_id)
            yield PlannedRun(run=one.run, write_out=write_out)
        if played:
            self._go_on(replace(due, start=start), played[0].run)

    def _play(self, start: PipelineStart) -> tuple[PipelineStart, list[PlayedRun]]:
        chance = _BREAKING + _BREAKING_EACH * math.log2(self._simulator.size(start.pipeline))
        chance = _BREAKING_AGAIN if start.group_id else min(chance, _BREAKING_MOST)
        if not start.settled and self._simulator.chance("fate", start.run_id).hits(chance):
            start, played = self._simulator.breaking(start)
        else:
            played = self._simulator.play(start)
        self._keep(start, played)
        return start, played

    def _keep(self, start: PipelineStart, played: list[PlayedRun]) -> None:
        self._plays[start.run_id] = {one.run.run_id: one for one in played}

    def _rows(self, start: PipelineStart, run_id: str) -> tuple[SimulatedActivityRun, ...]:
        """Write out a run's activity runs, playing its start again if that was long ago."""
        if run_id not in self._written:
            self._written[run_id] = rows_of(self._played_again(start)[run_id])
        return self._written[run_id]

    def _played_again(self, start: PipelineStart) -> dict[str, PlayedRun]:
        if start.run_id not in self._plays:
            self._keep(start, self._simulator.play(start))
        return self._plays[start.run_id]

    def _go_on(self, due: Due, run: SimulatedRun) -> None:
        """What follows from how a run ended."""
        if run.status == SUCCEEDED:
            if due.window:
                for held in self._windows.finish(due.window, run.end or run.queued_at):
                    self.add(Due(start=held[0], window=held[1]))
            return
        if due.window and self._retries.setdefault(due.window, 0) < self._windows.retries(
            due.window
        ):
            self._retries[due.window] += 1
            self._again(due, run, self._windows.pause(due.window), due.start.invoked_by, group="")
            return
        dice = self._simulator.chance("after", run.run_id)
        if due.window or dice.hits(_RERUN):
            by = PlannedInvoker(name=dice.one_of(PEOPLE), kind="Manual")
            pause = timedelta(minutes=dice.between(*_RERUN_MINUTES))
            self._again(due, run, pause, by, group=run.group_id)

    def _again(
        self, due: Due, run: SimulatedRun, pause: timedelta, by: PlannedInvoker, *, group: str
    ) -> None:
        """Start the same once more; a rerun takes the place of the run it repeats."""
        run_id = self._simulator.id_of("again", run.run_id)
        start = replace(
            due.start,
            run_id=run_id,
            due=(run.end or run.queued_at) + pause,
            invoked_by=by,
            group_id=group,
            breaks=(),
            settled=False,
        )
        if group:
            write_out = partial(self._rows, due.start, run.run_id)
            older = replace(run, is_latest=False)
            self._replaced[run_id] = PlannedRun(run=older, write_out=write_out)
        self.add(replace(due, start=start))
