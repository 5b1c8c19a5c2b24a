"""`python -m tests.bench.lineage_bench`: the graph of a public workspace, and hostile SQL texts.

Fails where building it takes over 0.2 s, one question over 1 ms, or a text over 0.5 s, of CPU.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from adf.lineage import lineage_of
from adf.lineage.sql import LONGEST, tables_in
from tests.adf.lineage.published import whole
from tests.adf.lineage.test_sql import DIALECTS, HOSTILE
from tests.adf.simulator.git_folders import SYNAPSE

ROUNDS = 5
MOST_BUILD, MOST_QUESTION, MOST_SQL = 0.2, 0.001, 0.5
LONG = (
    "SELECT * FROM a WHERE " + "x = 1 AND " * 100_000 + "y = 1",
    ("SELECT " + "a, " * 7_000)[: LONGEST - 20] + "b FROM t",
    "(" * 9_000 + ")" * 9_000,
)


def seconds(work: Callable[[], object]) -> float:
    """The least processor time of a few rounds."""
    return min(_once(work) for _ in range(ROUNDS))


def _once(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _read(text: str, dialect: str) -> float:
    """What a text costs in a thread of its own, where the product reads it."""
    tables_in.cache_clear()

    def work() -> float:
        begun = time.thread_time()
        tables_in(text, dialect)
        return time.thread_time() - begun

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def main() -> int:
    """Print the figures; 1 where a limit is not kept."""
    definitions = whole(SYNAPSE)
    graph = lineage_of(definitions)
    build = seconds(lambda: lineage_of(definitions))
    costs = [seconds(lambda n=name: graph.downstream(n)) for name in graph.names]
    costs += [seconds(lambda n=name: graph.upstream(n)) for name in graph.names]
    texts = [*LONG, *HOSTILE]
    sql = max(_read(text, dialect) for text in texts for dialect in DIALECTS)
    print(f"build, {len(graph.names)} pipelines: {build:.3f} s (limit {MOST_BUILD} s)")
    question = max(costs)
    print(f"question, the longest of {len(costs)}: {question * 1000:.2f} ms (limit 1 ms)")
    count = f"{len(texts)} texts of up to 1 MB in {len(DIALECTS)} dialects"
    print(f"hostile SQL, the longest of {count}: {sql:.3f} s (limit {MOST_SQL} s)")
    return int(build > MOST_BUILD or question > MOST_QUESTION or sql > MOST_SQL)


if __name__ == "__main__":
    sys.exit(main())
