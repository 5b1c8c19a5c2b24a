"""The tools of every agent, as they stand for one question."""

from collections.abc import Sequence

from adf.records import Pipeline
from adf.tool import Tool, Toolbox
from adf.tools import ADF_TOOLS, Adf
from bot.agents.interface import Question
from bot.agents.mcp import LEARN_TOOLS, Learn
from bot.hosting.container import Container
from bot.hosting.instrumentation import MeasuredToolbox
from bot.tools import HERE_TOOLS, BotState, ToolContext


class Toolset:
    """The tools as they stand for one question, and the pipelines it may be about."""

    def __init__(self, parts: Container) -> None:
        """Borrow the parts."""
        self._parts = parts
        self.tools: tuple[Tool, ...] = (*ADF_TOOLS, *HERE_TOOLS)
        if parts.docs is not None:
            self.tools = (*self.tools, *LEARN_TOOLS)
        self._keeping = BotState(
            name=parts.setup.bot_name,
            people=parts.people,
            refusals=parts.refusals,
            rooms=parts.rooms,
            subscriptions=parts.subscriptions,
            memories=parts.memories,
            answered=parts.answered,
            spending=parts.spending,
            model=parts.setup.model.called if parts.setup.model else "",
            pipelines=self.pipelines_of,
        )

    async def pipelines_of(self, aliases: Sequence[str]) -> Sequence[Pipeline]:
        """The pipelines of some factories."""
        return await self._parts.inventory.pipelines(aliases) if aliases else ()

    async def inventory(self, question: Question) -> Sequence[Pipeline]:
        """The pipelines a question may be about."""
        return await self.pipelines_of(question.factories)

    def toolbox_for(self, question: Question) -> Toolbox:
        """The tools as its speaker may use them, in the room it came from."""
        parts = self._parts
        factories = parts.factories.only(question.factories, question.factory)
        here = ToolContext(
            person=question.speaker,
            address=question.address,
            asked=question.text,
            now=question.now,
            zone=question.zone,
            keeping=self._keeping,
        )
        works_on: list[object] = [Adf(factories=factories, clock=parts.clock), here]
        if parts.docs is not None:
            works_on.append(Learn(tools=parts.docs))
        return MeasuredToolbox(self.tools, works_on, parts.observe, parts.answers, parts.telemetry)
