"""The card comes first, from code; the words of the model follow by an edit of the same message."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adf.simulator import load_world
from tests.doubles.connector import Sent
from tests.doubles.foundry import (
    TROUBLES,
    Answering,
    Brain,
    EveryTurn,
    FoundryDouble,
    calls,
    running_foundry,
    says,
)
from tests.doubles.teams import Client
from tests.evals.rows import WORLD
from tests.evals.world import factories_file
from tests.harness import Product, running_product

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
WORDS = "A row without a key came from the source; fix it there, then run again."
BACKENDS = ("foundry", "azure_openai")


@asynccontextmanager
async def talking(
    backend: str,
    brain: Brain,
    folder: Path,
    **settings: Any,  # noqa: ANN401 - settings are of any kind
) -> AsyncGenerator[tuple[Product, FoundryDouble]]:
    """The whole product over a model double."""

    world = json.loads(WORLD.read_text(encoding="utf-8"))
    async with running_foundry(brain) as double:
        where = (
            {"PROJECT_ENDPOINT": double.project}
            if backend == "foundry"
            else {"AZURE_OPENAI_ENDPOINT": double.url, "AZURE_OPENAI_KEY": "planted-key"}
        )
        async with running_product(
            load_world(WORLD),
            factories_file(world, folder),
            lambda: NOW,
            ADFOPS_AGENT=backend,
            **where,
            **settings,
        ) as product:
            yield product, double


def maya(product: Product) -> Client:
    return Client(service_url=product.connector.url)


def is_edit(sent: Sent) -> bool:
    return sent.method == "PUT"


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_failure_is_explained_by_an_edit_of_its_card(backend: str, tmp_path: Path) -> None:
    async with talking(backend, EveryTurn([says(WORDS)]), tmp_path) as (product, _):
        card = await product.ask(maya(product).in_channel("why did CustomerDataETL fail"))
        assert WORDS not in str(card.card)
        (edit,) = await product.connector.wait_for(1, is_edit)
        assert edit.activity_id == product.connector.id_of(card)
        assert WORDS in str(edit.card)
        assert "AI generated" in str(edit.card)
        assert edit.activity["entities"][0]["additionalType"] == ["AIGeneratedContent"]
        assert "entities" not in card.activity
        assert "CustomerKey" in str(edit.card)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_what_rules_are_not_sure_of_the_model_answers(backend: str, tmp_path: Path) -> None:
    brain = EveryTurn(
        [calls("adf_pipeline_runs", pipeline="ProcessOrders", latest_only=True)],
        [says("Orders are still running.")],
    )
    async with talking(backend, brain, tmp_path) as (product, _):
        sent = await product.ask(maya(product).in_channel("any vibes from orders"))
        assert "Orders are still running." in str(sent.card)
        assert sent.activity["entities"][0]["additionalType"] == ["AIGeneratedContent"]
        assert "AI generated" in str(sent.card)
        assert "ProcessOrders" in str(sent.card)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("trouble", ["no_rights", "server_error", "prompt_filtered", "cut", "html"])
async def test_with_the_model_in_trouble_the_card_stands_and_one_line_says_so(
    backend: str, trouble: str, tmp_path: Path
) -> None:
    async with talking(backend, EveryTurn([says(WORDS)]), tmp_path) as (product, double):
        for _ in range(6):
            double.faults.add(TROUBLES[trouble])
        await product.ask(maya(product).in_channel("why did CustomerDataETL fail"))
        (edit,) = await product.connector.wait_for(1, is_edit)
        assert "CustomerKey" in str(edit.card)
        assert "No explanation right now" in str(edit.card)
        assert "entities" not in edit.activity


async def test_the_ceiling_of_the_day_keeps_the_model_out(tmp_path: Path) -> None:
    brain = Answering(lambda _: WORDS)
    async with talking("foundry", brain, tmp_path, ADFOPS_TOKENS_PER_DAY=1) as (product, double):
        client = maya(product)
        await product.ask(client.in_channel("why did CustomerDataETL fail"))
        await product.connector.wait_for(1, is_edit)
        asked = len(double.asked)
        await product.ask(client.in_channel("why did PaymentsRecon fail"))
        edits = await product.connector.wait_for(2, is_edit)
        assert "used up" in str(edits[-1].card)
        assert len(double.asked) == asked


async def test_a_status_is_not_explained_unless_wished(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as (product, double):
        await product.ask(maya(product).in_channel("status of CustomerDataETL"))
        assert not any("responses" in one.path for one in double.asked)


async def test_what_the_model_used_is_told(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as (product, _):
        client = maya(product)
        await product.ask(client.in_channel("why did CustomerDataETL fail"))
        await product.connector.wait_for(1, is_edit)
        sent = await product.ask(client.in_channel("how many tokens have we used today"))
        assert "gpt-4o-mini" in str(sent.card)
        assert "'text': '0'" not in str(sent.card)
