"""What a start is given, and what is known of a run and its steps once they have been played."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep
from adf.simulator.gitfolder.expressions.values import OPAQUE
from adf.simulator.runs import FAILED, PlannedInvoker, SimulatedError, SimulatedRun
from adf.simulator.world.run_specs import ChildRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialRerun:
    """Which outermost steps a rerun repeats, and which steps keep what they returned before.

    `below` is the recovery of the runs that a step called.
    """

    repeats: frozenset[str]
    succeeded: frozenset[str]
    below: Callable[[str], "PartialRerun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStart:
    """One start of a pipeline: when it was due, by whom, with what, and which step will break.

    `breaks` leads down to that step, by the names of the steps that enclose or call it. What
    becomes of a `settled` start is not left to chance any more. With a `recovery` an earlier run is
    repeated in part.
    """

    pipeline: str
    run_id: str
    due: datetime
    invoked_by: PlannedInvoker
    group_id: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    breaks: tuple[str, ...] = ()
    settled: bool = False
    callers: tuple[str, ...] = ()
    recovery: PartialRerun | None = None
    trigger: Any = OPAQUE


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlace:
    """Where in a run a step stands: in which round of which loop, and what will break there."""

    iteration: str = ""
    item: Any = OPAQUE
    breaks: tuple[str, ...] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One execution of a step, or that it was skipped."""

    step: GraphStep
    status: str
    since: datetime
    start: datetime | None = None
    end: datetime | None = None
    error: SimulatedError | None = None
    attempt: int | None = None
    place: StepPlace = StepPlace()
    child: ChildRun | None = None
    rows: int = 0
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def is_broken(self) -> bool:
        """Whether it failed."""
        return self.status == FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedRun:
    """A run as it went, with every execution of its steps in the order they began."""

    run: SimulatedRun
    steps: tuple[StepResult, ...]
    parameters: Mapping[str, Any]
    trigger: Any = OPAQUE
