"""CloudAdapter with an authentication that fails closed and never blocks the event loop.

What 4.17.1 does wrong here: garbage and badly signed tokens answer 500, a token without an expiry
or an activity without a service URL is taken, and a token for sending is fetched in each turn, on
the loop. A token that was validated is remembered until it expires; its URL is compared each time.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AppCredentials,
    AuthenticateRequestResult,
    ClaimsIdentity,
    ManagedIdentityAppCredentials,
    MicrosoftAppCredentials,
)

from bot.teams.identity import ISSUER, TeamsIdentity
from bot.teams.keys import SigningKeys, UnknownKey

MOST_TOKENS = 256
LEEWAY_SECONDS = 300
# The SDK refuses blanks; in local mode nothing is signed in with these.
LOCAL = "local"
SCOPE = "https://api.botframework.com"


class Refused(PermissionError):
    """The sender is not who a Bot Framework activity may come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Configuration:
    """What the SDK reads by these attribute names; a dict would read as empty and anonymous."""

    APP_ID: str
    APP_PASSWORD: str
    APP_TYPE: str
    APP_TENANTID: str


class TeamsAuthentication(ConfigurationBotFrameworkAuthentication):
    """Believes tokens that the Bot Framework signed for this bot, and nothing else."""

    def __init__(self, identity: TeamsIdentity, keys: SigningKeys) -> None:
        """Borrow the signing keys."""
        configuration = _Configuration(
            APP_ID=identity.app_id or LOCAL,
            APP_PASSWORD=identity.app_password or LOCAL,
            APP_TYPE=identity.app_type,
            APP_TENANTID=identity.tenant_id or LOCAL,
        )
        super().__init__(configuration)
        self._identity = identity
        self._keys = keys
        self._validated: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    async def authenticate_request(
        self, activity: Activity, auth_header: str
    ) -> AuthenticateRequestResult:
        """Check the token of a request; raises Refused."""
        service_url = activity.service_url
        claims = {} if self._identity.local else await self._claims(auth_header)
        if not self._identity.local and claims.get("serviceurl") != service_url:
            raise Refused("the token is for another service URL")
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity(dict(claims), True)
        return result

    async def _claims(self, header: str) -> Mapping[str, Any]:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused("no bearer token")
        try:
            return await self._validate(token)
        except (jwt.PyJWTError, UnknownKey, ValueError, KeyError) as error:
            raise Refused(f"the token is not valid: {type(error).__name__}") from None

    async def _validate(self, token: str) -> Mapping[str, Any]:
        known = self._validated.get(token)
        if known is None:
            key = await self._keys.get(str(jwt.get_unverified_header(token)["kid"]))
            known = self._decode(token, key)
            self._validated[token] = known
            if len(self._validated) > MOST_TOKENS:
                self._validated.popitem(last=False)
        elif known["exp"] + LEEWAY_SECONDS < time.time():
            self._validated.pop(token, None)
            raise jwt.ExpiredSignatureError
        return known

    def _decode(self, token: str, key: jwt.PyJWK) -> Mapping[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=self._identity.app_id,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud"]},
        )


class TeamsAdapter(CloudAdapter):
    """The adapter of this bot: who may come in, and the token to go out with."""

    def __init__(self, identity: TeamsIdentity, keys: SigningKeys) -> None:
        """Make the credentials once, so that their token is fetched once."""
        super().__init__(TeamsAuthentication(identity, keys))
        self.identity = identity
        self.credentials = _credentials(identity)
        self._keys = keys
        self._signing = asyncio.Lock()

    async def authenticate(self, header: str, activity: Activity) -> None:
        """Check who sent an activity; raises Refused."""
        await self.bot_framework_authentication.authenticate_request(activity, header)

    async def token(self) -> str | None:
        """The bearer token to send with, fetched in a thread and once for all who wait."""
        if self.credentials is None:
            return None
        async with self._signing:
            return await asyncio.to_thread(self.credentials.get_access_token)

    async def warm(self) -> None:
        """Fetch keys and token before the first message; raises what stands in the way."""
        if not self.identity.local:
            await asyncio.gather(self._keys.refresh(), self.token())


def _credentials(identity: TeamsIdentity) -> AppCredentials | None:
    if identity.local:
        return None
    if identity.app_type == "UserAssignedMSI":
        return ManagedIdentityAppCredentials(identity.app_id, SCOPE)
    credentials = MicrosoftAppCredentials(
        identity.app_id, identity.app_password, identity.tenant_id, SCOPE
    )
    credentials.oauth_endpoint = identity.endpoints.authority + identity.tenant_id
    return credentials
