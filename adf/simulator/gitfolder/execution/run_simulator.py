"""A factory in which the runs of a folder's pipelines are played."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adf.simulator.gitfolder.execution.concurrency import ConcurrencySlots
from adf.simulator.gitfolder.execution.error_texts import ErrorWords, offline
from adf.simulator.gitfolder.execution.failure_injection import choose_break, size_of
from adf.simulator.gitfolder.execution.outages import Outages
from adf.simulator.gitfolder.execution.pipeline_execution import PipelineExecution
from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep, PipelineGraph
from adf.simulator.gitfolder.execution.results import PipelineStart, PlayedRun
from adf.simulator.gitfolder.execution.seeded_random import SeededRandom, id_of
from adf.simulator.runs import PlannedInvoker, SimulatedError, SimulatedRun

# Data Factory publishes no pipelines that call each other in a ring; here they come to an end.
_DEEPEST, _MOST_ROUNDS = 24, 2
# A start that leads to more (loops in loops, pipelines that call each other) is cut there.
MOST_STEPS = 3000
_COST_OF_A_CUT_ONE = 3 * MOST_STEPS
_BUSY, _BUSY_SECONDS = 0.03, (15, 400)
_TRIALS = 4
_EARLY = datetime(2000, 1, 1, tzinfo=UTC)


class RunSimulator:
    """Plays a start with all the runs it leads to; the same start always goes the same way."""

    def __init__(
        self,
        blueprints: Mapping[str, PipelineGraph],
        words: ErrorWords,
        outages: Outages,
        seed: int,
    ) -> None:
        """Play these pipelines."""
        self.blueprints = blueprints
        self._words = words
        self._outages = outages
        self._seed = seed
        self._played: list[PlayedRun] = []
        self._steps_left = MOST_STEPS
        self._sizes: dict[str, int] = {}
        self._steps: dict[str, int] = {}
        limits = {name: one.concurrency for name, one in blueprints.items() if one.concurrency}
        self._slots = ConcurrencySlots(limits)

    def play(self, start: PipelineStart) -> list[PlayedRun]:
        """The run of a start and every run below it, the uppermost first."""
        self._played = []
        self._steps_left = MOST_STEPS
        self.call(start)
        return sorted(self._played, key=lambda one: one.run.queued_at)

    def breaking(self, start: PipelineStart) -> tuple[PipelineStart, list[PlayedRun]]:
        """Play a start so that something in it breaks, if there is anything that can."""
        played: list[PlayedRun] = []
        for trial in range(_TRIALS):
            way = choose_break(
                self.blueprints, start.pipeline, self.chance("break", start.run_id, trial)
            )
            start = replace(start, breaks=way)
            kept = self._slots.kept()
            played = self.play(start)
            is_last = trial == _TRIALS - 1 or self._steps_left < 0
            if is_last or any(one.is_broken for run in played for one in run.steps):
                break
            self._slots.take_back(kept)
        return start, played

    def rehearse(
        self, start: PipelineStart, *, breaks: bool
    ) -> tuple[PipelineStart, list[PlayedRun]]:
        """See how a start would go, without it having been."""
        kept = self._slots.kept()
        tried = self.breaking(start) if breaks else (start, self.play(start))
        self._slots.take_back(kept)
        return tried

    def size(self, pipeline: str) -> int:
        """About how many runs one start of a pipeline makes."""
        if pipeline not in self._sizes:
            self._sizes[pipeline] = max(size_of(self.blueprints, pipeline), 1)
        return self._sizes[pipeline]

    def steps(self, pipeline: str) -> int:
        """About how many activity runs one start of a pipeline makes; more for one that is cut."""
        if pipeline not in self._steps:
            by = PlannedInvoker()
            run_id = self.id_of("steps", pipeline)
            start = PipelineStart(pipeline=pipeline, run_id=run_id, due=_EARLY, invoked_by=by)
            self.rehearse(start, breaks=False)
            left = self._steps_left
            self._steps[pipeline] = MOST_STEPS - left if left >= 0 else _COST_OF_A_CUT_ONE
        return self._steps[pipeline]

    def take_step(self) -> bool:
        """Whether there is room for one more activity run below this start."""
        self._steps_left -= 1
        return self._steps_left >= 0

    def chance(self, *words: object) -> SeededRandom:
        """Chance for one purpose."""
        return SeededRandom(self._seed, *words)

    def id_of(self, *words: object) -> str:
        """The run id for these words."""
        return id_of(self._seed, *words)

    def call(self, start: PipelineStart) -> SimulatedRun | None:
        """Play the run of a pipeline; None when there is no such pipeline."""
        blueprint = self.blueprints.get(start.pipeline)
        if blueprint is None or self._is_too_deep(start):
            return None
        begins = self._slots.begin(start) + self._busy(start)
        played = PipelineExecution(self, blueprint, start, begins).play()
        self._slots.end(start, played.run.end or begins)
        self._played.append(played)
        return played.run

    def run_moved(self, old: SimulatedRun, new: SimulatedRun) -> None:
        """What comes later waits for a run as it is now."""
        if old.end and new.end:
            self._slots.move(old.pipeline, old.end, new.end)

    def failure_at(self, step: GraphStep, at: datetime) -> SimulatedError | None:
        """That the runtime of a step does not answer."""
        away = self._outages.away_since(step.runtime.name, at)
        return offline(step.kind, step.runtime.name, away) if away else None

    def error_for(self, pipeline: str, step: GraphStep, dice: SeededRandom) -> SimulatedError:
        """The words a step breaks with."""
        return self._words.broken(pipeline, step.name, step.kind, step.linked_service, dice)

    def _is_too_deep(self, start: PipelineStart) -> bool:
        rounds = start.callers.count(start.pipeline)
        return len(start.callers) > _DEEPEST or rounds > _MOST_ROUNDS or self._steps_left < 0

    def _busy(self, start: PipelineStart) -> timedelta:
        """Now and then a start has to wait until the factory has a free place."""
        dice = self.chance("busy", start.run_id)
        waits = not start.callers and dice.hits(_BUSY)
        return timedelta(seconds=dice.between(*_BUSY_SECONDS) if waits else 0)
