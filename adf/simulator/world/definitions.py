"""Published pipelines as the service describes them, derived from the steps their runs show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adf.simulator.runs import SKIPPED, Json
from adf.simulator.world.run_specs import (
    CALL,
    CONTROL,
    ActivitySpec,
    Inner,
    RunSpec,
    StepSpec,
    inner_of,
)

_POLICY = {
    "timeout": "0.12:00:00",
    "retry": 0,
    "retryIntervalInSeconds": 30,
    "secureOutput": False,
    "secureInput": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedStep:
    """One step of a published pipeline: what it is, what it waits for, what it repeats or calls."""

    name: str
    kind: str
    after: str | None = None
    calls: str | None = None
    inner: tuple[Inner, ...] = ()


def shapes_of(runs: Iterable[RunSpec]) -> tuple[DefinedStep, ...]:
    """The steps of a pipeline in sequence, put together from all its runs, the fullest first."""
    found: dict[str, DefinedStep] = {}
    for run in sorted(runs, key=lambda run: -len(run.steps)):
        before: ActivitySpec | None = None
        for step in run.steps:
            found[step.spec.name] = _merged(found.get(step.spec.name), _shape(step, before))
            before = step.spec
    return tuple(found.values())


def pipeline_properties(
    shapes: Sequence[DefinedStep],
    *,
    concurrency: int | None = None,
    annotations: Sequence[str] = (),
    parameters: Json | None = None,
) -> dict[str, Any]:
    """The `properties` of a PipelineResource."""
    properties: dict[str, Any] = {"activities": [_activity(shape) for shape in shapes]}
    if parameters:
        properties["parameters"] = parameters
    if any(shape.inner for shape in shapes):
        properties["variables"] = {"items": {"type": "Array"}}
    if concurrency is not None:
        properties["concurrency"] = concurrency
    return {**properties, "annotations": list(annotations)}


def _shape(step: StepSpec, before: ActivitySpec | None) -> DefinedStep:
    spec = step.spec
    calls = spec.child.pipeline if spec.child else spec.calls
    after = before.name if before and not _side_by_side(before, spec) else None
    inner = inner_of(step.told) if spec.is_loop else ()
    return DefinedStep(name=spec.name, kind=spec.kind, after=after, calls=calls, inner=inner)


def _merged(known: DefinedStep | None, new: DefinedStep) -> DefinedStep:
    if known is None:
        return new
    return DefinedStep(
        name=known.name,
        kind=known.kind,
        after=known.after,
        calls=known.calls or new.calls,
        inner=known.inner or new.inner,
    )


def _side_by_side(before: ActivitySpec, spec: ActivitySpec) -> bool:
    """Whether a step began before the one told before it had ended."""
    if SKIPPED in (before.status, spec.status) or spec.start is None:
        return False
    return before.end is not None and spec.start < before.end


def _activity(shape: DefinedStep) -> dict[str, Any]:
    waits = [{"activity": shape.after, "dependencyConditions": ["Succeeded"]}]
    return {
        "name": shape.name,
        "type": shape.kind,
        "dependsOn": waits if shape.after else [],
        **_policy(shape.kind),
        "userProperties": [],
        "typeProperties": _type_properties(shape),
    }


def _repeated(inner: Inner, before: Inner | None) -> dict[str, Any]:
    after = before.name if before else None
    made = _activity(DefinedStep(name=inner.name, kind=inner.kind, calls=inner.calls, after=after))
    made["userProperties"] = [{"name": "item", "value": _expression("@item()")}]
    if inner.kind == "Copy":
        query = "@concat('SELECT * FROM ', item())"
        made["typeProperties"]["source"]["sqlReaderQuery"] = _expression(query)
    return made


def _policy(kind: str) -> Json:
    return {} if kind in CONTROL else {"policy": dict(_POLICY)}


def _type_properties(shape: DefinedStep) -> dict[str, Any]:
    if shape.kind == CALL:
        reference = {"referenceName": shape.calls or shape.name, "type": "PipelineReference"}
        return {"pipeline": reference, "waitOnCompletion": True, "parameters": {}}
    if shape.inner or shape.kind == "ForEach":
        before = (None, *shape.inner)
        steps = [_repeated(one, last) for one, last in zip(shape.inner, before, strict=False)]
        items = _expression("@variables('items')")
        return {"items": items, "isSequential": False, "batchCount": 3, "activities": steps}
    return _plain(shape.kind, shape.name)


def _plain(kind: str, name: str) -> dict[str, Any]:
    known: Mapping[str, dict[str, Any]] = {
        "Copy": {"source": {"type": "AzureSqlSource"}, "sink": {"type": "ParquetSink"}},
        "Lookup": {"source": {"type": "AzureSqlSource"}, "firstRowOnly": True},
        "SqlServerStoredProcedure": {"storedProcedureName": f"[etl].[{name}]"},
        "Script": {"scripts": [{"type": "NonQuery", "text": f"EXEC etl.{name}"}]},
        "WebActivity": {"method": "POST", "url": "https://hooks.example.com/run"},
        "Wait": {"waitTimeInSeconds": 30},
        "DatabricksNotebook": {"notebookPath": f"/etl/{name}"},
    }
    return known.get(kind, {})


def _expression(text: str) -> dict[str, str]:
    return {"value": text, "type": "Expression"}
