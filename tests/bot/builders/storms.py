"""A storm: a thousand runs break within a minute, and a Teams that keeps its published limits."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adf.client import AdfClient
from adf.records import Factory
from adf.watch import FactoryWatch
from bot.messages import Address, Reply
from bot.outbox import NotDelivered
from cards.card import Card
from tests.adf.watched import START, Living, Ran

# Per thread and per tenant, as Teams publishes them: at most so many in so many seconds.
THREAD = {1.0: 7, 2.0: 8, 30.0: 60, 3600.0: 1800}
TENANT = {1.0: 50}
PIPELINES, CAUSES = 40, 5
_SQL = (
    "ErrorCode=SqlFailedToConnect,'Type=Microsoft.DataTransfer.Common.Shared.HybridDelivery"
    "Exception,Message=Cannot connect to SQL Database: 'sql-{}.database.windows.net', Database: "
    "'dw{}', User: 'etl'.,''Type=System.Data.SqlClient.SqlException,Message=Login failed for user "
    "'etl'.'"
)
ERRORS: tuple[Callable[[int], str], ...] = (
    lambda n: _SQL.format("one", n),
    lambda n: _SQL.format("two", n),
    lambda n: "The Self-hosted Integration Runtime 'shir-1' is offline, last connect time x.",
    lambda n: f"The remote name could not be resolved: 'api.partner.example.com' (try {n})",
    lambda n: "Cannot insert the value NULL into column 'Key', table 'dw.Dim'; INSERT fails.",
)


def pipeline(number: int) -> str:
    """The pipelines of one cause lie apart from each other."""
    return f"Load_{number % PIPELINES:02}"


def storm(runs: int = 1000, seconds: float = 60.0, first: float = 0.0) -> list[Ran]:
    """So many runs that break within so many seconds, of 40 pipelines, by 5 causes."""
    return [
        Ran(
            run_id=f"run-{first:g}-{number}",
            pipeline=pipeline(number),
            ended=(first + number * seconds / runs) / 60,
            message="Operation on target Copy failed: "
            + ERRORS[number % PIPELINES % CAUSES](number),
        )
        for number in range(runs)
    ]


def healed(at: float) -> list[Ran]:
    """A good run of each pipeline, so many seconds after the start."""
    return [
        Ran(run_id=f"good-{at:g}-{n}", pipeline=pipeline(n), ended=at / 60, status="Succeeded")
        for n in range(PIPELINES)
    ]


class LoopClock:
    """The time of the event loop, which a test does not wait for."""

    def __init__(self) -> None:
        self._began = asyncio.get_running_loop().time()

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    @property
    def seconds(self) -> float:
        return asyncio.get_running_loop().time() - self._began

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Stormy(Living):
    """A factory whose runs end by that clock."""

    def __init__(self, clock: LoopClock) -> None:
        self.clock = clock
        super().__init__()

    @property
    def now(self) -> datetime:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.clock()

    @now.setter
    def now(self, value: datetime) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        del value

    def watch(self) -> FactoryWatch:
        factory = Factory(alias="prod", subscription="s", resource_group="g", name="prod")
        return FactoryWatch(AdfClient(factory, self), self.clock)


class TooMany(NotDelivered):
    """429: a limit of Teams was provoked."""


@dataclass
class LimitedTeams:
    """Takes messages as long as every published limit is kept, and counts those it refused."""

    clock: LoopClock
    tenant_limits: dict[float, int] = field(default_factory=lambda: dict(TENANT))
    posts: list[tuple[float, str, Card]] = field(default_factory=list[tuple[float, str, Card]])
    edits: list[tuple[float, str, str, Card]] = field(
        default_factory=list[tuple[float, str, str, Card]]
    )
    provoked: int = 0
    _taken: defaultdict[str, list[float]] = field(
        default_factory=lambda: defaultdict[str, list[float]](list)
    )

    async def send(self, reply: Reply) -> str:
        self._count(reply.address)
        assert reply.card is not None
        self.posts.append((self.clock.seconds, reply.address.conversation, reply.card))
        message_id = f"m{len(self.posts)}"
        await asyncio.sleep(0.05)
        return message_id

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        self._count(address)
        assert reply.card is not None
        self.edits.append((self.clock.seconds, address.room, message_id, reply.card))
        await asyncio.sleep(0.05)

    async def typing(self, address: Address) -> None:
        self._count(address)

    def shown(self, room: str) -> dict[str, Card]:
        """What stands in a room, by message."""
        cards = {
            f"m{number}": card
            for number, (_, place, card) in enumerate(self.posts, 1)
            if place == room
        }
        return cards | {name: card for _, place, name, card in self.edits if place == room}

    def _count(self, address: Address) -> None:
        now = self.clock.seconds
        for key, limits in ((address.room, THREAD), (address.tenant, self.tenant_limits)):
            times = self._taken[key]
            if any(sum(at > now - span for at in times) >= most for span, most in limits.items()):
                self.provoked += 1
                raise TooMany("429")
        for key in (address.room, address.tenant):
            self._taken[key].append(now)


Sleep = Callable[[float], Awaitable[None]]
