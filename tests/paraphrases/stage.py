"""Plays paraphrases to the offline agent over a simulated factory, and keeps what it did."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from adf.client import Factories, sdk_wires
from adf.errors import AdfError
from adf.records import Factory, Pipeline, PipelineNotes
from adf.simulator import make_simulator, make_world
from adf.tool import Toolbox, ToolCall
from adf.tools import ADF_TOOLS, Adf
from bot.agents.answers import OfflineAgent
from bot.agents.interface import Answer, Memory, Question
from bot.messages import Address, Person, Scope
from tests.paraphrases.generator import WORLDS
from tests.paraphrases.meaning import Paraphrase, Room
from tests.paraphrases.standins import BOT_STANDINS, Ledger
from tests.paraphrases.worlds import World

ASKER = Person(person_id="ada", name="Ada", tenant="t")
CHANNEL = Address(
    scope=Scope.CHANNEL,
    tenant="t",
    service_url="https://smba.example/",
    conversation="19:ops@thread.tacv2;messageid=1",
    bot_id="28:bot",
    bot_name="ADF Ops",
    channel="19:ops@thread.tacv2",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the agent did with a paraphrase; `failed` is the error that a turn would tell."""

    answer: Answer
    calls: tuple[ToolCall, ...] = ()
    failed: str = ""


@dataclass(slots=True)
class Stage:
    """A world at one moment, opened; an agent for each room in it."""

    world: World
    now: datetime
    arm: str
    stack: AsyncExitStack
    calls: list[ToolCall] = field(default_factory=list[ToolCall])
    agents: dict[Room, OfflineAgent] = field(default_factory=dict[Room, OfflineAgent])

    async def play(self, said: Paraphrase) -> Outcome:
        """Say what was said before it, then the paraphrase itself."""
        memory: Memory = {}
        for text in said.before:
            memory = (await self._ask(said.room, text, memory)).answer.memory
        return await self._ask(said.room, said.text, memory)

    async def _ask(self, room: Room, text: str, memory: Memory) -> Outcome:
        self.calls.clear()
        question = Question(
            text=text,
            speaker=ASKER,
            address=CHANNEL,
            now=self.now,
            zone=self.world.zone,
            factory=room.factory,
            factories=room.factories,
            memory=memory,
        )
        try:
            steps = [step async for step in self._agent(room).answer(question)]
        except AdfError as error:
            trouble = Answer(text=str(error), memory=memory, sure=False)
            return Outcome(answer=trouble, calls=tuple(self.calls), failed=repr(error))
        except Exception as error:  # noqa: BLE001 - a crash is a finding, the others are still played
            told = Answer(memory=memory, sure=False)
            crashed = f"crash: {error!r}"
            return Outcome(answer=told, calls=tuple(self.calls), failed=crashed)
        last = steps[-1]
        assert isinstance(last, Answer)
        return Outcome(answer=last, calls=tuple(self.calls))

    def _agent(self, room: Room) -> OfflineAgent:
        if room not in self.agents:
            self.agents[room] = self._make_agent(room)
        return self.agents[room]

    def _make_agent(self, room: Room) -> OfflineAgent:
        known = [_declared(self.world, alias) for alias in room.factories]
        factories = Factories(known, room.factory, sdk_wires(self.arm))
        self.stack.push_async_callback(factories.close)
        adf = Adf(factories=factories, clock=lambda: self.now)
        toolbox = Toolbox([*ADF_TOOLS, *BOT_STANDINS], [adf, Ledger()], self.calls.append)
        names: list[Pipeline] = []

        async def inventory(_: Question | None = None) -> Sequence[Pipeline]:
            if not names:
                for alias in room.factories:
                    names.extend(await (await factories.client(alias)).list_pipelines())
            return names

        return OfflineAgent(lambda _: toolbox, inventory)


@asynccontextmanager
async def _open_stage(world: World, now: datetime) -> AsyncGenerator[Stage]:
    async with AsyncExitStack() as stack:
        simulator = make_simulator(make_world(world.document(now)))
        arm = await stack.enter_async_context(_listening(simulator))
        yield Stage(world=world, now=now, arm=arm, stack=stack)


@asynccontextmanager
async def _listening(application: web.Application) -> AsyncGenerator[str]:
    """Serve on a free loopback port without the composition root."""
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def play(paraphrases: Iterable[Paraphrase]) -> list[tuple[Paraphrase, Outcome]]:
    """What the agent does with each of them."""
    async with AsyncExitStack() as stack:
        stages: dict[tuple[str, datetime], Stage] = {}
        for world in WORLDS.values():
            for now in world.moments:
                opened = await stack.enter_async_context(_open_stage(world, now))
                stages[world.name, now] = opened
        return [(one, await stages[one.world, one.moment].play(one)) for one in paraphrases]


def _declared(world: World, alias: str) -> Factory:
    """A factory as a team would declare it: which pipelines are critical, how long they take."""
    return Factory(
        alias=alias,
        subscription="00000000-0000-0000-0000-0000000000ff",
        resource_group=f"rg-{alias}",
        name=alias,
        notes={
            one.name: PipelineNotes(critical=one.critical)
            for one in world.pipelines
            if one.factory == alias
        },
    )
