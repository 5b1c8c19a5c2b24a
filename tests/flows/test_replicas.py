"""Two and four replicas over one table: any takes any activity, one watches, and one may die."""

import asyncio
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest
from aiohttp import web

from bot.hosting.process import STOP_SECONDS
from bot.state.store.lease import LEASE_SECONDS
from bot.state.store.schema import SCHEMA_VERSION
from tests.doubles.azurite import Azurite
from tests.doubles.connector import Sent
from tests.flows.crash.factory import CLOSE, LOAD
from tests.flows.crash.scenario import is_about
from tests.flows.crash.scene import Lives, running_lives
from tests.flows.replicas.fleet import Fleet, running_fleet, said_in

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(600), pytest.mark.prove]
QUESTION = f"why did {CLOSE} fail"
TAKEOVER_SECONDS = 20.0
TURNS, PEOPLE = 10_000, 200


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


async def test_a_replica_that_is_asked_to_end_hands_over_and_is_gone_within_its_time(
    lives: Lives, tmp_path: Path, azurite: Azurite
) -> None:
    async with running_fleet(lives, tmp_path, azurite.new_table(), 2) as fleet:
        leader = await fleet.until_led()
        reached, gate = asyncio.Event(), asyncio.Event()

        async def hold(request: web.Request) -> None:
            if request.path.endswith("queryActivityruns"):
                reached.set()
                await gate.wait()

        fleet.on_arm = hold
        asked = fleet.client().personal(QUESTION)
        await fleet.deliver(asked, leader)
        await reached.wait()
        since = time.monotonic()
        life = fleet.end_one(leader)
        await fleet.until_led()
        led = time.monotonic() - since
        assert not await life.death()
        ended = time.monotonic() - since
        print(f"followed after {led:.1f} s, gone after {ended:.1f} s, with a turn that hung")
        assert led < LEASE_SECONDS
        assert ended <= STOP_SECONDS + 1
        gate.set()
        await fleet.until(fleet.posts)
        await asyncio.sleep(2)
        assert [one.activity.get("replyToId") for one in fleet.posts()] == [asked["id"]]


async def test_an_old_and_a_new_version_work_side_by_side_and_follow_each_other(
    lives: Lives, tmp_path: Path, azurite: Azurite
) -> None:
    async with running_fleet(lives, tmp_path, azurite.new_table(), 1) as fleet:
        old = await fleet.until_led()
        await subscribe(fleet)
        await breaks(fleet)
        await fleet.start(lives, tmp_path, 1, schema=(SCHEMA_VERSION + 1, SCHEMA_VERSION))
        new = next(pid for pid in fleet.pids if pid != old)
        people = [fleet.client(f"Person {n}") for n in range(6)]
        asked = [one.personal(QUESTION) for one in people for _ in range(2)]
        await asyncio.gather(*(fleet.deliver(one) for one in asked))
        talks = {one["conversation"]["id"] for one in asked}
        await fleet.until(lambda: len(of(fleet, talks)) >= len(asked))
        seen = alerts(fleet)
        await fleet.kill(old)
        assert await fleet.until_led() == new
        await breaks(fleet)
        await fleet.start(lives, tmp_path, 1)
        await fleet.kill(new)
        assert await fleet.until_led() in fleet.pids
        await breaks(fleet)
        await asyncio.sleep(2)
        assert alerts(fleet) - seen <= 1
        assert Counter(one.conversation for one in of(fleet, talks)) == dict.fromkeys(talks, 2)
        await fleet.start(lives, tmp_path, 1, schema=(SCHEMA_VERSION + 2, SCHEMA_VERSION + 2))
        refused, place = await fleet.begin(lives, tmp_path)
        assert refused.endpoint == ""
        assert "written by a newer version" in said_in(place)


def of(fleet: Fleet, talks: set[str]) -> list[Sent]:
    """The cards that were posted to some conversations."""
    return [one for one in fleet.posts() if one.card and one.conversation in talks]


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("count", [2, 4])
async def test_ten_thousand_turns_of_two_hundred_people_are_answered_in_their_order(
    count: int, lives: Lives, tmp_path: Path, azurite: Azurite
) -> None:
    async with running_fleet(lives, tmp_path, azurite.new_table(), count) as fleet:
        answered = Counter[str]()

        async def note(one: Sent) -> None:
            if one.method == "POST" and one.activity.get("type") == "message":
                answered[one.conversation] += 1

        fleet.connector.meanwhile = note
        began = time.monotonic()
        sent = await asyncio.gather(
            *(talk(fleet, f"Person {n}", TURNS // PEOPLE, answered) for n in range(PEOPLE))
        )
        await fleet.until(lambda: answered.total() >= TURNS)
        seconds = time.monotonic() - began
        replies: dict[str, list[str]] = {}
        for one in fleet.posts():
            replies.setdefault(one.conversation, []).append(str(one.activity.get("replyToId")))
        assert replies == dict(sent)
        print(f"{TURNS} turns on {count} replicas in order, {TURNS / seconds:.1f} a second")


async def talk(
    fleet: Fleet, name: str, turns: int, answered: Counter[str]
) -> tuple[str, list[str]]:
    """Somebody sends one message after the other, up to three of them not answered yet."""
    client, ids, place = fleet.client(name), list[str](), ""
    for _ in range(turns):
        activity = client.personal("help")
        ids.append(str(activity["id"]))
        place = activity["conversation"]["id"]
        while len(ids) - answered[place] > 3:  # noqa: ASYNC110 - two hundred wait for their own
            await asyncio.sleep(0.05)
        await fleet.deliver(activity)
    return place, ids
