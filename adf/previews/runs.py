"""What a rerun or a new run will do: which activities, with which parameters, beside which runs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from adf.client.wire_values import text_of, thawed
from adf.previews.activity_graph import PublishedGraph, downstream, walk
from adf.previews.earlier_run import NOTHING_EARLIER, EarlierRun, earlier_run
from adf.previews.idempotency import idempotency_notes
from adf.previews.prediction import RunPrediction
from adf.previews.reading import LOOK_BACK, PreviewReader
from adf.records import (
    ACTIVE,
    ActionPreview,
    ActionTarget,
    Obstacle,
    PipelineRun,
    PreviewedActivity,
    RerunMode,
    RunStatus,
)
from adf.redaction import redact_json

Blocked = tuple[Obstacle, tuple[str, ...]]


async def preview_rerun(reader: PreviewReader, target: ActionTarget) -> ActionPreview:
    """What a rerun of a run does, whole or in part."""
    run = await reader.client.get_run(target.run_id or "")
    published = await reader.pipelines(run.pipeline)
    graph = published.graphs[run.pipeline]
    earlier = earlier_run(await reader.rows(run))
    is_partial = target.mode is not RerunMode.WHOLE
    below = await reader.children(earlier if is_partial else NOTHING_EARLIER, run.start)
    prediction = RunPrediction(published.graphs, below)
    activities = _activities(prediction, target, graph, earlier, run.pipeline)
    later, gaps = await reader.later_runs(run)
    parent, parent_gaps = await _parent(reader, run)
    blocked = (
        _wrong_pipeline(target, run)
        or _rerun_obstacle(target, run, graph, earlier)
        or _parameter_obstacle(graph, run.parameters, is_new=False)
    )
    return ActionPreview(
        target=target,
        as_of=reader.now,
        run=run,
        activities=activities,
        parameters=run.parameters,
        parent=parent,
        newer=tuple(one for one in later if _is_later(one, run)),
        reruns=tuple(one for one in later if _is_later(one, run) and _repeats(one, run)),
        active=tuple(one for one in later if one.status in ACTIVE),
        obstacle=blocked[0] if blocked else None,
        obstacle_names=blocked[1] if blocked else (),
        not_idempotent=idempotency_notes(activities, published.graphs),
        definition=published.digest,
        gaps=(*published.gaps, *gaps, *parent_gaps, *_secrets(graph)),
    )


async def preview_run(reader: PreviewReader, target: ActionTarget) -> ActionPreview:
    """What a new run of a pipeline does."""
    pipeline = target.pipeline or ""
    published = await reader.pipelines(pipeline)
    graph = published.graphs[pipeline]
    activities = RunPrediction(published.graphs, {}).whole(pipeline, NOTHING_EARLIER)
    recent, gaps = await reader.recent(pipeline, reader.now - LOOK_BACK)
    given = redact_json(dict(target.parameters))
    blocked = _parameter_obstacle(graph, target.parameters, is_new=True)
    return ActionPreview(
        target=target,
        as_of=reader.now,
        activities=activities,
        parameters={**_defaults(graph), **{name: _text(one) for name, one in given.items()}},
        active=tuple(one for one in recent if one.status in ACTIVE),
        obstacle=blocked[0] if blocked else None,
        obstacle_names=blocked[1] if blocked else (),
        not_idempotent=idempotency_notes(activities, published.graphs),
        definition=published.digest,
        gaps=(*published.gaps, *gaps),
    )


def _activities(
    prediction: RunPrediction,
    target: ActionTarget,
    graph: PublishedGraph,
    earlier: EarlierRun,
    pipeline: str,
) -> tuple[PreviewedActivity, ...]:
    if target.mode is RerunMode.WHOLE:
        return prediction.whole(pipeline, earlier)
    outer = {one.name for one in graph.activities}
    begins = frozenset({target.activity} if target.activity else earlier.broken) & outer
    return prediction.partial(pipeline, earlier, downstream(graph.activities, begins))


async def _parent(
    reader: PreviewReader, run: PipelineRun
) -> tuple[PipelineRun | None, tuple[str, ...]]:
    parent = run.invoked_by.pipeline_run_id if run.invoked_by else None
    return await reader.run_or_gap(parent, "the run that called it") if parent else (None, ())


def _wrong_pipeline(target: ActionTarget, run: PipelineRun) -> Blocked | None:
    if target.pipeline is None or target.pipeline.lower() == run.pipeline.lower():
        return None
    return Obstacle.OTHER_PIPELINE, (run.pipeline,)


def _rerun_obstacle(
    target: ActionTarget, run: PipelineRun, graph: PublishedGraph, earlier: EarlierRun
) -> Blocked | None:
    """Why a rerun does not fit the run: it is not over, or there is nothing to begin from."""
    if run.status in ACTIVE:
        return Obstacle.RUN_ACTIVE, ()
    outer = {one.name for one in graph.activities}
    if target.mode is RerunMode.FROM_FAILURE and not earlier.broken & outer:
        is_good = run.status is RunStatus.SUCCEEDED
        return (Obstacle.RUN_SUCCEEDED if is_good else Obstacle.NOTHING_FAILED), ()
    if target.activity is None:
        return None
    if target.activity not in outer:
        is_inner = any(one.name == target.activity for one in walk(graph.activities))
        return (Obstacle.ACTIVITY_NESTED if is_inner else Obstacle.ACTIVITY_UNKNOWN), (
            target.activity,
        )
    reached = earlier.statuses.get(target.activity, frozenset()) - {RunStatus.SKIPPED}
    return None if reached else (Obstacle.ACTIVITY_NOT_REACHED, (target.activity,))


def _parameter_obstacle(
    graph: PublishedGraph, given: Mapping[str, Any], *, is_new: bool
) -> Blocked | None:
    """A parameter that is needed and missing; of a new run also one that there is not."""
    declared = graph.parameters
    missing = [n for n, one in declared.items() if "defaultValue" not in one and n not in given]
    if missing:
        return Obstacle.PARAMETER_MISSING, tuple(missing)
    unknown = [name for name in given if name not in declared] if is_new else []
    return (Obstacle.PARAMETER_UNKNOWN, tuple(unknown)) if unknown else None


def _secrets(graph: PublishedGraph) -> Iterator[str]:
    """Parameters that a run does not show: whether the rerun gets them is Data Factory's to say."""
    for name, one in graph.parameters.items():
        if text_of(one.get("type")).lower() == "securestring":
            yield f"{name} is a secret, which a run does not show: it may be missing in the rerun"


def _is_later(one: PipelineRun, run: PipelineRun) -> bool:
    return bool(one.start and run.start and one.start > run.start)


def _repeats(one: PipelineRun, run: PipelineRun) -> bool:
    return bool(run.group_id) and one.group_id == run.group_id


def _defaults(graph: PublishedGraph) -> dict[str, str]:
    declared = graph.parameters.items()
    return {name: _text(one["defaultValue"]) for name, one in declared if "defaultValue" in one}


def _text(value: object) -> str:
    """A parameter as Data Factory shows it: text, or JSON in a text."""
    if isinstance(value, str):
        return value
    return json.dumps(thawed(value), separators=(",", ":"))
