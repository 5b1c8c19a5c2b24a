"""Verifies a token of Microsoft Entra before anything is read from it.

The signature by the tenant's published keys, issuer, audience, expiry, and one of our tenants. Who
asks decides what else it must have: an ID token of the same app has the same signature. Claims as
in Microsoft's reference of access tokens, versions 1.0 and 2.0.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aiohttp
import jwt

from bot.access.signing_keys import NoKeys, PublishedKeys, UnknownKey

AUTHORITY = "https://login.microsoftonline.com/"
OLD_ISSUER = "https://sts.windows.net/"
LEEWAY_SECONDS = 300
LONGEST = 16 * 1024
_FLAWS = (jwt.PyJWTError, ValueError, KeyError, TypeError, RecursionError)


class InvalidToken(Exception):
    """The token proves nothing here, and why."""


class KeysUnavailable(Exception):
    """The token cannot be checked now: the signing keys cannot be read."""


class EntraTokens:
    """Reads the claims of tokens for one app registration, issued by some tenants."""

    def __init__(
        self,
        *,
        app_id: str,
        tenants: Sequence[str],
        session: aiohttp.ClientSession,
        seconds: Callable[[], float],
        authority: str = AUTHORITY,
    ) -> None:
        """Borrow the session; each tenant has keys of its own, fetched at the first use."""
        self._audiences = (f"api://{app_id}", app_id)
        self._issuer = authority
        self._keys = {
            tenant.lower(): PublishedKeys(
                f"{authority}{tenant.lower()}/v2.0/.well-known/openid-configuration",
                session,
                seconds,
                _signs,
            )
            for tenant in tenants
        }

    async def claims(self, token: str, needed: Sequence[str]) -> Mapping[str, Any]:
        """The claims, with those that are needed; raises InvalidToken or KeysUnavailable."""
        if len(token) > LONGEST:
            raise InvalidToken("the token is too long")
        try:
            return await self._claims(token.strip(), needed)
        except (*_FLAWS, UnknownKey) as error:
            raise InvalidToken(f"the token is not valid: {type(error).__name__}") from None
        except NoKeys:
            raise KeysUnavailable("the signing keys cannot be read") from None

    async def warm(self) -> None:
        """Read the published keys of each tenant; raises what stands in the way."""
        for keys in self._keys.values():
            await keys.refresh()

    async def _claims(self, token: str, needed: Sequence[str]) -> Mapping[str, Any]:
        unverified: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
        tenant = str(unverified["tid"]).lower()
        if tenant not in self._keys:
            raise InvalidToken("the token is of another tenant")
        key = await self._keys[tenant].get(str(jwt.get_unverified_header(token)["kid"]))
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=self._audiences,
            issuer=[f"{self._issuer}{tenant}/v2.0", f"{OLD_ISSUER}{tenant}/"],
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "tid", *needed]},
        )
        return claims


def _signs(wire: Mapping[str, Any]) -> bool:
    return wire.get("use", "sig") == "sig"
