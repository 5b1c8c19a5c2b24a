"""Pipelines as a seed writes them, and a run of them that broke somewhere."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from adf.simulator import DataFactory, State
from adf.simulator.gitfolder.execution.activity_run_rows import rows_of
from adf.simulator.gitfolder.execution.error_texts import ErrorWords, read_errors
from adf.simulator.gitfolder.execution.failure_injection import choose_break
from adf.simulator.gitfolder.execution.outages import Outages
from adf.simulator.gitfolder.execution.pipeline_graph import read_blueprints
from adf.simulator.gitfolder.execution.results import PipelineStart
from adf.simulator.gitfolder.execution.run_simulator import RunSimulator
from adf.simulator.gitfolder.folder import GitFolder
from adf.simulator.runs import PlannedInvoker, PlannedRun
from tests.adf.simulator.git_folders import calling, expression, pipeline, step

BEGAN = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
LEAVES = (
    *("Copy", "Copy", "Copy", "Lookup", "SqlServerStoredProcedure", "WebActivity", "Wait"),
    *("SetVariable", "Filter", "GetMetadata", "DatabricksNotebook"),
)
CONDITIONS = ("Succeeded", "Succeeded", "Succeeded", "Succeeded", "Failed", "Completed", "Skipped")


class PipelineMaker:
    """Writes a pipeline and those it calls; the same seed always writes the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._count = 0
        self.pipelines: dict[str, Mapping[str, Any]] = {}

    def make(self, depth: int = 0) -> str:
        """A pipeline with whatever it calls; its name."""
        name = f"Pipeline_{len(self.pipelines)}"
        self.pipelines[name] = {}
        self.pipelines[name] = pipeline(*self._steps(2 + self._random.randint(0, 4), depth))
        return name

    def _steps(self, count: int, depth: int) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for _ in range(count):
            before = [one["name"] for one in made]
            names = self._random.sample(before, min(len(before), self._random.choice((0, 1, 1, 2))))
            made.append(self._step(depth, names))
        self._random.shuffle(made)
        return made

    def _step(self, depth: int, waits: list[str]) -> dict[str, Any]:
        self._count += 1
        name = f"Step_{self._count}"
        made = self._kind(name, depth)
        made["dependsOn"] = [
            {"activity": one, "dependencyConditions": self._conditions()} for one in waits
        ]
        if self._random.random() < 0.04:
            made["state"] = "Inactive"
            made["onInactiveMarkAs"] = self._random.choice(("Succeeded", "Failed", "Skipped"))
        if self._random.random() < 0.2:
            made["policy"] = {"retry": self._random.randint(0, 3), "retryIntervalInSeconds": 30}
        return made

    def _inner(self, depth: int) -> list[dict[str, Any]]:
        return self._steps(self._random.randint(1, 3), depth + 1)

    def _conditions(self) -> list[str]:
        count = self._random.choice((1, 1, 1, 2))
        return sorted({self._random.choice(CONDITIONS) for _ in range(count)})

    def _kind(self, name: str, depth: int) -> dict[str, Any]:
        draw = self._random.random()
        if depth >= 3 or draw < 0.6:
            kind = "Fail" if self._random.random() < 0.04 else self._random.choice(LEAVES)
            return step(name, kind)
        inner = partial(self._inner, depth)
        if draw < 0.7:
            # Loops of unknown lists inside each other would be cut by the simulator.
            lists = ("@createArray('a', 'b')", "@variables('x')")[: 2 - bool(depth)]
            items = expression(self._random.choice(lists))
            return step(name, "ForEach", items=items, activities=inner())
        if draw < 0.78:
            condition = self._random.choice(("@true", "@false", "@activity('x').output.y"))
            return step(
                name,
                "IfCondition",
                expression=expression(condition),
                ifTrueActivities=inner(),
                ifFalseActivities=inner(),
            )
        if draw < 0.84:
            cases = [{"value": one, "activities": inner()} for one in ("a", "b")]
            on = expression(self._random.choice(("a", "c", "@pipeline().parameters.p")))
            return step(name, "Switch", on=on, cases=cases, defaultActivities=inner())
        if draw < 0.88:
            return step(name, "Until", expression=expression("@true"), activities=inner())
        return calling(name, self.make(depth + 1), waitOnCompletion=self._random.random() < 0.9)


def broken_world(seed: int) -> tuple[State, str]:
    """A factory with one run, which broke where the seed says; the id of that run."""
    maker = PipelineMaker(seed)
    name = maker.make()
    factory = DataFactory(name="adf-lab", resource_group="rg-lab", pipelines=maker.pipelines)
    folder = GitFolder(
        name="adf-lab",
        pipelines=maker.pipelines,
        triggers={},
        runtimes={},
        datasets={},
        linked_services={},
        data_flows={},
    )
    blueprints = read_blueprints(folder, seed)
    simulator = RunSimulator(blueprints, ErrorWords(read_errors(), seed), Outages({}, seed), seed)
    start = PipelineStart(
        pipeline=name, run_id=f"run-{seed}", due=BEGAN, invoked_by=PlannedInvoker()
    )
    way = choose_break(blueprints, name, simulator.chance("way"))
    played = simulator.play(replace(start, breaks=way))
    for one in played:
        factory.add(PlannedRun(run=one.run, activities=rows_of(one)))
    ended = max(one.run.end or BEGAN for one in played) + timedelta(hours=1)
    return State(clock=lambda: ended, factories=(factory,)), f"run-{seed}"
