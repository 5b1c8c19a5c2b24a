"""Every run a factory remembers, kept so that a question costs what it finds and no more.

A run that ended never changes, so ended runs stand in the order of their ends; only the open ones
are looked at one by one.
"""

import heapq
import sys
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from datetime import datetime, timedelta

from adf.simulator.runs import PlannedRun, SimulatedRun

RETENTION = timedelta(days=45)


class RunIndex:
    """The planned runs of one factory by their ids and by when they end."""

    def __init__(self) -> None:
        """Begin with none."""
        self._plans: dict[str, PlannedRun] = {}
        self._numbers: dict[str, int] = {}
        self._count = 0
        self._open: dict[str, None] = {}
        self._ending: list[tuple[datetime, int, str]] = []
        self._ended: list[tuple[datetime, int, str]] = []

    def __len__(self) -> int:
        """How many runs are remembered."""
        return len(self._plans)

    def add(self, planned: PlannedRun) -> None:
        """Remember a run; one of the same id is told anew in its place."""
        key, end = planned.run.run_id.lower(), planned.run.end
        known = self._plans.get(key)
        self._plans[key] = planned
        if known is not None and known.run.end == end:
            return
        if known is not None:
            self._ended = [one for one in self._ended if one[2] != key]
        self._open[key] = None
        self._count += known is None
        number = self._numbers.setdefault(key, self._count)
        if end:
            heapq.heappush(self._ending, (end, number, key))

    def get(self, run_id: str) -> PlannedRun | None:
        """The plan of a run by its id, in any case."""
        return self._plans.get(run_id.lower())

    def remove(self, run_id: str) -> None:
        """Forget a run that will not be."""
        key = run_id.lower()
        self._open.pop(key, None)
        if self._plans.pop(key, None):
            self._ended = [one for one in self._ended if one[2] != key]
            del self._numbers[key]

    def plans(self) -> tuple[PlannedRun, ...]:
        """Every plan, in the order they came."""
        return tuple(self._plans.values())

    def advance(self, now: datetime) -> None:
        """Put away what has ended by now, and forget what is older than the service keeps."""
        while self._ending and self._ending[0][0] <= now:
            ended = heapq.heappop(self._ending)
            planned = self._plans.get(ended[2])
            if planned and planned.run.end == ended[0] and ended[2] in self._open:
                del self._open[ended[2]]
                insort(self._ended, ended)
        old = bisect_right(self._ended, (now - RETENTION, sys.maxsize))
        forgotten = [key for _, _, key in self._ended[:old]]
        forgotten += [key for key in self._open if not is_kept(self._plans[key].run, now)]
        del self._ended[:old]
        for key in forgotten:
            self._open.pop(key, None)
            del self._plans[key], self._numbers[key]

    def seen(self, after: datetime, before: datetime, as_of: datetime) -> list[SimulatedRun]:
        """The runs as of a moment that were last updated in a range, in the order they came."""
        found = sorted(self._numbered(after, before, as_of), key=lambda one: one[0])
        return [run for _, run in found if is_kept(run, as_of)]

    def _numbered(
        self, after: datetime, before: datetime, as_of: datetime
    ) -> Iterator[tuple[int, SimulatedRun]]:
        first = bisect_left(self._ended, (after,))
        known = bisect_right(self._ended, (as_of, sys.maxsize))
        last = min(known, bisect_right(self._ended, (before, sys.maxsize)))
        for _, number, key in self._ended[first:last]:
            yield number, self._plans[key].run
        for key in (*(key for _, _, key in self._ended[known:]), *self._open):
            run = self._plans[key].seen_at(as_of)
            if run is not None and after <= run.last_updated <= before:
                yield self._numbers[key], run


def is_kept(run: SimulatedRun, now: datetime) -> bool:
    """Whether the service still answers for a run."""
    return run.last_updated > now - RETENTION
