"""An installation that is well: a simulator, a sign-in service and a store, all on this machine."""

import ssl
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import jwt
import pytest
from aiohttp import web

from adf.client import sdk_wires
from adf.client.credentials import sign_in
from adf.client.identity import AzureIdentity
from adf.records import Factory
from adf.simulator import Before, make_simulator
from bot.doctor import Connections, DoctorInput, Finding, examine
from bot.teams import Endpoints, TeamsIdentity
from tests.adf.simulator.worlds import world
from tests.contract.conftest import AnyCredential
from tests.doubles.certificate import make_certificate
from tests.doubles.identity import IdentityDouble, running_identity
from tests.doubles.teams import TENANT

APP_ID = "22222222-2222-4222-8222-222222222222"
OPERATOR = "33333333-3333-4333-8333-333333333333"
BOT_IN_AZURE = "44444444-4444-4444-8444-444444444444"
SECRET = "planted-secret-of-the-bot"
SUBSCRIPTION = "00000000-1111-4222-8333-444444444444"
LAB = Factory(alias="lab", subscription=SUBSCRIPTION, resource_group="rg-lab", name="adf-lab")
CLAIMS = {"appid": APP_ID, "oid": BOT_IN_AZURE, "tid": TENANT, "app_displayname": "adf-ops"}


@dataclass(slots=True)
class Ward:
    """A running installation; a test spoils something and examines it."""

    it: DoctorInput
    ways: Connections
    entra: IdentityDouble
    bot_framework: IdentityDouble
    before: Before | None = None

    async def examine(self, limit: float = 10.0, **changed: object) -> Sequence[Finding]:
        """Examine with some settings changed."""
        it = replace(self.it, **changed)  # pyright: ignore[reportArgumentType]
        return await examine(it, self.ways, limit)

    async def answer(self, request: web.Request) -> web.StreamResponse | None:
        """What a test put in Resource Manager's place."""
        return await self.before(request) if self.before else None

    def signing_in(self, credential: AnyCredential) -> None:
        """Sign in to Azure with another credential."""

        async def signed_in() -> AzureIdentity:
            return await sign_in(self.it.arm_url, credential)

        self.ways = replace(self.ways, sign_in=signed_in)


def azure_token(**changed: str | None) -> str:
    """A token as Entra makes it, as far as doctor reads it."""
    claims = {key: value for key, value in {**CLAIMS, **changed}.items() if value is not None}
    return jwt.encode(claims, "a key that only this test knows, long enough", algorithm="HS256")


async def any_token(url: str) -> str:
    """A token for whatever is asked."""
    return f"token-for-{url.partition('://')[2].partition('/')[0]}"


def utc_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Ward]:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.trusted))
    trusting = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=certificate.trusted))
    async with (
        running_identity(APP_ID, certificate.server) as entra,
        running_identity(APP_ID) as bot_framework,
        aiohttp.ClientSession(connector=trusting) as session,
    ):
        endpoints = Endpoints(
            signing_keys=f"{bot_framework.url}openidconfiguration", authority=entra.url
        )
        it = DoctorInput(
            identity=TeamsIdentity(
                app_id=APP_ID, app_password=SECRET, tenant_id=TENANT, endpoints=endpoints
            ),
            factories=(LAB,),
            store=f"sqlite:///{tmp_path / 'kept' / 'adfops.db'}",
            operators=(OPERATOR,),
            zone="Europe/Berlin",
        )

        async def nobody() -> AzureIdentity:
            raise NotImplementedError

        ways = Connections(
            session=session,
            sign_in=nobody,
            token=any_token,
            open_wire=sdk_wires(""),
            now=utc_now,
        )
        one = Ward(it, ways, entra, bot_framework)
        runner = web.AppRunner(make_simulator(world(), before=one.answer), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        arm = f"http://127.0.0.1:{runner.addresses[0][1]}"
        one.it = replace(it, arm_url=arm)
        one.ways = replace(ways, open_wire=sdk_wires(arm))
        one.signing_in(AnyCredential(azure_token()))
        try:
            yield one
        finally:
            await runner.cleanup()
