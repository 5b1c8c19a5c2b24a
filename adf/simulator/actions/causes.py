"""Whether what broke a pipeline last would break it again: where, and with which words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adf.simulator.actions.published import PublishedPipelines
from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep, PipelineGraph
from adf.simulator.runs import FAILED, SimulatedActivityRun, SimulatedError
from adf.simulator.state import DataFactory, UnknownResource
from adf.simulator.world.run_specs import CALL

_DEEPEST = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCause:
    """The way down to the activity that breaks again, by names, and its error."""

    path: tuple[str, ...]
    error: SimulatedError | None


def standing_cause(
    factory: DataFactory, published: PublishedPipelines, graph: PipelineGraph, now: datetime
) -> StandingCause | None:
    """The cause of a pipeline's newest failure, where the factory says that it still stands."""
    plans = factory.plans_of(graph.name, now)
    broken = next((one for one in plans if one.run.status == FAILED and one.has_ended(now)), None)
    if broken is None or not factory.cause_stands(broken.run, now):
        return None
    return _Search(factory, published, now).below(graph, broken.activities_at(now))


class _Search:
    """Follows broken activity runs down, through containers and called runs."""

    def __init__(self, factory: DataFactory, published: PublishedPipelines, now: datetime) -> None:
        self._factory = factory
        self._published = published
        self._now = now

    def below(
        self, graph: PipelineGraph, rows: Sequence[SimulatedActivityRun], depth: int = 0
    ) -> StandingCause | None:
        broken = {row.name: row for row in rows if row.status == FAILED}
        if depth > _DEEPEST:
            return None
        return self._among(graph.steps, broken, depth)

    def _among(
        self, steps: Iterable[GraphStep], broken: dict[str, SimulatedActivityRun], depth: int
    ) -> StandingCause | None:
        for step in steps:
            row = broken.get(step.name)
            if row is None:
                continue
            inner = [one for branch in step.branches.values() for one in branch]
            found = self._among(inner, broken, depth) or self._called(step, row, depth)
            path, error = (found.path, found.error) if found else ((), row.error)
            return StandingCause(path=(step.name, *path), error=error)
        return None

    def _called(
        self, step: GraphStep, row: SimulatedActivityRun, depth: int
    ) -> StandingCause | None:
        run_id = row.output.get("pipelineRunId")
        if step.kind != CALL or not run_id:
            return None
        try:
            planned = self._factory.planned(str(run_id), self._now)
        except UnknownResource:
            return None
        graph = self._published.get(planned.run.pipeline)
        return self.below(graph, planned.activities_at(self._now), depth + 1) if graph else None
