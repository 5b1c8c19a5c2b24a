"""The published pipelines that a new run needs, made ready to be executed as the past has them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from adf.simulator.actions.past_runs import PastRuns
from adf.simulator.gitfolder.execution.pipeline_graph import (
    GraphStep,
    PipelineGraph,
    read_blueprints,
)
from adf.simulator.gitfolder.expressions.values import OPAQUE
from adf.simulator.gitfolder.folder import GitFolder
from adf.simulator.gitfolder.json_values import object_in
from adf.simulator.runs import Json
from adf.simulator.state import DataFactory
from adf.simulator.world.definitions import DefinedStep, pipeline_properties

_SEED = 0
_SETTING = frozenset({"SetVariable", "AppendVariable"})


class PublishedPipelines:
    """Pipelines of a factory by name, each read when it is first needed."""

    def __init__(self, factory: DataFactory, past: PastRuns) -> None:
        """Read from that factory."""
        self._factory = factory
        self._past = past
        self._graphs: dict[str, PipelineGraph | None] = {}

    def get(self, name: str) -> PipelineGraph | None:
        """One pipeline; None for an unknown name."""
        if name not in self._graphs:
            wire = self._factory.pipelines.get(name)
            if wire is None and self._factory.has_undescribed_pipelines and name:
                wire = pipeline_properties([DefinedStep(name=f"Copy_{name}", kind="Copy")])
            self._graphs[name] = None if wire is None else self._read(name, wire)
        return self._graphs[name]

    def _read(self, name: str, wire: Json) -> PipelineGraph:
        graph = read_blueprints(self._folder(name, wire), _SEED)[name]
        return replace(
            graph,
            steps=self._as_usual(name, graph.steps),
            variables=_variables(graph),
        )

    def _folder(self, name: str, wire: Json) -> GitFolder:
        factory = self._factory
        return GitFolder(
            name=factory.name,
            pipelines={name: wire},
            triggers={},
            runtimes={key: one.definition for key, one in factory.runtimes.items()},
            datasets=factory.datasets,
            data_flows=factory.data_flows,
            linked_services=factory.linked_services,
        )

    def _as_usual(self, pipeline: str, steps: Sequence[GraphStep]) -> tuple[GraphStep, ...]:
        return tuple(
            replace(
                step,
                usual=self._past.usual(pipeline, step),
                runtime=self._past.runtime(pipeline, step),
                branches={
                    name: self._as_usual(pipeline, inside) for name, inside in step.branches.items()
                },
            )
            for step in steps
        )


def _variables(graph: PipelineGraph) -> Mapping[str, object]:
    """An empty list that no activity fills stands for what only a run could know."""
    filled = {
        str(object_in(step.properties).get("variableName"))
        for step in all_steps(graph.steps)
        if step.kind in _SETTING
    }
    return {
        name: OPAQUE if value == [] and name not in filled else value
        for name, value in graph.variables.items()
    }


def all_steps(steps: Sequence[GraphStep]) -> Iterator[GraphStep]:
    """The steps of a sequence and all those inside them."""
    for step in steps:
        yield step
        for inside in step.branches.values():
            yield from all_steps(inside)
