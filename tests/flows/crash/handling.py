"""What people do about incidents with a bot that is killed: one flow each, up to the good run."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.doubles.connector import Sent
from tests.doubles.teams import CHANNEL, object_id
from tests.flows.crash.factory import CLOSE, GROUP, LOAD, NAME
from tests.flows.crash.points import CHAT
from tests.flows.crash.scenario import (
    ANNS,
    Evening,
    claims,
    edited,
    ended,
    said,
    sending,
    subscribe,
)
from tests.flows.crash.scene import Lives, Scene, running_scene
from tests.flows.crash.steps import Point

WHERE = {"subscription": "s", "resource_group": GROUP, "name": NAME}
TEAM = ("Maya", "Ann", "Tom", "Lee")
DECLARED: Mapping[str, Any] = {
    "default": NAME,
    "factories": {
        NAME: {
            **WHERE,
            "pipelines": {LOAD: {"critical": True}},
            "escalation": {"after_minutes": 5, "people": [object_id("Tom")]},
        }
    },
    "people": {object_id(name): {"name": name, "roles": {NAME: "operator"}} for name in TEAM},
}
OPEN, PAST = "open-INC", "past-INC"
LATE = timedelta(minutes=10)

Doing = Callable[[Scene], Awaitable[None]]


async def _nothing(scene: Scene) -> None:
    del scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What is done before anybody dies, what is done then, and what must come of it.

    `timelines` are what the incidents tell in the end, in the order of their numbers; `posts` how
    many messages the room gets; `chats` are those where somebody gave an order, and `calls` is who
    has to be called by name.
    """

    before: Doing
    during: Doing
    timelines: Sequence[Sequence[str]]
    posts: int
    chats: Sequence[str] = (CHAT,)
    calls: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """An evening, with the incidents that were over by its end and the mutes that were left."""

    evening: Evening
    incidents: Sequence[Mapping[str, Any]]
    mutes: Sequence[str]


async def _broken(scene: Scene, *pipelines: str) -> None:
    """Pipelines break one after the other, and the room is told of each."""
    for number, pipeline in enumerate(pipelines, 1):
        scene.factory.breaks(pipeline)
        await scene.until(lambda number=number: len(said(scene, CHANNEL)) >= number)
        await scene.until(lambda: not sending(scene))


async def _ordered(scene: Scene, words: str, name: str = "Maya") -> None:
    """Somebody gives an order in their own chat; it is answered, or they are asked to repeat it."""
    await scene.deliver(scene.client(name).personal(words))
    await scene.until(lambda: said(scene, f"a:{name.lower()}") and not claims(scene))


async def _well(scene: Scene, *pipelines: str) -> None:
    """The pipelines run well, and everything is over."""
    for pipeline in pipelines:
        scene.factory.is_well(pipeline)
    await scene.until(lambda: not scene.records(OPEN) and edited(scene, "Resolved"))
    await scene.until_quiet()


async def _one_failure(scene: Scene) -> None:
    await _broken(scene, LOAD)


async def _two_failures(scene: Scene) -> None:
    await _broken(scene, LOAD, CLOSE)


async def _mute_a_pipeline(scene: Scene) -> None:
    await _ordered(scene, f"mute {LOAD} for 2 hours")
    scene.factory.breaks()
    await scene.until(lambda: any(one.get("hushed") for one in scene.records(OPEN).values()))
    assert not said(scene, CHANNEL)
    await _ordered(scene, f"unmute {LOAD}", "Ann")
    await scene.until(lambda: said(scene, CHANNEL) and not sending(scene))
    await _well(scene, LOAD)


async def _know_an_issue(scene: Scene) -> None:
    await _ordered(scene, "mute INC-1 for 2 hours")
    scene.factory.breaks()
    await scene.until(lambda: any(one.get("hushed") for one in scene.records(OPEN).values()))
    await _well(scene, LOAD)


async def _assign(scene: Scene) -> None:
    await _ordered(scene, "assign INC-1 to Tom")
    await _well(scene, LOAD)


async def _escalate(scene: Scene) -> None:
    await scene.until(lambda: len(said(scene, CHANNEL)) > 1 and not sending(scene))
    await _well(scene, LOAD)


async def _regroup(scene: Scene) -> None:
    await _ordered(scene, "merge INC-1 and INC-2")
    await _ordered(scene, f"split {CLOSE} from INC-1", "Ann")
    await scene.until(lambda: len(said(scene, CHANNEL)) > 2 and not sending(scene))
    await _well(scene, LOAD, CLOSE)


FLOWS: Mapping[str, Flow] = {
    "mute": Flow(
        before=_nothing,
        during=_mute_a_pipeline,
        timelines=[["opened", "recovered"]],
        posts=1,
        chats=(CHAT, ANNS),
    ),
    "known issue": Flow(
        before=_one_failure,
        during=_know_an_issue,
        timelines=[["opened", "muted", "recovered"]],
        posts=1,
    ),
    "assign": Flow(
        before=_one_failure,
        during=_assign,
        timelines=[["opened", "assigned", "recovered"]],
        posts=1,
        calls="Tom",
    ),
    "escalate": Flow(
        before=_one_failure,
        during=_escalate,
        timelines=[["opened", "escalated", "recovered"]],
        posts=2,
        chats=(),
        calls="Tom",
    ),
    "split and merge": Flow(
        before=_two_failures,
        during=_regroup,
        timelines=[
            ["opened", "merged", "split", "recovered"],
            ["opened", "closed"],
            ["split", "recovered"],
        ],
        posts=3,
        chats=(CHAT, ANNS),
    ),
}


async def spend_handling(lives: Lives, folder: Path, flow: Flow, point: Point | None) -> Handled:
    """One evening of a flow, in which the bot dies at a point of what people do."""
    async with running_scene(lives, folder) as scene:
        scene.declare(DECLARED)
        await subscribe(scene, CHANNEL)
        async with scene.living():
            await flow.before(scene)
        if flow is FLOWS["escalate"]:
            scene.rewrite(OPEN, _longer_ago)
        async with scene.living(point):
            await flow.during(scene)
        evening = await ended(scene)
        numbered = sorted(scene.records(PAST).items(), key=lambda one: int(one[0].split("-")[-1]))
        return Handled(
            evening=evening,
            incidents=[value for _, value in numbered],
            mutes=scene.in_partition("mutes"),
        )


def _longer_ago(incident: dict[str, Any]) -> dict[str, Any]:
    """The same incident, as if it had been known for ten minutes longer."""
    known = datetime.fromisoformat(incident["detected"])
    return {**incident, "detected": (known - LATE).isoformat()}


def what_went_wrong(handled: Handled, flow: Flow) -> list[str]:
    """Every loss and every repetition, but a post that Teams took and nobody could write down."""
    evening, wrong = handled.evening, list[str]()
    for place in flow.chats:
        cards, lines = answers(evening, place), evening.told(place)
        allowed = 1 + _is_reply_in_doubt(evening, place)
        if not 1 <= len(cards) + len(lines) <= allowed or len(cards) > 1 or len(lines) > 1:
            wrong.append(f"{place}: {len(cards)} answers, told {len(lines)} times")
    posted = [one for one in evening.sent if _is_post(one, CHANNEL)]
    if not flow.posts <= len(posted) <= flow.posts + evening.cut_short(CHANNEL):
        wrong.append(f"{len(posted)} posts in the room")
    timelines = [[one["kind"] for one in incident["timeline"]] for incident in handled.incidents]
    if timelines != flow.timelines:
        wrong.append(f"timelines {timelines}")
    if flow.calls and is_unheard_of(handled, flow.calls) and not evening.told():
        wrong.append(f"{flow.calls} was not called")
    if handled.mutes:
        wrong.append("a mute was left")
    if any(not evening.shown(one).startswith(("Resolved", "Merged")) for one in posted[-1:]):
        wrong.append("the newest message is not green")
    return wrong


def is_unheard_of(handled: Handled, name: str) -> bool:
    """Whether nobody called somebody in a message, though an answer or an alert came as a card."""
    cards = [one for one in handled.evening.sent if one.method == "POST" and one.card]
    return not any(f"<at>{name}</at>" in json.dumps(one.activity) for one in cards)


def answers(evening: Evening, place: str) -> Sequence[Sent]:
    """Cards that answer an order."""
    return [one for one in evening.sent if _is_post(one, place) and one.card]


def _is_post(one: Sent, place: str) -> bool:
    is_message = one.method == "POST" and one.activity.get("type") == "message"
    return is_message and one.conversation == place


def _is_reply_in_doubt(evening: Evening, place: str) -> bool:
    """Whether a life ended after it began to answer and before it wrote down that it had."""
    return any(_is_cut(steps, place) for steps in evening.steps)


def _is_cut(steps: Sequence[str], place: str) -> bool:
    begun = kept = -1
    for at, step in enumerate(steps):
        if step.startswith(f"before send {place} "):
            begun = at
        if step.startswith("after replace inbox ") and '"replies": ["message' in step:
            kept = at
    return begun > kept


def calls(evening: Evening, place: str, name: str) -> bool:
    """Whether somebody was called by name in a place."""
    return any(f"<at>{name}</at>" in json.dumps(one.activity) for one in answers(evening, place))
