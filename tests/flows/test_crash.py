"""Kill -9 anywhere: every question is answered or told, every failure announced, nothing twice.

What was posted is counted raw at the connector. A second post is there only for an alert that was
accepted while its id was not recorded.
"""

import asyncio
import os
import random
import socket
import sys
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from adf.simulator import live_factory, make_simulator
from bot.turns.recovery import INTERRUPTED, TOO_LATE
from tests.doubles.connector import Sent, running_connector
from tests.doubles.teams import CHANNEL, Client
from tests.flows.crash.handling import FLOWS, Handled, spend_handling, what_went_wrong
from tests.flows.crash.points import CHAT, CHOSEN, ENDS, EVERY, OVERLONGS
from tests.flows.crash.scenario import (
    ANNS,
    KINDS,
    TOMS,
    Evening,
    claims,
    ended,
    question,
    said,
    sending,
    spend,
    spend_overlong,
    spend_waiting,
    spend_wildly,
    subscribe,
)
from tests.flows.crash.scene import ROOT, Lives, running_lives, running_scene
from tests.flows.crash.steps import Point
from tests.harness import listening
from tests.replicated import OF_THIS_RUN

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(600)]
AT_ONCE = {False: 8, True: 6}
STEPS_OF_AN_EVENING = 110
SEED = 4711

WORDS, BUTTON = KINDS
CHOSEN_OF_BOTH = [(name, (WORDS, BUTTON)[at % 2]) for at, name in enumerate(CHOSEN)]
EVERY_OF_BOTH = [(name, kind) for name in EVERY for kind in KINDS]

Spending = Callable[[Path], Awaitable[Evening]]
Found = Mapping[str, Evening | BaseException]


@pytest.fixture(scope="module")
def lives() -> Generator[Lives]:
    """Where bots are forked."""
    with running_lives() as place:
        yield place


def spending(lives: Lives, name: str, kind: str) -> tuple[str, Spending]:
    """An evening of a kind with a kill at a point."""
    return called(name, kind), lambda folder: spend(lives, folder, KINDS[kind], EVERY[name].at)


def called(name: str, kind: str) -> str:
    return f"{name}, {kind}"


def all_at_once(spendings: Mapping[str, Spending], root: Path) -> Found:
    """Several evenings beside each other, by their names: each is mostly waiting."""

    async def spend_all() -> Found:
        gate = asyncio.Semaphore(AT_ONCE[OF_THIS_RUN.count > 1])

        async def one(number: int, spending: Spending) -> Evening:
            folder = root / str(number)
            folder.mkdir()
            async with gate:
                return await spending(folder)

        evenings = [one(number, spending) for number, spending in enumerate(spendings.values())]
        found = await asyncio.gather(*evenings, return_exceptions=True)
        return dict(zip(spendings, found, strict=True))

    return asyncio.run(spend_all())


def of(evening: Evening | BaseException) -> Evening:
    """The evening, if it came to its end."""
    if isinstance(evening, BaseException):
        raise evening
    return evening


def outcome(evening: Evening, kind: str) -> tuple[object, ...]:
    """Deaths, answers, lines that tell of it, alerts; and how the alert's card went on."""
    room = KINDS[kind].room
    posted = (len(evening.answers()), len(evening.told()), len(evening.alerts(room)))
    is_green = [evening.shown(one).startswith("Resolved") for one in evening.alerts(room)][-1:]
    ending = (evening.lines(room), evening.was_shown("Acknowledged"), is_green)
    return (evening.deaths, *posted, *ending)


def wanted(name: str) -> tuple[object, ...]:
    """What should come of an evening with one kill at that point."""
    kill = EVERY[name]
    return (1, kill.answers, kill.told, kill.alerts, [], True, [True])


def outcomes(lives: Lives, folder: Path, points: Sequence[tuple[str, str]]) -> Mapping[str, object]:
    """What came of evenings with one kill each, all at once, by point and kind."""
    found = all_at_once(dict(spending(lives, name, kind) for name, kind in points), folder)
    return {called(*one): outcome(of(found[called(*one)]), one[1]) for one in points}


def test_a_kill_loses_nothing_and_repeats_nothing(lives: Lives, tmp_path: Path) -> None:
    expected = {called(*one): wanted(one[0]) for one in CHOSEN_OF_BOTH}
    assert outcomes(lives, tmp_path, CHOSEN_OF_BOTH) == expected


@pytest.mark.prove
def test_a_kill_at_any_step_loses_nothing_and_repeats_nothing(lives: Lives, tmp_path: Path) -> None:
    points = OF_THIS_RUN.kills_of(EVERY_OF_BOTH)
    expected = {called(*one): wanted(one[0]) for one in points}
    assert outcomes(lives, tmp_path, points) == expected


async def test_a_question_that_teams_does_not_deliver_again_is_answered_all_the_same(
    lives: Lives, tmp_path: Path
) -> None:
    name = "question: claimed"
    evening = await spend(lives, tmp_path, KINDS[WORDS], EVERY[name].at, patient=False)
    assert outcome(evening, WORDS) == wanted(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("question: before the reply is marked", TOO_LATE),
        ("question: marked, not posted", INTERRUPTED),
    ],
)
async def test_a_question_that_is_cut_short_twice_is_not_tried_again_but_told(
    name: str, words: str, lives: Lives, tmp_path: Path
) -> None:
    evening = await spend(lives, tmp_path, KINDS[WORDS], *[EVERY[name].at] * 2)
    assert (evening.deaths, len(evening.answers())) == (2, 0)
    assert [one.activity["text"] for one in evening.told()] == [words]


@pytest.mark.parametrize(
    ("name", "cards"),
    [("alert: marked, not posted", 0), ("alert: accepted, id not recorded", 2)],
)
async def test_a_failure_whose_card_is_cut_short_twice_is_told_in_words_that_become_its_card(
    name: str, cards: int, lives: Lives, tmp_path: Path
) -> None:
    evening = await spend(lives, tmp_path, KINDS[WORDS], *[EVERY[name].at] * 2)
    assert (evening.deaths, len(evening.alerts(CHANNEL))) == (2, cards)
    (line,) = evening.lines(CHANNEL)
    assert evening.was_shown("Acknowledged")
    assert evening.shown(line).startswith("Resolved")


@pytest.mark.prove
def test_a_kill_costs_nobody_the_end_of_a_run_they_wait_for(lives: Lives, tmp_path: Path) -> None:
    kills = {name: ENDS[name] for name in OF_THIS_RUN.kills_of([*ENDS])}
    evenings = all_at_once(
        {
            name: lambda folder, kill=kill: spend_waiting(lives, folder, kill.at)
            for name, kill in kills.items()
        },
        tmp_path,
    )
    told = {name: (of(one).deaths, len(of(one).alerts(CHAT))) for name, one in evenings.items()}
    assert told == {name: (1, kill.alerts) for name, kill in kills.items()}


@pytest.mark.prove
def test_a_run_that_takes_too_long_is_told_and_its_end_too_whatever_step_the_bot_dies_at(
    lives: Lives, tmp_path: Path
) -> None:
    kills = {name: OVERLONGS[name] for name in OF_THIS_RUN.kills_of([*OVERLONGS])}
    evenings = all_at_once(
        {
            name: lambda folder, kill=kill: spend_overlong(lives, folder, kill.at)
            for name, kill in kills.items()
        },
        tmp_path,
    )
    told = {name: (of(one).deaths, len(of(one).alerts(CHAT))) for name, one in evenings.items()}
    assert told == {name: (1, kill.alerts) for name, kill in kills.items()}


async def test_a_known_issue_that_is_cut_short_is_muted_and_noted_once(
    lives: Lives, tmp_path: Path
) -> None:
    flow = FLOWS["known issue"]
    at = Point(when="after", verb="insert", place="mutes")
    handled = await spend_handling(lives, tmp_path, flow, at)
    assert (handled.evening.deaths, what_went_wrong(handled, flow)) == (1, [])


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", FLOWS)
def test_what_people_do_about_incidents_is_done_once_between_which_steps_the_bot_dies(
    name: str, lives: Lives, tmp_path: Path
) -> None:
    flow, uncut = FLOWS[name], tmp_path / "uncut"
    uncut.mkdir()
    whole = asyncio.run(spend_handling(lives, uncut, flow, None))
    assert what_went_wrong(whole, flow) == []
    count = lives.replicas
    lived = whole.evening.steps[2 * count : 3 * count]
    steps = max(sum(step.startswith("after ") for step in one) for one in lived)
    found = handled_at_once(lives, tmp_path, name, steps)
    assert {at: wrong for at, one in found.items() if (wrong := what_went_wrong(one, flow))} == {}
    kills = sum(one.evening.deaths for one in found.values())
    print(f"{name}: {kills} kills between {steps} steps, 0 lost, nothing twice")
    # Where a life is looked after by fewer steps than the uncut one, the last kills miss it; of
    # several replicas now the one does more and now the other.
    assert kills >= (steps - 6 if count == 1 else len(found) / 2)


def handled_at_once(lives: Lives, root: Path, name: str, steps: int) -> Mapping[int, Handled]:
    """One evening for each step of a flow, killed right after it."""

    async def spend_all() -> Mapping[int, Handled]:
        gate = asyncio.Semaphore(AT_ONCE[OF_THIS_RUN.count > 1])

        async def one(number: int) -> Handled:
            folder = root / str(number)
            folder.mkdir()
            async with gate:
                point = Point(when="after", number=number)
                return await spend_handling(lives, folder, FLOWS[name], point)

        numbers = OF_THIS_RUN.kills_of(range(1, steps + 1))
        found = await asyncio.gather(*(one(number) for number in numbers))
        return dict(zip(numbers, found, strict=True))

    return asyncio.run(spend_all())


@pytest.mark.prove
def test_kills_at_random_moments_lose_nothing_and_repeat_only_what_was_cut_short(
    lives: Lives, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    spendings: dict[str, Spending] = {}
    for number in range(20):
        step = Point(number=chance.randint(1, STEPS_OF_AN_EVENING))
        spendings[f"{number}: step {step.number}"] = lambda folder, step=step: spend_wildly(
            lives, folder, step
        )
    for number in range(20, 44):
        after = chance.uniform(0.0, 2.5)
        spendings[f"{number}: after {after:.3f} s"] = lambda folder, after=after: spend_wildly(
            lives, folder, after=after
        )
    chosen = {name: spendings[name] for name in OF_THIS_RUN.kills_of([*spendings])}
    evenings = {name: of(one) for name, one in all_at_once(chosen, tmp_path).items()}
    assert {name: wrong for name, one in evenings.items() if (wrong := what_is_wrong(one))} == {}
    kills = sum(one.deaths for one in evenings.values())
    false = [
        f"{name} {place}"
        for name, one in evenings.items()
        for place in (CHAT, ANNS)
        if one.answers(place) and one.told(place)
    ]
    print(f"{kills} kills, {len(evenings) * 2} questions, 0 lost, 0 doubled; interrupted: {false}")
    assert kills > len(evenings) * 20 / 44
    # Killed between Teams' acceptance and our record of it, nobody can know whether it stands. That
    # is one write; a kill that meets it meets both questions, which are asked at once.
    assert len(false) <= kills / 20


def what_is_wrong(evening: Evening) -> list[str]:
    """Every loss and every repetition that a kill at any moment must not bring."""
    wrong: list[str] = []
    for place in (CHAT, ANNS):
        answers, told = len(evening.answers(place)), len(evening.told(place))
        if answers > 1 or told > 1 or not answers + told:
            wrong.append(f"{place}: {answers} answers, told {told} times")
    for room in (CHANNEL, TOMS):
        cards, lines = evening.alerts(room), evening.lines(room)
        if not 1 <= len(cards) + len(lines) <= 1 + evening.cut_short(room):
            wrong.append(f"{room}: {len(cards)} cards, {len(lines)} lines")
        if not evening.shown([*cards, *lines][-1]).startswith("Resolved"):
            wrong.append(f"{room}: the newest message is not green")
    return wrong


async def test_two_questions_and_an_alert_under_way_all_come_after_a_kill(
    lives: Lives, tmp_path: Path
) -> None:
    async with running_scene(lives, tmp_path) as scene:
        await subscribe(scene, CHANNEL)
        under_way: set[str] = set()
        all_there, dead = asyncio.Event(), asyncio.Event()

        async def hold(what: str) -> None:
            under_way.add(what)
            if len(under_way) == 2:
                all_there.set()
            await dead.wait()

        async def asked(request: web.Request) -> None:
            if "alert" in under_way:
                await hold("question")

        async def sent(one: Sent) -> None:
            if one.conversation == CHANNEL:
                await hold("alert")

        scene.on_arm, scene.connector.meanwhile = asked, sent
        async with scene.living():
            scene.factory.breaks()
            await scene.until(lambda: "alert" in under_way)
            await scene.deliver(question(scene, by_button=False))
            await scene.deliver(question(scene, by_button=True, name="Ann"))
            await all_there.wait()
            assert len(claims(scene)) == 2
            for _ in range(lives.replicas):
                await scene.kill()
            dead.set()
            await scene.until(lambda: said(scene, CHAT) and said(scene, ANNS))
            await scene.until(lambda: not claims(scene) and not sending(scene))
        evening = await ended(scene)
    assert evening.deaths == lives.replicas
    assert (len(evening.answers(CHAT)), len(evening.answers(ANNS))) == (1, 1)
    assert evening.told(CHAT) == evening.told(ANNS) == []
    assert len(evening.alerts(CHANNEL)) == 2


async def start(arm: str, port: int, store: Path) -> asyncio.subprocess.Process:
    settings = {
        "ADFOPS_LOCAL": "1",
        "ADFOPS_PORT": str(port),
        "ADFOPS_ARM_URL": arm,
        "ADFOPS_STORE": f"sqlite:///{store}",
        "AZURE_SUBSCRIPTION_ID": "00000000-0000-0000-0000-00000000000a",
        "AZURE_RESOURCE_GROUP": "rg-demo",
        "AZURE_DATA_FACTORY_NAME": "adf-demo",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "app.py", "serve"),
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert b"Listening" in await process.stdout.readline()
    return process


async def test_a_claimed_question_outlives_a_kill(tmp_path: Path, unused_port: int) -> None:
    reached, gate = asyncio.Event(), asyncio.Event()

    async def hold(request: web.Request) -> web.StreamResponse | None:
        if request.path.endswith("queryPipelineRuns"):
            reached.set()
            await gate.wait()
        return None

    simulator = make_simulator(live_factory(), before=hold)
    async with listening(simulator) as arm, running_connector() as connector:
        process = await start(arm, unused_port, tmp_path / "store.db")
        question = Client(service_url=connector.url).personal("status of CustomerDataETL")
        url = f"http://127.0.0.1:{unused_port}/api/messages"
        async with aiohttp.ClientSession() as session, session.post(url, json=question) as answer:
            assert answer.status == 202
        await reached.wait()
        process.kill()
        await process.communicate()
        assert connector.messages == []
        gate.set()
        again = await start(arm, unused_port, tmp_path / "store.db")
        try:
            (sent,) = await connector.wait_for(1)
            assert sent.card is not None
            assert "CustomerDataETL" in str(sent.card)
        finally:
            again.terminate()
            await again.communicate()


@pytest.fixture
def unused_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
