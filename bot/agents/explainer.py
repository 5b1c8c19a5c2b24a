"""The language model's part: words below the facts, and answers where rules are not sure.

Whatever goes wrong with the model costs words and nothing else.
"""

import logging
import time
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Protocol

from adf.records import BROKEN, ActivityTable, Comparison, RunList, RunReport, RunStats
from bot.agents.conversations import ConversationBusy, ModelConversations
from bot.agents.interface import NOTHING, Answer, Approval, Progress, Question, Spent, Step
from bot.agents.model import THINKING, FailureKind, ModelAnswer, not_whole, sentence_of
from bot.agents.recording import TurnRecorder, recording
from bot.agents.traces import Traces
from bot.messages import Cited, Reply
from bot.state.usage import ModelUsage
from cards.records import DocsAnswer, Explanation, IncidentWriteUp, Used

log = logging.getLogger("adfops.explaining")

# What a model may have something to add to.
_TELLING = (RunReport, RunList, ActivityTable, RunStats, Comparison, IncidentWriteUp)
SPENT = "No explanation: today's tokens for the language model are used up."
OnStep = Callable[[Step], None]


class ProseMode(StrEnum):
    """Which cards are explained without being asked; with OFF the model is asked for nothing."""

    FAILURES = "failures"
    ALWAYS = "always"
    OFF = "off"


class LanguageModel(Protocol):
    """What answers a question in words; ModelAgent in the product."""

    def answer(self, question: Question) -> AsyncIterator[Step]:
        """Yield steps, and one ModelAnswer last."""
        ...

    async def route(self, question: Question) -> ModelAnswer:
        """What the tool finds that the model chooses; without records, why there are none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelText:
    """What a model gave: words below a card, or an answer of its own.

    `approvals` are calls that wait for a person. `looked_up` tells whether the model found
    something by itself.
    """

    explanation: Explanation
    answer: Answer
    failed: bool = False
    looked_up: bool = False
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedQuestion:
    """What a tool found that a model chose, or why nothing: it was `rejected`, or a failure."""

    records: tuple[object, ...] = ()
    rejected: bool = False
    failure: FailureKind | None = None
    trace: str = ""


Observed = Callable[[], AbstractContextManager[Callable[[ModelAnswer], None]]]


@contextmanager
def _unobserved() -> Generator[Callable[[ModelAnswer], None]]:
    yield lambda _: None


class Explainer:
    """Asks the model, within the day's ceiling, and counts what that cost."""

    def __init__(
        self,
        model: LanguageModel,
        spending: ModelUsage,
        prose: ProseMode,
        traces: Traces | None = None,
        seconds: Callable[[], float] = time.monotonic,
        observed: Observed = _unobserved,
        conversations: ModelConversations | None = None,
    ) -> None:
        """Borrow the model; with `traces`, the trace of its answer is stored for a while.

        `observed` is around each turn of the model, and gives what is called with its answer.
        With `conversations` each person's questions continue one; without, nothing is remembered.
        """
        self._model = model
        self._spending = spending
        self._prose = prose
        self._traces = traces
        self._seconds = seconds
        self._observed = observed
        self._conversations = conversations or ModelConversations()

    def can_explain(self, records: Sequence[object]) -> bool:
        """Whether the first of these records is one that a model has something to add to."""
        return (
            self._prose is not ProseMode.OFF and bool(records) and isinstance(records[0], _TELLING)
        )

    def explains(self, records: Sequence[object]) -> bool:
        """Whether these records are explained without being asked."""
        if not self.can_explain(records):
            return False
        return self._prose is ProseMode.ALWAYS or any(map(_is_worth_words, records))

    async def route(
        self, question: Question, on_step: OnStep = lambda _: None
    ) -> RoutedQuestion | None:
        """What the model's choice of a tool found; None where the day's tokens are used up."""
        if not await self._spending.may_spend():
            return None
        begun, collected = self._seconds(), _Collected(on_step)
        on_step(Progress(doing=THINKING))
        with recording(tools=False) as recorder, self._observed() as report:
            try:
                collected.answer = await self._model.route(question)
                report(collected.answer)
            except Exception:
                log.exception("the choice of a tool broke")
        took = self._seconds() - begun
        await self._count(question, collected, took)
        answer = collected.answer
        if not isinstance(answer, ModelAnswer):
            return RoutedQuestion()
        trace = ""
        if self._traces is not None:
            trace = self._traces.keep(question, answer, took, recorder, leads=True)
        return RoutedQuestion(
            records=answer.records, rejected=answer.rejected, failure=answer.failure, trace=trace
        )

    async def ask(
        self,
        question: Question,
        on_step: OnStep = lambda _: None,
        patience: float | None = None,
        *,
        aside: bool = False,
        in_background: bool = False,
    ) -> ModelText:
        """The model's words for a question, or why there are none; never raises for the model.

        `on_step` gets each step before the last. The question before in the same conversation is
        waited for, `patience` seconds or as long as it takes. The memory of the answer is that of
        the question: the state of the conversation is saved here. A question `aside` neither knows
        the conversation nor changes it; of those `in_background` one at a time waits for it.
        """
        async with AsyncExitStack() as held:
            if in_background:
                await held.enter_async_context(self._conversations.background(question))
            if not await self._spending.may_spend():
                return _without(question, SPENT)
            try:
                async with self._conversations.exchange(question, patience, aside=aside) as turn:
                    text = await self._asked(turn.question, on_step)
                    await turn.save(text.answer.memory)
            except ConversationBusy:
                text = _without(question, _missing(FailureKind.BUSY, question))
        return replace(text, answer=replace(text.answer, memory=question.memory))

    async def _asked(self, question: Question, on_step: OnStep) -> ModelText:
        """The model's words, with the new state of the conversation in the memory of the answer."""
        begun, collected = self._seconds(), _Collected(on_step)
        with recording(tools=False) as recorder:
            try:
                await self._collect(question, collected)
            finally:
                await self._count(question, collected, self._seconds() - begun)
        answer = collected.answer
        if isinstance(answer, ModelAnswer):
            text = replace(_text_of(question, answer), approvals=tuple(collected.approvals))
            return self._traced(text, question, answer, begun, recorder)
        return _without(question, _missing(FailureKind.EMPTY, question))

    async def _count(self, question: Question, collected: "_Collected", seconds: float) -> None:
        """Also when the turn broke or was stopped: its finished steps are paid for."""
        if collected.has_cost:
            used = Used(turns=1, seconds=seconds, **asdict(collected.spent))
            await self._spending.add(used, question.address.conversation)

    def _traced(
        self,
        text: ModelText,
        question: Question,
        answer: ModelAnswer,
        begun: float,
        recorder: TurnRecorder,
    ) -> ModelText:
        """With the id of its trace, also where the model failed."""
        if self._traces is None:
            return text
        trace = self._traces.keep(question, answer, self._seconds() - begun, recorder)
        return replace(text, explanation=replace(text.explanation, trace=trace))

    async def _collect(self, question: Question, collected: "_Collected") -> None:
        """The turn, up to its answer; one that breaks is none."""
        with self._observed() as report:
            try:
                async for step in self._model.answer(question):
                    collected.take(step)
                    if collected.answer is not None:
                        break
            except Exception:
                log.exception("the model's turn broke")
            if isinstance(collected.answer, ModelAnswer):
                report(collected.answer)


class _Collected:
    """The steps of a turn so far, also when it is cut off."""

    def __init__(self, on_step: OnStep) -> None:
        self._on_step = on_step
        self._steps = NOTHING
        self.approvals: list[Approval] = []
        self.answer: Answer | None = None

    def take(self, step: Step) -> None:
        """One more step; words and progress are passed on."""
        match step:
            case Answer():
                self.answer = step
            case Approval():
                self.approvals.append(step)
            case Spent():
                self._steps += step
            case _:
                self._on_step(step)

    @property
    def spent(self) -> Spent:
        """The cost that the answer reports; without one, that of its steps."""
        return self.answer.spent if isinstance(self.answer, ModelAnswer) else self._steps

    @property
    def has_cost(self) -> bool:
        """Whether there was a turn to be counted."""
        return isinstance(self.answer, ModelAnswer) or self._steps != NOTHING


def marked(reply: Reply, explanation: Explanation) -> Reply:
    """The reply, marked as generated where a model's words stand in it."""
    if not explanation.words.strip():
        return reply
    cited = tuple(Cited(title=one.title, url=one.url) for one in explanation.sources)
    return replace(reply, generated=True, sources=cited)


def _text_of(question: Question, answer: ModelAnswer) -> ModelText:
    words = "" if answer.text == answer.missing else (answer.text or "").strip()
    if not words and (not answer.records or answer.failure is FailureKind.HOSTILE):
        return _without(replace(question, memory=answer.memory), answer.missing)
    records = answer.records or (
        DocsAnswer(question=question.text, finding=words, sources=answer.sources, generated=True),
    )
    missing = not_whole(answer.failure) if words and answer.failure else answer.missing
    return ModelText(
        explanation=Explanation(words=words, sources=answer.sources, missing=missing),
        answer=replace(answer, records=records, text=None, note=None),
        looked_up=answer.looked_up,
    )


def _missing(kind: FailureKind, question: Question) -> str:
    return sentence_of(kind, explains=bool(question.records))


def _without(question: Question, missing: str) -> ModelText:
    return ModelText(
        explanation=Explanation(missing=missing),
        answer=Answer(text=missing, memory=question.memory, sure=False),
        failed=True,
    )


def _is_worth_words(record: object) -> bool:
    """A failure, or a write-up that somebody asked for."""
    is_failure = isinstance(record, RunReport) and record.run.status in BROKEN
    return is_failure or isinstance(record, IncidentWriteUp)
