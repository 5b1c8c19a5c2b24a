"""Signing keys are fetched rarely, rolled over in time, and never answer with a crash."""

import asyncio
from collections.abc import AsyncGenerator

import aiohttp
import jwt
import pytest

from bot.teams import CannotTell, ForeignSender, SigningKeys
from tests.bot.teams.conftest import CONNECTOR, Watch
from tests.doubles.identity import IdentityDouble


@pytest.fixture
async def keys(identity: IdentityDouble, watch: Watch) -> AsyncGenerator[SigningKeys]:
    async with aiohttp.ClientSession() as session:
        yield SigningKeys(f"{identity.url}openidconfiguration", session, watch)


def key_id_of(identity: IdentityDouble) -> str:
    return jwt.get_unverified_header(identity.sign(CONNECTOR))["kid"]


async def test_many_who_wait_cause_one_fetch(keys: SigningKeys, identity: IdentityDouble) -> None:
    await asyncio.gather(*(keys.get(key_id_of(identity)) for _ in range(20)))
    assert identity.calls == {"metadata": 1, "keys": 1}


async def test_a_new_key_is_found_after_five_minutes(
    keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    await keys.get(key_id_of(identity))
    identity.roll_over()
    with pytest.raises(ForeignSender):
        await keys.get(key_id_of(identity))
    watch.seconds += 301
    assert (await keys.get(key_id_of(identity))).key_id == "key-2"


async def test_strangers_with_invented_keys_cannot_make_us_fetch(
    keys: SigningKeys, identity: IdentityDouble
) -> None:
    await keys.get(key_id_of(identity))
    for number in range(50):
        with pytest.raises(ForeignSender):
            await keys.get(f"invented-{number}")
    assert identity.calls["keys"] == 1


async def test_keys_are_renewed_every_day(
    keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    await keys.get(key_id_of(identity))
    watch.seconds += 24 * 3600 + 1
    await keys.get(key_id_of(identity))
    await keys.settled()
    assert identity.calls["keys"] == 2


async def test_known_keys_stay_good_while_the_service_is_down(
    keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    await keys.get(key_id_of(identity))
    identity.is_down = True
    watch.seconds += 24 * 3600 + 1
    assert await keys.get(key_id_of(identity))


async def test_without_any_keys_nothing_can_be_told_and_it_is_tried_again_soon(
    keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    identity.is_down = True
    with pytest.raises(CannotTell):
        await keys.get(key_id_of(identity))
    identity.is_down = False
    with pytest.raises(CannotTell):
        await keys.get(key_id_of(identity))
    watch.seconds += 11
    assert await keys.get(key_id_of(identity))


async def test_a_warm_up_tells_what_stands_in_its_way(
    keys: SigningKeys, identity: IdentityDouble
) -> None:
    identity.is_down = True
    with pytest.raises(aiohttp.ClientError):
        await keys.refresh()


@pytest.mark.parametrize(
    "odd",
    [
        {},
        "words",
        None,
        {"kty": "RSA", "endorsements": 7, "kid": "x"},
        {"kty": "EC", "endorsements": ["msteams"], "kid": "x"},
        {"kty": "RSA", "endorsements": ["msteams"]},
        {"kty": "RSA", "endorsements": ["msteams"], "kid": "x", "n": "!", "e": "AQAB"},
        {"kty": "RSA", "endorsements": "msteams", "kid": "x", "n": None, "e": 7},
    ],
    ids=str,
)
async def test_an_odd_key_among_the_others_does_no_harm(
    odd: object, keys: SigningKeys, identity: IdentityDouble
) -> None:
    identity.other_keys = [odd]
    assert await keys.get(key_id_of(identity))
