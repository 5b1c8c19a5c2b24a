"""A conversation with the offline agent about a served world, with its memory."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from adf.records import Pipeline, PipelineList
from adf.simulator import Roles, State
from adf.tool import Toolbox, ToolCall
from bot.agents.answers import OfflineAgent
from bot.agents.interface import Answer, Question
from bot.messages import Address, Person, Scope
from tests.adf.asking import asking

ZONE = ZoneInfo("Europe/Berlin")
MAYA = Person(person_id="maya", name="Maya", tenant="t")
HERE = Address(
    scope=Scope.PERSONAL,
    tenant="t",
    service_url="https://smba.trafficmanager.net/emea/",
    conversation="a:1",
    bot_id="28:bot",
    bot_name="ADF Ops",
)


class WorldTalk:
    """Asks one thing after the other; `calls` are the tool calls of the last question."""

    def __init__(
        self,
        toolbox: Toolbox,
        pipelines: Sequence[Pipeline],
        now: datetime,
        calls: list[ToolCall],
    ) -> None:
        self._toolbox = toolbox
        self._pipelines = pipelines
        self._now = now
        self._memory: dict[str, Any] = {}
        self.calls = calls

    async def ask(self, text: str) -> Answer:
        """The answer to a question, which is remembered."""
        self.calls.clear()

        async def pipelines(_: Question) -> Sequence[Pipeline]:
            return self._pipelines

        agent = OfflineAgent(lambda _: self._toolbox, pipelines)
        question = Question(
            text=text,
            speaker=MAYA,
            address=HERE,
            now=self._now,
            zone=ZONE,
            memory=self._memory,
            factory="lab",
            factories=("lab",),
        )
        steps = [step async for step in agent.answer(question)]
        answer = cast("Answer", steps[-1])
        self._memory = dict(answer.memory)
        return answer


@asynccontextmanager
async def talking(
    state: State, group: str = "rg-lab", name: str = "adf-lab", roles: Roles | None = None
) -> AsyncGenerator[WorldTalk]:
    """A conversation about the factory of a served state."""
    calls: list[ToolCall] = []
    async with asking(state, roles, group, name, calls.append) as toolbox:
        listed = cast("PipelineList", await toolbox.call("adf_list_pipelines"))
        yield WorldTalk(toolbox, listed.pipelines, state.clock(), calls)
