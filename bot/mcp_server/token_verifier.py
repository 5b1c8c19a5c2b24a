"""Verifies that an access token of Microsoft Entra speaks for a person of one of our tenants."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aiohttp

from bot.access.entra_tokens import AUTHORITY, EntraTokens, InvalidToken, KeysUnavailable
from bot.messages import Person

__all__ = ["CannotServe", "EntraTokenVerifier", "InvalidToken", "KeysUnavailable"]

SCOPE = "access_as_user"


class CannotServe(Exception):
    """The server cannot start; the message says in one line what to fix."""


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
        self._tokens = EntraTokens(
            app_id=app_id, tenants=tenants, session=session, seconds=seconds, authority=authority
        )

    async def person(self, token: str) -> Person:
        """The person a token speaks for; raises InvalidToken or KeysUnavailable."""
        claims = await self._tokens.claims(token, ["oid"])
        if not _is_for_us(claims):
            raise InvalidToken(f"the token is no access token with the scope {SCOPE}")
        return Person(
            person_id=str(claims["oid"]).lower(), name="", tenant=str(claims["tid"]).lower()
        )


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
