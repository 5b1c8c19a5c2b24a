"""What a pipeline does, in plain words: each activity as its definition states it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from adf.client.wire_values import Json, count_of, object_of, objects_of, text_of
from adf.lineage.walk import Step
from adf.records import DescribedStep, PipelineParameter

MOST_STEPS = 120
_LONGEST = 120
_SECURE = frozenset({"securestring", "securestringparameter"})

Words = Callable[[Step], str]


def described_steps(steps: Sequence[Step], depth: int = 0) -> Iterator[DescribedStep]:
    """The activities in the order they are published, those inside a container after it."""
    for step in steps:
        yield DescribedStep(
            name=step.name, words=_in_words(step), depth=depth, after=tuple(step.after)
        )
        for inner in step.inner:
            yield from described_steps(inner, depth + 1)


def parameters_of(properties: Json) -> tuple[PipelineParameter, ...]:
    """The parameters with their types and defaults; a secure one keeps its default to itself."""
    return tuple(
        PipelineParameter(
            name=name,
            kind=text_of(object_of(wire).get("type")),
            default=_default(object_of(wire)),
        )
        for name, wire in object_of(properties.get("parameters")).items()
    )


def _default(wire: Json) -> str:
    is_secure = text_of(wire.get("type")).lower() in _SECURE
    return "" if is_secure else _short(wire.get("defaultValue"))


def _in_words(step: Step) -> str:
    words = _WORDS.get(step.kind.lower())
    off = " (switched off)" if text_of(step.wire.get("state")).lower() == "inactive" else ""
    return (words(step) if words else f"runs an activity of type {step.kind}") + off


def _copy(step: Step) -> str:
    source, sink = (_datasets(step, one) for one in ("inputs", "outputs"))
    kinds = [text_of(object_of(step.detail.get(one)).get("type")) for one in ("source", "sink")]
    return f"copies from {source or kinds[0] or '?'} to {sink or kinds[1] or '?'}"


def _datasets(step: Step, place: str) -> str:
    return ", ".join(text_of(one.get("referenceName")) for one in objects_of(step.wire.get(place)))


def _dataset(step: Step) -> str:
    return _reference(step, "dataset") or "a dataset"


def _reference(step: Step, key: str) -> str:
    return text_of(object_of(step.detail.get(key)).get("referenceName"))


def _call(step: Step) -> str:
    waits = "and waits for it" if step.waits else "without waiting for it"
    return f"runs pipeline {step.called or 'that is chosen at run time'} {waits}"


def _each(step: Step) -> str:
    one_by_one = step.detail.get("isSequential") is True
    batch = count_of(step.detail.get("batchCount"))
    how = "one by one" if one_by_one else f"{batch} at a time" if batch else "side by side"
    return f"for each of {_short(step.detail.get('items'))}, {how}"


def _data_flow(step: Step) -> str:
    return f"runs data flow {_reference(step, 'dataflow') or _reference(step, 'dataFlow')}"


def _notebook(step: Step) -> str:
    named = _reference(step, "notebook") or _short(step.detail.get("notebookPath"))
    return f"runs notebook {named}"


def _web(step: Step) -> str:
    return f"sends {_short(step.detail.get('method')) or 'GET'} to a web address"


def _of(template: str, key: str) -> Words:
    return lambda step: template.format(_short(step.detail.get(key)))


def _short(wire: object) -> str:
    """A value in one line: an expression as it is written."""
    held = object_of(wire).get("value", wire)
    text = " ".join(text_of(held).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_WORDS: Mapping[str, Words] = {
    "copy": _copy,
    "lookup": lambda step: f"looks up rows of {_dataset(step)}",
    "getmetadata": lambda step: f"looks at {_dataset(step)}",
    "validation": lambda step: f"waits until {_dataset(step)} is there",
    "delete": lambda step: f"deletes {_dataset(step)}",
    "executepipeline": _call,
    "invokepipeline": _call,
    "foreach": _each,
    "until": _of("repeats until {}", "expression"),
    "ifcondition": _of("only if {}", "expression"),
    "switch": _of("depending on {}", "on"),
    "filter": _of("filters {}", "items"),
    "wait": _of("waits {} s", "waitTimeInSeconds"),
    "fail": _of("ends as failed: {}", "message"),
    "setvariable": _of("sets variable {}", "variableName"),
    "appendvariable": _of("adds to variable {}", "variableName"),
    "executedataflow": _data_flow,
    "synapsenotebook": _notebook,
    "databricksnotebook": _notebook,
    "tridentnotebook": _notebook,
    "sqlserverstoredprocedure": _of("runs stored procedure {}", "storedProcedureName"),
    "sqlpoolstoredprocedure": _of("runs stored procedure {}", "storedProcedureName"),
    "script": lambda step: f"runs {len(objects_of(step.detail.get('scripts')))} SQL scripts",
    "webactivity": _web,
    "webhook": lambda step: f"{_web(step)} and waits to be called back",
    "azurefunctionactivity": _of("calls function {}", "functionName"),
}
