"""Figures of runs: seconds, rates, and when two durations differ enough to speak of."""

import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from adf.records import ACTIVE, BROKEN, PipelineRun, RunStatus
from adf.records.durations import duration

NOTICEABLE = 0.2
FEWEST = 5


def seconds_of_good(runs: Sequence[PipelineRun], now: datetime) -> list[float]:
    """Seconds of the runs that succeeded."""
    good = [run for run in runs if run.status is RunStatus.SUCCEEDED]
    return [took for run in good if (took := seconds_of(run, now)) is not None]


def usual_of_good(runs: Sequence[PipelineRun], now: datetime) -> timedelta | None:
    """The middle duration of the runs that succeeded; None of too few."""
    took = seconds_of_good(runs, now)
    return timedelta(seconds=statistics.median(took)) if len(took) >= FEWEST else None


def seconds_of(run: PipelineRun, now: datetime) -> float | None:
    """How long a run took, or has been running, in seconds."""
    took = run.lasted(now)
    return took.total_seconds() if took is not None else None


def count_failed(runs: Iterable[PipelineRun]) -> int:
    """How many runs broke."""
    return sum(run.status in BROKEN for run in runs)


def success_rate(runs: Sequence[PipelineRun]) -> float | None:
    """The share of ended runs that did not break."""
    ended = [run for run in runs if run.status not in ACTIVE]
    return 1 - count_failed(ended) / len(ended) if ended else None


def p95(took: Sequence[float]) -> float:
    """The duration that 95 of 100 runs stay under."""
    return sorted(took)[min(len(took) - 1, round(0.95 * (len(took) - 1)))]


def in_words(seconds: float) -> str:
    """A duration in seconds as every card says it."""
    return duration(timedelta(seconds=seconds))


def are_apart(one: float, other: float) -> bool:
    """Whether two durations (seconds) differ enough to speak of."""
    return abs(one - other) > max(30.0, NOTICEABLE * max(one, other))
