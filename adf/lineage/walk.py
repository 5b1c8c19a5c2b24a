"""The activities of a pipeline wherever they stand, and what each of them refers to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from adf.client.wire_values import Json, list_of, object_of, objects_of, text_of

# Data Factory allows containers in containers a few levels deep; a file may hold anything.
DEEPEST = 40
_INSIDE = ("activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities")
CALLS = frozenset({"executepipeline", "invokepipeline"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One activity as published: its own JSON, and the lists of activities inside it.

    `detail` are its `typeProperties`; `after` are the activities it comes after, each with the
    results it wants of it.
    """

    name: str
    kind: str
    wire: Json
    detail: Json
    after: Mapping[str, frozenset[str]]
    inner: tuple[tuple["Step", ...], ...] = ()

    @property
    def called(self) -> str | None:
        """The pipeline that it starts; None for none, or for one that is chosen at run time."""
        if self.kind.lower() not in CALLS:
            return None
        name = object_of(self.detail.get("pipeline")).get("referenceName")
        return name if isinstance(name, str) and not is_expression(name) else None

    @property
    def waits(self) -> bool:
        """Whether it is done only when what it starts is: Data Factory's default is not."""
        return self.detail.get("waitOnCompletion") is True

    def all(self) -> Iterator["Step"]:
        """It and every activity inside it."""
        yield self
        for steps in self.inner:
            for one in steps:
                yield from one.all()


def steps_of(properties: Json) -> tuple[Step, ...]:
    """The activities of a pipeline, each with those inside it."""
    return _steps(properties.get("activities"), 0)


def all_of(steps: Iterable[Step]) -> Iterator[Step]:
    """Activities with all those inside them."""
    for one in steps:
        yield from one.all()


def _steps(wire: object, depth: int) -> tuple[Step, ...]:
    if depth > DEEPEST:
        return ()
    return tuple(_step(one, depth) for one in objects_of(wire))


def _step(wire: Json, depth: int) -> Step:
    detail = object_of(wire.get("typeProperties"))
    lists = [detail.get(key) for key in _INSIDE]
    lists += [case.get("activities") for case in objects_of(detail.get("cases"))]
    inner = (_steps(one, depth + 1) for one in lists if one)
    return Step(
        name=text_of(wire.get("name")),
        kind=text_of(wire.get("type")),
        wire=wire,
        detail=detail,
        after=_after(wire),
        inner=tuple(one for one in inner if one),
    )


def _after(wire: Json) -> Mapping[str, frozenset[str]]:
    return {
        text_of(one.get("activity")): frozenset(
            text_of(word).lower() for word in list_of(one.get("dependencyConditions"))
        )
        for one in objects_of(wire.get("dependsOn"))
    }


def own_wire(step: Step) -> Json:
    """The JSON of an activity without that of the activities inside it."""
    if not step.inner:
        return step.wire
    own = {key: one for key, one in step.detail.items() if key not in (*_INSIDE, "cases")}
    return {**step.wire, "typeProperties": own}


def references(wire: object, depth: int = 0) -> Iterator[Json]:
    """Every reference in a JSON value: an object with a `referenceName`, or of a secret."""
    if depth > 2 * DEEPEST:
        return
    if isinstance(wire, Mapping):
        known = cast("Json", wire)
        is_secret = known.get("type") == "AzureKeyVaultSecret"
        if is_secret or isinstance(known.get("referenceName"), str):
            yield known
        for inner in known.values():
            yield from references(inner, depth + 1)
    elif isinstance(wire, list | tuple):
        for inner in cast("Sequence[Any]", wire):
            yield from references(inner, depth + 1)


def is_expression(text: str) -> bool:
    """Whether a text is put together at run time."""
    return (text.startswith("@") and not text.startswith("@@")) or "@{" in text


def literal(wire: object) -> str | None:
    """A text as it stands; None for what is put together at run time."""
    if isinstance(wire, Mapping):
        known = cast("Json", wire)
        is_text = known.get("type") in {"Expression", "SecureString", None}
        wire = known.get("value") if is_text else None
    return wire if isinstance(wire, str) and not is_expression(wire) else None
