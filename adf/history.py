"""How runs went over time, computed from the runs themselves: rates, durations, how two differ."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adf.diagnosis import diagnose
from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityRun,
    Bucket,
    Comparison,
    Difference,
    ErrorHistory,
    Occurrence,
    PipelineNotes,
    PipelineRun,
    PipelineStats,
    RunReport,
    RunStats,
    RunStatus,
    TimeRange,
)

FEW = 5
MOST_PIPELINES = 12
NOTICEABLE = 0.2
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a trend is asked about: its subject in words, the factory, the range, the bucket."""

    subject: str
    factory: str
    time_range: TimeRange
    bucket: timedelta
    now: datetime
    limits: tuple[str, ...] = ()


def run_stats(
    runs: Sequence[PipelineRun],
    asked: Asked,
    notes: Mapping[str, PipelineNotes],
    before: Sequence[PipelineRun] = (),
) -> RunStats:
    """The trend of runs; `before` are those of an earlier stretch to compare the rate with."""
    pipelines = sorted(
        (_pipeline(name, group, notes, asked.now) for name, group in _grouped(runs).items()),
        key=lambda one: (-one.failed, -one.runs, one.pipeline),
    )
    ended = [run for run in runs if run.status not in ACTIVE]
    few = (f"Only {len(ended)} runs: a small sample, no trend.",) if len(ended) < FEW else ()
    return RunStats(
        subject=asked.subject,
        factory=asked.factory,
        time_range=asked.time_range,
        finding=_finding(runs, pipelines, asked.now),
        buckets=tuple(_buckets(ended, asked)),
        pipelines=tuple(pipelines[:MOST_PIPELINES]),
        before=_success(before) if before else None,
        limits=(*few, *asked.limits),
    )


def error_history(runs: Sequence[PipelineRun], broken: PipelineRun, days: int) -> ErrorHistory:
    """Earlier runs that broke as this one did, by the signature of their messages.

    `runs` are all runs of the pipeline in those days, newest first.
    """
    signature = _signature(broken)
    older = [run for run in runs if _began(run) < _began(broken) and run.status in BROKEN]
    alike = [run for run in older if _signature(run) == signature]
    good = [run for run in reversed(runs) if run.status is RunStatus.SUCCEEDED]
    return ErrorHistory(
        occurrences=tuple(Occurrence(run=run, recovered=_after(good, run)) for run in alike),
        days=days,
    )


def _after(good: Sequence[PipelineRun], broken: PipelineRun) -> PipelineRun | None:
    return next((run for run in good if _began(run) > _began(broken)), None)


def _signature(run: PipelineRun) -> str:
    return diagnose(run.message).signature


def _began(run: PipelineRun) -> datetime:
    return run.start or run.last_updated or datetime.min.replace(tzinfo=UTC)


def compare(left: RunReport, right: RunReport, now: datetime) -> Comparison:
    """Two runs side by side: how they ended, how long they took, what each activity did."""
    told = [
        *_of_runs(left.run, right.run, now),
        *_of_causes(left, right),
        *_of_activity_runs(left.activity_runs, right.activity_runs),
        *_of_parameters(left.run.parameters, right.run.parameters),
    ]
    different = tuple(one for one in told if one.left != one.right)
    same = tuple(dict.fromkeys(one.what for one in told if one.left == one.right))
    return Comparison(left=left.run, right=right.run, differences=different, same=same)


def _grouped(runs: Iterable[PipelineRun]) -> dict[str, list[PipelineRun]]:
    groups: dict[str, list[PipelineRun]] = {}
    for run in runs:
        groups.setdefault(run.pipeline, []).append(run)
    return groups


def _pipeline(
    name: str, runs: Sequence[PipelineRun], notes: Mapping[str, PipelineNotes], now: datetime
) -> PipelineStats:
    """The figures of one pipeline; its usual duration from good runs, else as it was declared."""
    took = _durations(runs, now)
    declared = notes.get(name, PipelineNotes()).usual
    middle = timedelta(seconds=statistics.median(took)) if len(took) >= FEW else declared
    return PipelineStats(
        pipeline=name,
        runs=len(runs),
        failed=_failed(runs),
        last=runs[0].status,
        usual=middle,
        durations=tuple(_seconds(run, now) for run in reversed(runs)),
    )


def _finding(runs: Sequence[PipelineRun], pipelines: Sequence[PipelineStats], now: datetime) -> str:
    ended = [run for run in runs if run.status not in ACTIVE]
    if not ended:
        return "No run ended in that time."
    failed = _failed(ended)
    rate = f"{failed} of {len(ended)} runs failed ({failed / len(ended):.0%})"
    if len(pipelines) == 1:
        return f"{rate}. {_pace(ended, pipelines[0], now)}"
    worst = [f"{one.pipeline} ({one.failed} of {one.runs})" for one in pipelines if one.failed]
    return f"{rate}. Most often: {', '.join(worst[:3])}." if worst else f"{rate}."


def _pace(ended: Sequence[PipelineRun], stats: PipelineStats, now: datetime) -> str:
    """How long the last run took against the usual time."""
    last = _seconds(ended[0], now)
    if last is None:
        return ""
    took = f"The last run took {_minutes(last)}"
    if stats.usual is None:
        return f"{took}."
    usual = stats.usual.total_seconds()
    if abs(last - usual) < NOTICEABLE * usual:
        return f"{took}, about as usual ({_minutes(usual)})."
    more = "longer" if last > usual else "shorter"
    return f"{took}, {more} than usual ({_minutes(usual)})."


def _buckets(ended: Sequence[PipelineRun], asked: Asked) -> Iterable[Bucket]:
    start, end = asked.time_range.start, asked.time_range.end
    count = max(1, -(-(end - start) // asked.bucket))
    for number in range(count):
        since = end - asked.bucket * (count - number)
        inside = [
            run
            for run in ended
            if since < (run.end or run.last_updated or end) <= since + asked.bucket
        ]
        took = _durations(inside, asked.now)
        yield Bucket(
            label=f"-{round((end - since) / _HOUR)} h",
            succeeded=sum(run.status is RunStatus.SUCCEEDED for run in inside),
            failed=_failed(inside),
            slow=timedelta(seconds=_p95(took)) if took else None,
        )


def _of_runs(left: PipelineRun, right: PipelineRun, now: datetime) -> list[Difference]:
    ends = Difference(what="Result", left=str(left.status), right=str(right.status), matters=True)
    took = [_seconds(run, now) for run in (left, right)]
    words = [_minutes(one) if one is not None else "not started" for one in took]
    far = None not in took and _apart(took[0] or 0, took[1] or 0)
    lasted = Difference(what="Duration", left=words[0], right=words[1], matters=bool(far))
    factory = Difference(what="Factory", left=left.factory, right=right.factory)
    return [ends, lasted, factory]


def _of_causes(left: RunReport, right: RunReport) -> list[Difference]:
    said = [_cause(report) for report in (left, right)]
    return [Difference(what="Failed at", left=said[0], right=said[1], matters=True)]


def _cause(report: RunReport) -> str:
    path = report.cause.path if report.cause else ()
    return path[-1].activity if path else "nothing"


def _of_activity_runs(
    left: Sequence[ActivityRun], right: Sequence[ActivityRun]
) -> Iterable[Difference]:
    """Result, time and rows of each activity that both runs or one of them had."""
    before, after = ({one.name: one for one in side if not one.iteration} for side in (left, right))
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        far = _apart(_activity_seconds(one), _activity_seconds(other)) or _end(one) != _end(other)
        yield Difference(what=name, left=_told(one), right=_told(other), matters=far)


def _told(one: ActivityRun | None) -> str:
    if one is None:
        return "not there"
    took = _minutes(_activity_seconds(one)) if one.duration else ""
    rows = f"{one.rows_copied:,} rows" if one.rows_copied is not None else ""
    return ", ".join(part for part in (str(one.status), took, rows) if part)


def _of_parameters(left: Mapping[str, str], right: Mapping[str, str]) -> list[Difference]:
    names = dict.fromkeys([*left, *right])
    return [
        Difference(what=f"Parameter {name}", left=left.get(name, ""), right=right.get(name, ""))
        for name in names
    ]


def _end(one: ActivityRun | None) -> RunStatus | None:
    return one.status if one else None


def _activity_seconds(one: ActivityRun | None) -> float:
    return one.duration.total_seconds() if one and one.duration else 0.0


def _apart(one: float, other: float) -> bool:
    """Whether two durations (seconds) differ enough to speak of."""
    return abs(one - other) > max(30.0, NOTICEABLE * max(one, other))


def _durations(runs: Sequence[PipelineRun], now: datetime) -> list[float]:
    good = [run for run in runs if run.status is RunStatus.SUCCEEDED]
    return [took for run in good if (took := _seconds(run, now)) is not None]


def _seconds(run: PipelineRun, now: datetime) -> float | None:
    took = run.lasted(now)
    return took.total_seconds() if took is not None else None


def _failed(runs: Iterable[PipelineRun]) -> int:
    return sum(run.status in BROKEN for run in runs)


def _success(runs: Sequence[PipelineRun]) -> float | None:
    ended = [run for run in runs if run.status not in ACTIVE]
    return 1 - _failed(ended) / len(ended) if ended else None


def _p95(took: Sequence[float]) -> float:
    return sorted(took)[min(len(took) - 1, round(0.95 * (len(took) - 1)))]


def _minutes(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{round(seconds)} s" if seconds < 90 else f"{minutes} min"
