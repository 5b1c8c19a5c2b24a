"""How often something would have been told in the past, counted from the runs there were."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adf.client import AdfClient
from adf.records import BROKEN, PipelineRun, RunStatus, TimeRange

RETENTION = timedelta(days=45)
MOST_NAMES = 100
_ENDED = (RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.SUCCEEDED)
Covers = Callable[[str], bool]
LastDue = Callable[[datetime], datetime | None]
# What ended well within so long before a deadline was for that deadline.
FOR_IT = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a subscription would have posted; `days` is how far back there are runs.

    `quick` of the posts were green again within `wait`; `is_whole`: every run could be read.
    """

    days: int
    posts: int
    quick: int = 0
    wait: timedelta = timedelta()
    is_whole: bool = True

    @property
    def with_wait(self) -> int:
        """How many posts there would have been after waiting for that long."""
        return self.posts - self.quick


async def failures_before(
    client: AdfClient, name: str | None, covers: Covers, wait: timedelta, now: datetime
) -> Backtest | None:
    """How often a failure would have been posted; None where nothing has run. May raise AdfError.

    `name` is the one pipeline it is about; of many only those that failed are read in full.
    """
    time_range = TimeRange(start=now - RETENTION, end=now)
    if name is not None:
        runs = _real(await client.list_runs(time_range, pipeline=name, statuses=_ENDED))
        return _counted(runs, wait, now) if runs else None
    broken = _real(await client.list_runs(time_range, statuses=sorted(BROKEN)))
    ids = {run.run_id for run in broken}
    failed = [run for run in broken if covers(run.pipeline) and _caller(run) not in ids]
    names = sorted({run.pipeline for run in failed})
    if not names:
        return Backtest(days=RETENTION.days, posts=0, wait=wait)
    good = await client.list_runs(
        time_range, pipelines=names[:MOST_NAMES], statuses=[RunStatus.SUCCEEDED]
    )
    found = _counted([*failed, *_real(good)], wait, now)
    return Backtest(
        days=found.days,
        posts=found.posts,
        quick=found.quick,
        wait=wait,
        is_whole=len(names) <= MOST_NAMES,
    )


async def overlong_before(
    client: AdfClient, name: str, longest: timedelta, now: datetime
) -> Backtest | None:
    """How many runs of a pipeline took longer than that; None where nothing has run."""
    time_range = TimeRange(start=now - RETENTION, end=now)
    runs = _real(await client.list_runs(time_range, pipeline=name, statuses=_ENDED))
    lengths = [took for run in runs if (took := run.lasted(now)) is not None]
    if not lengths:
        return None
    return Backtest(days=_days(runs, now), posts=sum(took > longest for took in lengths))


async def late_before(client: AdfClient, name: str, due: LastDue, now: datetime) -> Backtest | None:
    """On how many days a pipeline ran and no run had ended well by then; None for no run."""
    time_range = TimeRange(start=now - RETENTION, end=now)
    runs = _real(await client.list_runs(time_range, pipeline=name, statuses=_ENDED))
    if not runs:
        return None
    days = _days(runs, now)
    moments = [at for day in range(days) if (at := due(now - timedelta(days=day)))]
    late = 0
    for at in dict.fromkeys(moments):
        near = [run for run in runs if abs(_end(run) - at) <= FOR_IT]
        in_time = any(run.status is RunStatus.SUCCEEDED and _end(run) <= at for run in near)
        late += bool(near) and not in_time
    return Backtest(days=days, posts=late)


def _counted(runs: Sequence[PipelineRun], wait: timedelta, now: datetime) -> Backtest:
    """One post for each time a pipeline went red, however often it failed until it was green."""
    of: defaultdict[str, list[PipelineRun]] = defaultdict(list)
    for run in sorted(runs, key=_end):
        of[run.pipeline].append(run)
    posts = quick = 0
    for some in of.values():
        red_since: datetime | None = None
        for run in some:
            if run.status in BROKEN:
                posts += red_since is None
                red_since = red_since or _end(run)
            elif red_since is not None:
                quick += _end(run) - red_since <= wait
                red_since = None
    return Backtest(days=_days(runs, now), posts=posts, quick=quick, wait=wait)


def _real(runs: Iterable[PipelineRun]) -> list[PipelineRun]:
    return [run for run in runs if not run.debug]


def _caller(run: PipelineRun) -> str | None:
    return run.invoked_by.pipeline_run_id if run.invoked_by else None


def _days(runs: Sequence[PipelineRun], now: datetime) -> int:
    """How many days back there are runs, at most as many as are kept."""
    oldest = min(map(_end, runs))
    return min(RETENTION.days, max(1, round((now - oldest) / timedelta(days=1))))


def _end(run: PipelineRun) -> datetime:
    return run.end or run.last_updated or datetime.min.replace(tzinfo=UTC)
