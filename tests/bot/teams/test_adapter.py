"""The adapter is warmed before the first message, and remembers a bounded number of tokens."""

import time
from collections.abc import AsyncGenerator

import aiohttp
import pytest
from botbuilder.schema import Activity

from bot.teams import Endpoints, NotSignedIn, SigningKeys, TeamsAdapter, TeamsIdentity
from bot.teams.adapter import MOST_TOKENS
from tests.bot.teams.conftest import APP_ID, CONNECTOR
from tests.doubles.identity import TOKEN, IdentityDouble
from tests.doubles.teams import TENANT


@pytest.fixture
async def adapter(entra: IdentityDouble, identity: IdentityDouble) -> AsyncGenerator[TeamsAdapter]:
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(f"{identity.url}openidconfiguration", session, time.monotonic)
        endpoints = Endpoints(authority=entra.url)
        known = TeamsIdentity(
            app_id=APP_ID, app_password="secret", tenant_id=TENANT, endpoints=endpoints
        )
        yield TeamsAdapter(known, keys)


async def test_after_the_warm_up_nothing_needs_to_be_fetched(
    adapter: TeamsAdapter, entra: IdentityDouble, identity: IdentityDouble
) -> None:
    await adapter.warm()
    identity.is_down, entra.refusal = True, {"error": "down"}
    token = identity.sign(CONNECTOR)
    await adapter.authenticate(f"Bearer {token}", Activity(service_url=CONNECTOR))
    assert await adapter.token() == TOKEN


async def test_a_warm_up_fails_with_what_is_missing(
    adapter: TeamsAdapter, entra: IdentityDouble
) -> None:
    entra.refusal = {"error": "unauthorized_client"}
    with pytest.raises(NotSignedIn, match="unauthorized_client"):
        await adapter.warm()


async def test_in_local_mode_there_is_nothing_to_warm() -> None:
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys("http://127.0.0.1:9/", session, time.monotonic)
        adapter = TeamsAdapter(TeamsIdentity(local=True), keys)
        await adapter.warm()
        assert await adapter.token() is None


async def test_tokens_are_remembered_to_a_bound(
    adapter: TeamsAdapter, identity: IdentityDouble
) -> None:
    await adapter.warm()
    first = identity.sign(CONNECTOR, jti="first")
    await adapter.authenticate(f"Bearer {first}", Activity(service_url=CONNECTOR))
    for number in range(MOST_TOKENS + 1):
        token = identity.sign(CONNECTOR, jti=str(number))
        await adapter.authenticate(f"Bearer {token}", Activity(service_url=CONNECTOR))
    await adapter.authenticate(f"Bearer {first}", Activity(service_url=CONNECTOR))
