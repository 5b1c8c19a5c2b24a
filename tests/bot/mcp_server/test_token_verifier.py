"""A token is believed only when all of it is right; each flaw alone is refused."""

import time
from collections.abc import AsyncGenerator

import aiohttp
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.mcp_server import CannotServe, EntraTokenVerifier
from bot.mcp_server.token_verifier import InvalidToken, KeysUnavailable
from bot.messages import Person
from tests.bot.mcp_server.conftest import APP_ID, token
from tests.doubles.identity import IdentityDouble
from tests.doubles.teams import TENANT, object_id

ELSEWHERE = "99999999-9999-9999-9999-999999999999"


@pytest.fixture
async def verifier(identity: IdentityDouble) -> AsyncGenerator[EntraTokenVerifier]:
    async with aiohttp.ClientSession() as session:
        yield EntraTokenVerifier(
            app_id=APP_ID,
            tenants=(TENANT.upper(),),
            session=session,
            seconds=time.monotonic,
            authority=identity.url,
        )


async def test_a_good_token_names_the_person(
    verifier: EntraTokenVerifier, identity: IdentityDouble
) -> None:
    wanted = Person(person_id=object_id("Maya"), name="", tenant=TENANT)
    assert await verifier.person(token(identity, "Maya")) == wanted


async def test_version_one_tokens_and_app_roles_are_good_too(
    verifier: EntraTokenVerifier, identity: IdentityDouble
) -> None:
    old = token(
        identity,
        "Maya",
        iss=f"https://sts.windows.net/{TENANT}/",
        aud=f"api://{APP_ID}",
        scp=None,
        roles=["Reader"],
    )
    assert (await verifier.person(old)).person_id == object_id("Maya")


@pytest.mark.parametrize(
    "flaw",
    [
        {"tid": ELSEWHERE},
        {"tid": None},
        {"iss": f"https://sts.windows.net/{ELSEWHERE}/"},
        {"iss": "https://api.botframework.com"},
        {"aud": "api://another"},
        {"aud": "https://management.azure.com"},
        {"aud": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"oid": None},
        {"scp": None},
        {"scp": ""},
    ],
    ids=str,
)
async def test_one_flaw_is_enough(
    flaw: dict[str, object], verifier: EntraTokenVerifier, identity: IdentityDouble
) -> None:
    with pytest.raises(InvalidToken):
        await verifier.person(token(identity, "Maya", **flaw))


async def test_a_key_nobody_published_signs_nothing(
    verifier: EntraTokenVerifier, identity: IdentityDouble
) -> None:
    await verifier.person(token(identity, "Maya"))
    identity.roll_over(published=False)
    with pytest.raises(InvalidToken):
        await verifier.person(token(identity, "Maya"))


async def test_unsigned_and_symmetric_tokens_are_refused(
    verifier: EntraTokenVerifier, identity: IdentityDouble
) -> None:
    good = token(identity, "Maya")
    claims = jwt.decode(good, options={"verify_signature": False})
    headers = {"kid": jwt.get_unverified_header(good)["kid"]}
    for forged in (
        jwt.encode(claims, "", algorithm="none", headers=headers),
        jwt.encode(claims, "x" * 64, algorithm="HS256", headers=headers),
        good[:-8] + "AAAAAAAA",
    ):
        with pytest.raises(InvalidToken):
            await verifier.person(forged)


@pytest.mark.parametrize("text", ["", " ", "abc", "a.b.c", "x" * 20_000])
async def test_what_is_no_token_proves_nothing(text: str, verifier: EntraTokenVerifier) -> None:
    with pytest.raises(InvalidToken):
        await verifier.person(text)


async def test_without_keys_nothing_can_be_told(
    verifier: EntraTokenVerifier, identity: IdentityDouble
) -> None:
    identity.is_down = True
    with pytest.raises(KeysUnavailable):
        await verifier.person(token(identity, "Maya"))


async def test_keys_that_are_not_for_signing_do_not_count(
    verifier: EntraTokenVerifier, identity: IdentityDouble
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    published = orjson.loads(RSAAlgorithm.to_jwk(key.public_key()))
    identity.other_keys = [{**published, "kid": "for-encryption", "use": "enc"}]
    claims = jwt.decode(token(identity, "Maya"), options={"verify_signature": False})
    forged = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "for-encryption"})
    with pytest.raises(InvalidToken):
        await verifier.person(forged)


async def test_without_an_app_there_is_nothing_to_check_against() -> None:
    async with aiohttp.ClientSession() as session:
        for app_id, tenants in (("", (TENANT,)), (APP_ID, ())):
            with pytest.raises(CannotServe, match="MicrosoftAppId"):
                EntraTokenVerifier(
                    app_id=app_id, tenants=tenants, session=session, seconds=time.monotonic
                )
