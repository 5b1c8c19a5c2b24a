"""An endpoint of the bot on a real socket, with a connector and a sign-in service beside it."""

import time
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from bot.messages import Arrival, CardClick, Message
from bot.teams import Endpoints, Ingress, SigningKeys, TeamsAdapter, TeamsIdentity
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.identity import IdentityDouble, running_identity
from tests.doubles.teams import TENANT

APP_ID = "22222222-2222-2222-2222-222222222222"
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
CONNECTOR = "https://smba.trafficmanager.net/emea/"


class Taken:
    """Stands in for inbox and turns: claims each key once, keeps what is taken."""

    def __init__(self) -> None:
        self.claimed: list[str] = []
        self.taken: list[Message | CardClick | Arrival] = []
        self.trouble: Exception | None = None

    async def claim(self, key: str, incoming: Message | CardClick | Arrival) -> bool:
        if key in self.claimed:
            return False
        self.claimed.append(key)
        return True

    async def take(self, key: str, incoming: Message | CardClick | Arrival) -> None:
        self.taken.append(incoming)
        if self.trouble:
            raise self.trouble


class Door:
    """The endpoint with what stands behind it, and a way to knock."""

    def __init__(self, ingress: Ingress, taken: Taken, url: str) -> None:
        self.ingress = ingress
        self.taken = taken
        self.url = url

    async def post(
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
            answer = (response.status, await response.json() if is_json else text)
        await self.ingress.drain()
        return answer


@pytest.fixture
async def identity() -> AsyncGenerator[IdentityDouble]:
    async with running_identity(APP_ID) as double:
        yield double


@pytest.fixture
async def connector() -> AsyncGenerator[ConnectorDouble]:
    async with running_connector() as double:
        yield double


@pytest.fixture
async def door(identity: IdentityDouble) -> AsyncGenerator[Door]:
    """The endpoint of a bot with an identity."""
    known = TeamsIdentity(
        app_id=APP_ID,
        app_password="secret",
        tenant_id=TENANT,
        endpoints=Endpoints(signing_keys=f"{identity.url}openidconfiguration"),
    )
    async with _open(known) as opened:
        yield opened


@pytest.fixture
async def local_door() -> AsyncGenerator[Door]:
    """The endpoint of a developer's own machine, without tokens."""
    async with _open(TeamsIdentity(local=True)) as opened:
        yield opened


class _open:  # noqa: N801 - reads as a verb
    """Serve an ingress on a free port."""

    def __init__(self, identity: TeamsIdentity) -> None:
        self._identity = identity

    async def __aenter__(self) -> Door:
        self._session = aiohttp.ClientSession()
        keys = SigningKeys(self._identity.endpoints.signing_keys, self._session, time.monotonic)
        taken = Taken()
        ingress = Ingress(TeamsAdapter(self._identity, keys), taken, lambda: NOW)
        app = web.Application()
        app.router.add_post("/api/messages", ingress.receive)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/messages"
        return Door(ingress, taken, url)

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()
