"""Replicas of the bot in processes of their own, over one table and behind a round robin."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adf.simulator import make_simulator
from bot.state.replicas.leadership import KEY, PARTITION
from bot.state.store import ListedStore, open_store
from tests.doubles.connector import ConnectorDouble, Sent, running_connector
from tests.doubles.teams import Client
from tests.flows.crash.factory import GROUP, NAME, Factory
from tests.flows.crash.scene import GUARD_SECONDS, Asked, Life, Lives
from tests.harness import listening

Schema = tuple[int, int]
"""A version of the bot's rows, and the oldest that can read them."""


def said_in(place: Path) -> str:
    """What a process wrote to its log."""
    return (place / "errors.log").read_text(encoding="utf-8")


class Fleet:
    """The replicas that live, and everything around them."""

    def __init__(self, connector: ConnectorDouble, arm: str, store: ListedStore, url: str) -> None:
        self.connector = connector
        self.factory = Factory()
        self.store = store
        self._arm = arm
        self._url = url
        self._lives: dict[int, Life] = {}
        self._turn = 0
        self._numbers = itertools.count()
        self.on_arm: Asked | None = None

    @property
    def pids(self) -> list[int]:
        """The processes that live."""
        return list(self._lives)

    def client(self, name: str = "Maya") -> Client:
        """Somebody's Teams."""
        return Client(service_url=self.connector.url, name=name)

    async def start(
        self, lives: Lives, folder: Path, count: int, schema: Schema | None = None
    ) -> None:
        """Begin so many replicas, each in a folder of its own; of a version with that `schema`."""
        for _ in range(count):
            life, place = await self.begin(lives, folder, schema)
            assert life.endpoint, said_in(place)
            self._lives[life.pid] = life
        await asyncio.gather(*(self._until_ready(life) for life in self._lives.values()))

    async def begin(
        self, lives: Lives, folder: Path, schema: Schema | None = None
    ) -> tuple[Life, Path]:
        """One more process, which may end at once; and its folder."""
        place = folder / f"replica-{next(self._numbers)}"
        place.mkdir()
        life = Life(*await asyncio.open_unix_connection(lives.place))
        order: dict[str, Any] = {
            "number": 1,
            "folder": str(place),
            "settings": self._settings(),
            "phase": 0,
            "points": [],
            "schema": schema,
        }
        await life.begin(order)
        return life, place

    async def end(self) -> None:
        """Ask all of them to end, and wait."""
        for life in self._lives.values():
            life.end()
        async with asyncio.timeout(GUARD_SECONDS):
            await asyncio.gather(*(life.death() for life in self._lives.values()))

    async def leader(self) -> int:
        """The process that leads now; 0 where its lease was given back or it is gone."""
        entry = await self.store.get(PARTITION, KEY)
        if entry is None or entry.value["released"]:
            return 0
        pid = int(str(entry.value["holder"]).partition("-")[0])
        return pid if pid in self._lives else 0

    async def until_led(self) -> int:
        """Wait until one of the living leads."""
        async with asyncio.timeout(GUARD_SECONDS):
            while not (pid := await self.leader()):  # noqa: ASYNC110 - it is in a store
                await asyncio.sleep(0.1)
        return pid

    def end_one(self, pid: int) -> Life:
        """Ask one of them to end; nothing is delivered to it any more."""
        life = self._lives.pop(pid)
        life.end()
        return life

    async def kill(self, pid: int) -> None:
        """Kill -9."""
        await self._lives.pop(pid).kill()

    def suspend(self, pid: int) -> Life:
        """Stop a replica for a while, as a machine does that is frozen."""
        os.kill(pid, signal.SIGSTOP)
        return self._lives.pop(pid)

    def wake(self, pid: int, life: Life) -> None:
        """Let it go on."""
        self._lives[pid] = life
        os.kill(pid, signal.SIGCONT)

    async def deliver(self, activity: Mapping[str, Any], pid: int = 0) -> Mapping[str, Any]:
        """Post an activity to the next replica, and the same to another one until it is taken.

        With a `pid` to that one alone.
        """
        async with asyncio.timeout(GUARD_SECONDS), aiohttp.ClientSession() as session:
            while True:
                self._turn += 1
                lives = [self._lives[pid]] if pid else list(self._lives.values())
                life = lives[self._turn % len(lives)]
                try:
                    async with session.post(life.endpoint, json=activity) as answer:
                        if answer.status < 300:
                            return await answer.json() if answer.content_length else {}
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)

    async def until(self, is_so: Any) -> None:  # noqa: ANN401 - a question
        """Wait until something is so, as seen from outside."""
        async with asyncio.timeout(GUARD_SECONDS):
            while not is_so():  # noqa: ASYNC110 - a store and two doubles have no common event
                await asyncio.sleep(0.05)

    def posts(self) -> list[Sent]:
        """What was posted as a message, edits left out."""
        return [
            one
            for one in self.connector.sent
            if one.method == "POST" and one.activity.get("type") == "message"
        ]

    async def _until_ready(self, life: Life) -> None:
        url = life.endpoint.replace("api/messages", "readyz")
        async with aiohttp.ClientSession() as session, asyncio.timeout(GUARD_SECONDS):
            while True:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
                await asyncio.sleep(0.05)

    def _settings(self) -> Mapping[str, str]:
        return {
            "ADFOPS_LOCAL": "1",
            "ADFOPS_PORT": "0",
            "ADFOPS_ARM_URL": self._arm,
            "ADFOPS_STORE": self._url,
            "ADFOPS_POLL_SECONDS": "1",
            "AZURE_SUBSCRIPTION_ID": "00000000-0000-0000-0000-00000000000a",
            "AZURE_RESOURCE_GROUP": GROUP,
            "AZURE_DATA_FACTORY_NAME": NAME,
        }


@asynccontextmanager
async def running_fleet(lives: Lives, folder: Path, url: str, count: int) -> AsyncGenerator[Fleet]:
    """So many replicas with a factory, a room and a table."""
    factory, fleet = Factory(), None

    async def before(request: web.Request) -> web.StreamResponse | None:
        if fleet and fleet.on_arm:
            await fleet.on_arm(request)
        return None

    async with (
        running_connector() as connector,
        listening(make_simulator(factory.state, before=before)) as arm,
    ):
        store = await open_store(url)
        fleet = Fleet(connector, arm, store, url)
        fleet.factory = factory
        try:
            await fleet.start(lives, folder, count)
            yield fleet
        finally:
            await fleet.end()
            await store.close()
