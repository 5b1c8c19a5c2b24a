"""The offline agent: understands, calls the tools and answers with their records."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from adf.records import Pipeline
from bot.agents.answers import bot, failures, status, trends
from bot.agents.answers.clarify import asked_back
from bot.agents.answers.context import AnswerContext
from bot.agents.answers.docs import from_an_error, from_the_docs
from bot.agents.interface import Answer, Progress, Question, Step, ToolboxFor
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import understand
from bot.agents.understanding.subject import intent_meant, subject_of

Inventory = Callable[[Question], Awaitable[Sequence[Pipeline]]]
"""The pipelines of every factory that may be asked about in a question."""

_ANSWERS: Mapping[Intent, Callable[[AnswerContext], Awaitable[Answer]]] = {
    Intent.STATUS: status.status,
    Intent.RUNNING: status.running,
    Intent.FAILURES: status.failures,
    Intent.RUNS: status.runs_of,
    Intent.OVERVIEW: status.overview,
    Intent.SUCCEEDED: status.succeeded,
    Intent.LIST: status.inventory,
    Intent.WHY: failures.why,
    Intent.STEPS: failures.next_steps,
    Intent.DETAILS: failures.details,
    Intent.HISTORY: failures.history,
    Intent.TREND: trends.trend,
    Intent.COMPARE: trends.compare,
    Intent.HELP: bot.helping,
    Intent.USAGE: bot.usage,
    Intent.RESET: bot.reset,
    Intent.SUBSCRIBE: bot.subscribe,
    Intent.UNSUBSCRIBE: bot.unsubscribe,
    Intent.SUBSCRIPTIONS: bot.subscriptions,
    Intent.BIND: bot.bind,
    Intent.ACT: bot.act,
}


class OfflineAgent:
    """Answers from the words alone, with the tools of the toolbox."""

    def __init__(self, toolbox_for: ToolboxFor, inventory: Inventory) -> None:
        """Borrow the tools for each question and the list of pipelines that exist."""
        self._toolbox_for = toolbox_for
        self._inventory = inventory

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        """Yield what is being done, then the answer; raises the AdfError of a tool."""
        yield Progress(doing="Reading Data Factory")
        pipelines = await self._inventory(question)
        turn = self._turn(question, pipelines)
        told = await from_an_error(turn) or await from_the_docs(turn) or asked_back(turn)
        yield told or await _ANSWERS[turn.intent](turn)

    def _turn(self, question: Question, pipelines: Sequence[Pipeline]) -> AnswerContext:
        names = tuple(dict.fromkeys(one.name for one in pipelines))
        aliases = question.factories or tuple(dict.fromkeys(one.factory for one in pipelines))
        meant = understand(question.text, names, question.now, question.zone, aliases)
        subject = subject_of(meant, question, pipelines)
        return AnswerContext(
            question=question,
            tools=self._toolbox_for(question),
            meant=meant,
            intent=intent_meant(meant, question.memory),
            pipelines=pipelines,
            pipeline=subject.pipeline,
            factory=subject.factory,
            unclear=subject.unclear,
        )
