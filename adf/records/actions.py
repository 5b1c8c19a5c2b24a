"""What a person may have done in Data Factory, and what became of it.

An `ActionTarget` says exactly one act. It is a plain value: nothing here sends anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from adf.records.runs import PipelineRun
from adf.records.triggers import TriggerDefinition


class ActionKind(StrEnum):
    """What can be done; nothing is ever deleted and no definition changed."""

    RERUN = "rerun"
    RUN = "run"
    CANCEL = "cancel"
    START_TRIGGER = "start_trigger"
    STOP_TRIGGER = "stop_trigger"


class RerunMode(StrEnum):
    """Where a rerun begins."""

    WHOLE = "whole"
    FROM_FAILURE = "from_failed"
    FROM_ACTIVITY = "from_activity"


TRIGGER_ACTIONS = frozenset({ActionKind.START_TRIGGER, ActionKind.STOP_TRIGGER})
RUN_ACTIONS = frozenset({ActionKind.RERUN, ActionKind.CANCEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTarget:
    """One act on one thing; ValueError where it does not say which.

    `factory` is an alias. `run_id` belongs to a rerun and a cancel, `mode` and `activity` to a
    rerun, `parameters` to a run (a rerun takes those of its run), `recursive` to a cancel.
    """

    factory: str
    kind: ActionKind
    pipeline: str | None = None
    run_id: str | None = None
    mode: RerunMode = RerunMode.WHOLE
    activity: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    recursive: bool = False
    trigger: str | None = None

    def __post_init__(self) -> None:
        """Refuse an act that leaves open what it is done to."""
        if self.kind in RUN_ACTIONS and not self.run_id:
            raise ValueError(f"{self.kind} needs the id of a run")
        if self.kind is ActionKind.RUN and not self.pipeline:
            raise ValueError("run needs the name of a pipeline")
        if self.kind in TRIGGER_ACTIONS and not self.trigger:
            raise ValueError(f"{self.kind} needs the name of a trigger")
        if (self.mode is RerunMode.FROM_ACTIVITY) != bool(self.activity):
            raise ValueError("a rerun from an activity needs its name, and no other one has it")

    @property
    def subject(self) -> str:
        """The name people know it by: the trigger, the pipeline, else the run."""
        return self.trigger or self.pipeline or self.run_id or ""

    def facts(self) -> dict[str, Any]:
        """Every field by its name, as JSON has it."""
        return {
            "factory": self.factory,
            "kind": str(self.kind),
            "pipeline": self.pipeline,
            "run_id": self.run_id,
            "mode": str(self.mode),
            "activity": self.activity,
            "parameters": dict(self.parameters),
            "recursive": self.recursive,
            "trigger": self.trigger,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReceipt:
    """Data Factory took an act: under which request id, and the run it started or cancels."""

    target: ActionTarget
    request_id: str
    run_id: str | None = None


class OutcomeState(StrEnum):
    """Whether an act whose answer was lost took place: `NOT_SEEN` is no proof that it did not."""

    DONE = "done"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLookup:
    """What a factory shows of an act whose answer was lost.

    `candidates` are runs that may be its doing, where none has the id of the request.
    """

    target: ActionTarget
    state: OutcomeState
    run: PipelineRun | None = None
    trigger: TriggerDefinition | None = None
    candidates: tuple[PipelineRun, ...] = ()
