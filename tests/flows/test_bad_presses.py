"""Presses without the right, on old, used or tampered cards: refused to that person alone."""

import json
import sqlite3
from collections.abc import AsyncGenerator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.state.store import MemoryStore
from cards.text_rendering import CardText, read_card
from tests.bot.builders.refusals import refusals_of_day
from tests.doubles.connector import Sent
from tests.flows.conftest import BERLIN, NOW, Clock, Run, client_of, read
from tests.harness import Product

Json = Mapping[str, Any]
WORDS = "application/vnd.microsoft.activity.message"
CARD = "application/vnd.microsoft.card.adaptive"


@pytest.fixture
def kept(tmp_path: Path) -> str:
    """A store that can be read when the product is gone."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
async def product(run: Run, clock: Clock, kept: str) -> AsyncGenerator[Product]:
    clock.now = NOW - timedelta(minutes=25)
    async with run(ADFOPS_STORE=kept, ADFOPS_POLL_SECONDS=1) as running:
        yield running


async def alert_of(product: Product, clock: Clock) -> Sent:
    """The alert that the channel gets once PL_Master_Nightly broke."""
    await product.ask(client_of(product).in_channel("tell this channel when any pipeline fails"))
    clock.now = NOW - timedelta(minutes=15)
    found = await product.connector.wait_for(1, _is_about_nightly)
    return found[0]


def _is_about_nightly(sent: Sent) -> bool:
    return sent.method == "POST" and "PL_Master_Nightly failed" in str(sent.card)


async def press(product: Product, name: str, alert: Sent, **changed: object) -> Json:
    """Press the alert's Acknowledge, with other data if any are given; returns the answer."""
    button = next(one for one in read(alert).buttons if one.verb == "ack")
    data = {**(button.data or {}), **changed}
    click = client_of(product, name).click("ack", data, thread="0")
    async with (
        aiohttp.ClientSession() as session,
        session.post(product.endpoint, json=click) as response,
    ):
        assert response.status == 200
        return await response.json()


def shown(answer: Json) -> CardText:
    """The card that took the place of the pressed one."""
    assert answer["type"] == CARD, answer
    return read_card(answer["value"], BERLIN)


async def copy_of(store: str) -> MemoryStore:
    """What lies in a store that a running bot owns."""
    copy = MemoryStore()
    with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as connection:
        for partition, key, value in connection.execute(
            "SELECT partition, key, value FROM entries"
        ):
            await copy.insert(partition, key, json.loads(value))
    return copy


async def test_a_press_without_the_right_is_refused_to_that_person_alone_and_audited(
    product: Product, clock: Clock, kept: str
) -> None:
    alert = await alert_of(product, clock)
    before = len(product.connector.sent), len(product.calls)
    answer = await press(product, "Tom", alert)
    assert answer["type"] == WORDS
    assert "operator" in answer["value"]
    assert "maya" in answer["value"].lower()
    assert (len(product.connector.sent), len(product.calls)) == before
    refused = await refusals_of_day(await copy_of(kept), clock.now.date())
    assert [(one.factory, "ack" in one.right) for one in refused] == [("adf-prod", True)]


async def test_a_used_card_says_who_has_it_and_nothing_changes_hands(
    product: Product, clock: Clock
) -> None:
    alert = await alert_of(product, clock)
    first = shown(await press(product, "Lee", alert))
    again = shown(await press(product, "Maya", alert))
    assert "Lee" in first.text
    assert "Lee" in again.text
    assert "Maya" not in again.text.replace("maya", "")


@pytest.mark.parametrize("incident", ["INC-999", "", "../INC-1", ["INC-1"], {"id": "INC-1"}, 1])
async def test_a_tampered_card_acknowledges_nothing(
    incident: object, product: Product, clock: Clock
) -> None:
    alert = await alert_of(product, clock)
    calls = len(product.calls)
    answer = await press(product, "Lee", alert, incident=incident)
    assert answer["type"] == WORDS
    assert "don't know" in answer["value"]
    assert len(product.calls) == calls
    assert "Lee" not in shown(await press(product, "Ivy", alert)).text


async def test_what_a_card_carries_besides_its_id_is_not_believed(
    product: Product, clock: Clock
) -> None:
    alert = await alert_of(product, clock)
    forged = {"owner": "Tom", "by": "Tom", "state": "resolved", "rev": 99, "factory": "adf-uat"}
    card = shown(await press(product, "Lee", alert, **forged))
    assert "Lee" in card.text
    assert "Tom" not in card.text
    assert "resolved" not in card.text.lower()


@pytest.mark.parametrize("verb", ["approve", "rerun", "cancel", "../ack", "ACK"])
async def test_a_button_nobody_made_does_nothing(verb: str, product: Product) -> None:
    data = {"proposal": "PR-1", "run_id": "11111111-0000-4000-8000-000000000001"}
    assert await product.post(client_of(product).click(verb, data)) == 200
    sent = await product.ask(client_of(product).personal("help"))
    assert read(sent).text
    assert [one.name for one in product.calls] == ["bot_help"]
