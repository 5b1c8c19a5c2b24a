"""A press that approves a rerun, and a bot that is killed: what reached Azure, what is told."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.doubles.connector import port_of
from tests.flows.crash.factory import CLOSE
from tests.flows.crash.scenario import summary
from tests.flows.crash.scene import Lives, Scene, running_scene
from tests.flows.crash.steps import Point

CREATES = re.compile(r"/pipelines/[^/]+/createRun$")
_ID = re.compile(r'"proposal": "([0-9a-f]+)"')
# The states in which nothing is left to be told: a run is named, or that there is none.
OUTCOMES = ("In progress", "Queued", "Succeeded", "Running", "Error", "Not done", "Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class PressEnd:
    """What came of one press: calls that acted, deaths, the card in the end, steps of the life."""

    calls: int
    deaths: int
    card: str
    states: Sequence[str]
    audited: Sequence[str]
    steps: int


async def press_and_die(
    lives: Lives, folder: Path, point: Point | None = None, at_call: str = ""
) -> PressEnd:
    """Propose in one life, press in the next, which dies: at a point, or `at_call` "during" it."""
    async with running_scene(lives, folder) as scene:
        calls = _counted(scene, at_call)
        async with scene.living():
            await scene.deliver(scene.client().personal(f"rerun {CLOSE} from the beginning"))
            (proposed,) = await scene.connector.wait_for(1)
            await scene.until_quiet()
        found = _ID.search(json.dumps(proposed.card))
        assert found, summary(proposed)
        async with scene.living(point):
            while not has_outcome(scene):
                if _is_waiting(scene):  # also where a life that died holds the act for a second
                    await scene.deliver(_press(scene, found[1]))
                await asyncio.sleep(1.2)
        return PressEnd(
            calls=len(calls),
            deaths=scene.deaths,
            card=shown(scene),
            states=[one.get("state", "waiting") for one in _rows(scene, "proposals", "proposal-")],
            audited=[one.get("kind", "refusal") for one in _rows(scene, "audit-", "")],
            steps=max(len(one) for one in scene.steps()[scene.replicas : 2 * scene.replicas]),
        )


def shown(scene: Scene) -> str:
    """The sentence of the proposal's card as it stands now."""
    card = _card(scene)
    edits = [one for one in scene.connector.edits if one.activity_id == card]
    return summary(edits[-1]) if edits else ""


def has_outcome(scene: Scene) -> bool:
    """Whether everybody can read what came of it."""
    return shown(scene).startswith(OUTCOMES) and not _is_open(scene)


def _press(scene: Scene, proposal_id: str) -> Mapping[str, Any]:
    data = {"proposal": proposal_id}
    return scene.client().click("approve", data, on_message=_card(scene))


def _card(scene: Scene) -> str:
    """The id of the message that proposes."""
    return scene.connector.id_of(scene.connector.messages[0])


def _is_waiting(scene: Scene) -> bool:
    return any(
        one.get("state", "waiting") == "waiting" for one in _rows(scene, "proposals", "proposal-")
    )


def _is_open(scene: Scene) -> bool:
    states = [one.get("state", "waiting") for one in _rows(scene, "proposals", "proposal-")]
    return bool({"sent", "uncertain", "waiting"} & {*states})


def _counted(scene: Scene, at_call: str) -> list[str]:
    """Every call that acts, as it arrives; the first one is where the bot may be killed."""
    calls: list[str] = []
    struck: list[str] = []

    async def count(request: web.Request) -> None:
        if not CREATES.search(request.path):
            return
        calls.append(request.path)
        if at_call == "during" and not struck:
            struck.append(request.path)
            await request.read()  # taken whole, so that it acts though nobody hears the answer
            await scene.kill(port_of(request))

    scene.on_arm = count
    return calls


def _rows(scene: Scene, partition: str, key: str) -> list[Mapping[str, Any]]:
    return [
        json.loads(value)
        for place, name, value in scene.rows.all()
        if place.startswith(partition) and name.startswith(key)
    ]


async def presses_and_deaths(
    lives: Lives, folder: Path, numbers: Sequence[int], at_once: int = 6
) -> Mapping[int, PressEnd | BaseException]:
    """A press for each step of its life at which the bot is killed, several beside each other."""
    gate = asyncio.Semaphore(at_once)

    async def one(number: int) -> PressEnd:
        place = folder / str(number)
        place.mkdir()
        async with gate:
            return await press_and_die(lives, place, Point(number=number))

    ends = await asyncio.gather(*map(one, numbers), return_exceptions=True)
    return dict(zip(numbers, ends, strict=True))
