"""Two and four replicas over one table: any takes any activity, one watches, and one may die."""

import asyncio
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.doubles.azurite import Azurite
from tests.flows.crash.factory import CLOSE, LOAD
from tests.flows.crash.scenario import is_about
from tests.flows.crash.scene import Lives, running_lives
from tests.flows.replicas.fleet import Fleet, running_fleet

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(600), pytest.mark.prove]
QUESTION = f"why did {CLOSE} fail"
TAKEOVER_SECONDS = 20.0


@pytest.fixture(scope="module")
def lives() -> Generator[Lives]:
    """Where replicas are forked."""
    with running_lives() as place:
        yield place


async def subscribe(fleet: Fleet) -> None:
    before = len(fleet.posts())
    await fleet.deliver(fleet.client().personal("tell me here when anything fails"))
    await fleet.until(lambda: len(fleet.posts()) > before)


def alerts(fleet: Fleet) -> int:
    """How many cards told of a run of the pipeline that breaks."""
    return sum(bool(one.card) and is_about(LOAD, one) for one in fleet.posts())


async def breaks(fleet: Fleet) -> float:
    """A run breaks; returns the seconds until a card tells of it, or of it once more."""
    before, since = len(fleet.connector.sent), time.monotonic()
    fleet.factory.breaks()
    await fleet.until(
        lambda: any(is_about(LOAD, one) and one.card for one in fleet.connector.sent[before:])
    )
    return time.monotonic() - since


@pytest.mark.parametrize("count", [2, 4])
async def test_questions_go_to_any_replica_and_each_is_answered_once(
    count: int, lives: Lives, tmp_path: Path, azurite: Azurite
) -> None:
    async with running_fleet(lives, tmp_path, azurite.new_table(), count) as fleet:
        people = [fleet.client(f"Person {n}") for n in range(8)]
        asked = [one.personal(QUESTION) for one in people for _ in range(3)]
        await asyncio.gather(*(fleet.deliver(one) for one in asked))
        await asyncio.gather(*(fleet.deliver(one) for one in asked))
        await fleet.until(lambda: len(fleet.posts()) >= len(asked))
        await asyncio.sleep(1)
        answers = Counter(one.conversation for one in fleet.posts())
        assert set(answers.values()) == {3}


@pytest.mark.parametrize("count", [2, 4])
async def test_a_killed_watcher_is_followed_and_nothing_is_lost_or_shown_twice(
    count: int, lives: Lives, tmp_path: Path, azurite: Azurite
) -> None:
    async with running_fleet(lives, tmp_path, azurite.new_table(), count) as fleet:
        await fleet.until_led()
        await subscribe(fleet)
        await breaks(fleet)
        for _ in range(count - 1):
            seen = alerts(fleet)
            await fleet.kill(await fleet.until_led())
            since = time.monotonic()
            await fleet.until_led()
            assert time.monotonic() - since <= TAKEOVER_SECONDS
            await breaks(fleet)
            await asyncio.sleep(2)
            assert alerts(fleet) - seen <= 1


async def test_a_suspended_leader_ends_when_it_goes_on_and_shows_nothing_twice(
    lives: Lives, tmp_path: Path, azurite: Azurite
) -> None:
    async with running_fleet(lives, tmp_path, azurite.new_table(), 2) as fleet:
        old = await fleet.until_led()
        await subscribe(fleet)
        await breaks(fleet)
        life = fleet.suspend(old)
        assert await fleet.until_led() != old
        await breaks(fleet)
        seen = len(fleet.posts())
        fleet.wake(old, life)
        await life.death()
        await asyncio.sleep(2)
        assert len(fleet.posts()) == seen


async def test_turns_of_a_dead_replica_are_taken_up(
    lives: Lives, tmp_path: Path, azurite: Azurite
) -> None:
    async with running_fleet(lives, tmp_path, azurite.new_table(), 2) as fleet:
        leader = await fleet.until_led()
        asked = [fleet.client(f"Person {n}").personal(QUESTION) for n in range(10)]
        await asyncio.gather(*(fleet.deliver(one) for one in asked))
        await fleet.kill(next(pid for pid in fleet.pids if pid != leader))
        await fleet.until(
            lambda: (
                {one.conversation for one in fleet.posts()}
                == {one["conversation"]["id"] for one in asked}
            )
        )
        await asyncio.sleep(2)
        cards = Counter(one.conversation for one in fleet.posts() if one.card)
        assert all(number == 1 for number in cards.values())
