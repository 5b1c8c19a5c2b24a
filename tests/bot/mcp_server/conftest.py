"""A desk over the recorded world: Maya operates both factories, Tom reads one, Sam hears of one."""

import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from adf.simulator import arm_requests, load_world, make_simulator
from bot.access.policy import TenantAccess
from bot.hosting.config_files import read_file
from bot.mcp_server import (
    EntraTokenVerifier,
    HttpOptions,
    McpHandler,
    McpSetup,
    open_handler,
    serving_http,
)
from bot.messages import Person
from tests.doubles.identity import IdentityDouble, running_identity
from tests.doubles.teams import TENANT, object_id
from tests.evals.rows import WORLD
from tests.evals.world import factories_file
from tests.harness import listening

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
APP_ID = "22222222-2222-2222-2222-222222222222"


@dataclass(kw_only=True)
class Azure:
    """The simulated factories; `instead` is what they answer in place of the truth."""

    url: str = ""
    application: web.Application
    instead: tuple[int, dict[str, object]] | None = None

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Method and last step of the path of each request."""
        return [(one.method, one.path.split("/")[-1]) for one in arm_requests(self.application)]


@pytest.fixture
async def azure() -> AsyncGenerator[Azure]:
    async def before(_: web.Request) -> web.Response | None:
        if double.instead is None:
            return None
        status, body = double.instead
        return web.json_response(body, status=status)

    simulator = make_simulator(load_world(WORLD), before=before)
    double = Azure(application=simulator)
    async with listening(simulator) as double.url:
        yield double


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    return factories_file(json.loads(WORLD.read_text(encoding="utf-8")), tmp_path)


@pytest.fixture
def setup(azure: Azure, declared: Path) -> McpSetup:
    file = read_file(declared)
    return McpSetup(
        factories=file.factories,
        default=file.default,
        everybody=TenantAccess(
            factories=tuple(one.alias for one in file.factories),
            default=file.default,
            people=file.people,
        ),
        tenants=(TENANT,),
        arm_url=azure.url,
        store="memory:",
        zone="UTC",
    )


@pytest.fixture
async def desk(setup: McpSetup) -> AsyncGenerator[McpHandler]:
    async with open_handler(setup, lambda: NOW) as opened:
        yield opened


@pytest.fixture
async def local(setup: McpSetup) -> AsyncGenerator[McpHandler]:
    """A desk on a developer's own machine, where nobody is declared."""
    everybody = replace(setup.everybody, people={}, local=True)
    async with open_handler(replace(setup, everybody=everybody, tenants=()), lambda: NOW) as opened:
        yield opened


@pytest.fixture
async def identity() -> AsyncGenerator[IdentityDouble]:
    async with running_identity(APP_ID) as double:
        yield double


def person(name: str) -> Person:
    return Person(person_id=object_id(name), name="", tenant=TENANT)


def token(identity: IdentityDouble, name: str, **changed: object) -> str:
    """An access token of Entra for our app, as version 2.0 writes it."""
    claims: dict[str, object] = {
        "iss": f"{identity.url}{TENANT}/v2.0",
        "aud": APP_ID,
        "tid": TENANT,
        "oid": object_id(name),
        "scp": "access_as_user",
        "azp": "99999999-0000-0000-0000-000000000000",
        "serviceurl": None,
    }
    return identity.sign("", **{**claims, **changed})


@asynccontextmanager
async def serving(
    desk: McpHandler, identity: IdentityDouble | None, door: HttpOptions | None = None
) -> AsyncGenerator[str]:
    """The server on a real socket; yields its address."""
    async with aiohttp.ClientSession() as session:
        bearer = identity and EntraTokenVerifier(
            app_id=APP_ID,
            tenants=(TENANT,),
            session=session,
            seconds=time.monotonic,
            authority=identity.url,
        )
        async with serving_http(desk, door or HttpOptions(), bearer) as port:
            yield f"http://127.0.0.1:{port}/mcp"
