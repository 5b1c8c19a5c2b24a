"""Whom a bearer token of Microsoft Entra speaks for: checked whole before anything is read from it.

The signature by the tenant's published keys, issuer, audience, expiry, one of our tenants, and that
it is an access token: an ID token of the same app has the same signature and lacks both `scp` and
`roles`. Claims as in Microsoft's reference of access tokens, versions 1.0 and 2.0.
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
LEEWAY_SECONDS = 300
LONGEST = 16 * 1024
_NEEDED = ["exp", "iss", "aud", "oid", "tid"]


class CannotServe(Exception):
    """The server cannot start; the message says what to mend, in one line."""


class Unproven(Exception):
    """The token proves nothing here; the message is for whoever sent it."""


class CannotProve(Exception):
    """Whether the token is good cannot be told now: the keys are out of reach."""


class Bearer:
    """Tokens for one app registration, of people of some tenants."""

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

    async def person(self, header: str) -> Person:
        """Who sends an Authorization header; raises Unproven or CannotProve."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unproven("no bearer token")
        if len(token) > LONGEST:
            raise Unproven("the token is too long")
        try:
            claims = await self._claims(token.strip())
        except (jwt.PyJWTError, UnknownKey, ValueError, KeyError, TypeError) as error:
            raise Unproven(f"the token is not valid: {type(error).__name__}") from None
        except NoKeys:
            raise CannotProve("the signing keys cannot be read") from None
        return Person(
            person_id=str(claims["oid"]).lower(), name="", tenant=str(claims["tid"]).lower()
        )

    async def _claims(self, token: str) -> Mapping[str, Any]:
        told: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
        tenant = str(told["tid"]).lower()
        if tenant not in self._keys:
            raise Unproven("the token is of another tenant")
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
        if not claims.get("scp") and not claims.get("roles"):
            raise Unproven("the token is no access token: it has neither scp nor roles")
        return claims


def _signs(wire: Mapping[str, Any]) -> bool:
    return wire.get("use", "sig") == "sig"
