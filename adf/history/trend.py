"""How it goes over time: rates and durations of the runs themselves, in stretches of time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adf.history.metrics import (
    count_failed,
    in_words,
    p95,
    seconds_of,
    seconds_of_good,
    success_rate,
    usual_of_good,
)
from adf.records import (
    ACTIVE,
    Bucket,
    PipelineNotes,
    PipelineRun,
    PipelineStats,
    RunStats,
    RunStatus,
    TimeRange,
)
from adf.records.glossary import counted

FEW = 5
MOST_PIPELINES = 12
NOTICEABLE = 0.2
_HOUR = timedelta(hours=1)
_BROKE = {
    RunStatus.FAILED: "failed",
    RunStatus.TIMED_OUT: "timed out",
    RunStatus.CANCELLED: "was cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendQuestion:
    """What a trend is asked about: its subject in words, the factory, the range, the bucket."""

    subject: str
    factory: str
    time_range: TimeRange
    bucket: timedelta
    now: datetime
    limits: tuple[str, ...] = ()


def run_stats(
    runs: Sequence[PipelineRun],
    asked: TrendQuestion,
    notes: Mapping[str, PipelineNotes],
    before: Sequence[PipelineRun] = (),
) -> RunStats:
    """The trend of runs; `before` are those of an earlier stretch to compare the rate with."""
    pipelines = sorted(
        (_pipeline(name, group, notes, asked.now) for name, group in _grouped(runs).items()),
        key=lambda one: (-one.failed, -one.runs, one.pipeline),
    )
    ended = [run for run in runs if run.status not in ACTIVE]
    few = (f"Only {counted(len(ended), 'run')}: too few for a trend.",) if len(ended) < FEW else ()
    return RunStats(
        subject=asked.subject,
        factory=asked.factory,
        time_range=asked.time_range,
        finding=_finding(runs, pipelines, asked.now),
        buckets=tuple(_buckets(ended, asked)),
        pipelines=tuple(pipelines[:MOST_PIPELINES]),
        before=success_rate(before) if before else None,
        limits=(*few, *asked.limits),
    )


def _grouped(runs: Iterable[PipelineRun]) -> dict[str, list[PipelineRun]]:
    groups: dict[str, list[PipelineRun]] = {}
    for run in runs:
        groups.setdefault(run.pipeline, []).append(run)
    return groups


def _pipeline(
    name: str, runs: Sequence[PipelineRun], notes: Mapping[str, PipelineNotes], now: datetime
) -> PipelineStats:
    """The figures of one pipeline; its usual duration from good runs, else as it was declared."""
    declared = notes.get(name, PipelineNotes()).usual
    return PipelineStats(
        pipeline=name,
        runs=sum(run.status not in ACTIVE for run in runs),
        failed=count_failed(runs),
        last=runs[0].status,
        usual=usual_of_good(runs, now) or declared,
        durations=tuple(seconds_of(run, now) for run in reversed(runs)),
    )


def _finding(runs: Sequence[PipelineRun], pipelines: Sequence[PipelineStats], now: datetime) -> str:
    ended = [run for run in runs if run.status not in ACTIVE]
    if not ended:
        return "No run finished in that time."
    failed = count_failed(ended)
    rate = f"{failed} of {counted(len(ended), 'run')} failed ({failed / len(ended):.0%})"
    if len(pipelines) == 1:
        return f"{rate}. {_pace(ended, pipelines[0], now)}"
    worst = [f"{one.pipeline} ({one.failed} of {one.runs})" for one in pipelines if one.failed]
    return f"{rate}. Most often: {', '.join(worst[:3])}." if worst else f"{rate}."


def _pace(ended: Sequence[PipelineRun], stats: PipelineStats, now: datetime) -> str:
    """How long the last run took against the usual time; one that broke is not called quick."""
    last = seconds_of(ended[0], now)
    if last is None:
        return ""
    if word := _BROKE.get(ended[0].status):
        usual = f" (usually {in_words(stats.usual.total_seconds())})" if stats.usual else ""
        return f"Last run {word} after {in_words(last)}{usual}."
    took = f"Last run {in_words(last)}{_after_wait(ended[0])}"
    if stats.usual is None:
        return f"{took}."
    usual = stats.usual.total_seconds()
    if abs(last - usual) < NOTICEABLE * usual:
        return f"{took}, as usual."
    more = "longer" if last > usual else "shorter"
    return f"{took}, {more} than usual ({in_words(usual)})."


def _after_wait(run: PipelineRun) -> str:
    if run.start is None or run.working_since is None:
        return ""
    return f" after {in_words((run.working_since - run.start).total_seconds())} in the queue"


def _buckets(ended: Sequence[PipelineRun], asked: TrendQuestion) -> Iterable[Bucket]:
    start, end = asked.time_range.start, asked.time_range.end
    count = max(1, -(-(end - start) // asked.bucket))
    for number in range(count):
        since = end - asked.bucket * (count - number)
        inside = [
            run for run in ended if since < _moment(run, asked.time_range) <= since + asked.bucket
        ]
        yield _bucket(inside, since, asked)


def _moment(run: PipelineRun, time_range: TimeRange) -> datetime:
    """When it ended; one that was only touched within the range is counted at its edge."""
    start, end = time_range.start, time_range.end
    ended = run.end or run.last_updated or end
    return min(max(ended, start + timedelta(microseconds=1)), end)


def _bucket(inside: Sequence[PipelineRun], since: datetime, question: TrendQuestion) -> Bucket:
    took = seconds_of_good(inside, question.now)
    good = sum(run.status is RunStatus.SUCCEEDED for run in inside)
    failed = count_failed(inside)
    return Bucket(
        label=f"-{round((question.time_range.end - since) / _HOUR)} h",
        start=since,
        succeeded=good,
        failed=failed,
        others=len(inside) - good - failed,
        slow=timedelta(seconds=p95(took)) if took else None,
    )
