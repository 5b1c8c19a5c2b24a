"""Silent, slow and strange clients hold up nobody on the bot's own port."""

import asyncio
import io
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import aiohttp
import orjson
import pytest
from aiohttp import web

from bot.access.request_bodies import LARGEST_BODY
from bot.hosting.process import WithoutStrangersBytes, listening
from bot.teams import Endpoints, MessagesEndpoint, SigningKeys, TeamsAdapter, TeamsIdentity
from bot.teams.endpoint import MOST_STRANGERS
from tests.bot.teams.conftest import APP_ID, CONNECTOR, NOW, Taken
from tests.doubles.identity import running_identity
from tests.doubles.teams import TENANT, Client

HEAD = (
    "POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "Content-Length: {}\r\nAuthorization: Bearer {}\r\n\r\n"
)


@dataclass(frozen=True, kw_only=True)
class Served:
    """The endpoint on a socket, opened as in production, and a token that it takes."""

    port: int
    signed: str
    taken: Taken

    async def ask(self, session: aiohttp.ClientSession, number: int = 0) -> int:
        body = Client(service_url=CONNECTOR).personal(f"hello {number}")
        headers = {"Authorization": f"Bearer {self.signed}"}
        url = f"http://127.0.0.1:{self.port}/api/messages"
        async with session.post(url, json={**body, "id": f"m{number}"}, headers=headers) as answer:
            return answer.status

    async def open(self, said: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that says something and then nothing more."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said.encode())
        await writer.drain()
        return reader, writer


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with running_identity(APP_ID) as identity, aiohttp.ClientSession() as session:
        known = TeamsIdentity(
            app_id=APP_ID,
            app_password="secret",
            tenant_id=TENANT,
            endpoints=Endpoints(signing_keys=f"{identity.url}openidconfiguration"),
        )
        keys = SigningKeys(known.endpoints.signing_keys, session, lambda: 0.0)
        taken = Taken()
        endpoint = MessagesEndpoint(TeamsAdapter(known, keys), taken, lambda: NOW)
        app = web.Application()
        app.router.add_post("/api/messages", endpoint.receive)
        async with listening(app, "127.0.0.1", 0) as port:
            yield Served(port=port, signed=identity.sign(CONNECTOR), taken=taken)
            await endpoint.drain()


async def test_two_hundred_good_requests_at_once_are_all_answered(served: Served) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        found = await asyncio.gather(*(served.ask(session, one) for one in range(200)))
    assert set(found) == {202}


async def test_four_hundred_silent_connections_harm_nobody(served: Served) -> None:
    silent = [await served.open("POST /api/messages HTTP/1.1\r\nX-Slow: ") for _ in range(400)]
    async with aiohttp.ClientSession() as session:
        assert await served.ask(session) == 202
    ended = await asyncio.gather(*(reader.read() for reader, _ in silent))
    assert all(b"408" in one for one in ended)
    for _, writer in silent:
        writer.close()


async def test_of_too_many_silent_connections_the_oldest_go(served: Served) -> None:
    silent = [await served.open("GET /") for _ in range(600)]
    async with aiohttp.ClientSession() as session:
        assert await served.ask(session) == 202
    first, last = silent[0][0], silent[-1][0]
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await first.readexactly(1)
    assert (await last.read()).startswith(b"HTTP/1.1 408")
    for _, writer in silent:
        writer.close()


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_body_that_does_not_come_is_not_waited_for(is_known: bool, served: Served) -> None:
    token = served.signed if is_known else "nothing"
    slow = [await served.open(HEAD.format(100, token) + "{") for _ in range(100)]
    async with aiohttp.ClientSession() as session:
        assert await served.ask(session) == 202
    ended = await asyncio.gather(*(reader.readline() for reader, _ in slow))
    unread = sum(one.startswith(b"HTTP/1.1 401") for one in ended)
    late = sum(one.startswith(b"HTTP/1.1 408") for one in ended)
    assert (unread, late) == ((0, 100) if is_known else (100 - MOST_STRANGERS, MOST_STRANGERS))
    for _, writer in slow:
        writer.close()


async def test_a_body_of_ten_megabytes_is_refused(served: Served) -> None:
    body = orjson.dumps({"type": "message", "text": "x" * 10_000_000})
    headers = {"Authorization": f"Bearer {served.signed}", "Content-Type": "application/json"}
    url = f"http://127.0.0.1:{served.port}/api/messages"
    assert len(body) > LARGEST_BODY
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as answer,
    ):
        assert answer.status == 413


async def test_no_log_line_holds_a_part_of_a_token(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    server, without = logging.getLogger("aiohttp.server"), WithoutStrangersBytes()
    server.addFilter(without)
    secret = "eyJhbGciOiJSUzI1NiJ9.Zq7planted0secret"
    for line in ("GET / HTTP/9.9", "POST  /", "\x00\x01", "POST / HTTP/1.1\r\nBad header"):
        reader, writer = await served.open(f"{line}\r\nAuthorization: Bearer {secret}\r\n\r\n")
        await reader.read()
        writer.close()
    async with aiohttp.ClientSession() as session:
        assert await served.ask(session) == 202
    server.removeFilter(without)
    assert "a request that cannot be read" in caplog.text
    assert "Zq7planted" not in caplog.text
    assert served.signed[-20:] not in caplog.text
