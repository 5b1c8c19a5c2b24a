"""A published pipeline as its activities wait for each other, read from its JSON as it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from adf.client.wire_values import Json, list_of, object_of, objects_of, text_of

LOOPS = frozenset({"ForEach", "Until"})
CONDITIONS = frozenset({"IfCondition", "Switch"})
CONTAINERS = LOOPS | CONDITIONS
CALL = "ExecutePipeline"
SUCCEEDED, FAILED, SKIPPED = "Succeeded", "Failed", "Skipped"
_DEEPEST = 24
_WANTED: Mapping[str, frozenset[str]] = {
    "Succeeded": frozenset({SUCCEEDED}),
    "Failed": frozenset({FAILED}),
    "Skipped": frozenset({SKIPPED}),
    "Completed": frozenset({SUCCEEDED, FAILED}),
}
_BRANCHES = ("activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities")
_NO_PARAMETERS: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityNode:
    """One activity: what it waits for, what it holds, which pipeline it calls.

    `calls` is None for no call, and empty where only a run knows the name. `marked` is the status
    that an inactive activity is given in place of running.
    """

    name: str
    kind: str
    properties: Json
    waits_for: tuple[tuple[str, frozenset[str]], ...] = ()
    branches: tuple[tuple["ActivityNode", ...], ...] = ()
    calls: str | None = None
    marked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedGraph:
    """A pipeline as published: its activities, each after those it waits for."""

    name: str
    activities: tuple[ActivityNode, ...]
    parameters: Mapping[str, Json] = field(default_factory=lambda: _NO_PARAMETERS)
    concurrency: int | None = None


def read_graph(definition: Json) -> PublishedGraph:
    """Read a PipelineResource."""
    properties = object_of(definition.get("properties"))
    declared = object_of(properties.get("parameters"))
    concurrency: object = properties.get("concurrency")
    return PublishedGraph(
        name=text_of(definition.get("name")),
        activities=_nodes(properties.get("activities"), 0),
        parameters={name: object_of(one) for name, one in declared.items()},
        concurrency=concurrency if isinstance(concurrency, int) else None,
    )


def walk(nodes: Sequence[ActivityNode]) -> Iterator[ActivityNode]:
    """Activities and all those inside them."""
    for node in nodes:
        yield node
        for branch in node.branches:
            yield from walk(branch)


def downstream(nodes: Sequence[ActivityNode], begins: frozenset[str]) -> frozenset[str]:
    """Those activities of a sequence and whatever waits for them, directly or not."""
    found = begins
    for _ in nodes:
        more = {one.name for one in nodes if any(name in found for name, _ in one.waits_for)}
        if more <= found:
            break
        found |= more
    return found


def _nodes(wire: object, depth: int) -> tuple[ActivityNode, ...]:
    if depth > _DEEPEST:
        return ()
    return _in_order([_node(one, depth) for one in objects_of(wire)])


def _node(wire: Json, depth: int) -> ActivityNode:
    properties, kind = object_of(wire.get("typeProperties")), text_of(wire.get("type"))
    inactive = wire.get("state") == "Inactive"
    inside = [properties.get(key) for key in _BRANCHES]
    inside += [case.get("activities") for case in objects_of(properties.get("cases"))]
    called = object_of(properties.get("pipeline")).get("referenceName")
    return ActivityNode(
        name=text_of(wire.get("name")),
        kind=kind,
        properties=properties,
        waits_for=tuple(_wait(one) for one in objects_of(wire.get("dependsOn"))),
        branches=tuple(_nodes(one, depth + 1) for one in inside if one)
        if kind in CONTAINERS
        else (),
        calls=(called if isinstance(called, str) else "") if kind == CALL else None,
        marked=text_of(wire.get("onInactiveMarkAs")) or SUCCEEDED if inactive else None,
    )


def _wait(wire: Json) -> tuple[str, frozenset[str]]:
    conditions = map(str, list_of(wire.get("dependencyConditions")))
    wanted = (_WANTED.get(one, frozenset[str]()) for one in conditions)
    return text_of(wire.get("activity")), frozenset[str]().union(*wanted)


def _in_order(nodes: Sequence[ActivityNode]) -> tuple[ActivityNode, ...]:
    """Each after those it waits for; what waits in a ring stays as written."""
    placed: dict[str, ActivityNode] = {}
    names = {one.name for one in nodes}
    left = list(nodes)
    while left:
        free = [
            one
            for one in left
            if all(n in placed or n not in names or n == one.name for n, _ in one.waits_for)
        ]
        placed |= {one.name: one for one in free or left}
        left = [one for one in left if one.name not in placed]
    return tuple(placed.values())
