"""The product from a Teams activity to a card, over the real wire, as people in a room meet it."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

import app
from adf.simulator import load_world
from bot.teams.local.terminal import Terminal
from cards.text_rendering import CardText, read_card
from tests.doubles.connector import Sent
from tests.doubles.teams import Client
from tests.evals.rows import WORLD
from tests.evals.world import factories_file
from tests.harness import Product, running_product

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def product(tmp_path: Path) -> AsyncGenerator[Product]:
    world = json.loads(WORLD.read_text(encoding="utf-8"))
    declared = factories_file(world, tmp_path)
    async with running_product(load_world(WORLD), declared, lambda: NOW) as running:
        yield running


def maya(product: Product) -> Client:
    return Client(service_url=product.connector.url)


def read(sent: Sent) -> CardText:
    assert sent.card is not None
    return read_card(sent.card, BERLIN)


async def test_a_button_of_a_card_asks_on(product: Product) -> None:
    client = maya(product)
    status = await product.ask(client.personal("status of CustomerDataETL"))
    why = next(one for one in read(status).buttons if "why" in str(one.data).lower())
    answer = await product.ask(client.click(str(why.verb), why.data or {}))
    assert "Copy_CRM_Customers" in read(answer).text
    assert product.cards[-1].kind == "failure_card"


async def test_it_means_what_this_speaker_talked_about_in_this_thread(product: Product) -> None:
    client, lee = maya(product), Client(service_url=product.connector.url, name="Lee")
    await product.ask(client.in_channel("status of CustomerDataETL"))
    await product.ask(lee.in_channel("status of LegacyERP_Extract"))
    mine = await product.ask(client.in_channel("why did it fail"))
    his = await product.ask(lee.in_channel("why did it fail"))
    elsewhere = await product.ask(client.in_channel("why did it fail", thread="1800000000000"))
    assert "CustomerKey" in read(mine).text
    assert "shir-prod-01" in read(his).text
    assert "Which pipeline" in read(elsewhere).text


async def test_a_slip_of_the_pen_is_answered_and_said(product: Product) -> None:
    answer = await product.ask(maya(product).personal("status custmer data"))
    assert "Assuming you mean CustomerDataETL" in read(answer).text


async def test_no_secret_link_or_mention_of_an_error_reaches_the_room(product: Product) -> None:
    client = maya(product)
    for question in ("why did PaymentsRecon fail", "status of PaymentsRecon", "what failed"):
        sent = await product.ask(client.in_channel(question))
        wire = json.dumps(sent.activity)
        for planted in ("Hunter2", "evil.example", "<at>everyone", "](http"):
            assert planted not in wire


async def test_no_secret_reaches_the_log_or_the_memory_of_a_talk(
    product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await product.ask(maya(product).in_channel("why did PaymentsRecon fail"))
    await product.ask(maya(product).in_channel("what was the error message"))
    logged = caplog.text + str([record.args for record in caplog.records])
    assert "adf_pipeline_activity_runs" in str(product.calls)
    for planted in ("Hunter2", "svc_etl", "sql-pay"):
        assert planted not in logged


async def test_an_order_in_an_error_text_is_only_quoted(product: Product) -> None:
    answer = read(await product.ask(maya(product).personal("why did DevSandbox_Test fail")))
    assert "all pipelines are healthy" not in answer.text
    assert {call.name for call in product.calls} <= {
        "adf_pipeline_runs",
        "adf_pipeline_activity_runs",
    }


async def test_the_same_activity_twice_is_answered_once(product: Product) -> None:
    activity = maya(product).personal("what is running")
    await product.ask(activity)
    await product.post(activity)
    await product.ask(maya(product).personal("help"))
    assert [card.kind for card in product.cards] == ["status_list", "help_card"]


async def test_twenty_people_at_once_all_get_their_own_answer(product: Product) -> None:
    names = ("CustomerDataETL", "ProcessOrders", "LegacyERP_Extract", "MarketingDaily")
    people = [Client(service_url=product.connector.url, name=f"Person {n}") for n in range(20)]
    asked = [one.personal(f"status of {names[n % 4]}") for n, one in enumerate(people)]
    await asyncio.gather(*(product.post(activity) for activity in asked))
    answers = await product.connector.wait_for(20)
    said = {one.conversation: read(one).text for one in answers}
    for number, person in enumerate(people):
        assert names[number % 4] in said[f"a:{person.name.lower()}"]


@pytest.mark.parametrize("name", ["FinanceGL_Load", "ProcessOrders", "InventorySnapshot"])
async def test_where_no_incident_is_open_the_pipeline_itself_is_shown(
    name: str, product: Product
) -> None:
    for words in ("how far along is the {} incident", "status of the incident of {}"):
        sent = await product.ask(maya(product).personal(words.format(name)))
        assert f"No incident of {name} is open." in read(sent).text
        assert product.cards[-1].kind == "run_card"


async def test_a_typed_yes_approves_nothing(product: Product) -> None:
    answer = await product.ask(maya(product).in_channel("yes"))
    assert answer.card is None
    assert product.calls == []


async def test_the_welcome_comes_once(product: Product) -> None:
    client = maya(product)
    await product.ask(client.installed())
    await product.post(client.installed())
    await product.ask(client.in_channel("what is running"))
    assert [card.kind for card in product.cards] == ["help_card", "status_list"]


async def test_health_and_readiness_are_told(product: Product) -> None:
    base = product.endpoint.removesuffix("/api/messages")
    async with aiohttp.ClientSession() as session:
        for path, fine in (("healthz", {200}), ("readyz", {200, 503})):
            async with session.get(f"{base}/{path}") as response:
                assert response.status in fine


async def test_the_terminal_chat_reads_cards_and_presses_their_buttons() -> None:
    lines: list[str] = []
    async with app.demo_bot(0) as endpoint:
        terminal = Terminal(endpoint, "Europe/Berlin", lines.append)
        async with terminal.listening():
            await terminal.say("which pipelines failed")
            assert "CustomerDataETL" in lines[-1]
            await terminal.say("1")
            assert len(lines) == 2
            await terminal.say("what's the weather")
            assert "Data Factory" in lines[-1]
