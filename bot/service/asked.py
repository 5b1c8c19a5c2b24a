"""What people ask, put together: the agent with its tools for each question, and the turns."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from adf.records import Pipeline
from adf.tool import Tool, Toolbox
from adf.tools import ADF_TOOLS, Adf
from bot.agent.interface import Question
from bot.agent.loop import ModelAgent
from bot.agent.mcp import LEARN_TOOLS, Learn
from bot.agent.offline import OfflineAgent
from bot.answering import Answering
from bot.explaining import Explainer
from bot.inbox import Inbox
from bot.questions import Questions
from bot.second import Second
from bot.service.model import make_model
from bot.service.parts import Parts
from bot.tools import HERE_TOOLS, Here, Keeping
from bot.turn import Presses, Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The turns, and what follows them where there is a language model."""

    turns: Turns
    second: Second | None = None
    model: ModelAgent | None = None


@asynccontextmanager
async def open_asked(parts: Parts, inbox: Inbox, presses: Presses) -> AsyncGenerator[Asked]:
    """The turns over these parts; the model is closed at the end, opened by whoever warms up."""
    tooling = _Tooling(parts)
    async with AsyncExitStack() as stack:
        model = _model(parts, tooling)
        explainer = None
        if model is not None and parts.setup.model is not None:
            stack.push_async_callback(model.close)
            explainer = Explainer(model, parts.spending, parts.setup.model.prose)
        answering = _answering(parts, tooling, explainer)
        second = _second(parts, answering, explainer)
        if second is not None:
            stack.push_async_callback(second.close)
        yield Asked(
            turns=_turns(parts, inbox, presses, answering, second), second=second, model=model
        )


class _Tooling:
    """The tools as they stand for one question, and the pipelines it may be about."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.tools: tuple[Tool, ...] = (*ADF_TOOLS, *HERE_TOOLS)
        if parts.docs is not None:
            self.tools = (*self.tools, *LEARN_TOOLS)
        self._keeping = Keeping(
            name=parts.setup.bot_name,
            people=parts.people,
            refusals=parts.refusals,
            rooms=parts.rooms,
            subscriptions=parts.subscriptions,
            memories=parts.memories,
            answered=parts.answered,
            spending=parts.spending,
            model=parts.setup.model.deployment if parts.setup.model else "",
            pipelines=self.pipelines_of,
        )

    async def pipelines_of(self, aliases: Sequence[str]) -> Sequence[Pipeline]:
        return await self._parts.inventory.pipelines(aliases) if aliases else ()

    async def inventory(self, question: Question) -> Sequence[Pipeline]:
        return await self.pipelines_of(question.factories)

    def toolbox_for(self, question: Question) -> Toolbox:
        parts = self._parts
        factories = parts.factories.only(question.factories, question.factory)
        here = Here(
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
        return Toolbox(self.tools, works_on, parts.observe, parts.answers)


def _model(parts: Parts, tooling: _Tooling) -> ModelAgent | None:
    if parts.setup.model is None:
        return None
    return make_model(
        parts.setup.model,
        tooling.toolbox_for,
        tooling.inventory,
        tooling.tools,
        parts.setup.docs,
        parts.docs,
    )


def _answering(parts: Parts, tooling: _Tooling, explainer: Explainer | None) -> Answering:
    return Answering(
        agent=OfflineAgent(tooling.toolbox_for, tooling.inventory),
        questions=Questions(
            people=parts.people,
            refusals=parts.refusals,
            rooms=parts.rooms,
            memories=parts.memories,
            clock=parts.clock,
            zone=parts.setup.zone,
        ),
        people=parts.people,
        refusals=parts.refusals,
        draw=parts.draw,
        explainer=explainer,
    )


def _second(parts: Parts, answering: Answering, explainer: Explainer | None) -> Second | None:
    if explainer is None:
        return None
    return Second(
        store=parts.store,
        explainer=explainer,
        answers=answering,
        sender=parts.sender,
        memories=parts.memories,
        draw=parts.draw,
        clock=parts.clock,
    )


def _turns(
    parts: Parts, inbox: Inbox, presses: Presses, answering: Answering, second: Second | None
) -> Turns:
    return Turns(
        answers=answering,
        presses=presses,
        second=second,
        sender=parts.sender,
        inbox=inbox,
        memories=parts.memories,
        rooms=parts.rooms,
        answered=parts.answered,
        clock=parts.clock,
    )
