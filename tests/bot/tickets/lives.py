"""Lives of a bot with tickets, each a process of its own that is killed at a step it counts.

Started as a program it reads one life a line, as JSON, forks a process for it, and writes how that
ended. A step is each moment before and after a write to the store or a call to the system.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import aiohttp

from bot.state.store import Entry, Operation, Store, Value, open_store
from bot.tickets.setup import TicketKind, TicketUpdates
from cards.records import TicketProposal, TicketState
from tests.bot.actions.stage import Clock
from tests.bot.tickets.stage import IVY, MAYA, NOW, Application, FakeIncidents, World, setup_of

ROUNDS = 14
ROUND = timedelta(seconds=30)


@dataclass(slots=True, kw_only=True)
class Steps:
    """Counts the steps of this process, and kills it before one of them."""

    kill_at: int
    names: list[str] = field(default_factory=list[str])

    def step(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class CountedStore:
    """A store whose writes are steps."""

    def __init__(self, store: Store, steps: Steps) -> None:
        self._store = store
        self._steps = steps

    async def get(self, partition: str, key: str) -> Entry | None:
        return await self._store.get(partition, key)

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        return await self._store.range(partition, start, end, limit)

    async def insert(self, partition: str, key: str, value: Value) -> str:
        self._steps.step(f"before insert {partition}")
        version = await self._store.insert(partition, key, value)
        self._steps.step(f"after insert {partition}")
        return version

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        self._steps.step(f"before replace {partition}")
        newer = await self._store.replace(partition, key, value, version)
        self._steps.step(f"after replace {partition}")
        return newer

    async def delete(self, partition: str, key: str, version: str | None = None) -> None:
        await self._store.delete(partition, key, version)

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        self._steps.step(f"before batch {partition}")
        versions = await self._store.batch(partition, operations)
        self._steps.step(f"after batch {partition}")
        return versions

    async def check(self) -> None:
        await self._store.check()

    async def close(self) -> None:
        await self._store.close()


class CountedSession:
    """A session whose calls are steps."""

    def __init__(self, session: aiohttp.ClientSession, steps: Steps) -> None:
        self._session = session
        self._steps = steps

    @asynccontextmanager
    async def request(self, method: str, url: str, **given: Any) -> AsyncGenerator[Any]:  # noqa: ANN401
        self._steps.step(f"before {method}")
        async with self._session.request(method, url, **given) as response:
            self._steps.step(f"answered {method}")
            yield response


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a process does: a fresh press, or what comes after a start; and where it is killed."""

    kind: str
    url: str
    store: str
    number: int = 0
    kill_at: int = 0

    async def run(self) -> None:
        """Propose, press and follow; a later life presses again, and follows until all is still."""
        steps, clock = Steps(kill_at=self.kill_at), Clock()
        clock.now = NOW + self.number * timedelta(minutes=3)
        store = await open_store(f"sqlite:///{self.store}")
        async with aiohttp.ClientSession() as session:
            kind = TicketKind(self.kind)
            world = World(
                double=cast("Any", None),
                setup=setup_of(kind, self.url.removesuffix("/hook")),
                session=cast("Any", CountedSession(session, steps)),
                clock=clock,
                store=CountedStore(store, steps),
                incidents=incidents(),
            )
            world.give_operators()
            bot = world.application(TicketUpdates.CLOSE)
            await self._live(bot, world)
        await store.close()
        report(steps=steps.names)

    async def _live(self, bot: Application, world: World) -> None:
        for person in (MAYA, IVY):
            await bot.press(await self._proposal(bot), person)
        for _ in range(ROUNDS):
            await bot.follow_up.sweep()
            world.pass_time(ROUND)

    async def _proposal(self, bot: Application) -> TicketProposal:
        """The proposal that is there already, else one that is asked for now."""
        waiting = await bot.tickets.waiting(NOW)
        record = await bot.propose(MAYA)
        assert isinstance(record, TicketProposal), record
        if record.state is not TicketState.WAITING or not waiting:
            return record
        there = waiting[0]
        return TicketProposal(
            proposal_id=there.proposal_id,
            incident_id=there.incident_id,
            factory=there.factory,
            pipelines=there.pipelines,
            system=record.system,
            requested=record.requested,
            expires_at=record.expires_at,
            text=record.text,
        )


def incidents() -> FakeIncidents:
    """An incident that failed, that somebody acknowledged later, and that is over."""
    made = FakeIncidents()
    made.happened("Failed, run 11111111", NOW - timedelta(hours=1))
    made.happened("Ivy acknowledged it", NOW + timedelta(minutes=60))
    made.over.add("INC-7")
    return made


def report(**said: object) -> None:
    """One line in one write: a life and the program that forks it say things at the same time."""
    sys.stdout.write(f"{json.dumps(said)}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork a process for each line; this one only waits."""
    for line in sys.stdin:
        life = Life(**json.loads(line))
        child = os.fork()
        if child == 0:
            asyncio.run(life.run())
            os._exit(0)
        report(pid=child)
        _, status = os.waitpid(child, 0)
        report(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
