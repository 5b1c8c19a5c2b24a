"""Plays one run of a published pipeline, step by step, without running anything."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from adf.simulator.gitfolder.execution.control_flow import play_container
from adf.simulator.gitfolder.execution.data_activity import work
from adf.simulator.gitfolder.execution.execute_pipeline import call
from adf.simulator.gitfolder.execution.execution_context import FactoryContext, SequenceResult
from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep, PipelineGraph
from adf.simulator.gitfolder.execution.results import (
    PipelineStart,
    PlayedRun,
    StepPlace,
    StepResult,
)
from adf.simulator.gitfolder.execution.run_outcome import broke, is_due, run_message
from adf.simulator.gitfolder.expressions.evaluate import value_of
from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.gitfolder.expressions.values import OPAQUE
from adf.simulator.runs import FAILED, SKIPPED, SUCCEEDED, SimulatedRun
from adf.simulator.world.run_specs import CALL, CONTAINERS

_SECOND = timedelta(seconds=1)
# What a rerun does once more although it lies before the point where it starts.
REPLAYED = CONTAINERS | {CALL, "Wait", "SetVariable", "AppendVariable", "Filter"}


class PipelineExecution:
    """One run being played."""

    def __init__(
        self,
        simulator: FactoryContext,
        blueprint: PipelineGraph,
        start: PipelineStart,
        begins: datetime,
    ) -> None:
        """Set the scene: parameters, variables, and the chance of this run."""
        self.simulator = simulator
        self.start = start
        self.pipeline = blueprint.name
        self.dice = simulator.chance("run", start.run_id)
        self.scene = _scene(blueprint, start, begins)
        self._blueprint = blueprint
        self._begins = begins
        self._rows: list[StepResult] = []

    def play(self) -> PlayedRun:
        """The run with everything that happened in it."""
        place = StepPlace(breaks=self.start.breaks, replayed=self.start.recovery is not None)
        scope = self.sequence(self._blueprint.steps, self._begins + _SECOND, place)
        start, given = self.start, self.scene.parameters
        run = SimulatedRun(
            run_id=start.run_id,
            pipeline=self.pipeline,
            status=FAILED if scope.broken else SUCCEEDED,
            queued_at=start.due,
            group_id=start.group_id or start.run_id,
            start=self._begins,
            end=scope.end + _SECOND,
            message=run_message(scope.broken),
            invoked_by=start.invoked_by,
            parameters={name: _wire_text(value) for name, value in given.items()},
            annotations=self._blueprint.annotations,
        )
        rows = tuple(sorted(self._rows, key=lambda done: done.since))
        return PlayedRun(run=run, steps=rows, parameters=given, trigger=start.trigger)

    def sequence(
        self, steps: Sequence[GraphStep], begin: datetime, place: StepPlace
    ) -> SequenceResult:
        """Play steps that may wait for each other."""
        known: dict[str, StepResult] = {}
        end = begin
        for step in steps:
            if not self.simulator.take_step():
                break
            done = known[step.name] = self._reached(step, known, begin, place)
            end = max(end, done.end or done.since)
        return SequenceResult(end=end, broken=broke(steps, known))

    def value(self, wire: object, place: StepPlace) -> Any:  # noqa: ANN401
        """The value of an expression at a place; Unknown if only a real run could tell."""
        self.scene.item = place.item
        return value_of(wire, self.scene)

    def _reached(
        self, step: GraphStep, known: Mapping[str, StepResult], begin: datetime, place: StepPlace
    ) -> StepResult:
        ends = [known[name] for name, _ in step.waits_for if name in known]
        at = max((done.end or done.since for done in ends), default=begin)
        here = replace(
            place,
            breaks=place.breaks[1:] if place.breaks[:1] == (step.name,) else (),
            replayed=place.replayed and step.name not in self._repeats,
        )
        if not is_due(step, known):
            return self._add(StepResult(step=step, status=SKIPPED, since=at, place=here))
        if step.marked:
            done = StepResult(step=step, status=step.marked, since=at, start=at, end=at, place=here)
            return self._add(done)
        if here.replayed and self._is_reused(step):
            return self._see(StepResult(step=step, status=SUCCEEDED, since=at, place=here))
        at += timedelta(seconds=self.dice.between(0.05, 2))
        if step.kind in CONTAINERS:
            return self._add(play_container(self, step, at, here))
        if step.kind == CALL:
            return self._add(call(self, step, at, here))
        *earlier, last = work(self, step, at, here, is_chosen=place.breaks == (step.name,))
        self._rows += earlier
        return self._add(last)

    @property
    def _repeats(self) -> frozenset[str]:
        recovery = self.start.recovery
        return recovery.repeats if recovery else frozenset()

    def _is_reused(self, step: GraphStep) -> bool:
        """Whether a step that lies before the start of a rerun keeps what it returned."""
        recovery = self.start.recovery
        is_replayed = step.kind in REPLAYED
        return recovery is not None and not is_replayed and step.name in recovery.succeeded

    def _add(self, done: StepResult) -> StepResult:
        """Write down an execution, so that later expressions see it."""
        self._rows.append(done)
        return self._see(done)

    def _see(self, done: StepResult) -> StepResult:
        error = done.error
        told = {"message": error.message, "errorCode": error.code} if error else None
        seen = {"output": OPAQUE, "error": told, "Status": done.status}
        self.scene.activities[done.step.name] = seen
        return done


def _scene(blueprint: PipelineGraph, start: PipelineStart, begins: datetime) -> ExpressionScope:
    by = start.invoked_by
    system = {
        "RunId": start.run_id,
        "Pipeline": blueprint.name,
        "GroupId": start.group_id or start.run_id,
        "TriggerName": by.name,
        "TriggerType": by.kind,
        "TriggerTime": start.due,
        "TriggeredByPipelineName": by.pipeline,
        "TriggeredByPipelineRunId": by.run_id,
    }
    return ExpressionScope(
        parameters={**blueprint.parameters, **start.parameters},
        variables=dict(blueprint.variables),
        system=system,
        trigger=start.trigger,
        now=begins,
    )


def _wire_text(value: object) -> str:
    """A parameter as the wire holds it: text, or JSON in a text."""
    if value is None or value is OPAQUE:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
