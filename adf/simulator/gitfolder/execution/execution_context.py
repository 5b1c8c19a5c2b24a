"""What playing a step needs: the factory around it, and the run it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep
from adf.simulator.gitfolder.execution.results import PipelineStart, StepPlace, StepResult
from adf.simulator.gitfolder.execution.seeded_random import SeededRandom
from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.runs import SimulatedError, SimulatedRun


class FactoryContext(Protocol):
    """The factory a run is played in."""

    def chance(self, *words: object) -> SeededRandom:
        """Chance for one purpose."""
        ...

    def id_of(self, *words: object) -> str:
        """The run id for these words."""
        ...

    def call(self, start: PipelineStart) -> SimulatedRun | None:
        """Play the run of a called pipeline; None when there is no such pipeline."""
        ...

    def take_step(self) -> bool:
        """Whether there is room for one more activity run."""
        ...

    def failure_at(self, step: GraphStep, at: datetime) -> SimulatedError | None:
        """What keeps a step from working whatever is planned, such as a runtime that is away."""
        ...

    def error_for(self, pipeline: str, step: GraphStep, dice: SeededRandom) -> SimulatedError:
        """The words a step breaks with."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceResult:
    """How a sequence of steps ended, and when."""

    end: datetime
    broken: StepResult | None


class StepPlayer(Protocol):
    """A run being played."""

    @property
    def simulator(self) -> FactoryContext:
        """The factory it is played in."""
        ...

    @property
    def start(self) -> PipelineStart:
        """What it was started with."""
        ...

    @property
    def pipeline(self) -> str:
        """Whose run it is."""
        ...

    @property
    def dice(self) -> SeededRandom:
        """The chance of this run."""
        ...

    @property
    def scene(self) -> ExpressionScope:
        """What its expressions see."""
        ...

    def sequence(
        self, steps: Sequence[GraphStep], begin: datetime, place: StepPlace
    ) -> SequenceResult:
        """Play steps that may wait for each other."""
        ...

    def value(self, wire: object, place: StepPlace) -> Any:  # noqa: ANN401
        """The value of an expression at a place; Unknown if only a real run could tell."""
        ...
