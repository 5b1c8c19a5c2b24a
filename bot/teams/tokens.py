"""The bot's own token for the connector: fetched beside the event loop, once for all who wait.

The SDK builds new credentials in each turn and fetches their token on the loop, without a time
limit. Here MSAL is asked in a thread, ten minutes before the token in hand ends.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import requests
from msal import ConfidentialClientApplication

from bot.teams.errors import NotSignedIn
from bot.teams.identity import TeamsIdentity
from bot.teams.sign_in import CredentialUnusable, client_credential, managed_token

log = logging.getLogger("adfops.teams.tokens")

RESOURCE = "https://api.botframework.com"
EARLY_SECONDS = 600.0
PAUSE_SECONDS = 30.0
ATTEMPT_SECONDS = 5.0
LIMIT_SECONDS = 20.0


class ConnectorToken:
    """The bearer token of one identity; none in local mode."""

    def __init__(self, identity: TeamsIdentity, seconds: Callable[[], float]) -> None:
        """Nothing is fetched before the first use."""
        self._identity = identity
        self._seconds = seconds
        self._token: str | None = None
        self._good_until = self._ask_at = seconds()
        self._asking = asyncio.Lock()

    async def get(self) -> str | None:
        """A token that is still good; raises NotSignedIn."""
        if self._identity.local:
            return None
        if self._seconds() >= self._ask_at:
            async with self._asking:
                if self._seconds() >= self._ask_at:
                    await self._renew()
        return self._token

    def forget(self) -> None:
        """Ask anew at the next use: the connector did not take the token."""
        self._good_until = self._ask_at = self._seconds()

    async def _renew(self) -> None:
        """Fetch the next token; while that fails, the one in hand serves to its end."""
        try:
            token, lasts = await _fetch(self._identity)
        except NotSignedIn as trouble:
            if self._seconds() >= self._good_until:
                raise
            log.warning("the next token could not be fetched: %s", trouble)
            self._ask_at = self._seconds() + PAUSE_SECONDS
            return
        self._token, self._good_until = token, self._seconds() + lasts
        self._ask_at = self._seconds() + max(PAUSE_SECONDS, lasts - EARLY_SECONDS)


class _Http(requests.Session):
    """The HTTP client MSAL is given: one with a time limit."""

    def request(  # pyright: ignore[reportIncompatibleMethodOverride] - options pass as they are
        self,
        method: str,
        url: str,
        **options: Any,  # noqa: ANN401
    ) -> requests.Response:
        options.setdefault("timeout", ATTEMPT_SECONDS)
        return super().request(method, url, **options)


async def _fetch(identity: TeamsIdentity) -> tuple[str, float]:
    """A token and the seconds it lasts."""
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            told = await asyncio.to_thread(_ask_msal, identity)
    except CredentialUnusable as error:
        raise NotSignedIn(None, str(error)) from None
    except (TimeoutError, requests.RequestException, ValueError) as error:
        why = f"the sign-in service gave no answer: {type(error).__name__}"
        raise NotSignedIn(None, why) from None
    if "access_token" not in told:
        raise NotSignedIn(None, f"the sign-in was refused: {_reason(told)}")
    return str(told["access_token"]), float(told.get("expires_in", 0))


def _ask_msal(identity: TeamsIdentity) -> Mapping[str, Any]:
    with _Http() as http:
        if identity.app_type == "UserAssignedMSI":
            return managed_token(identity.app_id, RESOURCE, http)
        registered = ConfidentialClientApplication(
            identity.app_id,
            client_credential=client_credential(identity, http),
            authority=identity.endpoints.authority + identity.tenant_id,
            instance_discovery=False,
            http_client=http,
        )
        return registered.acquire_token_for_client(scopes=[f"{RESOURCE}/.default"]) or {}


def _reason(told: Mapping[str, Any]) -> str:
    """Entra's own code (AADSTS7000215) without the sentences around it, which name ids."""
    words = str(told.get("error_description", "")).replace(":", " ").split()
    codes = [word for word in words if word.startswith("AADSTS")]
    return codes[0] if codes else str(told.get("error", "no token"))
