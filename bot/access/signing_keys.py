"""Keys that a sign-in service publishes, fetched without holding up others, renewed on a roll-over.

A list is asked for anew for an id it lacks, at most every five minutes, so that strangers with
invented keys cannot make us fetch; keys in hand stay good while the service cannot be reached.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from jwt import PyJWK, PyJWTError

log = logging.getLogger("adfops.keys")

FRESH_SECONDS = 24 * 3600.0
PAUSE_SECONDS = 300.0
PAUSE_AFTER_FAILURE_SECONDS = 10.0
LIMIT = aiohttp.ClientTimeout(total=5)

Accepts = Callable[[Mapping[str, Any]], bool]


class UnknownKey(Exception):
    """A fresh list lacks the key."""


class NoKeys(Exception):
    """There is no list: it could not be read yet."""


class PublishedKeys:
    """Keys by id, of a list that an OpenID configuration points to; only those `accepts` takes."""

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

    async def get(self, key_id: str) -> PyJWK:
        """The key of that id; raises UnknownKey or NoKeys."""
        if self._is_due(key_id):
            async with self._reading:
                if self._is_due(key_id):
                    await self._try_refresh()
        if self._keys is None:
            raise NoKeys
        if key_id not in self._keys:
            raise UnknownKey
        return self._keys[key_id]

    async def refresh(self) -> None:
        """Read the published keys; raises what stands in the way."""
        where = (await self._read(self._url))["jwks_uri"]
        published = (await self._read(where))["keys"]
        self._keys = dict(filter(None, (self._taken(one) for one in published)))
        self._ask_at = self._seconds() + PAUSE_SECONDS
        self._old_at = self._seconds() + FRESH_SECONDS

    async def _try_refresh(self) -> None:
        """Read the keys if they can be read; those we have stay good until then."""
        try:
            await self.refresh()
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            log.warning("the signing keys cannot be read: %s", type(error).__name__)
            self._ask_at = self._seconds() + PAUSE_AFTER_FAILURE_SECONDS

    async def _read(self, url: str) -> Mapping[str, Any]:
        async with self._session.get(url, timeout=LIMIT) as response:
            response.raise_for_status()
            return await response.json(content_type=None)

    def _is_due(self, key_id: str) -> bool:
        """Whether to ask: for an unknown id or old keys, after the pause."""
        now = self._seconds()
        is_known = key_id in (self._keys or ())
        return now >= self._ask_at and (not is_known or now >= self._old_at)

    def _taken(self, wire: Mapping[str, Any]) -> tuple[str, PyJWK] | None:
        """An RSA key by its id; None for one that is not taken or cannot be read."""
        try:
            if wire["kty"] == "RSA" and self._accepts(wire):
                return str(wire["kid"]), PyJWK(dict(wire), algorithm="RS256")
        except (PyJWTError, KeyError, TypeError, ValueError):
            log.info("a published key cannot be read")
        return None
