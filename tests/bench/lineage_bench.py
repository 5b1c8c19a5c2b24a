"""What the graph of a public workspace costs: building it, one question, and a hostile SQL text."""

import time
from collections.abc import Callable

from adf.lineage import lineage_of
from adf.lineage.sql import LONGEST, tables_in
from tests.adf.lineage.published import whole
from tests.adf.simulator.git_folders import SYNAPSE

ROUNDS = 5
HOSTILE = {
    "1 MB": "SELECT * FROM a WHERE " + "x = 1 AND " * 100_000 + "y = 1",
    "the longest that is read": ("SELECT " + "a, " * 7_000)[: LONGEST - 20] + "b FROM t",
    "parentheses": "(" * 9_000 + ")" * 9_000,
    "nested cases": "SELECT " + "CASE WHEN a THEN " * 1_100,
}


def seconds(work: Callable[[], object]) -> float:
    """The least processor time of a few rounds."""
    return min(_once(work) for _ in range(ROUNDS))


def _once(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Print the figures."""
    definitions = whole(SYNAPSE)
    graph = lineage_of(definitions)
    print(f"build, {len(graph.names)} pipelines: {seconds(lambda: lineage_of(definitions)):.3f} s")
    costs = [seconds(lambda n=name: graph.downstream(n)) for name in graph.names]
    costs += [seconds(lambda n=name: graph.upstream(n)) for name in graph.names]
    print(f"question, the longest of {len(costs)}: {max(costs) * 1000:.2f} ms")
    for name, text in HOSTILE.items():
        for dialect in ("tsql", "snowflake"):
            tables_in.cache_clear()
            took = _once(lambda t=text, d=dialect: tables_in(t, d))
            print(f"SQL, {name}, {dialect}: {took:.3f} s")


if __name__ == "__main__":
    main()
