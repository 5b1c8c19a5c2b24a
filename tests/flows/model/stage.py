"""The product with a language model behind it, as a double has it, and what a test reads of it."""

import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from adf.simulator import load_world
from adf.simulator.state import State
from bot.hosting.telemetry import Telemetry
from cards.text_rendering import CardText, read_card
from tests.doubles.connector import ConnectorDouble, Sent
from tests.doubles.foundry import Brain, FoundryDouble, running_foundry
from tests.doubles.teams import Client
from tests.evals.rows import WORLD
from tests.evals.world import factories_file
from tests.flows.conftest import BERLIN, NOW
from tests.harness import Before, Product, running_product

BACKENDS = ("foundry", "azure_openai")
KEY = "planted-key"


def with_backends(names: Iterable[str]) -> Sequence[object]:
    """Each name with both backends: with one of them in turn, with the other among the proofs."""
    return [
        pytest.param(name, BACKENDS[(number + turn) % 2], marks=[pytest.mark.prove] * turn)
        for number, name in enumerate(names)
        for turn in (0, 1)
    ]


@dataclass(slots=True, kw_only=True)
class Clock:
    """The time of product and factory, moved by a test."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now.astimezone(UTC)


@dataclass(slots=True, kw_only=True)
class Stage:
    """The product, the model behind it (none offline), and what was asked of Azure."""

    product: Product
    double: FoundryDouble | None = None
    arm: list[str] = field(default_factory=list[str])

    @property
    def model(self) -> FoundryDouble:
        """The double; only where there is one."""
        assert self.double is not None
        return self.double

    @property
    def arm_writes(self) -> list[str]:
        """What would have changed a factory: everything but reads and queries."""
        reads = ("/query", "/getstatus", "/monitoringdata")
        return [
            one
            for one in self.arm
            if not (one.startswith("GET") or any(word in one.lower() for word in reads))
        ]

    def client(self, name: str = "Maya") -> Client:
        """Somebody's Teams."""
        return Client(service_url=self.product.connector.url, name=name)

    async def ask(self, text: str, name: str = "Maya") -> Sent:
        """Ask in the channel; the message that answers."""
        return await self.product.ask(self.client(name).in_channel(text))

    async def edits(self, count: int = 1) -> list[Sent]:
        """The edits, once there are so many."""
        return await self.product.connector.wait_for(count, is_edit)

    @property
    def shown(self) -> str:
        """All that went to Teams, as one text."""
        return json.dumps([dict(one.activity) for one in self.product.connector.sent])


@asynccontextmanager
async def talking(
    backend: str,
    brain: Brain,
    folder: Path,
    *,
    clock: Clock | None = None,
    state: State | None = None,
    double: FoundryDouble | None = None,
    telemetry: Telemetry | None = None,
    connector: ConnectorDouble | None = None,
    before: Before | None = None,
    endpoint: str = "",
    **settings: Any,  # noqa: ANN401 - settings are of any kind
) -> AsyncGenerator[Stage]:
    """The whole product over a model double, over a `double` that runs already, or `offline`.

    An `endpoint` is that of another server, which a test runs itself.
    """
    now, arm = clock or Clock(), list[str]()

    async def note(request: web.Request) -> web.StreamResponse | None:
        arm.append(f"{request.method} {request.path}")
        return await before(request) if before else None

    async with AsyncExitStack() as stack:
        if double is None and backend != "offline" and not endpoint:
            double = await stack.enter_async_context(running_foundry(brain))
        where = address_of(double, backend) if double else {}
        where |= {"MODEL_ENDPOINT": endpoint, "MODEL_API_KEY": KEY} if endpoint else {}
        product = await stack.enter_async_context(
            running_product(
                state or load_world(WORLD, now),
                factories_file(json.loads(WORLD.read_text(encoding="utf-8")), folder),
                now,
                before=note,
                connector=connector,
                telemetry=telemetry,
                ADFOPS_AGENT=backend,
                **where,
                **settings,
            )
        )
        yield Stage(product=product, double=double, arm=arm)


def address_of(double: FoundryDouble, backend: str) -> dict[str, str]:
    """The settings that lead a backend to the double."""
    if backend == "foundry":
        return {"PROJECT_ENDPOINT": double.project}
    return {"AZURE_OPENAI_ENDPOINT": double.url, "AZURE_OPENAI_KEY": KEY}


def is_edit(sent: Sent) -> bool:
    """Whether a request changes a message that stands."""
    return sent.method == "PUT"


def text_of(sent: Sent) -> str:
    """What its reader reads of a message, on a card or without one."""
    return read(sent).text if sent.card is not None else str(sent.activity.get("text"))


def read(sent: Sent) -> CardText:
    """A card as its reader meets it."""
    assert sent.card is not None, sent.activity.get("text")
    return read_card(sent.card, BERLIN)
