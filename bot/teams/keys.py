"""The Bot Framework's signing keys, fetched off the event loop's way and renewed on a roll-over.

The SDK fetches them with a blocking call without a time limit, and answers 500 for up to 24 hours
when a key it does not know turns up.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from jwt import PyJWK, PyJWKError

FRESH_SECONDS = 24 * 3600.0
PAUSE_SECONDS = 300.0
LIMIT = aiohttp.ClientTimeout(total=10)


class UnknownKey(Exception):
    """A token is signed with a key that the Bot Framework does not publish for Teams."""


class SigningKeys:
    """Keys by id, endorsed for Teams; asked anew for an unknown id, at most every five minutes."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, seconds: Callable[[], float]
    ) -> None:
        """Borrow the session; nothing is fetched before the first use."""
        self._url = url
        self._session = session
        self._seconds = seconds
        self._keys: dict[str, PyJWK] = {}
        self._read_at: float | None = None
        self._reading = asyncio.Lock()

    async def get(self, key_id: str) -> PyJWK:
        """The key of that id; UnknownKey when even a fresh list does not have it."""
        if self._is_stale(key_id):
            async with self._reading:
                if self._is_stale(key_id):
                    await self.refresh()
        if key_id not in self._keys:
            raise UnknownKey(key_id)
        return self._keys[key_id]

    async def refresh(self) -> None:
        """Read the published keys."""
        self._read_at = self._seconds()
        async with self._session.get(self._url, timeout=LIMIT) as response:
            response.raise_for_status()
            where = (await response.json(content_type=None))["jwks_uri"]
        async with self._session.get(where, timeout=LIMIT) as response:
            response.raise_for_status()
            published = (await response.json(content_type=None))["keys"]
        self._keys = dict(filter(None, (_endorsed(one) for one in published)))

    def _is_stale(self, key_id: str) -> bool:
        age = self._seconds() - self._read_at if self._read_at is not None else FRESH_SECONDS
        return age >= FRESH_SECONDS or (key_id not in self._keys and age >= PAUSE_SECONDS)


def _endorsed(wire: Mapping[str, Any]) -> tuple[str, PyJWK] | None:
    """A key that is endorsed for Teams; the SDK takes keys without endorsements for any channel."""
    if wire.get("kty") != "RSA" or "msteams" not in (wire.get("endorsements") or ()):
        return None
    try:
        return str(wire["kid"]), PyJWK(dict(wire), algorithm="RS256")
    except (PyJWKError, KeyError):
        return None
