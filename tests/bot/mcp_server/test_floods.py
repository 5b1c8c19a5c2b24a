"""Silent and slow clients hold up nobody; good requests are all answered, however many come."""

import asyncio
import io
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import aiohttp
import orjson
import pytest

from bot.mcp_server import McpHandler
from bot.mcp_server.http import LARGEST_BODY
from tests.bot.mcp_server.conftest import serving, token
from tests.doubles.identity import IdentityDouble

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@dataclass(frozen=True, kw_only=True)
class Served:
    """A server and a token that it takes."""

    url: str
    signed: str

    @property
    def port(self) -> int:
        return int(self.url.split(":")[2].partition("/")[0])

    async def ask(self, session: aiohttp.ClientSession) -> int:
        headers = {**ACCEPT, "Authorization": f"Bearer {self.signed}"}
        async with session.post(self.url, json=LIST, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def open(self, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that says something and then nothing more."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        await writer.drain()
        return reader, writer


@pytest.fixture
async def served(desk: McpHandler, identity: IdentityDouble) -> AsyncGenerator[Served]:
    async with serving(desk, identity) as url:
        yield Served(url=url, signed=token(identity, "Maya"))


async def test_two_hundred_good_requests_at_once_are_all_answered(served: Served) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        found = await asyncio.gather(*(served.ask(session) for _ in range(200)))
    assert set(found) == {200}


async def test_four_hundred_silent_connections_harm_nobody(served: Served) -> None:
    half = b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    silent = [await served.open(half) for _ in range(400)]
    async with aiohttp.ClientSession() as session:
        assert await served.ask(session) == 200
    ended = await asyncio.gather(*(reader.read() for reader, _ in silent))
    assert all(b"408" in one for one in ended)
    for _, writer in silent:
        writer.close()


async def test_a_body_that_does_not_come_is_not_waited_for(served: Served) -> None:
    head = (
        f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {served.signed}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    slow = [await served.open(head.encode()) for _ in range(100)]
    async with aiohttp.ClientSession() as session:
        assert await served.ask(session) == 200
    ended = await asyncio.gather(*(reader.read() for reader, _ in slow))
    assert all(one.startswith(b"HTTP/1.1 408") for one in ended)
    for _, writer in slow:
        writer.close()


async def test_nobodys_body_is_read_before_it_is_known_who_sends_it(served: Served) -> None:
    head = (
        b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer nothing\r\n"
        b"Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n"
    )
    reader, writer = await served.open(head)
    assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 10_000_000])
async def test_a_body_that_is_too_large_is_refused(size: int, served: Served) -> None:
    headers = {**ACCEPT, "Authorization": f"Bearer {served.signed}"}
    body = orjson.dumps({**LIST, "params": {"x": "y" * size}})
    async with (
        aiohttp.ClientSession() as session,
        session.post(served.url, data=io.BytesIO(body), headers=headers) as answer,
    ):
        assert answer.status == 413


async def test_no_log_line_holds_a_part_of_a_token(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secret = "eyJhbGciOiJSUzI1NiJ9.Zq7planted0secret"
    for line in ("GET /mcp HTTP/9.9", "POST  /mcp", "\x00\x01", "POST /mcp HTTP/1.1\r\nBad header"):
        raw = f"{line}\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\r\n".encode()
        _, writer = await served.open(raw)
        writer.close()
    async with aiohttp.ClientSession() as session:
        assert await served.ask(session) == 200
    assert "Zq7planted" not in caplog.text
    assert served.signed[-20:] not in caplog.text
