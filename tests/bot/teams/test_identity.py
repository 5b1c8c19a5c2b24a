"""The identity refuses to start what could fail open, and names where the bearer token may go."""

import time
from typing import Any

import aiohttp
import pytest

from bot.teams import Endpoints, SigningKeys, TeamsAdapter, TeamsIdentity, WrongIdentity
from tests.bot.teams.conftest import APP_ID, CONNECTOR
from tests.doubles.teams import TENANT

GOOD: dict[str, Any] = {"app_id": APP_ID, "app_password": "secret", "tenant_id": TENANT}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"app_id": ""}, "MicrosoftAppId"),
        ({"app_id": " "}, "MicrosoftAppId"),
        ({"app_id": "my-bot"}, "MicrosoftAppId"),
        ({"app_id": f"{APP_ID}\n"}, "MicrosoftAppId"),
        ({"tenant_id": ""}, "MicrosoftAppTenantId"),
        ({"tenant_id": "common"}, "MicrosoftAppTenantId"),
        ({"app_password": ""}, "MicrosoftAppPassword"),
        ({"app_password": " "}, "MicrosoftAppPassword"),
        ({"app_type": "MultiTenant"}, "MicrosoftAppType"),
        ({"app_type": "singletenant "}, "MicrosoftAppType"),
        ({"app_type": ""}, "MicrosoftAppType"),
    ],
    ids=str,
)
def test_an_identity_that_could_fail_open_is_refused_by_name(
    changed: dict[str, Any], named: str
) -> None:
    with pytest.raises(WrongIdentity, match=rf"^{named} [^\n]+$"):
        TeamsIdentity(**GOOD | changed)


async def test_a_dict_is_no_identity() -> None:
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys("", session, time.monotonic)
        with pytest.raises(AttributeError):
            TeamsAdapter(GOOD, keys)  # pyright: ignore[reportArgumentType]


def test_a_managed_identity_needs_no_secret() -> None:
    managed: dict[str, Any] = {"app_password": "", "app_type": "UserAssignedMSI"}
    TeamsIdentity(**GOOD | managed)


def test_production_endpoints_are_the_public_ones() -> None:
    endpoints = Endpoints()
    assert endpoints.signing_keys.startswith("https://login.botframework.com/")
    assert endpoints.authority == "https://login.microsoftonline.com/"
    assert endpoints.connectors == ()


@pytest.mark.parametrize(
    "url",
    [
        CONNECTOR,
        "https://smba.trafficmanager.net/emea",
        "https://SMBA.trafficmanager.net/de/11111111-1111-1111-1111-111111111111/",
        "https://smba.infra.gcc.teams.microsoft.com/teams",
        "https://smba.infra.gov.teams.microsoft.us/",
        "https://europe.api.botframework.com/",
    ],
)
def test_the_connectors_of_microsoft_are_believed(url: str) -> None:
    assert TeamsIdentity(**GOOD).takes_service(url)


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "smba.trafficmanager.net",
        "http://smba.trafficmanager.net/emea/",
        "https://evil.example/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evilbotframework.com/",
        "https://user:word@smba.trafficmanager.net/",
        "https://evil.example\\.botframework.com/",
        "https://evil.example#.botframework.com/",
        "https://evil.example?.botframework.com/",
        "https://evil.example\n.botframework.com/",
        "https://smba.trafficmanager.net/?to=evil",
        "https://smba.trafficmanager.net/#",
        " https://smba.trafficmanager.net/",
        "http://127.0.0.1:1/",
        "https://[::1]/",
    ],
)
def test_no_other_service_url_gets_the_token(url: object) -> None:
    assert not TeamsIdentity(**GOOD).takes_service(url)


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("http://127.0.0.1:56150/_connector", True),
        ("http://localhost:56150/_connector/", True),
        ("http://[::1]:56150/", True),
        ("http://localhost.evil.example/", False),
        ("http://10.0.0.1/", False),
        (CONNECTOR, False),
    ],
)
def test_local_mode_speaks_to_this_machine_only(url: str, is_taken: bool) -> None:
    assert TeamsIdentity(local=True).takes_service(url) is is_taken


def test_tenants_are_compared_without_case() -> None:
    guest = "aaaaaaaa-1111-1111-1111-111111111111"
    identity = TeamsIdentity(**GOOD, tenants=(guest.upper(),))
    assert identity.takes_tenant(guest)
    assert not identity.takes_tenant(TENANT)
    assert not identity.takes_tenant("")
    assert TeamsIdentity(**GOOD).takes_tenant(TENANT)
