"""`python -m tests.bench.model_bench`: cards do not wait for a model that answers after 25 s.

Every ARM call is answered after 150 ms, as in the rush. People ask why pipelines failed, which has
the model explain each card, and for states in between. Times are from a question to its card at the
connector; each explanation must edit the very message of its card. How late the bot's event loop
wakes is measured in its own process, while the model's turns go on.
Fails when a card is late, an explanation is missing, or the loop woke later than 50 ms.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.bench.nights import NOUNS, master
from tests.bench.rush import PEOPLE, Rush, answers, lag, lateness, percentiles, rush
from tests.doubles.connector import Sent
from tests.doubles.foundry import EveryTurn, FoundryDouble, Slow, running_foundry, says
from tests.doubles.teams import Client

THINKING = 25.0
WAVES, AT_ONCE, STATES = 2, 15, 10
WORDS = "A row came twice, which the unique key of the table refused. Ask the owner of the source."
LIMITS = {"status": 1.0, "why": 2.0}
STALL = 50.0
EACH = AT_ONCE + STATES


@dataclass(slots=True, kw_only=True)
class Figures:
    """What was measured: seconds until cards by kind, and until their explanations."""

    cards: dict[str, list[float]] = field(
        default_factory=lambda: {kind: list[float]() for kind in LIMITS}
    )
    explained: list[float] = field(default_factory=list[float])


async def measure(folder: Path) -> tuple[list[str], bool]:
    """Every figure as a line, and whether all is within its limit."""
    figures = Figures()
    async with running_foundry(Slow(EveryTurn([says(WORDS)]), THINKING)) as double:
        where = {"ADFOPS_AGENT": "foundry", "PROJECT_ENDPOINT": double.project}
        async with rush(folder, where) as there:
            await _opened(double)
            begun = time.perf_counter()
            for wave in range(WAVES):
                some = NOUNS[wave * EACH : (wave + 1) * EACH]
                await _wave(there, some[:AT_ONCE], some[AT_ONCE:], figures)
            ended = time.perf_counter()
        turns = len(double.turns)
    late = [by for at, by in lateness(there.lag_file) if begun <= at <= ended]
    return _told(figures, late, turns)


async def _wave(
    there: Rush, broken: Sequence[str], others: Sequence[str], figures: Figures
) -> None:
    """Ask why for each, five people at once; while the model thinks of them all, ask for states."""
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        for number, noun in enumerate(broken, start=1):
            text = f"why did {master(noun)} fail"
            group.create_task(_explained(there, session, noun.title(), text, figures))
            if number % len(PEOPLE) == 0:
                await asyncio.sleep(1)
        for start in range(0, len(others), len(PEOPLE)):
            some = zip(PEOPLE, others[start : start + len(PEOPLE)], strict=True)
            states = [(name, f"status of {master(noun)}") for name, noun in some]
            figures.cards["status"] += await there.ask(states, thread="2")


async def _explained(
    there: Rush, session: aiohttp.ClientSession, name: str, text: str, figures: Figures
) -> None:
    """Ask, wait for the card, then for the edit of that very message."""
    activity = Client(service_url=there.connector.url, name=name).in_channel(text, thread="1")
    begun = time.monotonic()
    async with session.post(there.bot.endpoint, json=activity) as response:
        assert response.status == 202, response.status
    (card,) = await there.connector.wait_for(1, answers(str(activity["id"])), limit=60)
    figures.cards["why"].append(card.at - begun)
    message = f"message-{there.connector.sent.index(card) + 1}"

    def is_its_edit(sent: Sent) -> bool:
        return sent.method == "PUT" and sent.activity_id == message

    (edit,) = await there.connector.wait_for(1, is_its_edit, limit=2 * THINKING)
    assert WORDS in str(edit.card), edit.card
    figures.explained.append(edit.at - begun)


async def _opened(double: FoundryDouble) -> None:
    """Wait until the bot has found or made its agent, which is the end of opening."""
    async with asyncio.timeout(30):
        while not any(one.path.endswith("/versions") for one in double.asked):  # noqa: ASYNC110 - the bot is another process
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)


def _told(figures: Figures, late: list[float], turns: int) -> tuple[list[str], bool]:
    lines = [f"the model answers after {THINKING:g} s, {turns} turns of it"]
    is_well = len(figures.explained) == WAVES * AT_ONCE
    for kind, limit in LIMITS.items():
        took = sorted(figures.cards[kind])
        is_well = is_well and took[int(len(took) * 0.95)] <= limit
        lines.append(f"{'card: ' + kind:18} {percentiles(took)}   limit p95 {limit:.1f} s")
    lines.append(f"{'words, by an edit':18} {percentiles(figures.explained)}")
    lines.append(f"{'loop lag':18} {lag(late)}")
    longest = sum(by > STALL for by in late)
    lines.append(f"{'':18} {longest} of {len(late)} wakings later than {STALL:g} ms")
    return lines, is_well and not longest


def main() -> int:
    """Run and print; 1 when a limit is not held."""
    with tempfile.TemporaryDirectory() as folder:
        lines, is_well = asyncio.run(measure(Path(folder)))
    print("\n".join(lines))
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
