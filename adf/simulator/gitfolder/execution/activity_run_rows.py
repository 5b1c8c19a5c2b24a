"""Writes out the activity runs of a played run, in the service's shapes."""

import uuid
from typing import Any

from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep
from adf.simulator.gitfolder.execution.results import PlayedRun, StepResult
from adf.simulator.gitfolder.expressions.evaluate import resolve_each, value_of
from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.gitfolder.expressions.values import Unknown
from adf.simulator.runs import SKIPPED, SimulatedActivityRun
from adf.simulator.world.activity_outputs import output_of
from adf.simulator.world.run_specs import CALL, CONTAINERS, CONTROL, ActivitySpec

_IDS = uuid.UUID("a3c1d0b4-6f0f-4d77-9f0c-3a8e5f6b7c20")
_SINK = "'Sink' side"
_INNER = ("activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities", "cases")


def rows_of(played: PlayedRun) -> tuple[SimulatedActivityRun, ...]:
    """Every activity run of a run, in the order they began."""
    return tuple(_row(played, done, number) for number, done in enumerate(played.steps))


def _row(played: PlayedRun, done: StepResult, number: int) -> SimulatedActivityRun:
    step, run = done.step, played.run
    scene = ExpressionScope(
        parameters=played.parameters,
        item=done.place.item,
        system={"RunId": run.run_id, "Pipeline": run.pipeline, "TriggerTime": run.queued_at},
        trigger=played.trigger,
        now=done.since,
    )
    runs_somewhere = step.kind not in CONTROL and done.start is not None and not step.marked
    return SimulatedActivityRun(
        activity_run_id=str(uuid.uuid5(_IDS, f"{run.run_id}/{number}")),
        run_id=run.run_id,
        pipeline=run.pipeline,
        name=step.name,
        kind=step.kind,
        status=done.status,
        since=done.since,
        start=done.start,
        end=done.end,
        iteration=done.place.iteration,
        input=_input(done, scene),
        output=_output(done),
        error=done.error,
        runtime=step.runtime if runs_somewhere else None,
        attempt=done.attempt,
        properties=_tags(step, scene) if done.status != SKIPPED else {},
    )


def _input(done: StepResult, scene: ExpressionScope) -> dict[str, Any]:
    """What the step was given, as far as it can be told; a container is given nothing."""
    step = done.step
    if done.status == SKIPPED or step.kind in CONTAINERS:
        return {}
    if step.kind == CALL:
        waits = step.properties.get("waitOnCompletion") is not False
        called = done.child.pipeline if done.child else step.calls
        reference = {"referenceName": called, "type": "PipelineReference"}
        return {"pipeline": reference, "parameters": dict(done.given), "waitOnCompletion": waits}
    plain = {key: one for key, one in step.properties.items() if key not in _INNER}
    return resolve_each(plain, scene)


def _output(done: StepResult) -> dict[str, Any]:
    step = done.step
    copied = step.kind == "Copy" and not step.marked
    read = done.rows if done.error is None or _SINK in done.error.message else 0
    counts = {"rowsRead": read, "rowsCopied": 0 if done.is_broken else read}
    spec = ActivitySpec(
        name=step.name,
        kind=step.kind,
        status=done.status,
        child=done.child,
        measures=counts if copied else {},
    )
    if done.start is None or step.marked:
        return {}
    return output_of(spec, done.start, done.end, step.runtime)


def _tags(step: GraphStep, scene: ExpressionScope) -> dict[str, str]:
    """The user properties its author gave a step."""
    found: dict[str, str] = {}
    for name, wire in step.tags:
        try:
            found[name] = str(value_of(wire, scene))
        except Unknown:
            continue
    return found
