"""A press on a card is answered at once, to whoever pressed and to nobody else."""

import asyncio

import pytest

from bot.messages import CardClick, PressResult
from bot.teams.endpoint import WORKING
from bot.turns.handler import ANSWERED
from cards.card import Card
from tests.bot.teams.conftest import Door
from tests.doubles.teams import Client

WORDS = "application/vnd.microsoft.activity.message"
MAYA = Client(service_url="http://127.0.0.1:9/")


async def test_words_are_shown_to_who_pressed(local_door: Door) -> None:
    local_door.taken.gives = PressResult(words="Only operators may do that: Priya.")
    status, body = await local_door.post(MAYA.click("ack", {"incident": "INC-1"}))
    assert (status, body["type"]) == (200, WORDS)
    assert body["value"] == "Only operators may do that: Priya."


async def test_a_card_takes_the_place_of_the_one_pressed(local_door: Door) -> None:
    card = Card(kind="incident_card", content={"type": "AdaptiveCard"}, summary="")
    local_door.taken.gives = PressResult(card=card)
    _, body = await local_door.post(MAYA.click("ack", {"incident": "INC-1"}))
    assert body["type"] == "application/vnd.microsoft.card.adaptive"
    assert body["value"] == {"type": "AdaptiveCard"}


async def test_the_same_press_sent_again_gets_the_first_answer(local_door: Door) -> None:
    local_door.taken.gives = PressResult(words="Acknowledged.")
    press = MAYA.click("ack", {"incident": "INC-1"})
    first = await local_door.post(press)
    local_door.taken.gives = PressResult(words="something else")
    again = await local_door.post({**press, "id": "another-id"})
    assert first == again
    assert len(local_door.taken.taken) == 1


async def test_a_press_that_takes_long_is_told_to_be_worked_on(local_door: Door) -> None:
    gate = asyncio.Event()
    local_door.taken.until = gate.wait
    _, body = await local_door.knock(MAYA.click("ack", {"incident": "INC-1"}))
    assert body["value"] == WORKING
    gate.set()
    await local_door.ingress.drain()


async def test_a_press_that_breaks_is_not_told_as_done(local_door: Door) -> None:
    local_door.taken.trouble = RuntimeError("the store is full")
    _, body = await local_door.post(MAYA.click("ack", {"incident": "INC-1"}))
    assert body["value"] == WORKING


async def test_what_stands_below_a_button_that_asks_stays_true(local_door: Door) -> None:
    local_door.taken.gives = PressResult(words=ANSWERED)
    _, body = await local_door.post(MAYA.click("ask", {"question": "why"}))
    assert body["value"] == ANSWERED
    gate = asyncio.Event()
    local_door.taken.until = gate.wait
    _, body = await local_door.knock(MAYA.click("ask", {"question": "and when"}))
    assert body["value"] == WORKING
    gate.set()
    await local_door.ingress.drain()


async def test_an_edit_that_is_pressed_again_at_once_is_looked_up_again(local_door: Door) -> None:
    press = MAYA.click("edit", {"question": "what is running"})
    await local_door.post(press)
    await local_door.post(press)
    assert len(local_door.taken.taken) == 1
    await local_door.post({**press, "id": "pressed-again"})
    assert len(local_door.taken.taken) == 2


@pytest.mark.parametrize(("verb", "waits"), [("click", True), ("submit", False)])
async def test_an_old_client_does_not_wait(verb: str, waits: bool, local_door: Door) -> None:
    pressed = MAYA.click("ack", {}) if verb == "click" else MAYA.submit({"verb": "ack"})
    await local_door.post(pressed)
    (click,) = local_door.taken.taken
    assert isinstance(click, CardClick)
    assert click.waits is waits
