"""Two public factories give the counts that were measured on them; networkx judges reachability."""

import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from adf.lineage import LineageGraph, lineage_of
from adf.records import LineageEffect, LineageKind
from tests.adf.lineage.published import whole
from tests.adf.simulator.git_folders import PROCFWK, SYNAPSE

LEADS = {
    LineageKind.CALL: {LineageEffect.FAILS},
    LineageKind.SEQUENCE: {LineageEffect.FAILS},
    LineageKind.START: {LineageEffect.SKIPPED, LineageEffect.WAITS},
}


@pytest.fixture(scope="module")
def synapse() -> LineageGraph:
    return lineage_of(whole(SYNAPSE))


@pytest.fixture(scope="module")
def procfwk() -> LineageGraph:
    return lineage_of(whole(PROCFWK))


def test_the_workspace_has_the_calls_and_links_that_were_counted(synapse: LineageGraph) -> None:
    assert (len(synapse.names), len(synapse.calls)) == (344, 315)
    assert max(map(synapse.depth, synapse.names)) == 7
    called = {name for _, name in synapse.calls}
    most = max(called, key=lambda name: len(synapse.callers(name)))
    assert (most, len(synapse.callers(most))) == ("pln_log_to_appins", 71)
    assert all(map(synapse.name_of, called))
    assert sum(edge.kind is LineageKind.DATASET for edge in synapse.edges) == 4


def test_the_framework_has_its_depth(procfwk: LineageGraph) -> None:
    assert (len(procfwk.names), max(map(procfwk.depth, procfwk.names))) == (18, 5)


@pytest.mark.parametrize("which", ["synapse", "procfwk"])
def test_networkx_finds_the_same_callers(which: str, request: pytest.FixtureRequest) -> None:
    graph: LineageGraph = request.getfixturevalue(which)
    above = judged((b.lower(), a.lower()) for a, b in graph.calls)
    for name in graph.names:
        assert {one.lower() for one in graph.callers(name)} == above(name.lower())


@pytest.mark.parametrize("which", ["synapse", "procfwk"])
def test_networkx_reaches_the_same_pipelines_both_ways(
    which: str, request: pytest.FixtureRequest
) -> None:
    graph: LineageGraph = request.getfixturevalue(which)
    below = judged(states(graph))
    reached: dict[str, set[str]] = {}
    for name in (one.lower() for one in graph.names):
        found = {one.partition(" > ")[0] for one in below(f"{name} > struck")}
        reached[name] = found - {name}
        assert {one.name.lower() for one in graph.downstream(name)} == reached[name]
    for name in reached:
        above = {one.name.lower() for one in graph.upstream(name)}
        assert above == {other for other, known in reached.items() if name in known}


def states(graph: LineageGraph) -> Iterator[tuple[str, str]]:
    """Each pipeline in each state it may be in, and where that leads."""
    for edge in graph.edges:
        source, target = edge.source.lower(), f"{edge.target.lower()} > {edge.effect}"
        yield f"{source} > struck", target
        for effect in LEADS.get(edge.kind, set(LineageEffect)):
            yield f"{source} > {effect}", target


def judged(links: Iterable[tuple[str, str]]) -> Callable[[str], set[str]]:
    """What networkx reaches from a place."""
    networkx: Any = importlib.import_module("networkx")
    graph = networkx.DiGraph(list(links))
    return lambda place: set(networkx.descendants(graph, place)) if place in graph else set()
