"""What playing a step needs: the factory around it, and the run it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from adf.simulator.gitfolder.execution.pipeline_graph import Step
from adf.simulator.gitfolder.execution.results import Done, Place, Start
from adf.simulator.gitfolder.execution.seeded_random import Dice
from adf.simulator.gitfolder.expressions.expression_scope import Scene
from adf.simulator.runs import ActivityError, PipelineRun


class House(Protocol):
    """The factory a run is played in."""

    def dice(self, *words: object) -> Dice:
        """Chance for one purpose."""
        ...

    def id_of(self, *words: object) -> str:
        """The run id for these words."""
        ...

    def call(self, start: Start) -> PipelineRun | None:
        """Play the run of a called pipeline; None when there is no such pipeline."""
        ...

    def trouble(self, step: Step, at: datetime) -> ActivityError | None:
        """What keeps a step from working whatever is planned, such as a runtime that is away."""
        ...

    def error_for(self, pipeline: str, step: Step, dice: Dice) -> ActivityError:
        """The words a step breaks with."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How a sequence of steps ended, and when."""

    end: datetime
    broken: Done | None


class Player(Protocol):
    """A run being played."""

    @property
    def house(self) -> House:
        """The factory it is played in."""
        ...

    @property
    def start(self) -> Start:
        """What it was started with."""
        ...

    @property
    def pipeline(self) -> str:
        """Whose run it is."""
        ...

    @property
    def dice(self) -> Dice:
        """The chance of this run."""
        ...

    @property
    def scene(self) -> Scene:
        """What its expressions see."""
        ...

    def sequence(self, steps: Sequence[Step], begin: datetime, place: Place) -> Scope:
        """Play steps that may wait for each other."""
        ...

    def value(self, wire: object, place: Place) -> Any:  # noqa: ANN401
        """The value of an expression at a place; Unknown if only a real run could tell."""
        ...
