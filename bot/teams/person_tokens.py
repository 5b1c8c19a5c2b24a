"""People's own tokens for Azure: exchanged by the Bot Framework's token service, kept while good.

The SDK's middleware takes the connection's name from the client and lets duplicates through. Here
the connection is that of the settings, equal exchanges are one, and a token is believed only if it
is for Azure Resource Manager and for the very person whom the activity names.
"""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import aiohttp
import jwt
import orjson
from cachetools import LRUCache

from adf.errors import Forbidden
from bot.messages import Address, Person
from bot.teams.errors import NotSignedIn
from bot.teams.identity import TeamsIdentity

log = logging.getLogger("adfops.teams.person_tokens")

AUDIENCES = frozenset(
    f"https://{host}{end}"
    for host in ("management.azure.com", "management.core.windows.net")
    for end in ("", "/")
)
# A press takes seconds, and Teams waits no longer than that for its answer.
LIMIT = aiohttp.ClientTimeout(total=4, connect=2)
# An act may still wait for its preview when its press was taken.
LASTS_SECONDS = 120
MOST_PEOPLE = 1_000
MOST_EXCHANGES = 1_000
CHANNEL = "msteams"
Json = Mapping[str, Any]
BotToken = Callable[[], Awaitable[str | None]]


class SignInState(StrEnum):
    """What became of an exchange: signed in, or why not."""

    SIGNED_IN = "signed in"
    NEEDED = "consent or a sign-in is needed"
    FOREIGN = "a token of somebody else, of another tenant or for another service"
    UNKNOWN = "the token service gave no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldToken:
    """A person's token and when it ends, in seconds since 1970."""

    token: str
    expires: int


class PersonTokens:
    """The tokens of the people who pressed, by their object ids; in memory alone."""

    def __init__(
        self,
        *,
        connection: str,
        identity: TeamsIdentity,
        bot_token: BotToken,
        session: aiohttp.ClientSession,
        seconds: Callable[[], float],
    ) -> None:
        """Borrow the session; `seconds` is the time since 1970."""
        self.connection = connection
        self._identity = identity
        self._bot_token = bot_token
        self._session = session
        self._seconds = seconds
        self._held: LRUCache[str, HeldToken] = LRUCache(MOST_PEOPLE)
        self._exchanges: LRUCache[tuple[str, str], asyncio.Task[SignInState]] = LRUCache(
            MOST_EXCHANGES
        )

    async def of(self, person_id: str) -> tuple[str, int]:
        """The token to act with; Forbidden for who has none any more."""
        held = self._held.get(person_id)
        if held is None or held.expires <= self._seconds():
            raise Forbidden("the sign-in for Azure has ended", asked="act in Data Factory")
        return held.token, held.expires

    async def look_up(self, person: Person, code: str = "") -> SignInState:
        """Whether there is a token for this person, here or at the service, by its code or not."""
        if not code and self._is_held(person):
            return SignInState.SIGNED_IN
        query = {**self._query(person), **({"code": code} if code else {})}
        return await self._keep(person, "GET", "api/usertoken/GetToken", query, None)

    async def exchange(self, person: Person, exchange_id: str, token: str) -> SignInState:
        """Exchange what a client sent; several clients of one person send the same one."""
        key = (person.person_id, exchange_id)
        going_on = self._exchanges.get(key) if exchange_id else None
        if going_on is None:
            going_on = asyncio.create_task(self._exchange(person, token))
            if exchange_id:
                self._exchanges[key] = going_on
        state = await asyncio.shield(going_on)
        if state is not SignInState.SIGNED_IN and self._exchanges.get(key) is going_on:
            del self._exchanges[key]
        return state

    async def resource(self, person: Person, address: Address) -> Json | None:
        """Where to sign in, and what a client asks a token for; None without an answer."""
        state = {
            "ConnectionName": self.connection,
            "Conversation": {
                "user": {"id": person.channel_account, "aadObjectId": person.person_id},
                "bot": {"id": address.bot_id},
                "conversation": {"id": address.conversation, "tenantId": address.tenant},
                "channelId": CHANNEL,
                "serviceUrl": address.service_url,
            },
            "MsAppId": self._identity.app_id,
        }
        query = {"state": base64.b64encode(orjson.dumps(state)).decode()}
        status, wire = await self._call("GET", "api/botsignin/GetSignInResource", query, None)
        return wire if status == 200 and isinstance(wire.get("signInLink"), str) else None

    async def _exchange(self, person: Person, token: str) -> SignInState:
        query = self._query(person)
        return await self._keep(person, "POST", "api/usertoken/exchange", query, {"token": token})

    async def _keep(
        self, person: Person, method: str, path: str, query: Mapping[str, str], body: Json | None
    ) -> SignInState:
        status, wire = await self._call(method, path, query, body)
        if status != 200:
            is_answer = status in {400, 404, 412}
            return SignInState.NEEDED if is_answer else SignInState.UNKNOWN
        held = self._believed(person, wire.get("token"))
        if held is None:
            log.warning("a token was given that is not its person's for Azure, or has ended")
            return SignInState.FOREIGN
        self._held[person.person_id] = held
        return SignInState.SIGNED_IN

    def _believed(self, person: Person, token: object) -> HeldToken | None:
        """A token that says it is this person's, of a tenant of ours, for Azure, and still good.

        It came from the token service over TLS; Azure checks its signature.
        """
        try:
            claims: Json = jwt.decode(str(token), options={"verify_signature": False})
            expires = int(claims["exp"])
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            return None
        is_theirs = str(claims.get("oid", "")).lower() == person.person_id.lower()
        is_ours = self._identity.takes_tenant(str(claims.get("tid", "")))
        is_for_azure = claims.get("aud") in AUDIENCES
        is_good = expires > self._seconds() + LASTS_SECONDS
        if not (is_theirs and is_ours and is_for_azure and is_good):
            return None
        return HeldToken(token=str(token), expires=expires)

    def _is_held(self, person: Person) -> bool:
        held = self._held.get(person.person_id)
        return held is not None and held.expires > self._seconds() + LASTS_SECONDS

    def _query(self, person: Person) -> Mapping[str, str]:
        return {
            "userId": person.channel_account or person.person_id,
            "connectionName": self.connection,
            "channelId": CHANNEL,
        }

    async def _call(
        self, method: str, path: str, query: Mapping[str, str], body: Json | None
    ) -> tuple[int, Json]:
        """Status and JSON of an answer; 0 for none."""
        try:
            bearer = await self._bot_token()
            headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
            async with self._session.request(
                method,
                f"{self._identity.endpoints.tokens}{path}",
                params=query,
                json=body,
                headers=headers,
                timeout=LIMIT,
                allow_redirects=False,
            ) as answer:
                wire: object = orjson.loads(await answer.read() or b"{}")
                found = cast("Json", wire) if isinstance(wire, dict) else {}
                return answer.status, found
        except (aiohttp.ClientError, TimeoutError, NotSignedIn, orjson.JSONDecodeError) as error:
            log.warning("the token service cannot be asked: %s", type(error).__name__)
            return 0, {}
