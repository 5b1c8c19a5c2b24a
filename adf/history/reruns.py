"""Whether a rerun helped before: what came after a pipeline broke with the same error.

A rerun is a run of the same recovery group, or one started by hand with the same parameters before
the pipeline ran again by itself. Each failure counts once, with the first rerun that ended.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt
from statistics import median

from adf.history.errors import signatures_of
from adf.records import BROKEN, PipelineRun, RerunOdds, RunReport, RunStatus

_MANUAL = "manual"
# The quantile of the normal distribution for an interval of 90 %.
_Z = 1.6448536269514722


def rerun_odds(
    runs: Sequence[PipelineRun],
    broken: RunReport,
    days: int,
    inside: Mapping[str, RunReport] | None = None,
) -> RerunOdds:
    """How reruns after the same error ended; `runs` are all of the pipeline in those days.

    `inside` are the reports, by run id, of runs whose message does not tell what broke them.
    """
    known = inside or {}
    error = signatures_of(broken.run, broken)
    ordered = sorted((run for run in runs if not run.debug), key=_began)
    alike = [
        run
        for run in ordered
        if run.status in BROKEN and error & signatures_of(run, known.get(run.run_id))
    ]
    after = [(run, _rerun_of(run, ordered)) for run in alike]
    reruns = [(run, again) for run, again in after if again]
    alone = [_next_of(run, ordered) for run, again in after if again is None]
    return _counted(reruns, [run for run in alone if run], days)


def interval(good: int, total: int) -> tuple[float, float]:
    """Wilson's 90 % interval for a rate: between 0 and 1 also for a handful, and wide there."""
    if not total:
        return 0.0, 1.0
    rate, z2 = good / total, _Z * _Z
    middle = (rate + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z * sqrt(rate * (1 - rate) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    # Rounding must not leave out what was seen.
    return min(rate, max(0.0, middle - half)), max(rate, min(1.0, middle + half))


def _counted(
    reruns: Collection[tuple[PipelineRun, PipelineRun]], alone: Collection[PipelineRun], days: int
) -> RerunOdds:
    green = [(run, again) for run, again in reruns if again.status is RunStatus.SUCCEEDED]
    ends = [(run.end, again.end) for run, again in green]
    took = [(end - start).total_seconds() for start, end in ends if start and end]
    low, high = interval(len(green), len(reruns))
    return RerunOdds(
        days=days,
        reruns=len(reruns),
        green=len(green),
        low=low,
        high=high,
        median=timedelta(seconds=median(took)) if took else None,
        left_alone=len(alone),
        healed=sum(run.status is RunStatus.SUCCEEDED for run in alone),
    )


def _rerun_of(run: PipelineRun, ordered: Sequence[PipelineRun]) -> PipelineRun | None:
    """The first rerun of a broken run that ended one way or the other."""
    by_hand = True
    for later in ordered:
        if later.run_id == run.run_id or _began(later) < _ended(run):
            continue
        in_group = bool(run.group_id) and later.group_id == run.group_id
        if in_group or (by_hand and _is_by_hand(later) and later.parameters == run.parameters):
            if _is_ended(later):
                return later
            continue
        by_hand = by_hand and _is_by_hand(later)
    return None


def _next_of(run: PipelineRun, ordered: Sequence[PipelineRun]) -> PipelineRun | None:
    """The next run that came by itself and ended."""
    later = (one for one in ordered if _began(one) >= _ended(run) and one.run_id != run.run_id)
    return next((one for one in later if not _is_by_hand(one) and _is_ended(one)), None)


def _is_by_hand(run: PipelineRun) -> bool:
    return run.invoked_by is not None and run.invoked_by.kind.lower() == _MANUAL


def _is_ended(run: PipelineRun) -> bool:
    return run.status is RunStatus.SUCCEEDED or run.status in BROKEN


def _began(run: PipelineRun) -> datetime:
    return run.start or run.last_updated or datetime.min.replace(tzinfo=UTC)


def _ended(run: PipelineRun) -> datetime:
    return run.end or _began(run) + timedelta(seconds=1)
