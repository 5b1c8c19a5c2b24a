"""What people in a room meet when Azure is slow, busy, broken or says no: the whole product."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from adf.simulator import Fault, Faults, load_world
from adf.simulator.arm.server import Before
from cards.text_rendering import CardText, read_card
from tests.doubles.connector import Sent
from tests.doubles.teams import Client
from tests.evals.rows import WORLD
from tests.evals.world import factories_file
from tests.harness import Product, running_product
from tests.trips import Trips

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
STATUS = "status of CustomerDataETL"
NIGHTLY = "why did PL_Master_Nightly fail"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Azure:
    """What answers in ARM's place, and can be changed while people ask."""

    def __init__(self, before: Before | None = None) -> None:
        self.before = before
        self.clock = Clock()

    def breaks(self, **fault: object) -> None:
        self.before = Faults([Fault.model_validate(fault)])

    @asynccontextmanager
    async def product(self, folder: Path) -> AsyncGenerator[Product]:
        world = json.loads(await asyncio.to_thread(WORLD.read_text, encoding="utf-8"))
        async with running_product(
            load_world(WORLD, self.clock),
            factories_file(world, folder),
            self.clock,
            before=self._answer,
            ADFOPS_ZONE="Europe/Berlin",
        ) as product:
            yield product

    async def _answer(self, request: web.Request) -> web.StreamResponse | None:
        return await self.before(request) if self.before else None


def people(product: Product, number: int) -> list[Client]:
    names = (f"Person {one}" for one in range(number))
    return [Client(service_url=product.connector.url, name=name) for name in names]


async def ask(product: Product, question: str) -> CardText:
    (one,) = people(product, 1)
    return read(await product.ask(one.in_channel(question)))


def read(sent: Sent) -> CardText:
    assert sent.card is not None
    return read_card(sent.card, BERLIN)


async def test_fifty_who_ask_the_same_at_once_cost_at_most_three_calls(tmp_path: Path) -> None:
    trips = Trips(delay=0.15)
    async with Azure(trips).product(tmp_path) as product:
        asked = [one.in_channel(STATUS) for one in people(product, 50)]
        await asyncio.gather(*(product.post(activity) for activity in asked))
        answers = await product.connector.wait_for(50)
        assert all("failed" in read(sent).text for sent in answers)
        assert len(product.calls) == 50
        assert len(trips.stays) <= max(3, len(product.apps))  # each replica remembers by itself


@pytest.mark.parametrize(
    ("question", "most"),
    [
        (STATUS, 1),
        # What did not start needs triggers and their runs; who stopped them, two looks at the log.
        ("status of all critical pipelines", 5),
        ("what failed", 1),
        ("what is running", 2),  # how far each run is needs what is inside, and earlier ones
        ("why did CustomerDataETL fail", 2),
        (NIGHTLY, 4),
    ],
)
async def test_no_question_takes_more_trips_in_a_row_than_it_must(
    question: str, most: int, tmp_path: Path
) -> None:
    trips = Trips(delay=0.1)
    async with Azure(trips).product(tmp_path) as product:
        await ask(product, question)
        assert trips.in_a_row <= most, [call.name for call in product.calls]


async def test_an_answer_from_memory_says_as_of_when_it_is(tmp_path: Path) -> None:
    azure = Azure()
    async with azure.product(tmp_path) as product:
        azure.clock.now += timedelta(seconds=50)
        for question in (STATUS, "why did CustomerDataETL fail"):
            for _ in product.apps:  # each replica knows what it was told itself
                await ask(product, question)
        azure.breaks(status=500)
        azure.clock.now += timedelta(seconds=19)
        for question in (STATUS, "why did CustomerDataETL fail"):
            assert "as of 03:40" in (await ask(product, question)).text


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 429}, "Azure is busy"),
        ({"status": 429, "retry_after": 40}, "Try again in 40 s"),
        ({"status": 503}, "I couldn't reach Data Factory"),
        ({"status": 403}, "ADF Ops Reader"),
        ({"cut": "after_headers"}, "was closed"),
        ({"html": True}, "can't be read"),
    ],
    ids=str,
)
async def test_trouble_tells_what_was_last_known_and_since_when(
    fault: dict[str, object], said: str, tmp_path: Path
) -> None:
    azure = Azure()
    async with azure.product(tmp_path) as product:
        for _ in product.apps:  # each replica knows what it was told itself
            await ask(product, STATUS)
        azure.clock.now += timedelta(minutes=20)
        azure.breaks(**fault)
        trouble = await ask(product, STATUS)
        assert product.cards[-1].kind == "error_card"
    assert said in trouble.text
    assert "CustomerDataETL: Failed 02:31 (as of 03:40)" in trouble.text


async def test_a_missing_permission_is_told_with_action_role_and_who_can_give_it(
    tmp_path: Path,
) -> None:
    azure = Azure()
    async with azure.product(tmp_path) as product:
        azure.breaks(status=403)
        trouble = await ask(product, STATUS)
    for said in (
        "Microsoft.DataFactory/factories/querypipelineruns/action",
        "ADF Ops Reader",
        "User Access Administrator",
        "adf-prod",
    ):
        assert said in trouble.text
    page = "https://portal.azure.com/#resource/subscriptions/"
    assert any(str(one.url).startswith(page) for one in trouble.buttons)


async def test_a_child_that_fails_leaves_the_rest_of_the_card(tmp_path: Path) -> None:
    azure = Azure()
    async with azure.product(tmp_path) as product:
        azure.breaks(path="/pipelineruns/44444444.*/queryActivityruns$", status=500)
        answer = await ask(product, NIGHTLY)
        assert product.cards[-1].kind == "failure_card"
    assert "IngestSalesforce" in answer.text
    assert "Partial answer: could not read the activity runs of IngestSalesforce" in answer.text


async def test_a_throttled_moment_passes_unnoticed(tmp_path: Path) -> None:
    azure = Azure()
    async with azure.product(tmp_path) as product:
        azure.breaks(status=429, retry_after=0, times=2)
        await ask(product, STATUS)
        assert product.cards[-1].kind == "run_card"
