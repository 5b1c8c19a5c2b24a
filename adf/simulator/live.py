"""A small factory that lives: it has a past, something runs now, and within a minute one fails.

Runs are planned by their number, so the same clock always tells the same story; nothing is random.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from adf.simulator.clock import Clock, wall_clock
from adf.simulator.definitions import pipeline_properties, shapes_of
from adf.simulator.expand import inner_failure, plan_run
from adf.simulator.liveplans import CHILDREN, PLANS, Plan
from adf.simulator.runs import FAILED, SUCCEEDED, InvokedBy, PipelineRun, PlannedRun
from adf.simulator.runtimes import managed
from adf.simulator.schedules import trigger_properties
from adf.simulator.specs import ActivitySpec, ChildRun, RunSpec, Step
from adf.simulator.state import DataFactory, State

NAME, GROUP = "adf-demo", "rg-demo"
PAST = timedelta(hours=48)
AHEAD = timedelta(minutes=1)
_IDS = uuid.UUID("c9d2f3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6")


def live_factory(clock: Clock = wall_clock) -> State:
    """The live factory, opened now by its clock."""
    story = _Story(clock())
    factory = DataFactory(
        name=NAME,
        resource_group=GROUP,
        pipelines=_pipelines(story),
        triggers=_triggers(clock()),
        runtimes={"AutoResolveIntegrationRuntime": managed(NAME)},
        feed=story.until,
    )
    return State(clock=clock, factories=(factory,))


class _Story:
    """Every run of every plan, told as far as the clock has come."""

    def __init__(self, opened: datetime) -> None:
        self._opened = opened
        self._next = {plan.pipeline: -int(PAST / plan.every) for plan in PLANS}
        self._free = {plan.pipeline: opened - 2 * PAST for plan in PLANS}

    def until(self, now: datetime) -> Iterator[PlannedRun]:
        """The runs that begin before a moment a little ahead, each told once."""
        for plan in PLANS:
            while self._start(plan) <= now + AHEAD:
                number = self._next[plan.pipeline]
                yield from self._runs(plan, number, self._start(plan))
                self._next[plan.pipeline] = number + 1

    def example(self, plan: Plan, *, good: bool) -> list[RunSpec]:
        """A run as it would go, for the definitions."""
        return self._told(plan, 0, self._opened, good=good)

    def _start(self, plan: Plan) -> datetime:
        return self._opened - plan.begins + plan.every * self._next[plan.pipeline]

    def _runs(self, plan: Plan, number: int, due: datetime) -> Iterator[PlannedRun]:
        start = max(due, self._free[plan.pipeline]) if plan.concurrency else due
        told = self._told(plan, number, due, good=not plan.fails(number))
        waited = start - due
        self._free[plan.pipeline] = start + self._lasts(plan, number)
        for spec in told:
            yield plan_run(_later(spec, waited))

    def _lasts(self, plan: Plan, number: int) -> timedelta:
        """How long a run takes: the usual time, a little more or less by its number."""
        if plan.concurrency and number == -3:
            return plan.lasts + timedelta(minutes=38)
        return plan.lasts * (0.94 + 0.03 * (number % 5))

    def _told(self, plan: Plan, number: int, due: datetime, *, good: bool) -> list[RunSpec]:
        run_id = _id(plan.pipeline, number, self._opened)
        end = due + self._lasts(plan, number)
        steps = plan.good if good else plan.bad
        children = [
            self._child(step.spec, run_id, plan.pipeline, due, end)
            for step in steps
            if step.spec.calls and step.spec.status in (SUCCEEDED, FAILED)
        ]
        known = {child.run.pipeline: child for child in children}
        steps = tuple(_with_child(step, known) for step in steps)
        message = _message(steps)
        run = PipelineRun(
            run_id=run_id,
            pipeline=plan.pipeline,
            status=SUCCEEDED if good else FAILED,
            queued_at=due,
            group_id=run_id,
            start=due,
            end=end,
            message=message,
            invoked_by=InvokedBy(name=f"trg_{plan.pipeline}", kind="ScheduleTrigger"),
        )
        return [RunSpec(run=run, until=end, steps=steps), *children]

    def _child(
        self, call: ActivitySpec, parent: str, pipeline: str, due: datetime, end: datetime
    ) -> RunSpec:
        name = call.calls or ""
        good, bad = CHILDREN[name]
        steps = good if call.status == SUCCEEDED else bad
        first = name == "IngestSalesforce"
        half = due + (end - due) * 0.6
        start, until = (due + timedelta(seconds=20), half) if first else (half, end)
        until = until if call.status == SUCCEEDED else end - timedelta(seconds=30)
        by = InvokedBy(name=pipeline, kind="PipelineActivity", pipeline=pipeline, run_id=parent)
        run_id = _id(name, 0, parent)
        run = PipelineRun(
            run_id=run_id,
            pipeline=name,
            status=call.status,
            queued_at=start,
            group_id=run_id,
            start=start,
            end=until,
            message=_message(steps),
            invoked_by=by,
        )
        return RunSpec(run=run, until=until, steps=tuple(steps))


def _with_child(step: Step, children: dict[str, RunSpec]) -> Step:
    child = children.get(step.spec.calls or "")
    if child is None:
        return step
    run = child.run
    told = ChildRun(
        run_id=run.run_id,
        pipeline=run.pipeline,
        message=run.message,
        start=run.start,
        end=run.end,
    )
    return replace(step, spec=replace(step.spec, child=told))


def _message(steps: Sequence[Step]) -> str:
    """What the service says of a run whose step failed; empty when none did."""
    broken = next((step for step in steps if step.spec.status == FAILED), None)
    if broken is None:
        return ""
    inner = next((row for row in broken.told if row.status == FAILED), None)
    text = broken.spec.error or (broken.spec.child.message if broken.spec.child else "")
    if inner:
        text = inner_failure(inner.name, inner.error)
    return f"Operation on target {broken.spec.name} failed: {text}"


def _later(spec: RunSpec, wait: timedelta) -> RunSpec:
    """The run after it waited in the queue."""
    run = spec.run
    if not wait or run.start is None or run.end is None:
        return spec
    moved = replace(run, start=run.start + wait, end=run.end + wait)
    return replace(spec, run=moved, until=spec.until + wait)


def _pipelines(story: _Story) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for plan in PLANS:
        told = [
            *story.example(plan, good=True),
            *(story.example(plan, good=False) if plan.bad else ()),
        ]
        for name in dict.fromkeys(spec.run.pipeline for spec in told):
            shapes = shapes_of([spec for spec in told if spec.run.pipeline == name])
            slots = plan.concurrency if name == plan.pipeline else None
            made[name] = pipeline_properties(shapes, concurrency=slots, annotations=("demo",))
    return made


def _triggers(opened: datetime) -> dict[str, Any]:
    first = (opened - PAST).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        f"trg_{plan.pipeline}": trigger_properties(
            plan.schedule,
            [plan.pipeline],
            started=True,
            first=first,
            phase=(opened - plan.begins - first) % plan.every,
        )
        for plan in PLANS
    }


def _id(pipeline: str, number: int, anchor: object) -> str:
    return str(uuid.uuid5(_IDS, f"{pipeline}/{number}/{anchor}"))
