"""Why an act can not be done as it stands, in one sentence for the person who asked."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records import ActionPreview, Obstacle, PipelineRun
from adf.records.moments import moment_said

Sentence = Callable[[ActionPreview, ZoneInfo], str]


def obstacle_in_words(preview: ActionPreview, zone: ZoneInfo) -> str:
    """What stands in the way; blank where nothing does."""
    if preview.obstacle is None:
        return ""
    return _SENTENCES[preview.obstacle](preview, zone)


def already_started(run: PipelineRun, zone: ZoneInfo, now: datetime) -> str:
    """That somebody started the pipeline since the act was proposed."""
    starter = run.invoked_by.name if run.invoked_by else ""
    by = " by hand" if starter == "Manual" else f" by {starter}" if starter else ""
    at = f" at {moment_said(run.start, zone, now)}" if run.start else ""
    return (
        f"{run.pipeline} is already running: it was started again{at}{by} "
        f"(run {run.run_id[:8]}), so nothing was done."
    )


def _active(preview: ActionPreview, zone: ZoneInfo) -> str:
    run = preview.run
    if run is None:
        return "The run is still under way."
    since = _since(run.start, zone, preview.as_of)
    return f"{_named(run)} is still under way{since}: cancel it first, or wait."


def _canceling(preview: ActionPreview, zone: ZoneInfo) -> str:
    del zone
    name = _named(preview.run) if preview.run else "The run"
    return f"{name} is being cancelled already."


def _ended(preview: ActionPreview, zone: ZoneInfo) -> str:
    run = preview.run
    if run is None:
        return "The run has ended already."
    at = f" at {moment_said(run.end, zone, preview.as_of)}" if run.end else ""
    return f"{_named(run)} has ended already{at}: {run.status.lower()}."


def _succeeded(preview: ActionPreview, zone: ZoneInfo) -> str:
    run = preview.run
    if run is None:
        return "The run succeeded: it has no failed activity to begin at."
    at = f" at {moment_said(run.end, zone, preview.as_of)}" if run.end else ""
    return f"{_named(run)} succeeded{at}: it has no failed activity to begin at."


def _nothing_failed(preview: ActionPreview, zone: ZoneInfo) -> str:
    del zone
    run = preview.run
    name = _named(run) if run else "The run"
    return f"{name} has no failed activity that a rerun could begin at."


def _of_activity(what: str) -> Sentence:
    def sentence(preview: ActionPreview, zone: ZoneInfo) -> str:
        del zone
        known = preview.obstacle_names[:5]
        others = f" It has {', '.join(known)}." if known else ""
        return f"{preview.target.activity} {what}.{others}"

    return sentence


def _of_parameters(what: str) -> Sentence:
    def sentence(preview: ActionPreview, zone: ZoneInfo) -> str:
        del zone
        listed = ", ".join(preview.obstacle_names[:8])
        return f"{preview.target.pipeline} {what}: {listed}."

    return sentence


def _other_pipeline(preview: ActionPreview, zone: ZoneInfo) -> str:
    del zone
    run = preview.run
    is_of = f" is of {run.pipeline}" if run else " is of another pipeline"
    return f"Run {(preview.target.run_id or '')[:8]}{is_of}, not of {preview.target.pipeline}."


def _trigger_is(state: str) -> Sentence:
    def sentence(preview: ActionPreview, zone: ZoneInfo) -> str:
        del zone
        return f"{preview.target.trigger} is {state} already."

    return sentence


_SENTENCES: Mapping[Obstacle, Sentence] = {
    Obstacle.RUN_ACTIVE: _active,
    Obstacle.RUN_CANCELING: _canceling,
    Obstacle.RUN_ENDED: _ended,
    Obstacle.RUN_SUCCEEDED: _succeeded,
    Obstacle.NOTHING_FAILED: _nothing_failed,
    Obstacle.ACTIVITY_UNKNOWN: _of_activity("is no activity of that pipeline"),
    Obstacle.ACTIVITY_NESTED: _of_activity(
        "is inside another activity; a rerun can only begin at one of the pipeline itself"
    ),
    Obstacle.ACTIVITY_NOT_REACHED: _of_activity("was not reached by that run"),
    Obstacle.PARAMETER_MISSING: _of_parameters("needs a value for"),
    Obstacle.PARAMETER_UNKNOWN: _of_parameters("has no such parameter"),
    Obstacle.OTHER_PIPELINE: _other_pipeline,
    Obstacle.TRIGGER_STARTED: _trigger_is("started"),
    Obstacle.TRIGGER_STOPPED: _trigger_is("stopped"),
}


def _named(run: PipelineRun) -> str:
    return f"Run {run.run_id[:8]} of {run.pipeline}"


def _since(at: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    return f", since {moment_said(at, zone, now)}" if at else ""
