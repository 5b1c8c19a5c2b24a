"""A brain that has our own understanding, so that whole flows run without a script.

It proves plumbing only: what it calls is what the offline agent would have called.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from adf.tool import ToolCall
from bot.agents.answers import OfflineAgent
from bot.agents.answers.agent import Pipelines as Inventory
from bot.agents.interface import Answer, Memory, Question, ToolboxFor
from tests.doubles.foundry.brains import Outputs
from tests.doubles.foundry.heard import Heard
from tests.doubles.foundry.items import calls, says

Foresee = Callable[[Heard], Awaitable[Sequence[ToolCall]]]
ToolboxObserved = Callable[[Callable[[ToolCall], None]], ToolboxFor]


class Understanding:
    """Makes the calls that are foreseen for the person's words, as far as they are declared."""

    def __init__(self, foresee: Foresee, words: str = "That is what the records say.") -> None:
        self._foresee = foresee
        self._words = words

    async def reply(self, heard: Heard) -> Outputs:
        if heard.step:
            return [says(self._words)]
        foreseen = await self._foresee(heard)
        known = [one for one in foreseen if heard.declares(one.name)]
        return [calls(one.name, **one.arguments) for one in known] or [says(self._words)]


class OfflineForesight:
    """Lets the offline agent answer on tools of its own, and tells which it called.

    `question` is what does not change: speaker, room, time, factories. Each conversation has its
    own memory, so that follow-ups are understood.
    """

    def __init__(
        self, tools: ToolboxObserved, inventory: Inventory, question: Callable[[str], Question]
    ) -> None:
        self._called: list[ToolCall] = []
        self._agent = OfflineAgent(tools(self._called.append), inventory)
        self._question = question
        self._memories: dict[str, Memory] = {}

    async def __call__(self, heard: Heard) -> Sequence[ToolCall]:
        self._called.clear()
        talk = str(heard.body.get("conversation", ""))
        question = self._question(heard.question)
        async for step in self._agent.answer(_remembering(question, self._memories.get(talk))):
            if isinstance(step, Answer):
                self._memories[talk] = step.memory
        return tuple(self._called)


def _remembering(question: Question, memory: Memory | None) -> Question:
    return replace(question, memory=memory) if memory else question
