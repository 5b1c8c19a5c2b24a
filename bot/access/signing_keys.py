"""Keys that a sign-in service publishes, fetched without holding up others, renewed on a roll-over.

Keys in hand are replaced only by better ones: a list that is down, garbage, too large, or without a
usable key leaves them as they are, and old ones serve while newer ones are fetched. A list is asked
for anew for an id it lacks, at most every five minutes, so that strangers with invented keys cannot
make us fetch.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, cast

import aiohttp
import orjson
from jwt import PyJWK, PyJWTError

log = logging.getLogger("adfops.keys")

FRESH_SECONDS = 24 * 3600.0
PAUSE_SECONDS = 300.0
PAUSE_AFTER_FAILURE_SECONDS = 10.0
LIMIT = aiohttp.ClientTimeout(total=5)
LARGEST_LIST = 256 * 1024
# RSA moduli of 2,048 to 8,192 bits, in base64.
SHORTEST_MODULUS, LONGEST_MODULUS = 342, 1_368

Accepts = Callable[[Mapping[str, Any]], bool]


class UnknownKey(Exception):
    """A fresh list lacks the key."""


class NoKeys(Exception):
    """There is no list: it could not be read yet."""


class UnusableList(ValueError):
    """What was published holds no key that can be used."""


_FAILURES = (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError)


class PublishedKeys:
    """Keys by id, of a list that an OpenID configuration points to; only those `accepts` takes.

    `problem` is what stands in the way of newer keys, or "".
    """

    def __init__(
        self,
        url: str,
        session: aiohttp.ClientSession,
        seconds: Callable[[], float],
        accepts: Accepts,
    ) -> None:
        """Borrow the session; nothing is fetched before the first use."""
        self._url = url
        self._session = session
        self._seconds = seconds
        self._accepts = accepts
        self._keys: dict[str, PyJWK] | None = None
        self._old_at = self._ask_at = seconds()
        self._reading = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None
        self.problem = ""

    async def get(self, key_id: str) -> PyJWK:
        """The key of that id; raises UnknownKey or NoKeys."""
        if key_id in (self._keys or ()):
            self._renew_soon()
        elif self._seconds() >= self._ask_at:
            await self._renew(key_id)
        if self._keys is None:
            raise NoKeys
        if key_id not in self._keys:
            raise UnknownKey
        return self._keys[key_id]

    async def refresh(self) -> None:
        """Read the published keys; raises what stands in the way, and then changes nothing."""
        where = (await self._read(self._url))["jwks_uri"]
        published = (await self._read(where))["keys"]
        if not isinstance(published, list):
            raise UnusableList("no list of keys")
        listed = cast("list[object]", published)
        keys = self._usable(listed)
        if not keys:
            if self._keys is None and _has_keys_for_others(listed):
                self._keys = {}
            raise UnusableList("no usable key is published")
        self._keys = keys
        self._ask_at = self._seconds() + PAUSE_SECONDS
        self._old_at = self._seconds() + FRESH_SECONDS
        self.problem = ""

    async def settled(self) -> None:
        """Wait for a renewal that goes on in the background, if one does."""
        if self._renewal is not None:
            await asyncio.gather(self._renewal, return_exceptions=True)

    def _renew_soon(self) -> None:
        """Fetch newer keys beside the work, once for all, when those in hand are old."""
        now = self._seconds()
        is_running = self._renewal is not None and not self._renewal.done()
        if now >= self._old_at and now >= self._ask_at and not is_running:
            self._renewal = asyncio.create_task(self._renew(None))

    async def _renew(self, key_id: str | None) -> None:
        """Fetch, unless somebody did so while we waited; what we have stays good until then."""
        async with self._reading:
            if self._seconds() < self._ask_at or (key_id and key_id in (self._keys or ())):
                return
            try:
                await self.refresh()
            except _FAILURES as error:
                self._ask_at = self._seconds() + PAUSE_AFTER_FAILURE_SECONDS
                self.problem = f"the signing keys cannot be read: {type(error).__name__}"
                log.warning("%s", self.problem)

    async def _read(self, url: str) -> Mapping[str, Any]:
        """A JSON object of bounded size; deep nesting is an error of the parser, as garbage is."""
        async with self._session.get(url, timeout=LIMIT) as response:
            response.raise_for_status()
            body = bytearray()
            async for part in response.content.iter_chunked(64 * 1024):
                body += part
                if len(body) > LARGEST_LIST:
                    raise UnusableList("the list is too large")
        wire: object = orjson.loads(bytes(body))
        if not isinstance(wire, dict):
            raise UnusableList("not a JSON object")
        return cast("Mapping[str, Any]", wire)

    def _usable(self, published: list[object]) -> dict[str, PyJWK]:
        """Keys by id; one that can no longer be read, but is still listed, stays as it was."""
        known, keys = self._keys or {}, dict[str, PyJWK]()
        for entry in _entries(published):
            key_id, key = str(entry.get("kid", "")), self._taken(entry)
            key = key or (known.get(key_id) if self._is_meant(entry) else None)
            if key_id and key is not None:
                keys[key_id] = key
        return keys

    def _is_meant(self, wire: Mapping[str, Any]) -> bool:
        """Whether an entry says that it is a key of the kind that we take."""
        try:
            return wire["kty"] == "RSA" and wire.get("use", "sig") == "sig" and self._accepts(wire)
        except (KeyError, TypeError):
            return False

    def _taken(self, wire: Mapping[str, Any]) -> PyJWK | None:
        """An RSA key for signing; None for one that is not taken or cannot be read."""
        if not self._is_meant(wire):
            return None
        try:
            if SHORTEST_MODULUS <= len(wire["n"]) <= LONGEST_MODULUS and len(wire["e"]) <= 8:
                return PyJWK(dict(wire), algorithm="RS256")
        except (PyJWTError, KeyError, TypeError, ValueError):
            log.info("a published key cannot be read")
        return None


def _entries(published: list[object]) -> list[Mapping[str, Any]]:
    return [cast("Mapping[str, Any]", one) for one in published if isinstance(one, dict)]


def _has_keys_for_others(published: list[object]) -> bool:
    """Whether there are keys, if not for us: a token signed with one is known to be foreign."""
    return any(one.get("kty") == "RSA" and one.get("kid") for one in _entries(published))
