"""A thousand failures in a minute: one card for each cause and room, soon, no limit provoked."""

import asyncio
import tracemalloc
from typing import Any, cast

import pytest

from bot.state.store import MemoryStore, Store
from tests.adf.watched import Ran
from tests.bot.alerts.test_service import text_of
from tests.bot.builders.nights import Hearing, Night, channel, chat
from tests.bot.builders.storms import CAUSES, LimitedTeams, LoopClock, Stormy, healed, storm

ROOMS = [channel("ops"), channel("data"), chat("maya")]


class Storm:
    """A bot over a factory in a storm, from its start on."""

    def __init__(self, store: Store, runs: list[Ran], every: float = 30.0) -> None:
        self.clock = LoopClock()
        self.factory = Stormy(self.clock)
        self.factory.put(*runs)
        self.teams = LimitedTeams(clock=self.clock)
        self.night = Night(
            store,
            cast("Any", self.teams),
            cast("Any", self.clock),
            Hearing(list(ROOMS)),
            cast("Any", {"prod": self.factory.watch()}),
            every=every,
        )

    async def last(self, seconds: float) -> None:
        """Let it run for so long."""
        running = asyncio.create_task(self.night.announcer.run())
        await asyncio.sleep(seconds)
        self.night.announcer.stop()
        await running


async def test_a_thousand_failures_of_five_causes_are_five_cards_in_each_room() -> None:
    there = Storm(MemoryStore(), storm(1000))
    await there.last(150)
    for room in ROOMS:
        posts = [at for at, place, _ in there.teams.posts if place == room.conversation]
        assert len(posts) == CAUSES
        assert max(posts) <= 60.0
    assert there.teams.provoked == 0
    shown = there.teams.shown(ROOMS[0].conversation)
    assert all("8 pipelines are blocked" in card.summary for card in shown.values())


async def test_after_the_storm_each_card_is_green_by_itself() -> None:
    there = Storm(MemoryStore(), [*storm(400), *healed(480)])
    await there.last(600)
    shown = there.teams.shown(ROOMS[0].conversation)
    assert len(shown) == CAUSES
    assert all(card.summary.startswith("Resolved") for card in shown.values())
    assert there.teams.provoked == 0


async def test_a_card_of_a_storm_says_that_not_every_run_was_looked_into() -> None:
    there = Storm(MemoryStore(), storm(400))
    await there.last(90)
    texts = [text_of(card) for card in there.teams.shown(ROOMS[0].conversation).values()]
    assert any("were not read in detail" in text for text in texts)


@pytest.mark.prove
async def test_a_storm_of_an_hour_takes_no_more_memory_than_its_first_minutes(
    store: Store,
) -> None:
    runs = [run for minute in range(0, 60, 6) for run in storm(1000, 60, first=minute * 60.0)]
    there = Storm(store, runs)
    tracemalloc.start()
    running = asyncio.create_task(there.night.announcer.run())
    await asyncio.sleep(600)
    early = tracemalloc.get_traced_memory()[0]
    await asyncio.sleep(3000)
    late = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    there.night.announcer.stop()
    await running
    assert late - early < 4 * 1024 * 1024, f"{early / 1e6:.1f} MB, later {late / 1e6:.1f} MB"
    assert there.teams.provoked == 0
    assert len(there.teams.posts) == CAUSES * len(ROOMS)
