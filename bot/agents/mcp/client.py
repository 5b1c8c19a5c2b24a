"""Speaks MCP with one server over HTTP; this is where the MCP SDK is imported.

Each question is a session of its own over connections that stay open, so that nothing has to be
kept alive between them, and a restart of the server does no harm.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
from jsonschema import Draft202012Validator
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, Tool

from bot.agents.mcp.errors import McpError, McpFailureKind
from bot.agents.untrusted import readable

LARGEST_ANSWER = 4 * 1024 * 1024
MOST_PAGES = 10
MOST_TOOLS = 128
CONNECT_SECONDS = 5.0
LONGEST_DETAIL = 200
# Others than these are how a server says that it speaks an older version of the protocol.
_FINAL = {
    401: McpFailureKind.REFUSED,
    403: McpFailureKind.REFUSED,
    407: McpFailureKind.REFUSED,
    429: McpFailureKind.BUSY,
    503: McpFailureKind.BUSY,
}


class _TooLarge(Exception):
    """The server sends more than anybody can read."""


class _Bounded(httpx2.AsyncByteStream):
    """The body of an answer, up to a size."""

    def __init__(self, body: httpx2.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._body:
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise _TooLarge
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


class McpClient:
    """Lists and calls the tools of a server; every failure is an McpError."""

    def __init__(self, url: str, label: str, seconds: float) -> None:
        """Connect to nothing before the first question; each may take so many seconds."""
        self._url = url
        self._label = label
        self._seconds = seconds
        self._http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(seconds, connect=CONNECT_SECONDS),
            event_hooks={"response": [_looked_at]},
        )

    async def list_tools(self) -> list[Tool]:
        """Every tool the server tells of, up to a number that anybody can choose from."""
        listed: list[Tool] = []
        async with self._session("list its tools") as client:
            cursor: str | None = None
            for _ in range(MOST_PAGES):
                page = await client.list_tools(cursor=cursor)
                listed += page.tools
                cursor = page.next_cursor
                if not cursor:
                    break
        return listed[:MOST_TOOLS]

    async def call(self, tool: str, arguments: Mapping[str, object]) -> CallToolResult:
        """What a tool answers."""
        async with self._session(tool) as client:
            return await client.call_tool(tool, dict(arguments))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    @asynccontextmanager
    async def _session(self, asked: str) -> AsyncGenerator[Client]:
        try:
            async with (
                asyncio.timeout(self._seconds),
                Client(streamable_http_client(self._url, http_client=self._http)) as client,
            ):
                yield client
        except Exception as error:  # noqa: BLE001 - one error type for every layer
            raise self._error(error, asked) from None

    def _error(self, error: Exception, asked: str) -> McpError:
        causes = list(_innermost(error))
        reasons = (_why(one) for one in causes)
        why, detail = next((one for one in reasons if one is not None), (McpFailureKind.BROKEN, ""))
        return McpError(why, self._label, asked=asked, detail=readable(detail, (), LONGEST_DETAIL))


def wrong_arguments(schema: Mapping[str, Any], arguments: Mapping[str, object]) -> str:
    """What is wrong with the arguments by a reduced schema; nothing when all is right."""
    judge: Any = Draft202012Validator(schema)
    said = [str(one.message) for one in judge.iter_errors(dict(arguments))]
    return "; ".join(one[:LONGEST_DETAIL] for one in said[:3])


async def _looked_at(response: httpx2.Response) -> None:
    """Refuse at once what no protocol version explains, and bound what is read of the rest."""
    if response.status_code in _FINAL or response.status_code >= 500:
        response.raise_for_status()
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Bounded(response.stream)


def _innermost(error: BaseException) -> Iterator[BaseException]:
    """The errors inside nested groups: task groups wrap what went wrong once for each level."""
    if isinstance(error, BaseExceptionGroup):
        for one in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _innermost(one)
    else:
        yield error


def _why(error: BaseException) -> tuple[McpFailureKind, str] | None:
    match error:
        case httpx2.HTTPStatusError():
            status = error.response.status_code
            return _FINAL.get(status, McpFailureKind.BROKEN), ""
        case TimeoutError() | httpx2.TimeoutException():
            return McpFailureKind.SILENT, ""
        case httpx2.ConnectError():
            return McpFailureKind.UNREACHABLE, ""
        case httpx2.HTTPError():
            return McpFailureKind.BROKEN, ""
        case _TooLarge():
            return McpFailureKind.NONSENSE, "it sends too much"
        case MCPError():
            return _said(error)
        case _:
            return None


def _said(error: MCPError) -> tuple[McpFailureKind, str]:
    """The protocol's own error: a server that does not speak it, or its words."""
    if error.error.code in {-32700, -32600}:
        return McpFailureKind.NONSENSE, ""
    return McpFailureKind.BROKEN, error.error.message
