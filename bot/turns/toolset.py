"""The tools of every agent, as they stand for one question."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.client import Factories, Inventory, OtherNames
from adf.records import Pipeline
from adf.tool import Tool, Toolbox, ToolCall
from adf.tools import ADF_TOOLS, Adf
from bot.agents.interface import Question
from bot.agents.mcp import LEARN_TOOLS, Learn, McpTools
from bot.messages import Address, Person
from bot.tools import HERE_TOOLS, BotState, ToolContext

Observe = Callable[[ToolCall], None]
MakeToolbox = Callable[[Iterable[Tool], Iterable[object], Observe], Toolbox]
"""A toolbox of some tools and what they work on, observed as the bot's other calls are, and so."""
ObserverOf = Callable[[Question], Observe]
"""What sees the tool calls of one question."""


def _unobserved(question: Question) -> Observe:
    del question
    return lambda _: None


class Toolset:
    """The tools and the pipelines that one question may be about."""

    def __init__(
        self,
        *,
        factories: Factories,
        inventory: Inventory,
        state: BotState,
        docs: McpTools | None,
        make_toolbox: MakeToolbox,
        clock: Callable[[], datetime],
        observer_of: ObserverOf = _unobserved,
    ) -> None:
        """Borrow everything; without `docs` the documentation cannot be searched."""
        self._factories = factories
        self._inventory = inventory
        self._state = state
        self._docs = docs
        self._make_toolbox = make_toolbox
        self._clock = clock
        self._observer_of = observer_of
        self.tools: tuple[Tool, ...] = (*ADF_TOOLS, *HERE_TOOLS)
        if docs is not None:
            self.tools = (*self.tools, *LEARN_TOOLS)

    async def pipelines_for(self, question: Question) -> Sequence[Pipeline]:
        """The pipelines a question may be about."""
        return await self._inventory.pipelines(question.factories)

    async def others_for(self, question: Question) -> OtherNames:
        """The runtimes and triggers a question may be about."""
        return await self._inventory.others(question.factories)

    def context_for(
        self, person: Person, address: Address, words: str, now: datetime, zone: ZoneInfo
    ) -> ToolContext:
        """What the bot's own tools work on for somebody, here, in these words."""
        return ToolContext(
            person=person, address=address, asked=words, now=now, zone=zone, state=self._state
        )

    def toolbox_for(self, question: Question) -> Toolbox:
        """The tools as the speaker may use them, in the room where they asked."""
        factories = self._factories.only(question.factories, question.factory)
        context = self.context_for(
            question.speaker, question.address, question.text, question.now, question.zone
        )
        works_on: list[object] = [Adf(factories=factories, clock=self._clock), context]
        if self._docs is not None:
            works_on.append(Learn(tools=self._docs))
        return self._make_toolbox(self.tools, works_on, self._observer_of(question))
