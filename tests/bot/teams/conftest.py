"""An endpoint of the bot on a real socket, with a connector and a sign-in service beside it."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from bot.messages import Address, Arrival, CardClick, Message, PressResult, Scope
from bot.teams import Endpoints, MessagesEndpoint, Sender, SigningKeys, TeamsAdapter, TeamsIdentity
from tests.doubles.certificate import make_certificate
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.identity import IdentityDouble, running_identity
from tests.doubles.teams import TENANT

APP_ID = "22222222-2222-2222-2222-222222222222"
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
CONNECTOR = "https://smba.trafficmanager.net/emea/"
THREAD = "19:data-incidents@thread.tacv2;messageid=1700000000000"


class Watch:
    """A clock of seconds that a test moves."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


class Waits:
    """Stands in for sleeping: keeps how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Taken:
    """Stands in for inbox and turns: claims each key once, keeps what is taken.

    `trouble` is raised by a turn, `store_trouble` by a claim; `until` holds up a turn.
    """

    def __init__(self) -> None:
        self.claimed: list[str] = []
        self.taken: list[Message | CardClick | Arrival] = []
        self.trouble: Exception | None = None
        self.store_trouble: Exception | None = None
        self.until: Callable[[], Awaitable[object]] | None = None
        self.finished = 0
        self.gives: PressResult | None = None

    async def claim(self, key: str, incoming: Message | CardClick | Arrival) -> bool:
        if self.store_trouble:
            raise self.store_trouble
        if key in self.claimed:
            return False
        self.claimed.append(key)
        return True

    async def handle(self, key: str, incoming: Message | CardClick | Arrival) -> PressResult | None:
        self.taken.append(incoming)
        if self.until:
            await self.until()
        if self.trouble:
            raise self.trouble
        self.finished += 1
        return self.gives


class Door:
    """The endpoint with what stands behind it, and a way to knock."""

    def __init__(self, ingress: MessagesEndpoint, taken: Taken, url: str) -> None:
        self.ingress = ingress
        self.taken = taken
        self.url = url

    async def knock(
        self, body: Mapping[str, Any] | str | bytes, token: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Send a request as the Bot Framework would; returns status and body."""
        sent = {"Content-Type": "application/json"} | headers
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        data = orjson.dumps(body) if isinstance(body, Mapping) else body
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, headers=sent, data=data) as response,
        ):
            text = await response.text()
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else text

    async def post(
        self, body: Mapping[str, Any] | str | bytes, token: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Send a request and wait until what it began is done."""
        answer = await self.knock(body, token, **headers)
        await self.ingress.drain()
        return answer


@pytest.fixture
async def identity() -> AsyncGenerator[IdentityDouble]:
    async with running_identity(APP_ID) as double:
        yield double


@pytest.fixture
async def entra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[IdentityDouble]:
    """A sign-in service for secrets, which MSAL speaks to over https only."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.trusted))
    async with running_identity(APP_ID, certificate.server) as double:
        yield double


@pytest.fixture
async def connector() -> AsyncGenerator[ConnectorDouble]:
    async with running_connector() as double:
        yield double


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def door(identity: IdentityDouble, watch: Watch) -> AsyncGenerator[Door]:
    """The endpoint of a bot with an identity; `watch` is its clock."""
    known = TeamsIdentity(
        app_id=APP_ID,
        app_password="secret",
        tenant_id=TENANT,
        endpoints=Endpoints(signing_keys=f"{identity.url}openidconfiguration"),
    )
    async with opened(known, watch, lambda: time.time() + watch.seconds) as door:
        yield door


@pytest.fixture
async def local_door() -> AsyncGenerator[Door]:
    """The endpoint of a developer's own machine, without tokens."""
    async with opened(TeamsIdentity(local=True), drain_seconds=20.0) as door:
        yield door


@asynccontextmanager
async def opened(
    identity: TeamsIdentity,
    watch: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
    drain_seconds: float = 20.0,
) -> AsyncGenerator[Door]:
    """Serve an ingress on a free port."""
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(identity.endpoints.signing_keys, session, watch)
        adapter, taken = TeamsAdapter(identity, keys, now=now), Taken()
        ingress = MessagesEndpoint(adapter, taken, lambda: NOW, drain_seconds, press_seconds=5.0)
        app = web.Application()
        app.router.add_post("/api/messages", ingress.receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield Door(ingress, taken, f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
        finally:
            await runner.cleanup()


@asynccontextmanager
async def opened_sender(
    identity: TeamsIdentity,
    sleep: Callable[[float], Awaitable[None]] | None = None,
    watch: Callable[[], float] = time.monotonic,
) -> AsyncGenerator[Sender]:
    """A sender with an identity of its own; it does not really wait."""
    async with aiohttp.ClientSession() as session:
        adapter = TeamsAdapter(identity, SigningKeys("", session, watch), seconds=watch)
        yield Sender(adapter, session, sleep or Waits())


def address(connector: ConnectorDouble) -> Address:
    """A thread of a channel, behind a connector."""
    return Address(
        scope=Scope.CHANNEL,
        tenant=TENANT,
        service_url=connector.url,
        conversation=THREAD,
        bot_id="28:bot",
        bot_name="ADF Ops",
    )
