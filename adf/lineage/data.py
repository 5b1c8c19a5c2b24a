"""Dependencies by data: one pipeline reads what another one writes, or starts when it is there."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from adf.client import Definitions
from adf.client.wire_values import Json, object_of, text_of
from adf.lineage.addresses import DataAddress, data_use, is_inside
from adf.lineage.sql_texts import SqlTable, TablesIn, tables_of
from adf.lineage.walk import Step, all_of, literal
from adf.records import Certainty, Factory, LineageEdge, LineageEffect, LineageKind


@dataclass(slots=True, kw_only=True)
class DataUses:
    """Which pipelines read and write which addresses and tables; `unknown` have no address."""

    reads: defaultdict[DataAddress, set[str]] = field(default_factory=lambda: defaultdict(set))
    writes: defaultdict[DataAddress, set[str]] = field(default_factory=lambda: defaultdict(set))
    table_reads: defaultdict[SqlTable, set[str]] = field(default_factory=lambda: defaultdict(set))
    table_writes: defaultdict[SqlTable, set[str]] = field(default_factory=lambda: defaultdict(set))
    unknown: int = 0


def data_uses(
    definitions: Definitions, pipelines: Mapping[str, Sequence[Step]], tables_in: TablesIn
) -> DataUses:
    """What every pipeline reads and writes."""
    datasets = _lowered(definitions.datasets)
    flows = _lowered(definitions.data_flows)
    services = _lowered(definitions.linked_services)
    found = DataUses()
    for pipeline, steps in pipelines.items():
        for step in all_of(steps):
            use = data_use(step, datasets, flows)
            found.unknown += use.unknown
            for one in use.reads:
                found.reads[_nameless(one)].add(pipeline)
            for one in use.writes:
                found.writes[_nameless(one)].add(pipeline)
            for table in tables_of(step, datasets, services, tables_in):
                _side(found, table.written)[table.table].add(pipeline)
    return found


def data_edges(uses: DataUses) -> Iterator[LineageEdge]:
    """From whoever writes to whoever reads the same data."""
    for address, readers in uses.reads.items():
        yield from _between(uses.writes.get(address, ()), readers, address.label, _dataset)
    yield from _nested(uses)
    yield from _by_tables(uses)


def _nested(uses: DataUses) -> Iterator[LineageEdge]:
    """A file that is written into a folder which is read, and the other way round."""
    places: defaultdict[tuple[str, str], list[DataAddress]] = defaultdict(list)
    for one in uses.writes:
        if not one.is_table:
            places[one.service, one.path.partition("/")[0]].append(one)
    for address, readers in uses.reads.items():
        if address.is_table:
            continue
        for written in places.get((address.service, address.path.partition("/")[0]), ()):
            if written != address and is_inside(written.path, address.path):
                yield from _between(uses.writes[written], readers, written.label, _likely_dataset)


def _by_tables(uses: DataUses) -> Iterator[LineageEdge]:
    """Tables by their names in SQL, beside the tables of datasets under the same service."""
    writes, reads = _all_tables(uses.writes), _all_tables(uses.reads)
    for table, writers in uses.table_writes.items():
        readers = uses.table_reads.get(table, set()) | reads.get(table, set())
        yield from _between(writers, readers, table.name, _table)
    for table, readers in uses.table_reads.items():
        yield from _between(writes.get(table, ()), readers, table.name, _table)


def _all_tables(addresses: Mapping[DataAddress, set[str]]) -> Mapping[SqlTable, set[str]]:
    return {
        SqlTable(service=one.service, name=one.path): pipelines
        for one, pipelines in addresses.items()
        if one.is_table
    }


def event_edges(definitions: Definitions, uses: DataUses) -> Iterator[LineageEdge]:
    """From whoever writes a file to whatever a storage event starts there."""
    starts = {one.name: one.pipelines for one in definitions.triggers}
    for name, properties in definitions.trigger_resources.items():
        place = _watched(properties)
        if not place:
            continue
        for written, writers in uses.writes.items():
            if not written.is_table and _begins(written.path, place):
                yield from _between(writers, starts.get(name, ()), name, _event)


def _watched(properties: Json) -> str:
    """The container and folder a blob event trigger listens to: "in/orders" of its begin."""
    detail = object_of(properties.get("typeProperties"))
    begin = literal(detail.get("blobPathBeginsWith")) or ""
    return begin.strip("/").replace("/blobs/", "/").removesuffix("/blobs").lower()


def _begins(path: str, place: str) -> bool:
    """Whether a file or folder begins as the trigger's path does: that need not end at a slash."""
    return path.startswith(place)


def window_edges(definitions: Definitions) -> Iterator[LineageEdge]:
    """From what a tumbling window trigger waits for to what it starts."""
    starts = {one.name.lower(): one.pipelines for one in definitions.triggers}
    for one in definitions.triggers:
        for dependency in one.window.depends_on if one.window else ():
            sources = starts.get((dependency.trigger or "").lower(), ())
            yield from _between(sources, one.pipelines, one.name, _window)


def declared_edges(factory: Factory) -> Iterator[LineageEdge]:
    """What owners declared in the settings."""
    for pipeline, notes in factory.notes.items():
        yield from _between([pipeline], notes.downstream, "", _declared)


_Edge = Callable[[str, str, str], LineageEdge]


def _between(
    sources: Iterable[str], targets: Iterable[str], via: str, edge: _Edge
) -> Iterator[LineageEdge]:
    for source in sources:
        for target in targets:
            if source.lower() != target.lower():
                yield edge(source, target, via)


def _edge(kind: LineageKind, effect: LineageEffect, certainty: Certainty) -> _Edge:
    def make(source: str, target: str, via: str) -> LineageEdge:
        return LineageEdge(
            source=source, target=target, kind=kind, effect=effect, certainty=certainty, via=via
        )

    return make


_dataset = _edge(LineageKind.DATASET, LineageEffect.STALE, Certainty.CERTAIN)
_likely_dataset = _edge(LineageKind.DATASET, LineageEffect.STALE, Certainty.LIKELY)
_table = _edge(LineageKind.TABLE, LineageEffect.STALE, Certainty.LIKELY)
_event = _edge(LineageKind.EVENT, LineageEffect.WAITS, Certainty.LIKELY)
_window = _edge(LineageKind.WINDOW, LineageEffect.WAITS, Certainty.CERTAIN)
_declared = _edge(LineageKind.DECLARED, LineageEffect.WAITS, Certainty.DECLARED)


def _side(uses: DataUses, written: bool) -> defaultdict[SqlTable, set[str]]:
    return uses.table_writes if written else uses.table_reads


def _nameless(address: DataAddress) -> DataAddress:
    """Two datasets of the same address are the same data."""
    return DataAddress(service=address.service, path=address.path, is_table=address.is_table)


def _lowered(resources: Mapping[str, Json]) -> Mapping[str, Json]:
    return {text_of(name).lower(): one for name, one in resources.items()}
