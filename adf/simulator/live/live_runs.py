"""Writes out one start of a plan: the run, the runs it calls, and every step with its times."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adf.simulator.live.live_plans import CALLED, Break, Plan, Work
from adf.simulator.runs import FAILED, SKIPPED, SUCCEEDED, PlannedInvoker, SimulatedRun
from adf.simulator.world.activity_runs import inner_failure
from adf.simulator.world.run_specs import ActivitySpec, ChildRun, RunSpec, StepSpec

REPEATED = "Copy_Object"
_IDS = uuid.UUID("c9d2f3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6")
_SECOND = timedelta(seconds=1)
_PLANS: Mapping[str, Plan] = {plan.pipeline: plan for plan in CALLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioStart:
    """One start of a plan: when it was due, when it could begin, by whom, and what will break."""

    plan: Plan
    key: str
    due: datetime
    begins: datetime
    invoked_by: PlannedInvoker
    lasts: timedelta | None = None
    breaks: Break | None = None
    empty: bool = False


def runs_of(start: ScenarioStart) -> tuple[RunSpec, ...]:
    """The run of a start, followed by the runs it calls."""
    steps: list[StepSpec] = []
    called: list[RunSpec] = []
    cursor = start.begins + _SECOND
    for work in start.plan.steps:
        if steps and steps[-1].spec.status != SUCCEEDED:
            steps.append(_skipped(work))
            continue
        below = _call(start, work, cursor) if work.calls else ()
        step = _calling(work, below[0], cursor) if below else _working(start, work, cursor)
        steps.append(step)
        called += below
        cursor = (step.spec.end or cursor) + _SECOND
    run = _run(start, steps, cursor)
    return (RunSpec(run=run, until=cursor, steps=tuple(steps), runtime=start.plan.runtime), *called)


def run_id(key: str) -> str:
    """The id of the run with that key, always the same."""
    return str(uuid.uuid5(_IDS, key))


def _run(start: ScenarioStart, steps: Sequence[StepSpec], end: datetime) -> SimulatedRun:
    broken = next((step for step in steps if step.spec.status == FAILED), None)
    return SimulatedRun(
        run_id=run_id(start.key),
        pipeline=start.plan.pipeline,
        status=FAILED if broken else SUCCEEDED,
        queued_at=start.due,
        group_id=run_id(start.key),
        start=start.begins,
        end=end,
        message=_message(broken) if broken else "",
        invoked_by=start.invoked_by,
        annotations=start.plan.annotations,
    )


def _message(broken: StepSpec) -> str:
    """What the service says of a run whose step broke, item and child included."""
    spec = broken.spec
    text = spec.child.message if spec.child else spec.error
    row = next((row for row in broken.told if row.status == FAILED), None)
    text = inner_failure(row.name, row.error) if row else text
    return f"Operation on target {spec.name} failed: {text}"


def _call(start: ScenarioStart, work: Work, at: datetime) -> tuple[RunSpec, ...]:
    by = PlannedInvoker(
        name=work.name,
        kind="PipelineActivity",
        pipeline=start.plan.pipeline,
        run_id=run_id(start.key),
    )
    return runs_of(
        ScenarioStart(
            plan=_PLANS[work.calls or ""],
            key=f"{start.key}/{work.calls}",
            due=at + _SECOND,
            begins=at + _SECOND,
            invoked_by=by,
            breaks=start.breaks,
        )
    )


def _calling(work: Work, below: RunSpec, at: datetime) -> StepSpec:
    run = below.run
    child = ChildRun(
        run_id=run.run_id,
        pipeline=run.pipeline,
        message=run.message,
        start=run.start,
        end=run.end,
    )
    end = (run.end or at) + _SECOND
    spec = ActivitySpec(
        name=work.name, kind=work.kind, status=run.status, start=at, end=end, child=child
    )
    return StepSpec(spec=spec)


def _working(start: ScenarioStart, work: Work, at: datetime) -> StepSpec:
    breaks = start.breaks
    if breaks and (breaks.pipeline, breaks.step) != (start.plan.pipeline, work.name):
        breaks = None
    key = f"{start.key}/{work.name}"
    lasts = (start.lasts or start.plan.lasts) * work.share * vary(key, 0.1)
    end = at + (breaks.lasts if breaks and breaks.lasts else lasts)
    spec = ActivitySpec(
        name=work.name,
        kind=work.kind,
        status=FAILED if breaks else SUCCEEDED,
        start=at,
        end=end,
        error=breaks.error if breaks and not work.items else "",
        error_code=breaks.code if breaks and not work.items else "",
        measures=_rows(0 if start.empty else work.rows, key, broken=breaks is not None),
        items=len(work.items) or None,
        succeeded=len(work.items) - len(breaks.items if breaks else ()) if work.items else None,
    )
    return StepSpec(spec=spec, told=tuple(_item(work, name, breaks, key) for name in work.items))


def _item(work: Work, name: str, breaks: Break | None, key: str) -> ActivitySpec:
    broken = breaks if breaks and name in breaks.items else None
    spec = ActivitySpec(
        name=REPEATED,
        kind="Copy",
        status=FAILED if broken else SUCCEEDED,
        item=name,
        measures=_rows(12_000, f"{key}/{name}", broken=broken is not None),
    )
    return replace(spec, error=broken.error, error_code=broken.code) if broken else spec


def _skipped(work: Work) -> StepSpec:
    spec = ActivitySpec(name=work.name, kind=work.kind, status=SKIPPED, calls=work.calls)
    return StepSpec(spec=spec)


def _rows(usual: int | None, key: str, *, broken: bool) -> dict[str, int]:
    if usual is None:
        return {}
    read = round(usual * vary(f"{key}/rows", 0.02))
    return {"rowsRead": read, "rowsCopied": 0 if broken else read}


def vary(key: str, by: float) -> float:
    """A factor around 1 that the key decides, at most `by` away from it."""
    digest = hashlib.blake2b(key.encode(), digest_size=4).digest()
    return 1 + by * (int.from_bytes(digest) / 2**31 - 1)
