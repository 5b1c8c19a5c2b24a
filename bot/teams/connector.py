"""The official ConnectorClient on one shared aiohttp session, instead of threads and new sockets.

The SDK builds a client for each turn, whose retry policy alone costs 5 ms, sends it through six
worker threads, waits up to 100 s and logs bodies. Its client keeps its operations here; below them
lies a pipeline of ours, and above them JSON instead of models.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, cast

import aiohttp
import orjson
from botframework.connector import BotFrameworkConnectorConfiguration
from botframework.connector.aio import ConnectorClient
from botframework.connector.aio.operations_async import ConversationsOperations
from botframework.connector.auth import MicrosoftAppCredentials
from msrest.pipeline import AsyncHTTPSender, AsyncPipeline, Response
from msrest.serialization import Serializer
from yarl import URL

from bot.teams.errors import AddressGone, NotSent

LIMIT = aiohttp.ClientTimeout(total=15, connect=5)
_TAKEN = frozenset({200, 201, 202})


class NotReached(Exception):
    """The connector gave no answer; `arrived` tells whether it may have got the request."""

    def __init__(self, why: str, *, arrived: bool) -> None:
        """Keep what happened to the request."""
        super().__init__(why)
        self.arrived = arrived


class ConnectorError(Exception):
    """The connector answered with a failure; raised here because the SDK would hide its body."""

    def __init__(self, status: int, body: bytes, retry_after: str) -> None:
        """Keep status, body and the wait that was asked for."""
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body
        self.retry_after = retry_after


def make_connector(service_url: str, session: aiohttp.ClientSession) -> ConnectorClient:
    """An official client for one service URL; the caller adds the token to each call.

    Its operations take activities as JSON and answer the id of the message, or a member as JSON.
    """
    return _Connector(service_url, session)


class _Connector(ConnectorClient):
    """The official client over our session."""

    def __init__(self, service_url: str, session: aiohttp.ClientSession) -> None:
        anonymous = MicrosoftAppCredentials("", "")
        configuration = BotFrameworkConnectorConfiguration(anonymous, service_url)
        configuration.custom_pipeline = AsyncPipeline(
            [configuration.user_agent_policy], _Wire(session)
        )
        super().__init__(anonymous, service_url, custom_configuration=configuration)
        self.conversations = ConversationsOperations(self._client, self.config, _AsItIs(), _told)


class _Wire(AsyncHTTPSender[Any, Any]):
    """Sends what the SDK's operations prepared, and raises what is no success."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aexit__(self, *_: object) -> None:
        """Nothing of ours to close."""

    async def send(self, request: Any, **_: object) -> Response[Any, Any]:  # noqa: ANN401
        try:
            return Response(request, await self._send(request.http_request))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotReached(type(error).__name__, arrived=False) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotReached(type(error).__name__, arrived=True) from error

    async def _send(self, request: Any) -> "_Success":  # noqa: ANN401 - msrest's request
        async with self._session.request(
            request.method,
            URL(request.url, encoded=True),  # as the SDK quoted it; `;` in an id stays quoted
            data=request.data,
            headers=request.headers,
            timeout=LIMIT,
            allow_redirects=False,  # the bearer token goes to the host that was checked
        ) as response:
            body = await response.read()
            if response.status not in _TAKEN:
                raise ConnectorError(response.status, body, response.headers.get("Retry-After", ""))
            return _Success(response.status, body)


class _Success:
    """What the SDK's operations look at: the status; and the body, where the id is."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status_code = status
        self.body = body
        self.context: object = None


class _AsItIs(Serializer):
    """Takes activities that are JSON already, and quotes ids as the SDK does."""

    def body(self, data: object, data_type: str, **_: object) -> bytes:
        return orjson.dumps(data)


def _told(kind: str, response: _Success) -> Any:  # noqa: ANN401 - the id of a message, or JSON
    """Members as JSON; of a message that was taken the id, blank where the answer has none."""
    try:
        wire: object = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        wire = None
    told = cast("dict[str, object]", wire) if isinstance(wire, dict) else {}
    return told if kind in _AS_JSON else str(told.get("id") or "")


_AS_JSON = frozenset({"ChannelAccount", "PagedMembersResult"})
_GONE = frozenset(
    {
        "BotDisabledByAdmin",
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
        "MessageWritesBlocked",
    }
)
_SUB_CODE = re.compile(r"sub_?code\W{1,5}(\w+)", re.IGNORECASE)


def failure_for(trouble: ConnectorError | NotReached) -> NotSent:
    """The kind of failure, with the connector's own code and the wait it asks for."""
    if isinstance(trouble, NotReached):
        return NotSent(None, str(trouble))
    code = _code_in(trouble.body)
    is_gone = trouble.status in {403, 404} and code in _GONE
    kind = AddressGone if is_gone else NotSent
    return kind(trouble.status, code, _seconds(trouble.retry_after))


def _code_in(body: bytes) -> str:
    """`{"error": {"code"}}`, or the other shape: `{"errorCode": 209, "message": "{subCode..}"}`."""
    try:
        wire: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    outer = cast("Mapping[str, Any]", wire) if isinstance(wire, dict) else {}
    inner = outer.get("error")
    error = cast("Mapping[str, Any]", inner) if isinstance(inner, dict) else outer
    deeper = _SUB_CODE.search(str(error.get("message", "")))
    return deeper[1] if deeper else str(error.get("code") or error.get("errorCode") or "")


def _seconds(retry_after: str) -> float | None:
    try:
        seconds = float(retry_after)
    except ValueError:
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
