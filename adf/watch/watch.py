"""Polls a factory for what broke and what is well again, so that nothing is lost or told twice.

The watermark is the newest update ever seen, never the time of day: what the service shows late is
still inside the overlap of the next time range. Whoever reads the signals keeps what was told and,
after that, the watermark; a poll that fails, or a crash half way, is simply made again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from adf.client import AdfClient
from adf.records import (
    BROKEN,
    Failure,
    PipelineRun,
    Recovery,
    RunStatus,
    Signal,
    TimeRange,
)
from adf.watch.alike import AlikeFailures
from adf.watch.correlation import CoveredRuns, covered
from adf.watch.dedup import Seen, announced_before
from adf.watch.fingerprint import Fingerprints
from adf.watch.parents import Callers, Family
from adf.watch.reports import failures_of

OVERLAP = timedelta(minutes=15)
FURTHEST = timedelta(days=7)
_LATEST_SHOWN = timedelta(hours=3)
_SLICE = timedelta(hours=6)
_SEAM = timedelta(minutes=1)
_PATIENCE = 5
_ENDED = (RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.SUCCEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """Signals in the order things happened, and where the next poll goes on once all are kept."""

    signals: tuple[Signal, ...]
    watermark: datetime


class FactoryWatch:
    """Watches one factory; it knows no recipient, and keeps nothing that a restart would miss."""

    def __init__(self, client: AdfClient, clock: Callable[[], datetime]) -> None:
        """Poll through the factory's client, by that clock."""
        self._client = client
        self._clock = clock
        self._callers = Callers(client)
        self._alike = AlikeFailures()
        self._names = Fingerprints()
        self._held: Counter[str] = Counter()

    async def poll(self, since: datetime | None, seen: Seen) -> Polled:
        """What happened after the watermark `since` that was not `seen`; may raise an AdfError.

        The first poll has no watermark: it looks back a quarter of an hour and no further, which
        is also as far as the second one may reach.
        """
        now = self._clock()
        start = max((since or now) - OVERLAP, now - FURTHEST)
        rows = await self._rows(start, now)
        told = await announced_before(rows, seen)
        family, told = await self._family(rows, told, seen)
        broken = [run for run in rows if run.status in BROKEN]
        groups, held = self._sorted_out(covered(broken, family, told, start), family)
        read = await failures_of(self._client, groups, now, self._names)
        failures = self._alike.joined(read, now)
        well = [run for run in rows if _is_well(run) and run.run_id not in told]
        signals: list[Signal] = [*failures, *_recoveries(well, failures, family)]
        reached = max([*map(_touched, rows), now - _LATEST_SHOWN])
        return Polled(
            signals=tuple(sorted(signals, key=lambda one: _touched(one.run))),
            watermark=max(since or start + OVERLAP, min([reached, *map(_touched, held)])),
        )

    async def _rows(self, start: datetime, now: datetime) -> Sequence[PipelineRun]:
        """Every run that ended in the time range, once; a long range is read in slices."""
        rows: dict[str, PipelineRun] = {}
        while start < now:
            time_range = TimeRange(start=start - _SEAM if rows else start, end=start + _SLICE)
            time_range = replace(time_range, end=min(time_range.end, now))
            found = await self._client.list_runs(time_range, statuses=_ENDED)
            rows.update({run.run_id: run for run in found if not run.debug})
            start = time_range.end
        return tuple(rows.values())

    async def _family(
        self, rows: Sequence[PipelineRun], told: frozenset[str], seen: Seen
    ) -> tuple[Family, frozenset[str]]:
        """The callers above what broke and was not told, and which runs and callers were told."""
        broken = [run for run in rows if run.status in BROKEN]
        family = await self._callers.family(rows, [run for run in broken if run.run_id not in told])
        above = {one.run_id: one for run in broken for one in family.above(run)}
        return family, told | await announced_before(above.values(), seen)

    def _sorted_out(
        self, groups: Iterable[CoveredRuns], family: Family
    ) -> tuple[list[CoveredRuns], list[PipelineRun]]:
        """What can be told, and the runs that wait until what is above them can be read.

        That is waited for a few polls only: a failure told with half its family beats silence.
        """
        ready: list[CoveredRuns] = []
        held: Counter[str] = Counter()
        waiting: list[PipelineRun] = []
        for one in groups:
            polls = self._held[one.head.run_id]
            if family.is_complete(one.head) or polls >= _PATIENCE:
                ready.append(one)
            else:
                held[one.head.run_id] = polls + 1
                waiting += one.runs
        self._held = held
        return ready, waiting


def _recoveries(
    well: Iterable[PipelineRun], failures: Iterable[Failure], family: Family
) -> Iterable[Recovery]:
    """Runs that ended well; again the root of a failure shown late, which its reader must hear."""
    runs = {run.run_id: run for run in well}
    for failure in failures:
        root = family.runs.get(failure.root_run_id)
        if root and _is_well(root) and _touched(root) >= _touched(failure.run):
            runs[root.run_id] = root
    return [Recovery(factory=run.factory, run=run) for run in runs.values()]


def _is_well(run: PipelineRun) -> bool:
    return run.status is RunStatus.SUCCEEDED


def _touched(run: PipelineRun) -> datetime:
    return run.last_updated or run.end or datetime.min.replace(tzinfo=UTC)
