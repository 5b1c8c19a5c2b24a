"""The one place that everything goes out through: to an address, with Teams' limits in mind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import aiohttp
from botframework.connector.aio import ConnectorClient
from cachetools import LRUCache

from bot.messages import Address, Piece, Reply
from bot.teams.adapter import TeamsAdapter
from bot.teams.connector import ConnectorError, NotReached, failure_for, make_connector
from bot.teams.errors import AddressGone, NotSent
from bot.teams.replies import Json, to_activity, to_end, to_piece, typing_at

log = logging.getLogger("adfops.teams.sender")

MOST_ATTEMPTS = 4
LONGEST_WAIT = 30.0
MOST_CLIENTS = 32
_REFUSED = frozenset({412, 429})
_MAY_HAVE_ARRIVED = frozenset({502, 503, 504})

Headers = dict[str, str]
Call = Callable[[ConnectorClient, Headers], Awaitable[Any]]
SendHook = Callable[[str], AbstractContextManager[None]]
"""Entered around each message, edit or sign, with what it is."""


def _unobserved(_operation: str) -> nullcontext[None]:
    return nullcontext()


class Sender:
    """Sends replies, edits and typing; one official client for each service URL."""

    def __init__(
        self,
        adapter: TeamsAdapter,
        session: aiohttp.ClientSession,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        observe: SendHook = _unobserved,
    ) -> None:
        """Borrow the shared session; `sleep` waits between attempts."""
        self._observe = observe
        self._adapter = adapter
        self._session = session
        self._sleep = sleep
        self._clients: LRUCache[str, ConnectorClient] = LRUCache(MOST_CLIENTS)

    async def send(self, reply: Reply) -> str:
        """Post a reply once; returns the id of its message. Raises NotSent, TooLarge.

        A post has no idempotency key: after 5xx or silence it may have arrived, so it is not
        repeated. What surely did not arrive is: refusals (429, 412), after the time the connector
        asks for, and a connection that never came about.
        """
        with self._observe("post"):
            return await self._post(reply.address, to_activity(reply), MOST_ATTEMPTS)

    async def stream(self, piece: Piece) -> str:
        """Show an answer as far as it has grown; returns the id of the stream it begins.

        Never repeated: what comes next holds it too.
        """
        with self._observe("stream"):
            return await self._post(piece.address, to_piece(piece), 1)

    async def end_stream(self, reply: Reply, stream: str) -> None:
        """Post the last message of a stream, which takes its place."""
        with self._observe("post"):
            await self._post(reply.address, to_end(reply, stream), MOST_ATTEMPTS)

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        """Put a reply in the place of an earlier message; idempotent, so repeated freely."""
        activity = to_activity(reply, message_id)

        async def put(client: ConnectorClient, headers: Headers) -> None:
            await client.conversations.update_activity(
                address.conversation, message_id, activity, custom_headers=headers
            )

        with self._observe("update"):
            await self._call(address, put, attempts=MOST_ATTEMPTS, is_safe=True)

    async def typing(self, address: Address) -> None:
        """Show that an answer is being worked on; never repeated, it is worth little late."""
        with self._observe("typing"):
            await self._post(address, typing_at(address), 1, is_safe=True)

    async def _post(
        self, address: Address, activity: Json, attempts: int, *, is_safe: bool = False
    ) -> str:
        """Post an activity; returns its id, blank when the connector told none."""

        async def post(client: ConnectorClient, headers: Headers) -> Any:  # noqa: ANN401
            return await client.conversations.send_to_conversation(
                address.conversation, activity, custom_headers=headers
            )

        return await self._call(address, post, attempts=attempts, is_safe=is_safe) or ""

    async def _call(self, address: Address, call: Call, *, attempts: int, is_safe: bool) -> Any:  # noqa: ANN401
        """Call the connector; what is safe to repeat is, while that may help."""
        for attempt in range(1, attempts + 1):
            try:
                return await call(self._client(address.service_url), await self._headers())
            except (ConnectorError, NotReached) as trouble:
                failure = failure_for(trouble)
                failure.may_have_arrived = not is_safe and _may_have_arrived(trouble)
            if failure.status == 401:
                self._adapter.sending.forget()
            wait = failure.wait if failure.wait is not None else 0.5 * 2.0**attempt
            may_help = _passes(failure) and not failure.may_have_arrived
            if not may_help or attempt == attempts or wait > LONGEST_WAIT:
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
        client = self._clients.get(service_url)
        if client is None:
            client = self._clients[service_url] = make_connector(service_url, self._session)
        return client


def _may_have_arrived(trouble: ConnectorError | NotReached) -> bool:
    """Whether what was sent may be there all the same; what was refused is not."""
    if isinstance(trouble, NotReached):
        return trouble.arrived
    return trouble.status >= 500 or trouble.status == 408


def _passes(failure: NotSent) -> bool:
    """Whether the trouble is one that passes by itself."""
    return failure.status is None or failure.status in _REFUSED | _MAY_HAVE_ARRIVED
