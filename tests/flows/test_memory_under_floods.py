"""Silent, slow and huge requests beside 200 good ones on both ports: all good ones are answered.

The bot and MCP over HTTP run in a process of their own, whose memory does not grow by it.
"""

import asyncio
import io
import json
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import orjson
import pytest

from adf.simulator import load_world, make_simulator
from tests.bot.mcp_server.conftest import token
from tests.doubles.certificate import make_certificate
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.identity import IdentityDouble, running_identity
from tests.doubles.teams import Client
from tests.evals.rows import WORLD
from tests.flows.flooded import APP_ID
from tests.harness import listening

pytestmark = [
    pytest.mark.prove,  # a process that imports the product takes seconds to start
    pytest.mark.real_time,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
HUGE = 10_000_000
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"Accept": "application/json, text/event-stream"}
# What the allocator keeps more or less of from round to round; one huge body alone is 10 MB.
FLAT_KIB = 8 * 1024
# A request that left ten objects behind would leave 12,000 in as many rounds.
FLAT_OBJECTS = 6_000
# What is read and kept once comes in the first rounds; of the others the lowest are compared.
WARM, ROUNDS = 3, 3
# Too large, or on a slow machine too late: sent at the same time, ten megabytes take their while.
REFUSED = frozenset({408, 413})
AGAINST_HANGING = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """How many connections of each sort a round has, on each of the ports."""

    silent: int
    slow: int
    huge: int
    good: int


ALL = Flood(silent=200, slow=50, huge=10, good=200)


@dataclass(kw_only=True)
class Served:
    """The product in its process, who signs for it, and what it sent."""

    process: asyncio.subprocess.Process
    ports: Mapping[str, int]
    identity: IdentityDouble
    connector: ConnectorDouble
    asked: int = 0
    statuses: list[int] = field(default_factory=list[int])

    async def memory(self) -> Mapping[str, int]:
        """In KiB, once what is done has been let go."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"memory\n")
        return await _line_of(self.process)

    @property
    def answered(self) -> frozenset[tuple[str, str]]:
        """The questions that have an answer; one whose delivery nobody confirmed has two."""
        sent = self.connector.messages
        return frozenset((one.conversation, str(one.activity["replyToId"])) for one in sent)

    def signed(self, port: str) -> str:
        """A token that the port takes."""
        if port == "bot":
            return self.identity.sign(self.connector.url)
        return token(self.identity, "Maya")

    async def hold(self, port: str, said: str, held: AsyncExitStack) -> None:
        """A connection that says something and then nothing more."""
        _, writer = await asyncio.open_connection("127.0.0.1", self.ports[port])
        held.push_async_callback(_drop, writer)
        writer.write(said.encode())
        await writer.drain()

    async def ask(self, session: aiohttp.ClientSession, port: str) -> None:
        """A good request, of a round each of another person: what is kept of them is no flood."""
        self.asked += port == "bot"
        person = f"Person {self.asked % ALL.good}"
        client = Client(service_url=self.connector.url, name=person)
        body = client.personal("help") if port == "bot" else LIST
        self.statuses.append(await self.post(session, port, orjson.dumps(body)))

    async def post(self, session: aiohttp.ClientSession, port: str, body: bytes) -> int:
        headers = {**ACCEPT, "Content-Type": "application/json"}
        headers["Authorization"] = f"Bearer {self.signed(port)}"
        path = "api/messages" if port == "bot" else "mcp"
        url = f"http://127.0.0.1:{self.ports[port]}/{path}"
        async with session.post(url, data=io.BytesIO(body), headers=headers) as answer:
            await answer.read()
            return answer.status

    async def refuse_huge(self, session: aiohttp.ClientSession, port: str, body: bytes) -> None:
        """Too much is refused before it is read, so that the sender may meet a closed door."""
        with suppress(aiohttp.ClientError):
            assert await self.post(session, port, body) in REFUSED


@pytest.fixture
async def served(
    declared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Served]:
    certificate = make_certificate(tmp_path)
    async with (
        running_connector() as connector,
        running_identity(APP_ID) as identity,
        running_identity(APP_ID, certificate.server) as entra,
        listening(make_simulator(load_world(WORLD))) as arm,
    ):
        order = {
            "factories": str(declared),
            "arm": arm,
            "identity": identity.url,
            "entra": entra.url,
            "connector": connector.url,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.flows.flooded", json.dumps(order)),
            env={**os.environ, "REQUESTS_CA_BUNDLE": str(certificate.trusted)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            ports = await _line_of(process)
            yield Served(process=process, ports=ports, identity=identity, connector=connector)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()


async def _line_of(process: asyncio.subprocess.Process) -> Mapping[str, int]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    assert line, "the product ended"
    return json.loads(line)


async def floods(served: Served, flood: Flood) -> None:
    """One round: the bad ones hold their connections until the good ones are answered."""
    async with AsyncExitStack() as held:
        for port in served.ports:
            path = "mcp" if port == "mcp" else "api/messages"
            head = f"POST /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            slow = f"{head}Content-Type: application/json\r\nContent-Length: 100\r\nAuthorization: "
            for _ in range(flood.silent):
                await served.hold(port, f"{head}X-Slow: ", held)
            for _ in range(flood.slow):
                await served.hold(port, f"{slow}Bearer {served.signed(port)}\r\n\r\n{{", held)
        await _ask_meanwhile(served, flood)


async def _drop(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _ask_meanwhile(served: Served, flood: Flood) -> None:
    body = orjson.dumps({"type": "message", "text": "x" * HUGE})
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as tasks:
        for port in served.ports:
            for _ in range(flood.huge):
                tasks.create_task(served.refuse_huge(session, port, body))
            for _ in range(flood.good):
                tasks.create_task(served.ask(session, port))
    await served.connector.wait_for(served.asked, limit=AGAINST_HANGING)


async def stays_flat(served: Served, flood: Flood) -> None:
    """What is held after some rounds is what was held before, at its lowest both times."""
    found: list[Mapping[str, int]] = []
    for _ in range(WARM + 2 * ROUNDS):
        await floods(served, flood)
        found.append(await served.memory())
        print(found[-1], flush=True)
    early, late = found[WARM : WARM + ROUNDS], found[WARM + ROUNDS :]
    before, after = (min(one["now"] for one in some) for some in (early, late))
    print(f"{before} -> {after} KiB, {len(served.statuses)} good requests")
    assert set(served.statuses) == {200, 202}
    assert len(served.answered) == served.asked
    assert after - before <= FLAT_KIB
    assert found[-1]["most"] - before <= flood.huge * HUGE // 1024 // 2 + FLAT_KIB
    fewer, more = (min(one["objects"] for one in some) for some in (early, late))
    assert more - fewer <= FLAT_OBJECTS


async def test_floods_on_both_ports_leave_every_good_request_answered_and_memory_flat(
    served: Served,
) -> None:
    await stays_flat(served, ALL)
