"""`python -m tests.bench.routing_bench`: unsure questions, of a model that chooses after a second.

Every ARM call is answered after 150 ms, as in the rush. Five people ask at once what code alone is
not sure of, each about another pipeline; times are from a question to its card at the connector,
and the words follow by an edit. Fails when the cards are late, or when one was not the model's.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.turns.model_fallback import READ_BY_MODEL
from tests.bench.nights import NOUNS, master
from tests.bench.rush import PEOPLE, Rush, percentiles, rush
from tests.doubles.foundry import (
    Answering,
    FoundryDouble,
    Heard,
    Item,
    Slow,
    calls,
    running_foundry,
    says,
)
from tests.doubles.foundry.wire import NO_TOOL

THINKING, LIMIT = 1.0, 2.5
ROUNDS = 6
WORDS = "It failed at its first activity."
ASKED = "would you bet on {}"


def choose(heard: Heard) -> list[Item]:
    """The runs of the pipeline that was named, and words for them."""
    if not heard.declares(NO_TOOL):
        return [says(WORDS)]
    pipeline = heard.question.rpartition(" ")[2]
    return [calls("adf_pipeline_runs", pipeline=pipeline, latest_only=True)]


async def measure(folder: Path) -> tuple[list[str], bool]:
    """Every figure as a line, and whether all is within its limit."""
    async with running_foundry(Slow(Answering(choose), THINKING)) as double:
        double.chooses = True
        where = {"ADFOPS_AGENT": "azure_openai", "AZURE_OPENAI_ENDPOINT": double.url}
        async with rush(folder, {**where, "AZURE_OPENAI_KEY": "none"}) as there:
            await there.ask([("Maya", ASKED.format(master(NOUNS[-1])))])
            took = [one for number in range(ROUNDS) for one in await _round(there, number)]
            return _told(took, there, double)


async def _round(there: Rush, number: int) -> list[float]:
    some = NOUNS[number * len(PEOPLE) : (number + 1) * len(PEOPLE)]
    asked = [(name, ASKED.format(master(noun))) for name, noun in zip(PEOPLE, some, strict=True)]
    return await there.ask(asked, thread=str(number))


def _told(took: list[float], there: Rush, double: FoundryDouble) -> tuple[list[str], bool]:
    cards = [one for one in there.connector.messages if READ_BY_MODEL in str(one.card)]
    late = sorted(took)[int(len(took) * 0.95)]
    asked = 1 + ROUNDS * len(PEOPLE)
    lines = [
        f"the model answers after {THINKING:g} s, {len(double.choices)} choices of it",
        f"{'card: unsure':18} {percentiles(took)}   limit p95 {LIMIT:.1f} s",
        f"{'':18} {len(cards)} of {asked} cards by the model's choice",
    ]
    return lines, late <= LIMIT and len(cards) == asked


def main() -> int:
    """Run and print; 1 when a limit is not held."""
    with tempfile.TemporaryDirectory() as folder:
        lines, is_well = asyncio.run(measure(Path(folder)))
    print("\n".join(lines))
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
