"""What people ask, put together: the agent with its tools for each question, and the turns."""

from collections.abc import Sequence

from adf.records import Pipeline
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from bot.agent.interface import Question
from bot.agent.offline import OfflineAgent
from bot.answering import Answering
from bot.inbox import Inbox
from bot.questions import Questions
from bot.service.parts import Parts
from bot.tools import HERE_TOOLS, Here, Keeping
from bot.turn import Presses, Turns


def make_turns(parts: Parts, inbox: Inbox, presses: Presses) -> Turns:
    """The turns over these parts."""
    questions = Questions(
        people=parts.people,
        refusals=parts.refusals,
        rooms=parts.rooms,
        memories=parts.memories,
        clock=parts.clock,
        zone=parts.setup.zone,
    )
    answering = Answering(
        agent=_agent(parts),
        questions=questions,
        people=parts.people,
        refusals=parts.refusals,
        draw=parts.draw,
    )
    return Turns(
        answers=answering,
        presses=presses,
        sender=parts.sender,
        inbox=inbox,
        memories=parts.memories,
        rooms=parts.rooms,
        answered=parts.answered,
        clock=parts.clock,
    )


def _agent(parts: Parts) -> OfflineAgent:
    async def pipelines(aliases: Sequence[str]) -> Sequence[Pipeline]:
        return await parts.inventory.pipelines(aliases) if aliases else ()

    keeping = Keeping(
        name=parts.setup.bot_name,
        people=parts.people,
        refusals=parts.refusals,
        rooms=parts.rooms,
        subscriptions=parts.subscriptions,
        memories=parts.memories,
        answered=parts.answered,
        pipelines=pipelines,
    )

    def toolbox_for(question: Question) -> Toolbox:
        factories = parts.factories.only(question.factories, question.factory)
        here = Here(
            person=question.speaker,
            address=question.address,
            asked=question.text,
            now=question.now,
            zone=question.zone,
            keeping=keeping,
        )
        works_on = [Adf(factories=factories, clock=parts.clock), here]
        return Toolbox([*ADF_TOOLS, *HERE_TOOLS], works_on, parts.observe, parts.answers)

    return OfflineAgent(toolbox_for, lambda question: pipelines(question.factories))
