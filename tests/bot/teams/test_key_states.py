"""Whatever the sign-in service publishes, good keys serve on, and nothing answers with a crash."""

import asyncio
from collections.abc import AsyncGenerator

import aiohttp
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.access.signing_keys import LARGEST_LIST
from bot.teams import CannotTell, ForeignSender, SigningKeys
from tests.bot.teams.conftest import CONNECTOR, Door, Watch
from tests.doubles.identity import IdentityDouble
from tests.doubles.teams import Client

DAY = 24 * 3600 + 1


def key_of(bits: int = 2048, **changed: object) -> object:
    """A key as it is published, changed in parts."""
    public = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    wire = orjson.loads(RSAAlgorithm.to_jwk(public))
    return {**wire, "kid": "key-1", "use": "sig", "endorsements": ["msteams"], **changed}


def listed(*keys: object) -> bytes:
    return orjson.dumps({"keys": keys})


STATES = {
    "no keys": listed(),
    "keys are null": b'{"keys": null}',
    "keys are an object": b'{"keys": {"key-1": 1}}',
    "keys are no objects": b'{"keys": [1, "x", null, []]}',
    "no list": b"{}",
    "a bare list": b"[]",
    "an unreadable key": listed(key_of(n="!!!")),
    "a modulus that is a number": listed(key_of(n=7)),
    "a key without a modulus": listed({"kty": "RSA", "kid": "key-1", "endorsements": ["msteams"]}),
    "a short key": listed(key_of(1024)),
    "a huge modulus": listed(key_of(n="A" * 60_000)),
    "a key for encryption": listed(key_of(use="enc")),
    "a key of another kind": listed({"kty": "oct", "kid": "key-1", "k": "c2VjcmV0"}),
    "a key that is not endorsed": listed(key_of(endorsements=["skype"])),
    "endorsements of another type": listed(key_of(endorsements=7)),
    "a page": b"<html>Service unavailable</html>",
    "nothing": b"",
    "cut off": listed(key_of())[:100],
    "too large": b'{"keys": [' + b" " * LARGEST_LIST + b"]}",
    "too deep": b'{"keys": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "no text": b"\xff\xfe\x00",
}

# A key in hand stays while its entry is there, whatever became of it.
STILL_LISTED = {
    *("an unreadable key", "a modulus that is a number", "a key without a modulus"),
    *("a short key", "a huge modulus"),
}

# Published, and not for the like of us: whoever signs with one is a stranger.
FOR_OTHERS = {
    *("a key for encryption", "a key that is not endorsed", "endorsements of another type"),
    *STILL_LISTED,
}


@pytest.fixture
async def keys(identity: IdentityDouble, watch: Watch) -> AsyncGenerator[SigningKeys]:
    async with aiohttp.ClientSession() as session:
        yield SigningKeys(f"{identity.url}openidconfiguration", session, watch)


def key_id_of(identity: IdentityDouble) -> str:
    return jwt.get_unverified_header(identity.sign(CONNECTOR))["kid"]


@pytest.mark.parametrize("state", STATES)
async def test_good_keys_are_replaced_only_by_better_ones(
    state: str, keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    known = await keys.get(key_id_of(identity))
    identity.raw_keys = STATES[state]
    watch.seconds += DAY
    assert await keys.get(key_id_of(identity)) is known
    await keys.settled()
    assert await keys.get(key_id_of(identity)) is known
    assert bool(keys.problem) == (state not in STILL_LISTED)
    identity.raw_keys = None
    watch.seconds += 11
    await keys.get(key_id_of(identity))
    await keys.settled()
    assert keys.problem == ""


@pytest.mark.parametrize("state", STATES)
async def test_without_good_keys_nobody_can_tell_until_there_are_some(
    state: str, keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    identity.raw_keys = STATES[state]
    with pytest.raises(ForeignSender if state in FOR_OTHERS else CannotTell):
        await keys.get(key_id_of(identity))
    with pytest.raises((aiohttp.ClientError, ValueError, KeyError, TypeError)):
        await keys.refresh()
    identity.raw_keys = None
    watch.seconds += 11
    assert await keys.get(key_id_of(identity))


async def test_a_stranger_cannot_throw_good_keys_away(
    keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    await keys.get(key_id_of(identity))
    identity.raw_keys = STATES["no keys"]
    for _ in range(3):
        watch.seconds += 301
        with pytest.raises(ForeignSender):
            await keys.get("invented")
    assert await keys.get(key_id_of(identity))


async def test_old_keys_serve_while_newer_ones_are_fetched(
    keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    known = await keys.get(key_id_of(identity))
    watch.seconds += DAY
    found = await asyncio.gather(*(keys.get(key_id_of(identity)) for _ in range(20)))
    assert all(one is known for one in found)
    await keys.settled()
    assert identity.calls == {"metadata": 2, "keys": 2}


async def test_a_key_that_is_no_longer_listed_is_no_longer_taken(
    keys: SigningKeys, identity: IdentityDouble, watch: Watch
) -> None:
    first = key_id_of(identity)
    await keys.get(first)
    identity.raw_keys = listed(key_of(kid="key-9"))
    watch.seconds += DAY
    await keys.get(first)
    await keys.settled()
    with pytest.raises(ForeignSender):
        await keys.get(first)


@pytest.mark.parametrize("state", STATES)
async def test_the_endpoint_never_answers_with_a_crash(
    state: str, door: Door, identity: IdentityDouble
) -> None:
    identity.raw_keys = STATES[state]
    client = Client(service_url=CONNECTOR)
    status, _ = await door.post(client.personal("hello"), identity.sign(CONNECTOR))
    assert status == (401 if state in FOR_OTHERS else 503)
    assert door.taken.taken == []
