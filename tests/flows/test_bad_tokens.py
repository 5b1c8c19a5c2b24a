"""Bad input at the door: tokens, tenants and service URLs that are not ours, over the product."""

import logging
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import app
from adf.simulator import load_world, make_simulator
from bot.hosting import make_bot
from bot.hosting.settings import read_settings
from bot.teams import Endpoints, TeamsIdentity
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.identity import IdentityDouble, running_identity
from tests.doubles.teams import TENANT, Client
from tests.evals.rows import WORLD
from tests.flows.conftest import Clock
from tests.harness import Product, listening

APP_ID = "22222222-2222-2222-2222-222222222222"
FOREIGN = "99999999-9999-4999-8999-999999999999"
QUESTION = "status of CustomerDataETL"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A product that believes signed activities only, and who signs them."""

    product: Product
    identity: IdentityDouble
    connector: ConnectorDouble

    async def post(self, activity: Mapping[str, Any], token: str | None) -> int:
        """Send an activity with a token, if there is one."""
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.product.endpoint, json=activity, headers=headers) as response,
        ):
            return response.status

    def nothing_was_done(self) -> bool:
        """Whether no tool was called, no card drawn and nothing sent anywhere."""
        return not (self.product.calls or self.product.cards or self.connector.sent)


@pytest.fixture
async def guarded(declared: Path, clock: Clock) -> AsyncGenerator[Guarded]:
    async with (
        running_connector() as connector,
        running_identity(APP_ID) as identity,
        listening(make_simulator(load_world(WORLD, clock))) as arm,
    ):
        product = Product(connector)
        settings = read_settings(
            _env_file=None,
            ADFOPS_FACTORIES=str(declared),
            ADFOPS_ARM_URL=arm,
            ADFOPS_STORE="memory:",
            ADFOPS_LOCAL=True,
        )
        ours = TeamsIdentity(
            app_id=APP_ID,
            app_password="secret",
            tenant_id=TENANT,
            endpoints=Endpoints(
                signing_keys=f"{identity.url}openidconfiguration",
                # Nobody signs the bot itself in here: what it wanted to send would be seen to fail.
                authority="https://127.0.0.1:9/",
                connectors=(connector.url,),
            ),
        )
        setup = replace(app.setup_of(settings), identity=ours)
        async with listening(make_bot(setup, clock=clock, observe=product.observe)) as base:
            product.endpoint = f"{base}/api/messages"
            yield Guarded(product, identity, connector)


async def test_a_good_token_opens_the_door(guarded: Guarded) -> None:
    url = guarded.connector.url
    token = guarded.identity.sign(url)
    assert await guarded.post(Client(service_url=url).personal(QUESTION), token) == 202


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"aud": "somebody-else"}, "for another bot"),
        ({"iss": "https://evil.example"}, "by another issuer"),
        ({"exp": 1_600_000_000}, "expired"),
        ({"nbf": 4_000_000_000}, "not yet good"),
        ({"serviceurl": "https://smba.evil.example/"}, "for another service"),
        ({"aud": None}, "for nobody"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
async def test_a_bad_expired_or_foreign_token_is_refused_and_nothing_is_run(
    changed: dict[str, object], why: str, guarded: Guarded, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    url = guarded.connector.url
    token = guarded.identity.sign(url, **changed)
    status = await guarded.post(Client(service_url=url).personal(QUESTION), token)
    assert status in {401, 403}, why
    assert guarded.nothing_was_done()
    assert f"refused with {status}" in caplog.text
    assert QUESTION not in caplog.text


@pytest.mark.parametrize("token", [None, "", "not-a-token", "a.b.c"])
async def test_without_a_signature_nothing_is_run(token: str | None, guarded: Guarded) -> None:
    activity = Client(service_url=guarded.connector.url).personal(QUESTION)
    assert await guarded.post(activity, token) == 401
    assert guarded.nothing_was_done()


async def test_a_token_signed_with_an_unpublished_key_is_refused(guarded: Guarded) -> None:
    url = guarded.connector.url
    guarded.identity.roll_over(published=False)
    token = guarded.identity.sign(url)
    assert await guarded.post(Client(service_url=url).personal(QUESTION), token) == 401
    assert guarded.nothing_was_done()


async def test_a_foreign_tenant_is_refused(guarded: Guarded) -> None:
    url = guarded.connector.url
    stranger = Client(service_url=url, tenant=FOREIGN)
    assert await guarded.post(stranger.personal(QUESTION), guarded.identity.sign(url)) == 403
    assert guarded.nothing_was_done()


async def test_a_service_url_outside_the_allow_list_gets_no_reply(guarded: Guarded) -> None:
    async with running_connector() as elsewhere:
        activity = Client(service_url=elsewhere.url).personal(QUESTION)
        assert await guarded.post(activity, guarded.identity.sign(elsewhere.url)) == 403
        assert guarded.nothing_was_done()
        assert elsewhere.sent == []
