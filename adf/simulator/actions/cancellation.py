"""Cancels a run: it is Canceling for some seconds, then Cancelled; what waits for it goes on."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from adf.simulator.actions.new_runs import begin_queued
from adf.simulator.runs import (
    CANCELING,
    CANCELLED,
    FAILED,
    IN_PROGRESS,
    QUEUED,
    PlannedRun,
    SimulatedActivityRun,
    SimulatedError,
)
from adf.simulator.state import DataFactory, UnknownResource

_LASTS = timedelta(seconds=6)
_SECOND = timedelta(seconds=1)


class RunHasEnded(Exception):
    """There is nothing to cancel."""


def cancel_run(factory: DataFactory, run_id: str, now: datetime, *, recursive: bool) -> None:
    """Cancel a run, with the runs it called if `recursive`; UnknownResource for no run."""
    planned = factory.planned(run_id, now)
    if not planned.is_active(now):
        raise RunHasEnded(run_id)
    seen = planned.run.seen_at(now)
    if seen is None or seen.status == CANCELING:
        return
    end = now + _LASTS
    if recursive:
        for child in _called(planned.activities_at(now)):
            _cancel_child(factory, child, now)
    begun = planned.run.start if planned.run.start and planned.run.start <= now else None
    run = replace(planned.run, status=CANCELLED, start=begun, end=end, message="")
    factory.change(PlannedRun(run=run, activities=_stopped(planned, now)), now)
    _fail_caller(factory, run.invoked_by.run_id, run.run_id, now)
    _move_up(factory, planned, now, end + _SECOND)


def _stopped(planned: PlannedRun, now: datetime) -> tuple[SimulatedActivityRun, ...]:
    """What there was at that moment; whatever ran is cancelled, whatever was to come is not."""
    end = now + _LASTS - _SECOND
    return tuple(
        replace(row, status=CANCELLED, end=end) if row.status == IN_PROGRESS else row
        for row in planned.activities_at(now)
    )


def _called(rows: Iterable[SimulatedActivityRun]) -> Iterator[str]:
    for row in rows:
        if row.status == IN_PROGRESS and row.output.get("pipelineRunId"):
            yield str(row.output["pipelineRunId"])


def _cancel_child(factory: DataFactory, run_id: str, now: datetime) -> None:
    try:
        cancel_run(factory, run_id, now, recursive=True)
    except (RunHasEnded, UnknownResource):
        return


def _fail_caller(factory: DataFactory, run_id: str | None, child: str, now: datetime) -> None:
    """A run that waits for one that was cancelled fails at the activity that called it."""
    if run_id is None:
        return
    try:
        planned = factory.planned(run_id, now)
    except UnknownResource:
        return
    end = now + _LASTS + _SECOND
    rows = planned.activities_at(now)
    waits = next((row for row in rows if _waits_for(row, child)), None)
    if waits is None or planned.run.status == CANCELLED or not planned.is_active(now):
        return
    text = f"The pipeline run '{child}' was cancelled."
    error = SimulatedError(code="BadRequest", message=text)
    broken = replace(waits, status=FAILED, end=end, error=error)
    message = f"Operation on target {waits.name} failed: {text}"
    run = replace(planned.run, status=FAILED, end=end + _SECOND, message=message)
    left = tuple(broken if row is waits else row for row in rows)
    factory.change(PlannedRun(run=run, activities=left), now)
    _fail_caller(factory, run.invoked_by.run_id, run.run_id, now)


def _waits_for(row: SimulatedActivityRun, child: str) -> bool:
    return row.status == IN_PROGRESS and row.output.get("pipelineRunId") == child


def _move_up(factory: DataFactory, cancelled: PlannedRun, now: datetime, free: datetime) -> None:
    """Whatever is queued behind a cancelled run begins, one after the other, when it has ended."""
    plans = factory.plans_of(cancelled.run.pipeline, now)
    for planned in reversed([one for one in plans if _is_queued(one, now)]):
        began = planned.run.start
        if began is None:
            free = begin_queued(factory, planned.run, free, now) + _SECOND
        elif began > free:
            earlier = planned.shifted(free - began)
            factory.move(earlier)
            free = (earlier.run.end or free) + _SECOND


def _is_queued(planned: PlannedRun, now: datetime) -> bool:
    run = planned.run.seen_at(now)
    return run is not None and run.status == QUEUED
