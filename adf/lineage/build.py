"""Puts the graph of a factory together from everything that is published in it."""

import importlib
from collections.abc import Iterator, Mapping, Sequence

from adf.client import Definitions
from adf.lineage.calls import call_edges, call_pairs
from adf.lineage.data import (
    DataUses,
    data_edges,
    data_uses,
    declared_edges,
    event_edges,
    window_edges,
)
from adf.lineage.graph import LineageGraph
from adf.lineage.sql_texts import TablesInText
from adf.lineage.walk import Step, steps_of
from adf.records import Factory, LineageEdge


def tables_in_text(text: str, dialect: str) -> TablesInText:
    """The tables of a SQL text; the parser is imported at the first one."""
    return importlib.import_module("adf.lineage.sql").tables_in(text, dialect)


def lineage_of(definitions: Definitions) -> LineageGraph:
    """The graph of a factory."""
    steps = {name: steps_of(one) for name, one in definitions.pipelines.items()}
    uses = data_uses(definitions, steps, tables_in_text)
    return LineageGraph(
        steps,
        _edges(definitions, steps, uses),
        (pair for name, some in steps.items() for pair in call_pairs(name, some)),
        triggers=definitions.triggers,
        unknown=uses.unknown,
        gaps=definitions.gaps,
    )


def _edges(
    definitions: Definitions, steps: Mapping[str, Sequence[Step]], uses: DataUses
) -> Iterator[LineageEdge]:
    for name, some in steps.items():
        yield from call_edges(name, some)
    yield from data_edges(uses)
    yield from event_edges(definitions, uses)
    yield from window_edges(definitions)
    yield from declared_edges(definitions.factory)


def declared_lineage(factory: Factory) -> LineageGraph:
    """The graph of what owners declared alone, where the definitions cannot be read."""
    edges = list(declared_edges(factory))
    return LineageGraph((name for one in edges for name in (one.source, one.target)), edges)
