"""From what is told of a run to every activity run the service would list for it."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

from adf.simulator.runs import (
    FAILED,
    SKIPPED,
    PlannedRun,
    RuntimeUsed,
    SimulatedActivityRun,
    SimulatedError,
)
from adf.simulator.world.activity_outputs import input_of, output_of
from adf.simulator.world.loop_items import rows_told
from adf.simulator.world.run_specs import CALL, CONTAINERS, CONTROL, ActivitySpec, RunSpec, StepSpec
from adf.simulator.world.step_timing import Span, fit_steps

_OUTER_CODES = {
    "Copy": "2200",
    "Lookup": "2100",
    "SqlServerStoredProcedure": "2402",
    "WebActivity": "2108",
    "Script": "2011",
    "DatabricksNotebook": "3204",
}
_INNER = "Inner activity name: {}, Error: "
_IDS = uuid.UUID("6b1f3f0e-6f3c-4f0e-9f57-0d1f2a3b4c5d")


def plan_run(told: RunSpec) -> PlannedRun:
    """The run with its activity runs, inner rows of loops included, in the order they began."""
    run = told.run
    specs = [step.spec for step in told.steps]
    spans = fit_steps(specs, run.start or run.queued_at, told.until)
    rows: list[SimulatedActivityRun] = []
    for step, span in zip(told.steps, spans, strict=True):
        rows += _rows_of(told, step, span)
    return PlannedRun(run=run, activities=tuple(_appearing(rows)))


def own_text(message: str, activity: str) -> str:
    """The part of a run's message that is the activity's own error."""
    for opening in (f"Operation on target {activity} failed: ", _INNER.format(activity)):
        _, found, after = message.partition(opening)
        if found:
            return after
    return message


def _rows_of(told: RunSpec, step: StepSpec, span: Span) -> Iterator[SimulatedActivityRun]:
    if not step.spec.is_loop or span.start is None:
        yield _row(told, step.spec, span, _error_of(told, step.spec))
        return
    inner = list(rows_told(told, step, span))
    rows = [_row(told, spec, at, _error_of(told, spec)) for spec, at in inner]
    broken = next((row for row in rows if row.status == FAILED and row.error), None)
    yield _row(told, step.spec, span, _loop_error(told, step.spec, broken))
    yield from rows


def _row(
    told: RunSpec, spec: ActivitySpec, span: Span, error: SimulatedError | None
) -> SimulatedActivityRun:
    runtime = None if spec.kind in CONTROL else told.runtime
    place = f"{told.run.run_id}/{spec.name}/{spec.item or ''}/{span.start}"
    return SimulatedActivityRun(
        activity_run_id=str(uuid.uuid5(_IDS, place)),
        run_id=told.run.run_id,
        pipeline=told.run.pipeline,
        name=spec.name,
        kind=spec.kind,
        status=spec.status,
        since=span.start or told.until,
        start=span.start,
        end=span.end,
        iteration=uuid.uuid5(_IDS, f"{told.run.run_id}/{spec.item}").hex if spec.item else "",
        item=spec.item,
        input=input_of(spec),
        output=output_of(spec, span.start, span.end, runtime or RuntimeUsed(name="")),
        error=error,
        runtime=None if spec.status == SKIPPED else runtime,
    )


def _error_of(told: RunSpec, spec: ActivitySpec) -> SimulatedError | None:
    if spec.status not in (FAILED, "TimedOut"):
        return None
    child = spec.child.message if spec.child else ""
    text = spec.error or child or own_text(told.run.message, spec.name)
    code = spec.error_code or ("BadRequest" if spec.kind == CALL else _outer_code(spec.kind))
    return SimulatedError(code=code, message=text, failure_type=spec.failure_type or "UserError")


def _loop_error(
    told: RunSpec, spec: ActivitySpec, broken: SimulatedActivityRun | None
) -> SimulatedError | None:
    error = _error_of(told, spec)
    if error is None or spec.error or broken is None or broken.error is None:
        return error
    return replace(error, message=inner_failure(broken.name, broken.error.message))


def inner_failure(activity: str, message: str) -> str:
    """The words a container fails with when a step inside it did."""
    return f"Activity failed because an inner activity failed; {_INNER.format(activity)}{message}"


def _outer_code(kind: str) -> str:
    return "ActionFailed" if kind in CONTAINERS else _OUTER_CODES.get(kind, "2200")


def _appearing(rows: list[SimulatedActivityRun]) -> Iterator[SimulatedActivityRun]:
    """A skipped step is listed once the step before it ended."""
    ended = None
    for row in rows:
        if row.status == SKIPPED and ended:
            yield replace(row, since=ended)
            continue
        if not row.iteration:
            ended = row.end or ended
        yield row
