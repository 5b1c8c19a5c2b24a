"""CloudAdapter with an authentication that fails closed and never blocks the event loop.

What 4.17.1 does wrong here: garbage and badly signed tokens answer 500, a token without an expiry
or an activity without a service URL is taken, and a token for sending is fetched in each turn, on
the loop. A token that was validated is remembered until it expires; its URL is compared each time.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from botframework.connector.auth import AuthenticateRequestResult, ClaimsIdentity
from cachetools import LRUCache

from bot.teams.errors import ForeignSender
from bot.teams.identity import ISSUER, SigningKeys, TeamsIdentity
from bot.teams.tokens import ConnectorToken

MOST_TOKENS = 256
LEEWAY_SECONDS = 300
# The SDK refuses blanks; in local mode nothing is signed in with these.
LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Configuration:
    """What the SDK reads by these attribute names; a dict would read as empty and anonymous."""

    APP_ID: str
    APP_PASSWORD: str
    APP_TYPE: str
    APP_TENANTID: str


class TeamsAuthentication(ConfigurationBotFrameworkAuthentication):
    """Believes tokens that the Bot Framework signed for this bot, and nothing else."""

    def __init__(
        self, identity: TeamsIdentity, keys: SigningKeys, now: Callable[[], float]
    ) -> None:
        """Borrow the signing keys; `now` is the time in seconds since 1970."""
        configuration = _Configuration(
            APP_ID=identity.app_id or LOCAL,
            APP_PASSWORD=identity.app_password or LOCAL,
            APP_TYPE=identity.app_type,
            APP_TENANTID=identity.tenant_id or LOCAL,
        )
        super().__init__(configuration)
        self._identity = identity
        self._keys = keys
        self._now = now
        self._validated: LRUCache[str, Mapping[str, Any]] = LRUCache(MOST_TOKENS)

    async def authenticate_request(
        self, activity: Activity, auth_header: str
    ) -> AuthenticateRequestResult:
        """Check the token of a request; raises Refused, or CannotTell without keys."""
        service_url = activity.service_url
        claims = {} if self._identity.local else await self.claims_of(auth_header)
        if not self._identity.local and claims.get("serviceurl") != service_url:
            raise ForeignSender("the token is for another service URL")
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity(dict(claims), True)
        return result

    async def claims_of(self, header: str) -> Mapping[str, Any]:
        """What a token says that is signed for this bot and has not ended; raises as above."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ForeignSender("no bearer token")
        try:
            return self._remembered(token) or await self._validate(token)
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ForeignSender(f"the token is not valid: {type(error).__name__}") from None

    def _remembered(self, token: str) -> Mapping[str, Any] | None:
        known = self._validated.get(token)
        if known is not None and int(known["exp"]) + LEEWAY_SECONDS <= self._now():
            raise jwt.ExpiredSignatureError
        return known

    async def _validate(self, token: str) -> Mapping[str, Any]:
        key = await self._keys.get(str(jwt.get_unverified_header(token)["kid"]))
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=self._identity.app_id,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud"]},
        )
        self._validated[token] = claims
        return claims


class TeamsAdapter(CloudAdapter):
    """The adapter of this bot: who may come in, and the token to go out with."""

    def __init__(
        self,
        identity: TeamsIdentity,
        keys: SigningKeys,
        *,
        now: Callable[[], float] = time.time,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the credentials once; `now` is the wall clock, `seconds` the one that only runs."""
        self._authentication = TeamsAuthentication(identity, keys, now)
        super().__init__(self._authentication)
        self.identity = identity
        self.sending = ConnectorToken(identity, seconds)
        self._keys = keys

    async def recognize(self, header: str) -> None:
        """Check a token before anything else of a request is read; raises as `authenticate`."""
        if not self.identity.local:
            await self._authentication.claims_of(header)

    async def authenticate(self, header: str, activity: Activity) -> None:
        """Check who sent an activity; raises Refused, or CannotTell without keys."""
        await self.bot_framework_authentication.authenticate_request(activity, header)

    async def token(self) -> str | None:
        """The bearer token to send with; raises NotSignedIn."""
        return await self.sending.get()

    @property
    def keys_problem(self) -> str:
        """What stands in the way of newer signing keys, or ""."""
        return self._keys.problem

    async def warm(self) -> None:
        """Fetch keys and token before the first message; raises what stands in the way."""
        if not self.identity.local:
            await asyncio.gather(self._keys.refresh(), self.token())
