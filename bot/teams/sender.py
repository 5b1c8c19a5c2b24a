"""The one place that everything goes out through: to an address, with Teams' limits in mind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from botframework.connector.aio import ConnectorClient

from bot.messages import Address, Reply
from bot.teams.adapter import TeamsAdapter
from bot.teams.outbound import to_activity, typing_at
from bot.teams.transport import Answered, NotReached, make_connector

log = logging.getLogger("adfops.teams.sender")

MOST_ATTEMPTS = 4
LONGEST_WAIT = 30.0
_ALWAYS = frozenset({412, 429})
_WHEN_SAFE = frozenset({502, 503, 504})
_GONE = frozenset(
    {
        "BotDisabledByAdmin",
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
        "MessageWritesBlocked",
    }
)

Headers = dict[str, str]
Call = Callable[[ConnectorClient, Headers], Awaitable[Any]]


class NotSent(Exception):
    """Teams did not take a message: `status` of the last attempt (None: no answer), `code` it gave.

    AddressGone is the kind for which no later attempt can help.
    """

    def __init__(self, status: int | None, code: str) -> None:
        """Keep what the connector answered."""
        super().__init__(f"the connector answered {status or 'nothing'} {code}".strip())
        self.status = status
        self.code = code


class AddressGone(NotSent):
    """Nobody can be reached at that address any more, until they write or install again."""


class Sender:
    """Sends replies, edits and typing; one official client for each service URL."""

    def __init__(
        self,
        adapter: TeamsAdapter,
        session: aiohttp.ClientSession,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Borrow the shared session; `sleep` waits between attempts."""
        self._adapter = adapter
        self._session = session
        self._sleep = sleep
        self._clients: dict[str, ConnectorClient] = {}

    async def send(self, reply: Reply) -> str:
        """Post a reply once; returns the id of its message. Raises NotSent.

        A post has no idempotency key: after 5xx or silence it may have arrived, so it is not
        repeated. Only refusals (429, 412) are, after the time the connector asks for.
        """
        activity = to_activity(reply)

        async def post(client: ConnectorClient, headers: Headers) -> Any:  # noqa: ANN401
            to = reply.address.conversation
            return await client.conversations.send_to_conversation(
                to, activity, custom_headers=headers
            )

        answer = await self._call(reply.address, post, _ALWAYS)
        return str(answer.id or "") if answer is not None else ""

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        """Put a reply in the place of an earlier message; idempotent, so repeated freely."""
        activity = to_activity(reply)
        activity.id = message_id

        async def put(client: ConnectorClient, headers: Headers) -> None:
            await client.conversations.update_activity(
                address.conversation, message_id, activity, custom_headers=headers
            )

        await self._call(address, put, _ALWAYS | _WHEN_SAFE)

    async def typing(self, address: Address) -> None:
        """Show that an answer is being worked on; never repeated, it is worth little late."""
        activity = typing_at(address)

        async def post(client: ConnectorClient, headers: Headers) -> None:
            await client.conversations.send_to_conversation(
                address.conversation, activity, custom_headers=headers
            )

        await self._call(address, post, frozenset())

    async def _call(self, address: Address, call: Call, repeat: frozenset[int]) -> Any:  # noqa: ANN401
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                return await call(self._client(address.service_url), await self._headers())
            except Answered as error:
                failure, wait = _failure(error, attempt)
            except NotReached as error:
                failure, wait = NotSent(None, str(error)), _backoff(attempt)
            status = failure.status or 504
            if status not in repeat or attempt == MOST_ATTEMPTS or wait > LONGEST_WAIT:
                raise failure
            log.info("connector said %s, trying again in %.1f s", failure.status, wait)
            await self._sleep(wait)
        raise AssertionError("unreachable")

    async def _headers(self) -> Headers:
        token = await self._adapter.token()
        return {"Authorization": f"Bearer {token}"} if token else {}

    def _client(self, service_url: str) -> ConnectorClient:
        if not self._adapter.identity.takes_service(service_url):
            raise AddressGone(None, "the service URL is no Bot Connector")
        if service_url not in self._clients:
            self._clients[service_url] = make_connector(service_url, self._session)
        return self._clients[service_url]


def _failure(error: Answered, attempt: int) -> tuple[NotSent, float]:
    code = _code(error.body)
    kind = AddressGone if code in _GONE else NotSent
    try:
        wait = float(error.retry_after)
    except ValueError:
        wait = _backoff(attempt)
    return kind(error.status, code), wait


def _code(body: str) -> str:
    """The connector's code: `{"error": {"code"}}`, or a message that names it."""
    return next((code for code in _GONE if code in body), "")


def _backoff(attempt: int) -> float:
    return 0.5 * 2.0**attempt
