"""Whether a run that succeeded did what it usually does: its rows, its activities, its length."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from adf.records import (
    BROKEN,
    ActivityRun,
    Doubt,
    DoubtKind,
    PipelineRun,
    RunCheck,
    RunStatus,
    UsualTime,
)
from adf.records.glossary import counted
from adf.runs.report import last_attempts
from adf.runs.waiting import with_wait

# Fewer earlier runs say nothing of what is usual.
ENOUGH = 3
# Far off: under a fifth of the usual rows, over five times; a third of the time, twice the slow.
_FEW, _MANY, _SHORT, _LONG = 0.2, 5, 1 / 3, 2
_LEAST_ROWS = 10
_WORTH_TIMING = timedelta(minutes=2)
MOST_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRuns:
    """What is known of earlier good runs of a pipeline, beside what its owners declared.

    `rows` are what those copied that say it; `finished` counts by activity in how many of the
    `read` runs it succeeded.
    """

    rows: Sequence[int] = ()
    read: int = 0
    finished: Mapping[str, int] = field(default_factory=dict[str, int])
    usual: UsualTime | None = None
    declared_rows: int | None = None


def copied_rows(activity_runs: Iterable[ActivityRun]) -> int | None:
    """How many rows the activities of a run copied; None where none of them says."""
    moved = [one.rows_copied for one in activity_runs if one.rows_copied is not None]
    return sum(moved) if moved else None


def earlier_runs(
    inside: Sequence[Sequence[ActivityRun]], usual: UsualTime | None, declared_rows: int | None
) -> EarlierRuns:
    """What the activity runs of earlier good runs say together."""
    read = [last_attempts(rows) for rows in inside if rows]
    finished: Counter[str] = Counter()
    for rows in read:
        finished.update({one.name for one in rows if one.status is RunStatus.SUCCEEDED})
    known = [copied for rows in read if (copied := copied_rows(rows)) is not None]
    return EarlierRuns(
        rows=known, read=len(read), finished=finished, usual=usual, declared_rows=declared_rows
    )


def check_run(
    run: PipelineRun, activity_runs: Sequence[ActivityRun], earlier: EarlierRuns, now: datetime
) -> RunCheck:
    """What speaks against a run that succeeded, with what that rests on."""
    rows = last_attempts(activity_runs)
    copied, sample = copied_rows(rows), len(earlier.rows)
    is_known = sample >= ENOUGH
    usual = round(statistics.median(earlier.rows)) if is_known else earlier.declared_rows
    check = RunCheck(
        pipeline=run.pipeline,
        run_id=run.run_id,
        rows=copied,
        usual_rows=usual,
        sample=sample if is_known else 0,
    )
    doubts = [
        *_of_volume(check, earlier),
        *_of_losses(rows),
        *_of_failures(rows),
        *_of_skipped(rows, earlier),
        *_of_length(with_wait(run, activity_runs), earlier.usual, now),
    ]
    return replace(check, doubts=tuple(doubts))


def _of_volume(check: RunCheck, earlier: EarlierRuns) -> Iterable[Doubt]:
    copied, usual = check.rows, check.usual_rows
    if copied is None or not usual:
        return
    known = earlier.rows if check.sample else [usual]
    said = f"{counted(copied, 'row')} copied, usually {usual:,} ({_rests(check.sample)})"
    if copied == 0:
        yield Doubt(kind=DoubtKind.NO_ROWS, said=said, sample=check.sample)
    elif usual >= _LEAST_ROWS and copied < min(*known, usual) and copied < usual * _FEW:
        yield Doubt(kind=DoubtKind.FEW_ROWS, said=said, sample=check.sample)
    elif usual >= _LEAST_ROWS and copied > max(*known, usual) and copied > usual * _MANY:
        yield Doubt(kind=DoubtKind.MANY_ROWS, said=said, sample=check.sample)


def _of_losses(rows: Sequence[ActivityRun]) -> Iterable[Doubt]:
    """Rows that copies skipped as incompatible, or read and did not write."""
    skipped = sum(one.rows_skipped or 0 for one in rows)
    if skipped:
        named = _named(one.name for one in rows if one.rows_skipped)
        said = f"{counted(skipped, 'row')} skipped as incompatible by {named}"
        yield Doubt(kind=DoubtKind.ROWS_SKIPPED, said=said)
    lost = [(one.name, missing) for one in rows if (missing := _missing(one)) > 0]
    if lost:
        total = sum(missing for _, missing in lost)
        said = f"{counted(total, 'row')} read but not copied by {_named(name for name, _ in lost)}"
        yield Doubt(kind=DoubtKind.ROWS_MISSING, said=said)


def _missing(one: ActivityRun) -> int:
    if one.status is not RunStatus.SUCCEEDED or one.rows_read is None or one.rows_copied is None:
        return 0
    return one.rows_read - one.rows_copied - (one.rows_skipped or 0)


def _of_failures(rows: Sequence[ActivityRun]) -> Iterable[Doubt]:
    """Activities that failed though the run is green: something handled or swallowed it."""
    broken = [one for one in rows if one.status in BROKEN]
    if broken:
        times = f" ({counted(len(broken), 'activity run')})" if len(broken) > 1 else ""
        said = f"{_named(one.name for one in broken)} failed inside{times}, and the run went on"
        yield Doubt(kind=DoubtKind.FAILED_INSIDE, said=said)


def _of_skipped(rows: Sequence[ActivityRun], earlier: EarlierRuns) -> Iterable[Doubt]:
    """Activities that were skipped and usually are not; a failure path is skipped in good runs."""
    if earlier.read < ENOUGH:
        return
    ran = {one.name for one in rows if one.status is not RunStatus.SKIPPED}
    unusual = [
        one.name
        for one in rows
        if one.status is RunStatus.SKIPPED
        and one.name not in ran
        and earlier.finished.get(one.name, 0) * 2 > earlier.read
    ]
    if unusual:
        usually = f"usually not ({_rests(earlier.read)})"
        said = f"{_named(unusual)} skipped, {usually}"
        yield Doubt(kind=DoubtKind.SKIPPED_INSIDE, said=said, sample=earlier.read)


def _of_length(run: PipelineRun, usual: UsualTime | None, now: datetime) -> Iterable[Doubt]:
    took = run.lasted(now)
    if took is None or usual is None or max(usual.middle, took) < _WORTH_TIMING:
        return
    words = f"took {_minutes(took)}, usually {_minutes(usual.middle)} ({_rests(usual.sample)})"
    if took < usual.middle * _SHORT:
        yield Doubt(kind=DoubtKind.TOO_SHORT, said=words, sample=usual.sample)
    elif took > max(usual.slow or usual.middle, usual.middle) * _LONG:
        yield Doubt(kind=DoubtKind.TOO_LONG, said=words, sample=usual.sample)


def _minutes(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    return f"{seconds} s" if seconds < 90 else f"{round(seconds / 60):,} min"


def _rests(sample: int) -> str:
    return counted(sample, "run") if sample else "declared by its owners"


def _named(names: Iterable[str]) -> str:
    known = list(dict.fromkeys(names))
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"{', '.join(known[:MOST_NAMED])}{more}"
