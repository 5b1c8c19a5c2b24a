"""One evening with a bot that is killed: a question, a failure, somebody who has it, a good run."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.turns.recovery import INTERRUPTED, TOO_LATE
from tests.doubles.connector import Sent, port_of
from tests.doubles.teams import CHANNEL
from tests.flows.crash.factory import CLOSE, LOAD
from tests.flows.crash.points import CHAT, INCIDENTS, ROOM
from tests.flows.crash.scene import Lives, Scene, running_scene
from tests.flows.crash.steps import Point, Step

QUESTION = f"why did {CLOSE} fail"
TOMS, ANNS = "a:tom", "a:ann"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the question is put, and the room that hears of failures."""

    by_button: bool
    room: str


KINDS = {
    "words, channel": Kind(by_button=False, room=CHANNEL),
    "button, chat": Kind(by_button=True, room=TOMS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What came of it: everything posted and edited, as it arrived, and how often the bot died."""

    sent: Sequence[Sent]
    deaths: int
    steps: Sequence[Sequence[str]]

    def answers(self, place: str = CHAT) -> Sequence[Sent]:
        """Cards that answer the question."""
        return [one for one in self._posts(place) if one.card and is_about(CLOSE, one)]

    def told(self, place: str = CHAT) -> Sequence[Sent]:
        """Lines that tell that a question may not have been answered."""
        return [one for one in self._posts(place) if one.activity.get("text") in LINES]

    def alerts(self, room: str) -> Sequence[Sent]:
        """Cards that tell a place of the run that ended, edits left out."""
        return [one for one in self._posts(room) if one.card and is_about(LOAD, one)]

    def lines(self, room: str) -> Sequence[Sent]:
        """Lines that tell a room of the failure in the place of a card."""
        return [one for one in self._posts(room) if LOAD in one.activity.get("text", "")]

    def shown(self, sent: Sent) -> str:
        """What stands on a message in the end, once it was edited."""
        message_id = f"message-{self.sent.index(sent) + 1}"
        edits = [one for one in self.sent if one.method == "PUT" and one.activity_id == message_id]
        return summary(edits[-1]) if edits else ""

    def was_shown(self, word: str) -> bool:
        """Whether a card with that state stood anywhere for a while."""
        return any(summary(one).startswith(word) for one in self.sent)

    def cut_short(self, room: str) -> int:
        """How many lives ended after they began to post to a room and before they kept the id."""
        return sum(_is_cut_short(steps, room) for steps in self.steps)

    def _posts(self, place: str) -> Sequence[Sent]:
        return [
            one
            for one in self.sent
            if one.method == "POST"
            and one.activity.get("type") == "message"
            and one.conversation == place
        ]


def _is_cut_short(steps: Sequence[str], room: str) -> bool:
    begun = kept = -1
    for at, step in enumerate(steps):
        if step.startswith(f"before send {room} "):
            begun = at
        if step.startswith(f"after replace {INCIDENTS} ") and f'"{room}"' in step:
            kept = at if '"message_id"' in step else kept
    return begun > kept


LINES = (INTERRUPTED, TOO_LATE)
SUBSCRIBED = "Alerts"


def is_about(pipeline: str, sent: Sent) -> bool:
    """Whether a card tells of a run, and not of who is told of it."""
    return pipeline in summary(sent) and not summary(sent).startswith(SUBSCRIBED)


def summary(sent: Sent) -> str:
    """The sentence a phone shows for a card."""
    return str(sent.activity.get("summary", ""))


async def spend(
    lives: Lives, folder: Path, kind: Kind, *points: Point, patient: bool = True
) -> Evening:
    """Live through an evening in which the bot dies at each of these points, one life at each.

    Teams delivers again what was not taken, unless it is not `patient` with the question.
    """
    async with running_scene(lives, folder) as scene:
        await subscribe(scene, kind.room)
        within = [replace(one, place=one.place.replace(ROOM, kind.room)) for one in points]
        strike_from_outside(scene, within)
        async with scene.living(*(one if one.when != "during" else None for one in within)):
            await story(scene, kind, patient=patient)
        return await ended(scene)


async def spend_waiting(lives: Lives, folder: Path, point: Point) -> Evening:
    """An evening in which somebody asked to be told once when a run has ended."""
    async with running_scene(lives, folder) as scene:
        async with scene.living():
            await scene.deliver(scene.client().personal(f"tell me when {LOAD} finishes"))
            await scene.connector.wait_for(1)
            await scene.until_quiet()
        strike_from_outside(scene, [point])
        async with scene.living(point if point.when != "during" else None):
            scene.factory.is_well()
            await scene.until(lambda: said(scene, CHAT))
            await scene.until_quiet()
        return await ended(scene)


async def spend_overlong(lives: Lives, folder: Path, point: Point) -> Evening:
    """An evening in which a run takes longer than somebody asked to be told of."""
    async with running_scene(lives, folder) as scene:
        async with scene.living():
            wish = f"tell me when {LOAD} runs longer than 60 minutes"
            await scene.deliver(scene.client().personal(wish))
            await scene.connector.wait_for(1)
            await scene.until_quiet()
        run_id = scene.factory.hangs()
        strike_from_outside(scene, [point])
        within = point if point.when != "during" else None
        async with scene.living(within):
            await scene.until(lambda: said(scene, CHAT) and not sending(scene))
        scene.factory.is_through(run_id)
        async with scene.living(within if scene.deaths == 0 else None):
            await scene.until(lambda: edited(scene, "Resolved"))
            await scene.until_quiet()
        return await ended(scene)


async def spend_wildly(
    lives: Lives, folder: Path, *points: Point, after: float | None = None
) -> Evening:
    """The same with two who ask and two rooms that hear, all at once; `after` is a kill by time."""
    async with running_scene(lives, folder) as scene:
        await subscribe(scene, CHANNEL, TOMS)
        async with scene.living(*points):
            killing = asyncio.create_task(kill_after(scene, after))
            scene.factory.breaks()
            await asyncio.gather(
                scene.deliver(question(scene, by_button=False)),
                scene.deliver(question(scene, by_button=True, name="Ann")),
            )
            places = (CHAT, ANNS, CHANNEL, TOMS)
            await scene.until(lambda: all(said(scene, one) for one in places))
            await scene.until(lambda: not claims(scene) and not sending(scene))
            await acknowledge(scene, CHANNEL)
            scene.factory.is_well()
            await scene.until(lambda: edited(scene, "Resolved"))
            await scene.until_quiet()
            await killing
            await scene.until_quiet()
        return await ended(scene)


async def kill_after(scene: Scene, seconds: float | None) -> None:
    """Kill -9 at a moment that is no step of the bot's."""
    if seconds is not None:
        await asyncio.sleep(seconds)
        await scene.kill()


async def ended(scene: Scene) -> Evening:
    """What was posted; one more life must not add to it."""
    before = len(scene.connector.sent)
    await next_morning(scene)
    assert len(scene.connector.sent) == before, "something was posted again the next morning"
    return Evening(sent=scene.connector.sent, deaths=scene.deaths, steps=scene.steps())


async def subscribe(scene: Scene, *rooms: str) -> None:
    """Each room is told when anything fails, before anybody dies."""
    async with scene.living():
        for number, room in enumerate(rooms, 1):
            words = "tell us when anything fails"
            lee, tom = scene.client("Lee"), scene.client("Tom")
            await scene.deliver(lee.in_channel(words) if room == CHANNEL else tom.personal(words))
            await scene.connector.wait_for(number)
        await scene.until_quiet()


async def story(scene: Scene, kind: Kind, *, patient: bool = True) -> None:
    """A question is answered or told, a failure told, taken, and over."""
    await scene.deliver(question(scene, by_button=kind.by_button), again=patient)
    await scene.until(lambda: said(scene, CHAT) and not claims(scene))
    scene.factory.breaks()
    await scene.until(lambda: said(scene, kind.room) and not sending(scene))
    await acknowledge(scene, kind.room)
    scene.factory.is_well()
    await scene.until(lambda: edited(scene, "Resolved"))
    await scene.until_quiet()


def question(scene: Scene, *, by_button: bool, name: str = "Maya") -> Mapping[str, Any]:
    """Somebody asks in their own chat."""
    client = scene.client(name)
    return client.click("ask", {"question": QUESTION}) if by_button else client.personal(QUESTION)


async def acknowledge(scene: Scene, room: str) -> None:
    """Tom takes the incident from the newest message about it, and that is shown."""
    newest = said(scene, room)[-1]
    message_id = f"message-{scene.connector.sent.index(newest) + 1}"
    thread = message_id if room == CHANNEL else None
    data = {"incident": scene.incident()}
    press = scene.client("Tom").click("ack", data, on_message=message_id, thread=thread)
    await scene.deliver(press)
    await scene.until(lambda: edited(scene, "Acknowledged"))


async def next_morning(scene: Scene) -> None:
    """One more life, as long as it takes to look at the factory twice."""
    polls = 0

    async def count(request: web.Request) -> None:
        nonlocal polls
        polls += request.path.endswith("queryPipelineRuns")

    deaths = scene.deaths
    scene.on_arm, scene.connector.meanwhile = count, None
    async with scene.living():
        await scene.until(lambda: polls > 1)
    scene.deaths = deaths


def strike_from_outside(scene: Scene, points: Sequence[Point]) -> None:
    """Kill the bot while a request of its is being answered: each of these points once."""
    left = [one for one in points if one.when == "during"]

    async def strike(step: Step, port: int) -> None:
        if left and left[0].fits(step):
            del left[0]
            await scene.kill(port)

    async def asked(request: web.Request) -> None:
        await strike(Step(when="during", verb="ask", place="", text=request.path), port_of(request))

    async def sent(one: Sent) -> None:
        verb = {"PUT": "update", "POST": "send"}[one.method]
        if one.activity.get("type") == "message":
            text = json.dumps(one.activity, ensure_ascii=False)
            step = Step(when="during", verb=verb, place=one.conversation, text=text)
            await strike(step, one.port)

    scene.on_arm, scene.connector.meanwhile = asked, sent


def said(scene: Scene, place: str) -> Sequence[Sent]:
    """What was posted in a place since the room was subscribed there."""
    return [
        one
        for one in scene.connector.messages
        if one.conversation == place and not summary(one).startswith(SUBSCRIBED)
    ]


def edited(scene: Scene, word: str) -> bool:
    """Whether a card was edited to that state."""
    return any(summary(one).startswith(word) for one in scene.connector.edits)


def claims(scene: Scene) -> Sequence[str]:
    """Questions and presses that are still open."""
    return [one for one in scene.left() if one.startswith("inbox/")]


def sending(scene: Scene) -> Sequence[str]:
    """Messages that are on their way: their id is not recorded."""
    return [value for value in scene.messages() if '"message_id"' not in value]
