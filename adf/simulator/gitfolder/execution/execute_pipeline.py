"""Plays a step that starts another pipeline, and waits for it if it is told to."""

from dataclasses import replace
from datetime import datetime, timedelta

from adf.simulator.gitfolder.execution.execution_context import StepPlayer
from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep
from adf.simulator.gitfolder.execution.results import PipelineStart, StepPlace, StepResult
from adf.simulator.gitfolder.expressions.evaluate import resolve_each
from adf.simulator.gitfolder.expressions.values import Unknown
from adf.simulator.gitfolder.json_values import object_in
from adf.simulator.runs import FAILED, SUCCEEDED, PlannedInvoker, SimulatedError
from adf.simulator.world.run_specs import ChildRun

_SECOND = timedelta(seconds=1)


def call(player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace) -> StepResult:
    """The calling step; it breaks with the words of the run it waited for."""
    start = _start_of(player, step, at, place)
    run = player.simulator.call(start)
    done = StepResult(
        step=step, status=SUCCEEDED, since=at, start=at, place=place, given=start.parameters
    )
    if run is None:
        text = f"The pipeline '{start.pipeline}' was not found in the factory."
        error = SimulatedError(code="BadRequest", message=text)
        return replace(done, status=FAILED, end=at + _SECOND, error=error)
    child = ChildRun(run_id=run.run_id, pipeline=run.pipeline, start=run.start, end=run.end)
    done = replace(done, child=child)
    if step.properties.get("waitOnCompletion") is False:
        return replace(done, end=run.queued_at + _SECOND)
    error = SimulatedError(code="BadRequest", message=run.message) if run.message else None
    end = (run.end or at) + timedelta(seconds=player.dice.between(0.5, 4))
    return replace(done, status=run.status, end=end, error=error)


def _start_of(player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace) -> PipelineStart:
    by = PlannedInvoker(
        name=step.name,
        kind="PipelineActivity",
        pipeline=player.pipeline,
        run_id=player.start.run_id,
    )
    player.scene.item = place.item
    recovery = player.start.recovery
    return PipelineStart(
        pipeline=_called(player, step, place),
        run_id=player.simulator.id_of(player.start.run_id, step.name, place.iteration),
        due=at + timedelta(seconds=player.dice.between(0.2, 1.5)),
        invoked_by=by,
        parameters=resolve_each(object_in(step.properties.get("parameters")), player.scene),
        breaks=place.breaks,
        callers=(*player.start.callers, player.pipeline),
        recovery=recovery.below(step.name) if recovery and place.replayed else None,
    )


def _called(player: StepPlayer, step: GraphStep, place: StepPlace) -> str:
    """The name of the pipeline; empty if none is given or only a real run could tell."""
    try:
        return str(player.value(step.calls, place) or "")
    except Unknown:
        return ""
