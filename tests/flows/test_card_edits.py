"""Refresh, range and filter change the card that was pressed, for everybody, and post nothing."""

from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from adf.simulator import Fault
from cards.text_rendering import CardButton, read_card
from tests.doubles.connector import Sent
from tests.flows.conftest import BERLIN, Clock, Run, client_of, read
from tests.harness import Product

CARD = "application/vnd.microsoft.card.adaptive"
WORDS = "application/vnd.microsoft.activity.message"
THREAD = "1700000000000"
# A question, the button below its answer, and what the card says once that was pressed.
IN_PLACE = (
    ("status of CustomerDataETL", "Refresh", "CustomerDataETL failed"),
    ("why is ProcessOrders queued", "Refresh", "ProcessOrders"),
    ("trend of CustomerDataETL in the last 24 hours", "7 days", "last 7 days"),
    ("trend of CustomerDataETL in the last 7 days", "24 h", "last 24 h"),
    ("activity breakdown of PL_Master_Nightly", "Failed only", "4 failed activity runs"),
    ("what changed in CustomerDataETL", "30 days", "last 30 days"),
)


@pytest.fixture
async def product(run: Run) -> AsyncGenerator[Product]:
    async with run() as running:
        yield running


async def pressed(
    product: Product, shown: Sent, title: str, *, name: str = "Maya", thread: str | None = None
) -> Mapping[str, Any]:
    """Press a button of a card that was sent; the answer to who pressed."""
    data = dict(_button(shown, title).data or {})
    message = _id_of(product, shown)
    click = client_of(product, name).click("edit", data, on_message=message, thread=thread)
    return await product.press(click)


def _id_of(product: Product, sent: Sent) -> str:
    """The id that the connector gave a message; signs of typing may have come before it."""
    return f"message-{product.connector.sent.index(sent) + 1}"


def _button(shown: Sent, title: str) -> CardButton:
    found = next(one for one in read(shown).buttons if one.title == title)
    assert found.verb == "edit"
    return found


@pytest.mark.parametrize(("question", "title", "says"), IN_PLACE, ids=lambda one: str(one)[:24])
@pytest.mark.parametrize("thread", [None, THREAD], ids=["personal", "channel"])
async def test_a_button_that_edits_changes_its_card_for_everybody(
    product: Product, question: str, title: str, says: str, thread: str | None
) -> None:
    maya = client_of(product)
    asked = maya.in_channel(question, thread=THREAD) if thread else maya.personal(question)
    first = await product.ask(asked)
    answer = await pressed(product, first, title, thread=thread)
    assert answer["type"] == CARD
    assert says in read_card(answer["value"], BERLIN).text
    (edit,) = product.connector.edits
    assert edit.card == answer["value"]
    assert (edit.conversation, edit.activity_id) == (first.conversation, _id_of(product, first))
    assert len(product.connector.messages) == 1


async def test_a_range_that_is_shown_is_not_offered_and_the_way_back_is(product: Product) -> None:
    maya = client_of(product)
    day = await product.ask(maya.personal("trend of CustomerDataETL in the last 24 hours"))
    assert {"48 h", "7 days"} <= {one.title for one in read(day).buttons}
    assert "24 h" not in {one.title for one in read(day).buttons}
    failed = await product.ask(maya.personal("activity breakdown of PL_Master_Nightly"))
    answer = await pressed(product, failed, "Failed only")
    offered = {one.title for one in read_card(answer["value"], BERLIN).buttons}
    assert "All activities" in offered
    assert "Failed only" not in offered


async def test_a_refresh_shows_what_happened_since(product: Product, clock: Clock) -> None:
    shown = await product.ask(client_of(product).personal("status of ProcessOrders"))
    clock.now += timedelta(minutes=20)
    answer = await pressed(product, shown, "Refresh")
    assert read_card(answer["value"], BERLIN).text != read(shown).text


async def test_who_may_not_read_it_changes_nothing_for_the_others(product: Product) -> None:
    shown = await product.ask(client_of(product).in_channel("status of CustomerDataETL"))
    product.connector.members["29:gus"] = {"userRole": "guest"}
    before = len(product.connector.sent)
    answer = await pressed(product, shown, "Refresh", name="Gus", thread=THREAD)
    assert answer["type"] == WORDS
    assert "guest" in answer["value"]
    assert len(product.connector.sent) == before


@pytest.mark.parametrize("question", ["", " ", 7, None])
async def test_a_button_without_a_question_is_answered_in_words(
    product: Product, question: object
) -> None:
    data = {} if question is None else {"question": question}
    click = client_of(product).click("edit", data, on_message="message-1")
    assert (await product.press(click))["type"] == WORDS
    assert product.connector.edits == []


async def test_what_cannot_be_read_now_leaves_the_card_and_is_said(run: Run, clock: Clock) -> None:
    refused = Fault(path="queryPipelineRuns", status=403, code="AuthorizationFailed", skip=1)
    async with run(refused) as product:
        shown = await product.ask(client_of(product).personal("status of CustomerDataETL"))
        clock.now += timedelta(minutes=20)
        answer = await pressed(product, shown, "Refresh")
        assert answer["type"] == WORDS
        assert product.connector.edits == []


async def test_a_card_from_elsewhere_is_not_edited(product: Product) -> None:
    shown = await product.ask(client_of(product).personal("status of CustomerDataETL"))
    answer = await pressed(product, shown, "Refresh", thread=THREAD)
    assert answer["type"] == WORDS
    assert product.connector.edits == []
