"""Doubles that cost next to nothing: Azure by replay, the connector by a fixed answer, raw HTTP.

What Azure answered once, from the simulator, is answered again as bytes. The connector tells who
waits for a conversation that its message has come.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

import aiohttp

from adf.simulator import live_factory, make_simulator
from tests.harness import listening

Respond = Callable[[str, str, bytes], Awaitable[bytes] | bytes]
_END = b"\r\n\r\n"
_MEMBER = json.dumps({"id": "x", "userRole": "user", "userPrincipalName": "a@contoso.com"}).encode()


class RawHttp(asyncio.Protocol):
    """One connection: whole requests in, whole answers out, nothing else of HTTP."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._read = bytearray()
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(_END)) >= 0:
            head = bytes(self._read[:end]).decode("latin-1")
            size = end + 4 + _length(head)
            if len(self._read) < size:
                return
            method, path, _ = head.split(" ", 2)
            body = bytes(self._read[end + 4 : size])
            del self._read[:size]
            answer = self._respond(method, path, body)
            if isinstance(answer, bytes):
                self._transport.write(answer)
            else:
                asyncio.ensure_future(self._answer_later(answer))  # noqa: RUF006 - of a bench

    async def _answer_later(self, answer: Awaitable[bytes]) -> None:
        self._transport.write(await answer)


def _length(head: str) -> int:
    found = head.lower().partition("content-length:")[2]
    return int(found.split("\r\n", 1)[0]) if found else 0


def whole(status: str, body: bytes) -> bytes:
    """An answer as it goes over the wire."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + _END + body


class FreeDoubles:
    """Azure and the connector, and what was sent to each conversation."""

    def __init__(self) -> None:
        self.arm = ""
        self.connector = ""
        self.sent = 0
        self._simulator = ""
        self._answers: dict[tuple[str, str], bytes] = {}
        self._waiting: dict[str, asyncio.Future[None]] = {}

    def expect(self, conversation: str) -> asyncio.Future[None]:
        """Done once a message comes to that conversation."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[conversation] = future
        return future

    def answer_arm(self, method: str, path: str, body: bytes) -> Awaitable[bytes] | bytes:
        """What was answered before, or the simulator's answer the first time."""
        known = self._answers.get((method, path))
        return known if known is not None else self._ask(method, path, body)

    def answer_connector(self, method: str, path: str, body: bytes) -> bytes:
        """An id for whatever is posted."""
        if method == "GET":
            return whole("200 OK", _MEMBER)
        if b'"message"' in body:
            self.sent += 1
            conversation = unquote(path.split("/")[3])
            waiting = self._waiting.pop(conversation, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
        return whole("201 Created", b'{"id":"message-1"}')

    async def _ask(self, method: str, path: str, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Authorization": "Bearer loopback"}
        url = f"{self._simulator}{path}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, data=body or None, headers=headers) as response,
        ):
            answer = whole(f"{response.status} OK", await response.read())
        if response.status == 200:
            self._answers[(method, path)] = answer
        return answer

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[None]:
        """Both listen on ports of this machine."""
        loop = asyncio.get_running_loop()
        async with listening(make_simulator(live_factory())) as simulator:
            self._simulator = simulator
            servers = [
                await loop.create_server(lambda one=one: RawHttp(one), "127.0.0.1", 0)
                for one in (self.answer_arm, self.answer_connector)
            ]
            self.arm, self.connector = (
                f"http://127.0.0.1:{one.sockets[0].getsockname()[1]}" for one in servers
            )
            try:
                yield
            finally:
                for one in servers:
                    one.close()


class Poster:
    """Posts activities to one bot over one connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, activity: object) -> None:
        """Post it, and wait until it is taken."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        body = json.dumps(activity).encode()
        head = (
            f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answered = (await reader.readuntil(_END)).decode("latin-1")
        await reader.readexactly(_length(answered))
        assert " 202 " in answered, answered

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
