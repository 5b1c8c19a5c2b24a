"""One person asking an agent that talks with the Foundry double, over a fake factory."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from adf.client import Factories
from adf.errors import AdfError
from adf.records import Pipeline
from adf.tool import Toolbox, ToolCall
from adf.tools import ADF_TOOLS, Adf
from bot.agents.approvals import UsedApprovals
from bot.agents.azure_openai import AzureOpenAIAgent, Deployment
from bot.agents.foundry import FoundryAgent, Project
from bot.agents.interface import Approval, Memory, Progress, Question, Words
from bot.agents.model import ModelAgent, ModelAnswer, ModelOptions, TurnLimits
from bot.agents.model.tool_schemas import RemoteServer
from bot.agents.model.types import StateMode
from bot.state.store import MemoryStore
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.answers.test_agent import BAD, FACTORY, GOOD, HERE, MAYA, NOW
from tests.bot.agents.plain_help import BOT_TOOLS, BotFacts
from tests.doubles.foundry import Answering, Brain, FoundryDouble, running_foundry

BERLIN = ZoneInfo("Europe/Berlin")
BACKENDS = ("foundry", "previous", "stateless")
TOOLS = (*ADF_TOOLS, *BOT_TOOLS)
LEARN = RemoteServer(
    label="mslearn", url="https://learn.microsoft.com/api/mcp", free=("microsoft_docs_search",)
)


@dataclass(slots=True)
class Told:
    """All that came of a question."""

    steps: list[object] = field(default_factory=list[object])

    @property
    def answer(self) -> ModelAnswer:
        last = self.steps[-1]
        assert isinstance(last, ModelAnswer)
        return last

    @property
    def words(self) -> str:
        return "".join(one.text for one in self.steps if isinstance(one, Words))

    @property
    def doing(self) -> list[str]:
        return [one.doing for one in self.steps if isinstance(one, Progress)]

    @property
    def approvals(self) -> list[Approval]:
        return [one for one in self.steps if isinstance(one, Approval)]


class Room:
    """Asks in one talk; `waits` are the pauses the loop made, which take no time here."""

    def __init__(self, double: FoundryDouble) -> None:
        self.double = double
        self.wire = FakeWire()
        self.calls: list[ToolCall] = []
        self.waits: list[float] = []
        self.memory: Memory = {}
        self.names: list[str] | AdfError = ["Stock", "StockLevels", "Customers"]
        self.agent: ModelAgent

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def has(self, *runs: Json) -> None:
        self.wire.run_pages = [list(runs)]
        self.wire.runs = {run["runId"]: run for run in runs}

    def question(self, text: str, **more: Any) -> Question:  # noqa: ANN401 - fields of a question
        given: dict[str, Any] = {
            "speaker": MAYA,
            "address": HERE,
            "now": NOW,
            "zone": BERLIN,
            "factory": "shop",
            "factories": ("shop",),
            "memory": self.memory,
        }
        return Question(text=text, **given | more)

    async def ask(self, text: str, **more: Any) -> Told:  # noqa: ANN401 - fields of a question
        told = Told()
        async for step in self.agent.answer(self.question(text, **more)):
            told.steps.append(step)
        self.memory = told.answer.memory
        return told

    async def inventory(self, _: Question) -> list[Pipeline]:
        if isinstance(self.names, AdfError):
            raise self.names
        return [Pipeline(factory="shop", name=name) for name in self.names]

    def toolbox(self, _: Question) -> Toolbox:
        factories = Factories([FACTORY], "shop", lambda _: self.wire)
        adf = Adf(factories=factories, clock=lambda: NOW)
        bot = BotFacts(name="ADF Ops", factories=factories.aliases)
        return Toolbox(TOOLS, [adf, bot], self.calls.append)

    @property
    def called(self) -> list[str]:
        return [call.name for call in self.calls]

    @property
    def kept(self) -> Mapping[str, Any]:
        """What is remembered of the talk with the model."""
        return self.memory["model"]

    def make_agent(
        self, backend: str, options: ModelOptions, remote: tuple[RemoteServer, ...]
    ) -> None:
        if backend == "foundry":
            project = Project(endpoint=self.double.project, model="gpt-5.4-mini")
            self.agent = FoundryAgent(
                project, self.toolbox, self.inventory, tools=TOOLS, remote=remote, options=options
            )
            return
        deployment = Deployment(
            endpoint=self.double.url, model="gpt", key="k", state=StateMode(backend)
        )
        self.agent = AzureOpenAIAgent(
            deployment, self.toolbox, self.inventory, tools=TOOLS, remote=remote, options=options
        )


@asynccontextmanager
async def room_with(
    brain: Brain | Answering,
    backend: str = "foundry",
    *,
    limits: TurnLimits | None = None,
    remote: tuple[RemoteServer, ...] = (),
    **options: Any,  # noqa: ANN401 - fields of a options
) -> AsyncGenerator[Room]:
    """A room whose model thinks with this brain; the pipeline Stock has a failed run."""
    async with running_foundry(brain) as double:
        room = Room(double)
        room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Customers", status="Succeeded"))
        room.wire.activity_pages[BAD] = [[wire_activity("Load")]]
        once = UsedApprovals(MemoryStore(), lambda: NOW)
        told = ModelOptions(
            limits=limits or TurnLimits(), pause=room.pause, use=once.use, **options
        )
        room.make_agent(backend, told, remote)
        try:
            yield room
        finally:
            await room.agent.close()
