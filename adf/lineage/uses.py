"""Who uses what: every reference in the definitions, followed up to the pipelines.

A reference to a linked service stands in a dataset, one to a runtime or a secret in a linked
service; so what a pipeline uses is found by going from reference to reference.
"""

import difflib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from adf.client import Definitions
from adf.client.wire_values import Json, object_of, text_of
from adf.lineage.addresses import data_use
from adf.lineage.build import tables_in_text
from adf.lineage.sql_texts import tables_of
from adf.lineage.walk import Step, all_of, literal, own_wire, references, steps_of
from adf.records import Certainty, ResourceKind, ResourceUse, UsedResource

_KINDS = {
    "pipelinereference": ResourceKind.PIPELINE,
    "datasetreference": ResourceKind.DATASET,
    "dataflowreference": ResourceKind.DATA_FLOW,
    "linkedservicereference": ResourceKind.LINKED_SERVICE,
    "integrationruntimereference": ResourceKind.RUNTIME,
    "notebookreference": ResourceKind.NOTEBOOK,
    "credentialreference": ResourceKind.CREDENTIAL,
}
MOST_SIMILAR = 5

Thing = tuple[ResourceKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _User:
    """What refers to a thing: a resource, and the activity of a pipeline."""

    kind: ResourceKind
    name: str
    activity: str = ""
    certainty: Certainty = Certainty.CERTAIN


class UseIndex:
    """Everything that can be used, by name in any case, with who refers to it."""

    def __init__(self, definitions: Definitions) -> None:
        """Read every reference once."""
        self._names: dict[Thing, str] = {}
        self._users: defaultdict[Thing, list[_User]] = defaultdict(list)
        self.gaps = definitions.gaps
        for kind, resources in _resources(definitions):
            for name, wire in resources.items():
                self._names.setdefault((kind, name.lower()), name)
                for thing, label in _referred(wire):
                    self._add(thing, label, _User(kind=kind, name=name))
        self._add_pipelines(definitions)

    def _add_pipelines(self, definitions: Definitions) -> None:
        found = _Tables(definitions)
        for name, properties in definitions.pipelines.items():
            self._names[ResourceKind.PIPELINE, name.lower()] = name
            for step in all_of(steps_of(properties)):
                user = _User(kind=ResourceKind.PIPELINE, name=name, activity=step.name)
                for thing, label in (*_referred(own_wire(step)), *_named(step)):
                    self._add(thing, label, user)
                for table, sure in found.of(step):
                    used = _User(kind=user.kind, name=name, activity=step.name, certainty=sure)
                    self._add((ResourceKind.TABLE, table), table, used)

    def _add(self, thing: Thing, name: str, user: _User) -> None:
        self._names.setdefault(thing, name)
        if user not in self._users[thing]:
            self._users[thing].append(user)

    def find(self, name: str) -> tuple[UsedResource, ...]:
        """Everything of that name; a table also by its name alone, without the schema."""
        wanted = name.strip().strip("[]\"'`").lower().replace("[", "").replace("]", "")
        things = [one for one in self._names if one[1] == wanted or _is_table(one, wanted)]
        return tuple(self._used(one) for one in things)

    def similar(self, name: str) -> tuple[str, ...]:
        """The names that look most like one that nothing has."""
        known = {lowered: label for (_, lowered), label in self._names.items()}
        close = difflib.get_close_matches(name.lower(), known, MOST_SIMILAR, 0.6)
        inside = [one for one in known if len(name) > 2 and name.lower() in one]
        return tuple(dict.fromkeys(known[one] for one in [*close, *inside]))[:MOST_SIMILAR]

    def _used(self, thing: Thing) -> UsedResource:
        uses: dict[str, ResourceUse] = {}
        between: dict[str, None] = {}
        for user, through in self._chain(thing):
            if user.kind is ResourceKind.PIPELINE:
                uses[user.name] = _joined(uses.get(user.name), user, through)
            else:
                between[f"{user.kind} {user.name}"] = None
        return UsedResource(
            kind=thing[0],
            name=self._names[thing],
            uses=tuple(sorted(uses.values(), key=lambda one: one.pipeline.lower())),
            resources=tuple(between),
        )

    def _chain(self, thing: Thing) -> Iterator[tuple[_User, tuple[str, ...]]]:
        """Who refers to a thing, and who to that; pipelines are where it ends."""
        seen = {thing}
        todo = deque[tuple[Thing, tuple[str, ...]]]([(thing, ())])
        while todo:
            here, through = todo.popleft()
            for user in self._users.get(here, ()):
                yield user, through
                key = (user.kind, user.name.lower())
                if user.kind is not ResourceKind.PIPELINE and key not in seen:
                    seen.add(key)
                    todo.append((key, (*through, f"{user.kind} {user.name}")))


def _joined(known: ResourceUse | None, user: _User, through: tuple[str, ...]) -> ResourceUse:
    activities = (*(known.activities if known else ()), *([user.activity] * bool(user.activity)))
    ways = (*(known.through if known else ()), *through[-1:])
    certain = Certainty.CERTAIN in {user.certainty, known.certainty if known else None}
    return ResourceUse(
        pipeline=user.name,
        activities=tuple(dict.fromkeys(activities)),
        through=tuple(dict.fromkeys(ways)),
        certainty=Certainty.CERTAIN if certain else user.certainty,
    )


def _resources(definitions: Definitions) -> Iterable[tuple[ResourceKind, Mapping[str, Json]]]:
    yield ResourceKind.DATASET, definitions.datasets
    yield ResourceKind.DATA_FLOW, definitions.data_flows
    yield ResourceKind.LINKED_SERVICE, definitions.linked_services
    yield ResourceKind.TRIGGER, definitions.trigger_resources
    yield ResourceKind.RUNTIME, definitions.runtimes


def _referred(wire: Json) -> Iterator[tuple[Thing, str]]:
    """What a definition refers to, with the name as it is written there."""
    for one in references(wire):
        secret = literal(one.get("secretName"))
        if secret:
            yield (ResourceKind.SECRET, secret.lower()), secret
        kind = _KINDS.get(text_of(one.get("type")).lower())
        name = literal(one.get("referenceName"))
        if kind and name:
            yield (kind, name.lower()), name


def _named(step: Step) -> Iterator[tuple[Thing, str]]:
    """What an activity names without a reference: procedures and notebooks."""
    pairs = (
        (ResourceKind.PROCEDURE, step.detail.get("storedProcedureName")),
        (ResourceKind.PROCEDURE, _at(step, "source", "sqlReaderStoredProcedureName")),
        (ResourceKind.PROCEDURE, _at(step, "sink", "sqlWriterStoredProcedureName")),
        (ResourceKind.NOTEBOOK, step.detail.get("notebookPath")),
    )
    for kind, wire in pairs:
        name = (literal(wire) or "").replace("[", "").replace("]", "")
        if name:
            yield (kind, name.lower()), name


def _at(step: Step, place: str, key: str) -> object:
    return object_of(step.detail.get(place)).get(key)


class _Tables:
    """The tables of activities: by datasets they are certain, by SQL likely."""

    def __init__(self, definitions: Definitions) -> None:
        self._datasets = {name.lower(): one for name, one in definitions.datasets.items()}
        self._flows = {name.lower(): one for name, one in definitions.data_flows.items()}
        self._services = {name.lower(): one for name, one in definitions.linked_services.items()}

    def of(self, step: Step) -> Iterator[tuple[str, Certainty]]:
        use = data_use(step, self._datasets, self._flows)
        for one in (*use.reads, *use.writes):
            if one.is_table:
                yield one.path, Certainty.CERTAIN
        for used in tables_of(step, self._datasets, self._services, tables_in_text):
            yield used.table.name, Certainty.LIKELY


def _is_table(thing: Thing, wanted: str) -> bool:
    kind, name = thing
    return kind is ResourceKind.TABLE and bool(wanted) and name.endswith(f".{wanted}")
