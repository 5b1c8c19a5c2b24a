"""Published pipelines made ready to be run: their steps in an order in which none waits in vain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from adf.simulator.gitfolder.execution.linked_services import LinkedServices
from adf.simulator.gitfolder.execution.seeded_random import SeededRandom
from adf.simulator.gitfolder.execution.typical_durations import TypicalDurations, usual_of
from adf.simulator.gitfolder.expressions.values import OPAQUE
from adf.simulator.gitfolder.folder import GitFolder
from adf.simulator.runs import FAILED, SKIPPED, SUCCEEDED, Json, RuntimeUsed
from adf.simulator.world.run_specs import CALL, CONTAINERS

IF, SWITCH, LOOP, UNTIL = "IfCondition", "Switch", "ForEach", "Until"
EACH, DEFAULT = "each", "default"
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
        return _object(self.properties.get("pipeline")).get("referenceName")

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
            steps=self._steps(name, wire.get("activities")),
            parameters=_parameters(wire.get("parameters")),
            variables=_variables(wire.get("variables")),
            concurrency=concurrency if isinstance(concurrency, int) else None,
            annotations=tuple(str(one) for one in _list(wire.get("annotations"))),
        )

    def _steps(self, pipeline: str, wire: object) -> tuple[GraphStep, ...]:
        read = [self._step(pipeline, _object(one)) for one in _list(wire)]
        return tuple(_in_order(read))

    def _step(self, pipeline: str, wire: Json) -> GraphStep:
        name, kind = str(wire.get("name") or ""), str(wire.get("type") or "")
        properties, policy = _object(wire.get("typeProperties")), _object(wire.get("policy"))
        inactive = wire.get("state") == "Inactive"
        return GraphStep(
            name=name,
            kind=kind,
            waits_for=tuple(_wait(_object(one)) for one in _list(wire.get("dependsOn"))),
            marked=str(wire.get("onInactiveMarkAs") or SUCCEEDED) if inactive else None,
            retries=_number(policy.get("retry"), 0),
            pause=_number(policy.get("retryIntervalInSeconds"), 30),
            properties=properties,
            tags=tuple(_tags(wire.get("userProperties"))),
            branches=dict(self._branches(pipeline, properties)) if kind in CONTAINERS else {},
            runtime=self._wiring.runtime_of(wire),
            linked_service=self._wiring.linked_service_of(wire),
            usual=usual_of(kind, properties, SeededRandom(self._seed, "usual", pipeline, name)),
        )

    def _branches(
        self, pipeline: str, properties: Json
    ) -> Iterator[tuple[str, tuple[GraphStep, ...]]]:
        for key, branch in _BRANCHES.items():
            if key in properties:
                yield branch, self._steps(pipeline, properties[key])
        for one in _list(properties.get("cases")):
            case = _object(one)
            yield f"={case.get('value')}", self._steps(pipeline, case.get("activities"))


def _wait(wire: Json) -> tuple[str, frozenset[str]]:
    wanted = (_CONDITIONS.get(str(one), ()) for one in _list(wire.get("dependencyConditions")))
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
    return {name: _object(one).get("defaultValue", OPAQUE) for name, one in _object(wire).items()}


def _variables(wire: object) -> dict[str, Any]:
    return {
        name: _object(one).get("defaultValue", _EMPTY.get(str(_object(one).get("type")), ""))
        for name, one in _object(wire).items()
    }


def _tags(wire: object) -> Iterator[tuple[str, Any]]:
    for one in _list(wire):
        tag = _object(one)
        yield str(tag.get("name")), tag.get("value")


def _object(wire: object) -> Json:
    return cast("Json", wire) if isinstance(wire, dict) else {}


def _list(wire: object) -> list[object]:
    return cast("list[object]", wire) if isinstance(wire, list) else []


def _number(wire: object, otherwise: int) -> int:
    return wire if isinstance(wire, int) else otherwise
