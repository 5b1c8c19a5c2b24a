"""The offline agent: understands, calls the tools and answers with their records."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from adf.records import Pipeline
from bot.agent.interface import Answer, Progress, Question, Step, ToolboxFor
from bot.agent.offline import about_the_bot, acting, causes, over_time, reading
from bot.agent.offline.asking_back import asked_back
from bot.agent.offline.docs import from_the_docs
from bot.agent.offline.intents import Intent
from bot.agent.offline.subject import intent_meant, subject_of
from bot.agent.offline.talk import Talk
from bot.agent.offline.understanding import understand

Inventory = Callable[[Question], Awaitable[Sequence[Pipeline]]]
"""The pipelines of every factory that may be asked about in a question."""

_ANSWERS: Mapping[Intent, Callable[[Talk], Awaitable[Answer]]] = {
    Intent.STATUS: reading.status,
    Intent.RUNNING: reading.running,
    Intent.FAILURES: reading.failures,
    Intent.RUNS: reading.runs_of,
    Intent.OVERVIEW: reading.overview,
    Intent.SUCCEEDED: reading.succeeded,
    Intent.LIST: reading.inventory,
    Intent.WHY: causes.why,
    Intent.STEPS: causes.next_steps,
    Intent.DETAILS: causes.details,
    Intent.HISTORY: causes.history,
    Intent.TREND: over_time.trend,
    Intent.COMPARE: over_time.compare,
    Intent.HELP: about_the_bot.helping,
    Intent.USAGE: about_the_bot.usage,
    Intent.RESET: about_the_bot.reset,
    Intent.SUBSCRIBE: about_the_bot.subscribe,
    Intent.UNSUBSCRIBE: about_the_bot.unsubscribe,
    Intent.SUBSCRIPTIONS: about_the_bot.subscriptions,
    Intent.BIND: about_the_bot.bind,
    Intent.ACT: acting.act,
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
        told = await from_the_docs(turn) or asked_back(turn)
        yield told or await _ANSWERS[turn.intent](turn)

    def _turn(self, question: Question, pipelines: Sequence[Pipeline]) -> Talk:
        names = tuple(dict.fromkeys(one.name for one in pipelines))
        aliases = question.factories or tuple(dict.fromkeys(one.factory for one in pipelines))
        meant = understand(question.text, names, question.now, question.zone, aliases)
        subject = subject_of(meant, question, pipelines)
        return Talk(
            question=question,
            tools=self._toolbox_for(question),
            meant=meant,
            intent=intent_meant(meant, question.memory),
            pipelines=pipelines,
            pipeline=subject.pipeline,
            factory=subject.factory,
            unclear=subject.unclear,
        )
