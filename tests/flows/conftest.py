"""The product over the recorded world, with faults if any are given, on a clock a test moves."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adf.simulator import Fault, Faults, load_world
from cards.text_rendering import CardText, read_card
from tests.doubles.connector import Sent
from tests.doubles.teams import Client
from tests.evals.rows import WORLD
from tests.evals.world import factories_file
from tests.harness import Product, running_product

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
Run = Callable[..., AbstractAsyncContextManager[Product]]


class Clock:
    """The time of product and factory, moved by a test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """The world's factories and people, as a team would declare them."""
    return factories_file(json.loads(WORLD.read_text(encoding="utf-8")), tmp_path)


@pytest.fixture
def run(declared: Path, clock: Clock) -> Run:
    """Starts the product; faults begin once it is ready."""

    @asynccontextmanager
    async def running(
        *faults: Fault,
        **settings: Any,  # noqa: ANN401 - settings are of any kind
    ) -> AsyncGenerator[Product]:
        state, before = load_world(WORLD, clock), Faults(faults)
        async with running_product(state, declared, clock, before=before, **settings) as product:
            yield product

    return running


def client_of(product: Product, name: str = "Maya") -> Client:
    """Somebody's Teams, on this product's connector."""
    return Client(service_url=product.connector.url, name=name)


def read(sent: Sent) -> CardText:
    """A message's card, as its reader meets it."""
    assert sent.card is not None, sent.activity.get("text")
    return read_card(sent.card, BERLIN)
