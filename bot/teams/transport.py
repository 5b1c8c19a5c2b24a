"""The official ConnectorClient on one shared aiohttp session, instead of threads and new sockets.

The SDK builds a client for each turn, whose retry policy alone costs 5 ms, sends it through six
worker threads, and waits up to 100 s. This driver plugs into the SDK's own pipeline.
"""

from collections.abc import AsyncIterator
from typing import Any, cast

import aiohttp
import orjson
from botframework.connector import AsyncBfPipeline, BotFrameworkConnectorConfiguration
from botframework.connector.aio import ConnectorClient
from botframework.connector.aio.operations_async import ConversationsOperations
from botframework.connector.auth import MicrosoftAppCredentials
from msrest.serialization import Serializer
from msrest.universal_http.async_abc import AsyncClientResponse, AsyncHTTPSender
from yarl import URL

LIMIT = aiohttp.ClientTimeout(total=15, connect=5)
_TAKEN = frozenset({200, 201, 202})


class NotReached(Exception):
    """The connector gave no answer; `arrived` tells whether it may have got the request."""

    def __init__(self, why: str, *, arrived: bool) -> None:
        """Keep what happened to the request."""
        super().__init__(why)
        self.arrived = arrived


class Answered(Exception):
    """The connector answered with a failure; raised here because the SDK would hide its body."""

    def __init__(self, status: int, body: bytes, retry_after: str) -> None:
        """Keep status, body and the wait that was asked for."""
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body
        self.retry_after = retry_after


class _Response(AsyncClientResponse):
    """An aiohttp response, read to its end, as msrest wants it."""

    def __init__(self, request: Any, response: aiohttp.ClientResponse, body: bytes) -> None:  # noqa: ANN401
        super().__init__(request, response)
        self.status_code = response.status
        self.headers = dict(response.headers)
        self.reason = response.reason
        self._body = body

    def body(self) -> bytes:
        return self._body

    def text(self, encoding: str | None = None) -> str:
        return self._body.decode(encoding or "utf-8", "replace")

    def raise_for_status(self) -> None:
        self.internal_response.raise_for_status()

    def stream_download(
        self, chunk_size: int | None = None, callback: object = None
    ) -> AsyncIterator[bytes]:
        raise NotImplementedError("nothing is downloaded from the connector")


class _Headers:
    """What msrest's credentials policy writes the token into."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}


class _Driver(AsyncHTTPSender):
    """Sends what the SDK's pipeline prepared over the shared session."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._shared = session
        self.session = _Headers()

    async def __aenter__(self) -> "_Driver":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing of ours to close."""

    async def send(self, request: Any, **_: object) -> _Response:  # noqa: ANN401 - msrest's request
        try:
            return await self._send(request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotReached(type(error).__name__, arrived=False) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotReached(type(error).__name__, arrived=True) from error

    async def _send(self, request: Any) -> _Response:  # noqa: ANN401 - msrest's request
        async with self._shared.request(
            request.method,
            URL(request.url, encoded=True),  # as the SDK quoted it; `;` in an id stays quoted
            data=request.data,
            headers={**request.headers},
            timeout=LIMIT,
            allow_redirects=False,  # the bearer token goes to the host that was checked
        ) as response:
            body = await response.read()
            if response.status not in _TAKEN:
                raise Answered(response.status, body, response.headers.get("Retry-After", ""))
            return _Response(request, response, body)


class _AsItIs(Serializer):
    """Takes activities that are JSON already, and quotes ids as the SDK does."""

    def body(self, data: object, data_type: str, **_: object) -> bytes:
        return orjson.dumps(data)


def _id_in(_: str, response: AsyncClientResponse) -> str:
    """The id of a message that was taken; blank where the answer does not tell."""
    try:
        wire: object = orjson.loads(response.body())
    except orjson.JSONDecodeError:
        return ""
    return str(cast("dict[str, object]", wire).get("id") or "") if isinstance(wire, dict) else ""


class _Connector(ConnectorClient):
    """The official client over our driver: sends JSON of ours, answers the id of the message."""

    def __init__(self, service_url: str, session: aiohttp.ClientSession) -> None:
        anonymous = MicrosoftAppCredentials("", "")
        configuration = BotFrameworkConnectorConfiguration(
            anonymous, service_url, pipeline_type=AsyncBfPipeline, driver=_Driver(session)
        )
        super().__init__(anonymous, service_url, custom_configuration=configuration)
        self.conversations = ConversationsOperations(
            self._client, self.config, _AsItIs(), _id_in
        )


def make_connector(service_url: str, session: aiohttp.ClientSession) -> ConnectorClient:
    """An official client for one service URL; the caller adds the token to each call."""
    return _Connector(service_url, session)
