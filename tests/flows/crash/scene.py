"""A bot that dies and is started again, with the factory and the room it does not live without."""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adf.simulator import make_simulator
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.teams import Client
from tests.flows.crash.factory import GROUP, NAME, Factory
from tests.flows.crash.steps import Point
from tests.harness import listening

ROOT = Path(__file__).parents[3]
# Against hanging only: on a machine with much else to do a life takes long.
GUARD_SECONDS = 150.0
Asked = Callable[[web.Request], Awaitable[None]]


@contextmanager
def running_lives() -> Generator[Path]:
    """The process that bots are forked from; yields the socket to ask it at."""
    with tempfile.TemporaryDirectory(prefix="lives-") as folder:
        place = Path(folder) / "s"
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.crash.lives", str(place)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            yield place
        finally:
            process.stdin.close()
            process.stdout.close()
            process.wait(GUARD_SECONDS)


class Life:
    """One process of the bot, from its first word to its death."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._gone: asyncio.Task[bytes] | None = None
        self.pid = 0
        self.endpoint = ""

    async def begin(self, order: Mapping[str, Any]) -> None:
        """Give the order and wait until it listens, or is dead already."""
        self._writer.write(json.dumps(order).encode() + b"\n")
        self.pid = int(await self._reader.readline())
        words = (await self._reader.readline()).decode()
        self.endpoint = f"http://{words.split()[-1]}/api/messages" if words else ""
        self._gone = asyncio.create_task(self._last_words())

    async def death(self) -> bool:
        """Wait until the process is gone; whether it was killed."""
        assert self._gone is not None
        return b"ended" not in await asyncio.shield(self._gone)

    async def kill(self) -> None:
        """Kill -9, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        await self.death()

    def end(self) -> None:
        """Ask it to end politely."""
        with contextlib.suppress(OSError):
            self._writer.write_eof()

    async def _last_words(self) -> bytes:
        try:
            return await self._reader.read()
        except ConnectionError:
            return b""
        finally:
            self._writer.close()


class Scene:
    """Everything around the bot, and its lives: each ends where it is told, and another begins."""

    def __init__(self, lives: Path, folder: Path, arm: str, connector: ConnectorDouble) -> None:
        self.connector = connector
        self.factory = Factory()
        self.folder = folder
        self.deaths = 0
        self.on_arm: Asked | None = None
        self._file: Path | None = None
        self._lives = lives
        self._arm = arm
        self._number = 0
        self._life: Life | None = None
        self._is_up = asyncio.Event()
        self._points: list[Point | None] = []
        self._is_closing = False

    def client(self, name: str = "Maya") -> Client:
        """Somebody's Teams."""
        return Client(service_url=self.connector.url, name=name)

    @asynccontextmanager
    async def living(self, *points: Point | None) -> AsyncGenerator[None]:
        """The bot lives: its first life dies at the first point, the next at the next one."""
        self._points = list(points)
        self._is_closing = False
        keeping = asyncio.create_task(self._keep_alive())
        try:
            await self._is_up.wait()
            yield
        finally:
            self._is_closing = True
            if self._life:
                self._life.end()
            await asyncio.wait_for(keeping, GUARD_SECONDS)

    async def kill(self) -> None:
        """Kill -9 now; the next life begins at once."""
        if self._life:
            await self._life.kill()

    async def _keep_alive(self) -> None:
        while True:
            reader, writer = await asyncio.open_unix_connection(self._lives)
            life = Life(reader, writer)
            self._number += 1
            point = self._points.pop(0) if self._points else None
            order = {
                "number": self._number,
                "folder": str(self.folder),
                "settings": self._settings(),
                "point": asdict(point) if point else None,
            }
            await life.begin(order)
            self._life = life
            if self._is_closing:
                life.end()
            elif life.endpoint:
                self._is_up.set()
            self.deaths += await life.death()
            self._is_up.clear()
            if self._is_closing:
                return

    def declare(self, declared: Mapping[str, Any]) -> None:
        """What the factories file says, for every life from now on."""
        self._file = self.folder / "factories.json"
        self._file.write_text(json.dumps(declared), encoding="utf-8")

    def _settings(self) -> Mapping[str, str]:
        declared = {"ADFOPS_FACTORIES": str(self._file)} if self._file else {}
        return {
            **declared,
            "ADFOPS_LOCAL": "1",
            "ADFOPS_PORT": "0",
            "ADFOPS_ARM_URL": self._arm,
            "ADFOPS_STORE": f"sqlite:///{self.store}",
            "ADFOPS_POLL_SECONDS": "1",
            "AZURE_SUBSCRIPTION_ID": "00000000-0000-0000-0000-00000000000a",
            "AZURE_RESOURCE_GROUP": GROUP,
            "AZURE_DATA_FACTORY_NAME": NAME,
        }

    @property
    def store(self) -> Path:
        """The file of the store."""
        return self.folder / "store.db"

    async def deliver(
        self, activity: Mapping[str, Any], *, again: bool = True
    ) -> Mapping[str, Any]:
        """Post an activity as Teams does: the same `again`, until it is taken."""
        async with asyncio.timeout(GUARD_SECONDS), aiohttp.ClientSession() as session:
            while True:
                await self._is_up.wait()
                assert self._life is not None
                try:
                    async with session.post(self._life.endpoint, json=activity) as answer:
                        if answer.status < 300:
                            return await answer.json() if answer.content_length else {}
                except aiohttp.ClientError:
                    if not again:
                        return {}
                    await asyncio.sleep(0.05)

    async def until(self, is_so: Callable[[], object], limit: float = GUARD_SECONDS) -> None:
        """Wait until something is so, as seen from outside."""
        async with asyncio.timeout(limit):
            while not is_so():  # noqa: ASYNC110 - a store and two doubles have no common event
                await asyncio.sleep(0.05)

    async def until_quiet(self) -> None:
        """Wait until nothing is left to do: no claim is open, no message that may change lives."""
        await self.until(lambda: not self.left())

    def left(self) -> Sequence[str]:
        """What the store says is still to be done: open claims, messages that may change."""
        return [
            f"{partition}/{key}"
            for partition, key, value in self._rows()
            if (partition == "inbox" and '"incoming"' in value) or key.startswith("post-")
        ]

    def messages(self) -> Sequence[str]:
        """The messages that may change, as they are written down."""
        return [value for _, key, value in self._rows() if key.startswith("post-")]

    def incident(self) -> str:
        """The number of the incident that is open."""
        return next(key.removeprefix("open-") for _, key, _ in self._rows() if "open-" in key)

    def records(self, prefix: str) -> Mapping[str, Mapping[str, Any]]:
        """What lies in the store under keys that begin so, by key."""
        return {key: json.loads(value) for _, key, value in self._rows() if key.startswith(prefix)}

    def in_partition(self, name: str) -> Sequence[str]:
        """What lies in one partition of the store."""
        return [value for partition, _, value in self._rows() if partition == name]

    def rewrite(self, prefix: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Write records anew while nobody lives, as if more time had gone by."""
        with contextlib.closing(sqlite3.connect(self.store)) as connection, connection:
            for partition, key, value in self._rows():
                if key.startswith(prefix):
                    after = json.dumps(change(json.loads(value)))
                    where = (after, partition, key)
                    connection.execute(
                        "UPDATE entries SET value = ? WHERE partition = ? AND key = ?", where
                    )

    def _rows(self) -> Sequence[tuple[str, str, str]]:
        with contextlib.closing(sqlite3.connect(self.store)) as connection:
            return connection.execute("SELECT partition, key, value FROM entries").fetchall()

    def steps(self) -> Sequence[Sequence[str]]:
        """The steps of each life, in order."""
        files = sorted(self.folder.glob("steps-*.log"), key=lambda one: int(one.stem[6:]))
        return [one.read_text(encoding="utf-8").splitlines() for one in files]


@asynccontextmanager
async def running_scene(lives: Path, folder: Path) -> AsyncGenerator[Scene]:
    """Factory, room and store; the bot begins to live when told."""
    async with running_connector() as connector:
        scene: Scene | None = None

        async def before(request: web.Request) -> web.StreamResponse | None:
            if scene and scene.on_arm:
                await scene.on_arm(request)
            return None

        state = Factory()
        async with listening(make_simulator(state.state, before=before)) as arm:
            scene = Scene(lives, folder, arm, connector)
            scene.factory = state
            yield scene
