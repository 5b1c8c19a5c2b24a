"""Published pipelines made ready to be run: their steps in an order in which none waits in vain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adf.simulator.gitfolder.execution.linked_services import LinkedServices
from adf.simulator.gitfolder.execution.seeded_random import SeededRandom
from adf.simulator.gitfolder.execution.typical_durations import TypicalDurations, usual_of
from adf.simulator.gitfolder.expressions.values import OPAQUE
from adf.simulator.gitfolder.folder import GitFolder, WrongFolder
from adf.simulator.gitfolder.json_values import list_in, object_in, objects_in, whole_number
from adf.simulator.runs import FAILED, SKIPPED, SUCCEEDED, Json, RuntimeUsed
from adf.simulator.world.run_specs import CALL, CONTAINERS

IF, SWITCH, LOOP, UNTIL = "IfCondition", "Switch", "ForEach", "Until"
EACH, DEFAULT = "each", "default"
# Data Factory publishes two levels; deeper ones than these would not be played but overflow.
DEEPEST = 24
# A definition may ask for a thousand million; a story needs no more attempts than these.
MOST_RETRIES = 20
_CONDITIONS: Mapping[str, tuple[str, ...]] = {
    "Succeeded": (SUCCEEDED,),
    "Failed": (FAILED,),
    "Skipped": (SKIPPED,),
    "Completed": (SUCCEEDED, FAILED),
}
_EMPTY: Mapping[str, object] = {"Array": [], "Boolean": False, "Bool": False}
_BRANCHES = {
    "activities": EACH,
    "ifTrueActivities": "true",
    "ifFalseActivities": "false",
    "defaultActivities": DEFAULT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphStep:
    """One activity of a definition: what it waits for, what is inside it, how it usually goes."""

    name: str
    kind: str
    waits_for: tuple[tuple[str, frozenset[str]], ...] = ()
    marked: str | None = None
    retries: int = 0
    pause: float = 30.0
    properties: Json
    tags: tuple[tuple[str, Any], ...] = ()
    branches: Mapping[str, tuple["GraphStep", ...]]
    runtime: RuntimeUsed
    linked_service: str = ""
    usual: TypicalDurations

    @property
    def calls(self) -> object:
        """The pipeline it calls: a name, an expression, or nothing."""
        if self.kind != CALL:
            return None
        return object_in(self.properties.get("pipeline")).get("referenceName")

    @property
    def only_after_trouble(self) -> bool:
        """Whether it runs only when something before it broke or was skipped."""
        return any(SUCCEEDED not in wanted for _, wanted in self.waits_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineGraph:
    """One published pipeline."""

    name: str
    steps: tuple[GraphStep, ...]
    parameters: Mapping[str, Any]
    variables: Mapping[str, Any]
    concurrency: int | None
    annotations: tuple[str, ...]


def read_blueprints(folder: GitFolder, seed: int) -> dict[str, PipelineGraph]:
    """Every pipeline of a folder."""
    reader = _GraphReader(LinkedServices(folder), seed)
    return {name: reader.blueprint(name, wire) for name, wire in folder.pipelines.items()}


class _GraphReader:
    def __init__(self, wiring: LinkedServices, seed: int) -> None:
        self._wiring = wiring
        self._seed = seed

    def blueprint(self, name: str, wire: Json) -> PipelineGraph:
        concurrency = wire.get("concurrency")
        return PipelineGraph(
            name=name,
            steps=self._steps(name, wire.get("activities"), 0),
            parameters=_parameters(wire.get("parameters")),
            variables=_variables(wire.get("variables")),
            concurrency=whole_number(concurrency, 0, 0, 1000) or None,
            annotations=tuple(str(one) for one in list_in(wire.get("annotations"))),
        )

    def _steps(self, pipeline: str, wire: object, depth: int) -> tuple[GraphStep, ...]:
        if depth > DEEPEST:
            raise WrongFolder(f"pipeline {pipeline}: activities nested more than {DEEPEST} deep")
        read = [self._step(pipeline, one, depth) for one in objects_in(wire)]
        return tuple(_in_order(read))

    def _step(self, pipeline: str, wire: Json, depth: int) -> GraphStep:
        name, kind = str(wire.get("name") or ""), str(wire.get("type") or "")
        properties, policy = object_in(wire.get("typeProperties")), object_in(wire.get("policy"))
        inactive = wire.get("state") == "Inactive"
        return GraphStep(
            name=name,
            kind=kind,
            waits_for=tuple(_wait(object_in(one)) for one in list_in(wire.get("dependsOn"))),
            marked=str(wire.get("onInactiveMarkAs") or SUCCEEDED) if inactive else None,
            retries=whole_number(policy.get("retry"), 0, 0, MOST_RETRIES),
            pause=whole_number(policy.get("retryIntervalInSeconds"), 30, 0, 86_400),
            properties=properties,
            tags=tuple(_tags(wire.get("userProperties"))),
            branches=dict(self._branches(pipeline, properties, depth))
            if kind in CONTAINERS
            else {},
            runtime=self._wiring.runtime_of(wire),
            linked_service=self._wiring.linked_service_of(wire),
            usual=usual_of(kind, properties, SeededRandom(self._seed, "usual", pipeline, name)),
        )

    def _branches(
        self, pipeline: str, properties: Json, depth: int
    ) -> Iterator[tuple[str, tuple[GraphStep, ...]]]:
        for key, branch in _BRANCHES.items():
            if key in properties:
                yield branch, self._steps(pipeline, properties[key], depth + 1)
        for one in list_in(properties.get("cases")):
            case = object_in(one)
            yield f"={case.get('value')}", self._steps(pipeline, case.get("activities"), depth + 1)


def _wait(wire: Json) -> tuple[str, frozenset[str]]:
    wanted = (_CONDITIONS.get(str(one), ()) for one in list_in(wire.get("dependencyConditions")))
    return str(wire.get("activity")), frozenset(status for known in wanted for status in known)


def _in_order(steps: Sequence[GraphStep]) -> Iterator[GraphStep]:
    """Each step after those it waits for; one that waits for itself in a ring comes as written."""
    waiting = {step.name: step for step in steps}
    while waiting:
        free = [
            step
            for step in waiting.values()
            if not any(name in waiting and name != step.name for name, _ in step.waits_for)
        ]
        for step in free or list(waiting.values()):
            yield waiting.pop(step.name)


def _parameters(wire: object) -> dict[str, Any]:
    """Default values; what has none is known to whoever starts the pipeline."""
    return {
        name: object_in(one).get("defaultValue", OPAQUE) for name, one in object_in(wire).items()
    }


def _variables(wire: object) -> dict[str, Any]:
    return {
        name: object_in(one).get("defaultValue", _EMPTY.get(str(object_in(one).get("type")), ""))
        for name, one in object_in(wire).items()
    }


def _tags(wire: object) -> Iterator[tuple[str, Any]]:
    for one in list_in(wire):
        tag = object_in(one)
        yield str(tag.get("name")), tag.get("value")
