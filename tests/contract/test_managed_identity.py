"""azure-identity signs in at the simulator's token endpoint as at a real managed identity's."""

import time

import aiohttp
import pytest
from azure.identity.aio import ManagedIdentityCredential

from adf.simulator import arm_requests
from tests.contract.conftest import SCOPE, Served

PARAMS = {"api-version": "2019-08-01", "resource": "https://management.azure.com"}


async def test_a_managed_identity_gets_a_token_that_opens_the_factory(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{served.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "of-this-machine")
    async with ManagedIdentityCredential() as credential:
        token = await credential.get_token(SCOPE)
        assert token.expires_on > time.time() + 600
        async with served.client(credential) as client:
            factory = await client.factories.get("rg-data-prod", "adf-prod")
    assert factory is not None
    assert factory.name == "adf-prod"
    assert len(arm_requests(served.app)) == 1


async def test_a_token_names_its_resource_and_type(served: Served) -> None:
    async with (
        aiohttp.ClientSession(served.url, headers={"X-IDENTITY-HEADER": "h"}) as session,
        session.get("/msi/token", params=PARAMS) as answer,
    ):
        body = await answer.json()
    assert (body["resource"], body["token_type"]) == (PARAMS["resource"], "Bearer")
    assert body["access_token"]
    assert int(body["expires_on"]) > time.time()


@pytest.mark.parametrize(
    ("headers", "params", "status"),
    [
        ({}, PARAMS, 401),
        ({"X-IDENTITY-HEADER": "h"}, {"api-version": "2019-08-01"}, 400),
        ({"X-IDENTITY-HEADER": "h"}, {**PARAMS, "api-version": "2017-09-01"}, 400),
    ],
)
async def test_a_token_is_refused_to_who_asks_wrongly(
    served: Served, headers: dict[str, str], params: dict[str, str], status: int
) -> None:
    async with (
        aiohttp.ClientSession(served.url, headers=headers) as session,
        session.get("/msi/token", params=params) as answer,
    ):
        assert answer.status == status
        assert "access_token" not in await answer.json()
