"""What an act will do, before it is done: as far as definitions and runs tell.

`adf.previews` computes it, a card shows it, and a press compares its digest with a new one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from adf.records.actions import ActionKind, ActionTarget
from adf.records.base import BaseRecord
from adf.records.runs import ACTIVE, PipelineRun, RunStatus
from adf.records.triggers import TriggerDefinition


class Effect(StrEnum):
    """What becomes of an activity, provided that what runs goes well.

    `DECIDED_ANEW` depends on a condition or a list that is read while it runs, `IF_IT_FAILS` on a
    failure before it. `REPLAYED` is a container or a called pipeline that is gone through again
    while the activities inside keep the output of the earlier run.
    """

    RUNS = "runs"
    OUTPUT_REUSED = "output_reused"
    REPLAYED = "replayed"
    DECIDED_ANEW = "decided_anew"
    IF_IT_FAILS = "if_it_fails"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"
    GOES_ON = "goes_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedActivity:
    """One activity and what becomes of it; `inside` are the containers around it, outermost first.

    `status` is how it ended in the earlier run, None where it never began.
    """

    name: str
    kind: str
    pipeline: str
    effect: Effect
    inside: tuple[str, ...] = ()
    status: RunStatus | None = None

    @property
    def place(self) -> str:
        """Its name under the containers that hold it."""
        return "/".join((*self.inside, self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyNote:
    """An activity that runs again and is not known to do no harm when it does."""

    activity: str
    kind: str
    pipeline: str
    reason: str


class Obstacle(StrEnum):
    """Why an act no longer fits what the factory says of its target."""

    RUN_ACTIVE = "run_active"
    RUN_CANCELING = "run_canceling"
    RUN_ENDED = "run_ended"
    RUN_SUCCEEDED = "run_succeeded"
    NOTHING_FAILED = "nothing_failed"
    ACTIVITY_UNKNOWN = "activity_unknown"
    ACTIVITY_NESTED = "activity_nested"
    ACTIVITY_NOT_REACHED = "activity_not_reached"
    PARAMETER_MISSING = "parameter_missing"
    PARAMETER_UNKNOWN = "parameter_unknown"
    OTHER_PIPELINE = "other_pipeline"
    TRIGGER_STARTED = "trigger_started"
    TRIGGER_STOPPED = "trigger_stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPreview(BaseRecord):
    """What an act will do, as of a moment; `obstacle` is why it can not be done as it stands.

    `activities` come in the order of the definition. `newer` are later runs of the same pipeline,
    `reruns` those among them that already repeat this run, `active` whatever of it is under way.
    `parent` is the run that called this one: it has ended, or waits for this run and no other.
    `definition` stands for the pipelines as published, so that an edit changes the digest.
    `backlog` counts the windows that a tumbling window trigger catches up on when it is started.
    `gaps` say what could not be read.
    """

    target: ActionTarget
    as_of: datetime
    run: PipelineRun | None = None
    activities: tuple[PreviewedActivity, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    parent: PipelineRun | None = None
    children: tuple[PipelineRun, ...] = ()
    newer: tuple[PipelineRun, ...] = ()
    reruns: tuple[PipelineRun, ...] = ()
    active: tuple[PipelineRun, ...] = ()
    trigger: TriggerDefinition | None = None
    next_start: datetime | None = None
    backlog: int = 0
    obstacle: Obstacle | None = None
    obstacle_names: tuple[str, ...] = ()
    not_idempotent: tuple[IdempotencyNote, ...] = ()
    definition: str = ""
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it would change."""
        return (self.target.factory,)

    @property
    def identity(self) -> str:
        """The act, whatever it would do today."""
        return f"action {_canonical(self.target.facts())}"

    def one_line(self, zone: ZoneInfo) -> str:
        """What would be done."""
        del zone
        return f"{self.target.kind.replace('_', ' ')}: {self.target.subject}"

    def started_since(self, moment: datetime) -> PipelineRun | None:
        """A run of the same pipeline that was started after a moment and is still under way."""
        going = (one for one in self.newer if one.status in ACTIVE and one.start)
        return next((one for one in going if one.start and one.start > moment), None)

    @property
    def repeated(self) -> tuple[PreviewedActivity, ...]:
        """The activities that run (again), containers included."""
        return self._with(Effect.RUNS)

    @property
    def reused(self) -> tuple[PreviewedActivity, ...]:
        """The activities that do not run: what they returned is taken from the earlier run."""
        return self._with(Effect.OUTPUT_REUSED)

    @property
    def decided_anew(self) -> tuple[PreviewedActivity, ...]:
        """The activities behind a condition, which is read again."""
        return self._with(Effect.DECIDED_ANEW)

    @property
    def loops_restarted(self) -> tuple[PreviewedActivity, ...]:
        """The loops that start over, with the items that succeeded before."""
        return tuple(one for one in self._running() if one.kind in {"ForEach", "Until"})

    @property
    def waits(self) -> tuple[PreviewedActivity, ...]:
        """The Wait activities that wait once more."""
        return tuple(one for one in self._running() if one.kind == "Wait")

    @property
    def interrupted(self) -> tuple[PreviewedActivity, ...]:
        """The activities under way that a cancel stops."""
        return self._with(Effect.INTERRUPTED)

    @property
    def newer_success(self) -> PipelineRun | None:
        """The newest later run that went well: a rerun may not be needed."""
        return next((run for run in self.newer if run.status is RunStatus.SUCCEEDED), None)

    @property
    def digest(self) -> str:
        """Equal as long as the act would do the same: a press compares it with the card's.

        The progress of a run that is to be cancelled does not count, nor does one more run of the
        same pipeline, as long as neither the first rerun, success or concurrent run is new.
        """
        return hashlib.sha256(_canonical(self._facts()).encode()).hexdigest()

    def _with(self, effect: Effect) -> tuple[PreviewedActivity, ...]:
        return tuple(one for one in self.activities if one.effect is effect)

    def _running(self) -> tuple[PreviewedActivity, ...]:
        return (*self.repeated, *self.decided_anew)

    def _facts(self) -> dict[str, Any]:
        is_cancel = self.target.kind is ActionKind.CANCEL
        return {
            "target": self.target.facts(),
            "state": _state(self.run),
            "trigger": self.trigger.state.lower() if self.trigger else None,
            "starts": list(self.trigger.pipelines) if self.trigger else [],
            "obstacle": self.obstacle,
            "activities": []
            if is_cancel
            else [[one.pipeline, one.place, one.effect] for one in self.activities],
            "parameters": dict(self.parameters),
            "parent": [self.parent.run_id, _state(self.parent)] if self.parent else None,
            "reruns": sorted(run.run_id for run in self.reruns),
            "concurrent": bool(self.active) and not is_cancel,
            "newer_success": self.newer_success is not None and not is_cancel,
            "definition": "" if is_cancel else self.definition,
        }


def _state(run: PipelineRun | None) -> str | None:
    """The state that an act depends on: how far a run under way has come does not count."""
    if run is None:
        return None
    return "active" if run.status in ACTIVE else str(run.status)


def _canonical(facts: Mapping[str, Any]) -> str:
    """The same text for the same facts, whatever order they came in."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), default=str)
