"""What a change has to do with a pipeline: itself, its triggers, what it calls, what it uses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from adf.client.definitions import Definitions
from adf.client.wire_values import Json, list_of, object_of, text_of
from adf.records import Change, ChangedThing

Thing = tuple[str, str]
"""The kind of a thing, and its name in lower case."""
Relations = Mapping[Thing, str]
"""What has to do with something, and in which way."""

_REFERENCES = {
    "pipelinereference": "pipeline",
    "linkedservicereference": "linked service",
    "datasetreference": "dataset",
    "dataflowreference": "data flow",
    "integrationruntimereference": "integration runtime",
    "credentialreference": "credential",
}
_OF_ALL = frozenset({"factory", "global parameters"})


def relations_of(pipeline: str, published: Definitions) -> Relations:
    """Whatever, when changed, changes what a pipeline does: named by it, or by what it names."""
    known = _by_thing(published)
    found: dict[Thing, str] = {("pipeline", pipeline.lower()): "itself"}
    level: list[Thing] = list(found)
    while level:
        above = [(one, known[one]) for one in level if one in known]
        level = []
        for (kind, key), (name, wire) in above:
            for thing in _references(wire):
                if thing in found:
                    continue
                called = thing[0] == kind == "pipeline"
                found[thing] = f"{'called' if called else 'used'} by {name or key}"
                level.append(thing)
    for trigger in published.triggers:
        if pipeline.lower() in {name.lower() for name in trigger.pipelines}:
            found["trigger", trigger.name.lower()] = f"starts {pipeline}"
    return found


def related(change: Change, relations: Relations) -> Change | None:
    """The change with what has to do with it first; None where nothing has."""
    things = [replace(one, relation=_relation(one, relations)) for one in change.things]
    if not any(one.relation for one in things):
        return None
    return replace(change, things=tuple(sorted(things, key=lambda one: not one.relation)))


def split_changes(
    changes: Sequence[Change], relations: Relations
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Those that have to do with it, and all others."""
    mine = [(one, related(one, relations)) for one in changes]
    return (
        tuple(found for _, found in mine if found),
        tuple(one for one, found in mine if found is None),
    )


def _relation(thing: ChangedThing, relations: Relations) -> str:
    if thing.kind in _OF_ALL:
        return "of the whole factory"
    return relations.get((thing.kind, thing.name.lower()), "")


def _by_thing(published: Definitions) -> Mapping[Thing, tuple[str, Json]]:
    """Every definition that names others, with the name as it is written."""
    kinds = {
        "pipeline": published.pipelines,
        "dataset": published.datasets,
        "data flow": published.data_flows,
        "linked service": published.linked_services,
    }
    return {
        (kind, name.lower()): (name, wire)
        for kind, resources in kinds.items()
        for name, wire in resources.items()
    }


def _references(wire: object) -> Iterator[Thing]:
    """Each thing that a definition names, wherever in it."""
    level: list[object] = [wire]
    while level:
        one = level.pop()
        named: Json = object_of(one)
        kind = _REFERENCES.get(text_of(named.get("type")).lower())
        name = named.get("referenceName")
        if kind and isinstance(name, str):
            yield kind, name.lower()
        level += [*named.values(), *list_of(one)]
