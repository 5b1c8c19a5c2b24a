"""Verifies an access token of Microsoft Entra completely before anything is read from it.

The signature by the tenant's published keys, issuer, audience, expiry, one of our tenants, and that
it is an access token with our scope: an ID token of the same app has the same signature. Claims as
in Microsoft's reference of access tokens, versions 1.0 and 2.0.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aiohttp
import jwt

from bot.access.signing_keys import NoKeys, PublishedKeys, UnknownKey
from bot.messages import Person

log = logging.getLogger("adfops.mcp.bearer")

AUTHORITY = "https://login.microsoftonline.com/"
OLD_ISSUER = "https://sts.windows.net/"
SCOPE = "access_as_user"
LEEWAY_SECONDS = 300
LONGEST = 16 * 1024
_FLAWS = (jwt.PyJWTError, ValueError, KeyError, TypeError, RecursionError)
_NEEDED = ["exp", "iss", "aud", "oid", "tid"]


class CannotServe(Exception):
    """The server cannot start; the message says in one line what to fix."""


class InvalidToken(Exception):
    """The token proves nothing here, and why."""


class KeysUnavailable(Exception):
    """The token cannot be checked now: the signing keys cannot be read."""


class EntraTokenVerifier:
    """Verifies tokens for one app registration, of people of some tenants."""

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
        if not app_id or not tenants:
            raise CannotServe(
                "tokens are checked against MicrosoftAppId and MicrosoftAppTenantId: set both"
            )
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

    async def person(self, token: str) -> Person:
        """The person a token speaks for; raises InvalidToken or KeysUnavailable."""
        if len(token) > LONGEST:
            raise InvalidToken("the token is too long")
        try:
            claims = await self._claims(token.strip())
        except (*_FLAWS, UnknownKey) as error:
            raise InvalidToken(f"the token is not valid: {type(error).__name__}") from None
        except NoKeys:
            raise KeysUnavailable("the signing keys cannot be read") from None
        return Person(
            person_id=str(claims["oid"]).lower(), name="", tenant=str(claims["tid"]).lower()
        )

    async def _claims(self, token: str) -> Mapping[str, Any]:
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
            options={"require": _NEEDED},
        )
        if not _is_for_us(claims):
            raise InvalidToken(f"the token is no access token with the scope {SCOPE}")
        return claims


def _is_for_us(claims: Mapping[str, Any]) -> bool:
    """Whether it is an access token for what we offer, and no ID token of the same app.

    A person's has our scope. An application's has a role of ours and says which application; an ID
    token can have roles too, and names none.
    """
    scopes = claims.get("scp")
    if isinstance(scopes, str) and scopes.strip():
        return SCOPE in scopes.split()
    is_application = bool(claims.get("appid") or claims.get("azp")) and "nonce" not in claims
    return is_application and isinstance(claims.get("roles"), list) and bool(claims["roles"])


def _signs(wire: Mapping[str, Any]) -> bool:
    return wire.get("use", "sig") == "sig"
