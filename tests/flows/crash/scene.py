"""A bot that dies and is started again, with the factory and the room it does not live without."""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adf.simulator import make_simulator
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.teams import Client
from tests.flows.crash.factory import GROUP, NAME, Factory
from tests.flows.crash.rows import FileRows, SeenRows, TableRows
from tests.flows.crash.steps import Point
from tests.harness import listening
from tests.replicated import OF_THIS_RUN

ROOT = Path(__file__).parents[3]
# Against hanging only: on a machine with much else to do a life takes long.
GUARD_SECONDS = 150.0
# A look at a table reads all of it, which costs as much as a bot does meanwhile.
_LOOK_EACH = {False: 0.05, True: 0.25}
Asked = Callable[[web.Request], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """Where bots are forked; as many live at once as a product has replicas in this test."""

    place: Path

    @property
    def replicas(self) -> int:
        """How many live at once."""
        return OF_THIS_RUN.count

    @property
    def new_table(self) -> Callable[[], str] | None:
        """What makes the table of a scene; None where a file is its store."""
        return OF_THIS_RUN.new_table


@contextmanager
def running_lives() -> Generator[Lives]:
    """The process that bots are forked from."""
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
            yield Lives(place=place)
        finally:
            process.stdin.close()
            process.stdout.close()
            process.wait(GUARD_SECONDS)


def owner_of(port: int, pids: Iterable[int]) -> int:
    """Which of these processes has a connection from that port of this machine."""
    line = f"0100007F:{port:04X}"
    table = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    inode = next(fields[9] for fields in map(str.split, table) if fields[1] == line)
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if str(link.readlink()) == f"socket:[{inode}]":
                    return pid
    raise LookupError(f"nobody has port {port}")


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
    """Everything around the bot, and its lives: each ends where it is told, and another begins.

    Where there are several replicas, so many live at once.
    """

    def __init__(self, lives: Lives, folder: Path, arm: str, connector: ConnectorDouble) -> None:
        self.connector = connector
        self.factory = Factory()
        self.folder = folder
        self.deaths = 0
        self.on_arm: Asked | None = None
        self.rows: SeenRows = (
            TableRows(lives.new_table()) if lives.new_table else FileRows(folder / "store.db")
        )
        self._file: Path | None = None
        self._lives = lives
        self._arm = arm
        self._numbers = itertools.count(1)
        self._phase = 0
        self._alive: dict[int, Life] = {}
        self._turns = itertools.count()
        self._is_up = asyncio.Event()
        self._points: Sequence[Point] = ()
        self._is_closing = False

    @property
    def replicas(self) -> int:
        """How many live at once."""
        return self._lives.replicas

    def client(self, name: str = "Maya") -> Client:
        """Somebody's Teams."""
        return Client(service_url=self.connector.url, name=name)

    @asynccontextmanager
    async def living(self, *points: Point | None) -> AsyncGenerator[None]:
        """The bot lives: whoever meets the first point dies there, then who meets the next one."""
        self._points = [one for one in points if one]
        self._is_closing = False
        self._phase += 1
        keeping = [asyncio.create_task(self._keep_alive()) for _ in range(self.replicas)]
        try:
            await self.until(lambda: len(self._alive) == self.replicas or self.deaths)
            await self._is_up.wait()
            yield
        finally:
            self._is_closing = True
            for life in list(self._alive.values()):
                life.end()
            await asyncio.wait_for(asyncio.gather(*keeping), GUARD_SECONDS)

    async def kill(self, port: int = 0) -> None:
        """Kill -9 now: who has that port, or lives longest; the next life begins at once."""
        pid = owner_of(port, self._alive) if self.replicas > 1 and port else next(iter(self._alive))
        await self._alive[pid].kill()

    async def _keep_alive(self) -> None:
        while True:
            reader, writer = await asyncio.open_unix_connection(self._lives.place)
            life = Life(reader, writer)
            order = {
                "number": next(self._numbers),
                "folder": str(self.folder),
                "settings": self._settings(),
                "phase": self._phase,
                "points": [asdict(one) for one in self._points],
            }
            await life.begin(order)
            if self._is_closing:
                life.end()
            elif life.endpoint:
                self._alive[life.pid] = life
                self._is_up.set()
            # Others die meanwhile, so the count is read after the wait.
            was_killed = await life.death()
            self.deaths += was_killed
            self._alive.pop(life.pid, None)
            if not self._alive:
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
            "ADFOPS_STORE": self.rows.url,
            "ADFOPS_POLL_SECONDS": "1",
            "AZURE_SUBSCRIPTION_ID": "00000000-0000-0000-0000-00000000000a",
            "AZURE_RESOURCE_GROUP": GROUP,
            "AZURE_DATA_FACTORY_NAME": NAME,
        }

    async def deliver(
        self, activity: Mapping[str, Any], *, again: bool = True
    ) -> Mapping[str, Any]:
        """Post an activity as Teams does: the same `again`, until it is taken."""
        async with asyncio.timeout(GUARD_SECONDS), aiohttp.ClientSession() as session:
            while True:
                await self._is_up.wait()
                lives = list(self._alive.values())
                life = lives[next(self._turns) % len(lives)]
                try:
                    async with session.post(life.endpoint, json=activity) as answer:
                        if answer.status < 300:
                            return await answer.json() if answer.content_length else {}
                except aiohttp.ClientError:
                    if not again:
                        return {}
                    await asyncio.sleep(0.05)

    async def until(self, is_so: Callable[[], object], limit: float = GUARD_SECONDS) -> None:
        """Wait until something is so, as seen from outside."""
        async with asyncio.timeout(limit):
            while not await self._is(is_so):  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(_LOOK_EACH[self.replicas > 1])

    async def _is(self, so: Callable[[], object]) -> object:
        """Whether it is so; a table is asked in a thread, as the doubles go on in this one."""
        return so() if self.replicas == 1 else await asyncio.to_thread(so)

    async def until_quiet(self) -> None:
        """Wait until nothing is left to do: no claim is open, no message that may change lives."""
        await self.until(lambda: not self.left())

    def left(self) -> Sequence[str]:
        """What the store says is still to be done: open claims, messages that may change."""
        return [
            f"{partition}/{key}"
            for partition, key, value in self.rows.all()
            if (partition == "inbox" and '"incoming"' in value) or key.startswith("post-")
        ]

    def messages(self) -> Sequence[str]:
        """The messages that may change, as they are written down."""
        return [value for _, key, value in self.rows.all() if key.startswith("post-")]

    def incident(self) -> str:
        """The number of the incident that is open."""
        return next(key.removeprefix("open-") for _, key, _ in self.rows.all() if "open-" in key)

    def records(self, prefix: str) -> Mapping[str, Mapping[str, Any]]:
        """What lies in the store under keys that begin so, by key."""
        return {
            key: json.loads(value) for _, key, value in self.rows.all() if key.startswith(prefix)
        }

    def in_partition(self, name: str) -> Sequence[str]:
        """What lies in one partition of the store."""
        return [value for partition, _, value in self.rows.all() if partition == name]

    def rewrite(self, prefix: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Write records anew while nobody lives, as if more time had gone by."""
        changed = [
            (partition, key, change(json.loads(value)))
            for partition, key, value in self.rows.all()
            if key.startswith(prefix)
        ]
        self.rows.rewrite(changed)

    def steps(self) -> Sequence[Sequence[str]]:
        """The steps of each life, in order."""
        files = sorted(self.folder.glob("steps-*.log"), key=lambda one: int(one.stem[6:]))
        return [one.read_text(encoding="utf-8").splitlines() for one in files]


@asynccontextmanager
async def running_scene(lives: Lives, folder: Path) -> AsyncGenerator[Scene]:
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
