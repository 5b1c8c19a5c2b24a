"""`python -m tests.bench.understanding_bench`: what understanding a question costs.

CPU of the classifier and of understanding in all, per question of the corpus; what loading the
weights takes in time and in resident memory. Fails when a limit is passed.
"""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.agents.understanding.classifier import the_classifier
from bot.agents.understanding.interpreter import KnownNames, interpret

CORPUS = Path(__file__).parents[2] / "bot/agents/understanding/corpus"
EVERY = 13
PIPELINES = tuple(
    f"{system}{what}" for system in ("Sales", "Crm", "Erp") for what in ("Load", "Export")
)
INVENTORY = KnownNames(pipelines=PIPELINES, factories=("adf-prod", "adf-uat"))
NOW, ZONE = datetime(2026, 3, 12, 2, 40, tzinfo=UTC), ZoneInfo("Europe/Berlin")
LIMITS = {"classifier ms": 0.8, "understanding ms": 2.0, "load s": 0.3, "load MB": 30.0}


def questions() -> list[str]:
    """One row of the corpus in thirteen, with a pipeline's name for its mask."""
    rows = [
        line.split("\t")[-1]
        for file in sorted(CORPUS.glob("*.txt"))
        for line in file.read_text("utf-8").splitlines()
    ]
    return [row.replace("{pipeline}", "SalesLoad") for row in rows[::EVERY]]


def milliseconds_each(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU of this thread for each text."""
    began = time.thread_time()
    for text in texts:
        work(text)
    return 1000 * (time.thread_time() - began) / len(texts)


def main() -> int:
    """Print each figure beside its limit."""
    texts = questions()
    before, began = _resident_megabytes(), time.thread_time()
    classifier = the_classifier()
    figures = {
        "load s": time.thread_time() - began,
        "load MB": _resident_megabytes() - before,
        "classifier ms": milliseconds_each(classifier.predict, texts),
        "understanding ms": milliseconds_each(
            lambda text: interpret(text, INVENTORY, NOW, ZONE), texts
        ),
    }
    for name, figure in figures.items():
        print(f"{name}: {figure:.2f} (at most {LIMITS[name]})")
    return int(any(figure > LIMITS[name] for name, figure in figures.items()))


def _resident_megabytes() -> float:
    """The most memory that this process ever held; it only grows while weights load."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
