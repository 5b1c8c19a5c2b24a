"""From a message to its replies: who asks, what the agent answers, what of it may be shown."""

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from adf.client import NotGranted
from adf.errors import AdfError
from adf.fairness import FairLock
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, Right
from bot.access.rate_limits import Limited, RateLimits, too_fast
from bot.access.visibility import VisibleAnswer, shown_to
from bot.agents.approvals import PendingApprovals
from bot.agents.explainer import Explainer, OnStep
from bot.agents.interface import Agent, Answer, Memory, Question, Step
from bot.agents.problems import internal_problem, problem_for
from bot.agents.recording import TurnRecorder, recording
from bot.agents.traces import Traces
from bot.messages import Message, Renderer
from bot.state.cause_verdicts import RefreshVerdicts, all_known
from bot.turns.halves import without_refused
from bot.turns.model_fallback import ModelFallback
from bot.turns.offers import ExplanationOffers
from bot.turns.question import AskedQuestion, QuestionBuilder
from bot.turns.render import ReplyRenderer, reply_to
from bot.turns.result import Explainable, TurnResult
from bot.turns.turn_audit import TurnAudit
from cards.records import Denied, Explanation, Help, Notice, SubscriptionList

log = logging.getLogger("adfops.turn")

# What somebody without any role may still be shown.
_FOR_ANYBODY = (Denied, Help, Notice, SubscriptionList)


class AnswerService:
    """Asks the agent and renders what it answers, as far as the asker may see it."""

    def __init__(
        self,
        *,
        agent: Agent,
        questions: QuestionBuilder,
        policy: AccessPolicy,
        denials: Denials,
        render: Renderer,
        explainer: Explainer | None = None,
        approvals: PendingApprovals | None = None,
        offers: ExplanationOffers | None = None,
        turn_audit: TurnAudit | None = None,
        traces: Traces | None = None,
        limits: RateLimits | None = None,
        refresh: RefreshVerdicts = all_known,
    ) -> None:
        """Borrow everything; with an `explainer`, a model answers where the agent is not sure.

        Without `offers` no card has a button to be explained, without `traces` none that shows how
        its answer came about.
        """
        self._traces = traces
        self._agent = agent
        self._questions = questions
        self._policy = policy
        self._denials = denials
        self._render = render
        self._replies = ReplyRenderer(render)
        self._explainer = explainer
        self._fallback = ModelFallback(explainer, approvals) if explainer else None
        self._offers = offers
        self._turn_audit = turn_audit
        self._limits = limits
        self._refresh = refresh
        self._fairness = FairLock()

    async def answer(self, message: Message, on_step: OnStep | None = None) -> TurnResult:
        """The result of a message; whatever breaks, it has a reply.

        `on_step` gets what a language model does and writes before its answer is whole.
        """
        if self._fallback is not None:
            await self._fallback.withdraw(message)
        asked = await self._questions.build(message)
        if isinstance(asked, Denied):
            return await self._stranger(asked, message)
        wait = await self._wait(message)
        if wait is not None:
            return await self._too_many(message, wait, asked.question.memory)
        await self._fairness.passed()
        begun = time.monotonic()
        with recording() as recorder:
            result = await self._permitted(asked, message, on_step or _ignore)
        result = self._traced(asked, result, recorder, time.monotonic() - begun)
        await self._fairness.passed()
        if self._turn_audit is not None:
            await self._turn_audit.answered(asked.question, result)
        result = self._with_explainable(asked, result)
        await self._refresh(result.answer.records)
        return self._rendered(result, asked.question, message, is_streamed=on_step is not None)

    async def answer_again(self, message: Message, memory: Memory) -> Explainable | None:
        """What can be explained of a message, answered anew by rules alone, with that memory.

        None when nothing of it can be explained any more that its speaker may see.
        """
        asked = await self._questions.build(message)
        if isinstance(asked, Denied):
            return None
        asked = replace(asked, question=replace(asked.question, memory=memory))
        try:
            answer = await self._ask(asked.question)
        except NotGranted:
            return None
        visible = self._visible(asked, answer)
        if visible.words or visible.refused is not None:
            return None
        answer = replace(answer, records=visible.records)
        return self._explainable(asked, TurnResult(answer=answer, before=memory))

    def _traced(
        self, turn: AskedQuestion, result: TurnResult, recorder: TurnRecorder, took: float
    ) -> TurnResult:
        """With the id of the trace of what code did, where there is a card to show it from."""
        if self._traces is None or not result.answer.records or turn.grant.lack:
            return result
        explanation = result.explanation or Explanation()
        trace = self._traces.keep_turn(turn.question, recorder, took, explanation.trace)
        explanation = replace(explanation, trace=trace)
        return replace(result, explanation=explanation)

    async def _wait(self, message: Message) -> timedelta | None:
        """How long this person, or this room, has to wait for another question."""
        if self._limits is None:
            return None
        return await self._limits.take(Limited.QUESTION, message.speaker, message.address)

    async def _too_many(self, message: Message, wait: timedelta, memory: Memory) -> TurnResult:
        """That it is too much at once, written down as a refusal."""
        await self._denials.note(message.speaker, message.address, Right.READ, "rate")
        answer = Answer(text=too_fast(wait), memory=memory)
        reply = reply_to(message, text=answer.text)
        return TurnResult(answer=answer, before=memory, replies=(reply,))

    async def _stranger(self, denied: Denied, message: Message) -> TurnResult:
        """The refusal for somebody who may not ask at all."""
        zone = await self._questions.zone_of(message)
        card = self._render(denied, message.at, zone, None)
        answer = Answer(records=(denied,))
        return TurnResult(answer=answer, replies=(reply_to(message, card=card),))

    def _rendered(
        self, result: TurnResult, question: Question, message: Message, *, is_streamed: bool
    ) -> TurnResult:
        try:
            return self._replies.render(result, question, message, is_streamed=is_streamed)
        except Exception as error:  # noqa: BLE001 - what cannot be drawn must not cost the answer
            broken = _of_rules(question, _broken(error, question))
            return self._replies.render(broken, question, message, is_streamed=is_streamed)

    async def _permitted(
        self, asked: AskedQuestion, message: Message, on_step: OnStep
    ) -> TurnResult:
        """The answer as far as the asker may see it; a refusal in the place of the rest."""
        question, grant = asked.question, asked.grant
        try:
            result = await self._agent_or_model(asked, message, on_step)
        except NotGranted as error:
            return await self._denied(asked, message, error.factory)
        answer = result.answer
        if answer.wants and not grant.may(answer.wants, grant.meant):
            return await self._denied(asked, message, right=answer.wants)
        if grant.lack and not (answer.records and _is_for_anybody(answer.records)):
            return await self._denied(asked, message)
        visible = self._visible(asked, answer)
        if visible.refused is not None:
            return await self._denied(asked, message, visible.refused)
        if visible.words:
            plain = replace(answer, text=visible.words, records=(), note=None)
            return _of_rules(question, plain)
        if visible.records == answer.records:
            return result
        part = replace(answer, records=visible.records)
        return replace(result, answer=part, explainable=None)

    def _visible(self, asked: AskedQuestion, answer: Answer) -> VisibleAnswer:
        grant, question = asked.grant, asked.question
        contacts = partial(self._policy.who_can, Right.READ, grant.meant or None)
        return shown_to(grant, answer.records, question.now, question.zone, contacts)

    async def _denied(
        self,
        asked: AskedQuestion,
        message: Message,
        factory: str | None = None,
        right: Right = Right.READ,
    ) -> TurnResult:
        denied = await self._denials.refuse(
            message.speaker,
            message.address,
            asked.grant,
            asked=message.text,
            right=right,
            factory=factory or None,
        )
        memory = asked.question.memory
        if factory:
            memory = {**memory, "closed": factory}  # "what broke there" is of it too
        answer = Answer(records=(denied,), memory=memory)
        return _of_rules(asked.question, answer)

    async def _agent_or_model(
        self, asked: AskedQuestion, message: Message, on_step: OnStep
    ) -> TurnResult:
        """The agent's answer; where it is not sure, that of the model, which may know better."""
        fallback = self._fallback if asked.grant.reads_all else None
        if fallback is not None and message.decision:
            return await fallback.after_decision(asked, message, on_step)
        answer = await self._ask(asked.question)
        answer = await without_refused(answer, asked, message, self._denials)
        if fallback is None or _is_settled(answer):
            return _of_rules(asked.question, answer)
        return await fallback.instead_of(answer, asked, message, on_step)

    def _with_explainable(self, asked: AskedQuestion, result: TurnResult) -> TurnResult:
        """With what is to be explained at once, or when somebody presses for it."""
        if result.explainable is not None:
            return result
        explainable = self._explainable(asked, result)
        if explainable is None or self._explainer is None:
            return result
        if self._explainer.explains(explainable.question.records):
            return replace(result, explainable=explainable)
        if self._offers is None:
            return result
        return replace(result, explainable=explainable, offer_id=self._offers.new_id())

    def _explainable(self, asked: AskedQuestion, result: TurnResult) -> Explainable | None:
        """The first card, when it has no text of a model and one has something to add to it."""
        answer, explainer = result.answer, self._explainer
        if explainer is None or _is_worded(result) or not answer.sure:
            return None
        if not asked.grant.reads_all or not explainer.can_explain(answer.records):
            return None
        question = replace(asked.question, records=answer.records, memory=answer.memory)
        return Explainable(question=question, note=answer.note, before=result.before)

    async def _ask(self, question: Question) -> Answer:
        """The agent's answer; an error becomes a problem record, so that nobody waits in vain."""
        try:
            async for step in self._agent.answer(question):
                if isinstance(step, Answer):
                    return step
                log.debug("%s", step)
        except NotGranted:
            raise
        except AdfError as error:
            log.info("answered with a problem: %s", error)
            problem = problem_for(error, question.text, question.now, question.zone)
            return Answer(records=(problem,), memory=question.memory)
        except Exception as error:  # noqa: BLE001 - whatever broke, the person gets an answer
            return _broken(error, question)
        return _broken(RuntimeError("the agent ended without an answer"), question)


def _is_worded(result: TurnResult) -> bool:
    """Whether a model was asked already: its words are there, or a line on why not."""
    explanation = result.explanation
    return explanation is not None and bool(explanation.words.strip() or explanation.missing)


def _ignore(step: Step) -> None:
    """For a turn whose steps nobody follows."""
    del step


def _of_rules(asked: Question, answer: Answer) -> TurnResult:
    """A result with nothing of a model in it."""
    return TurnResult(answer=answer, before=asked.memory)


def _is_settled(answer: Answer) -> bool:
    """Whether a model has nothing to add: rules were sure, want a right, or refused."""
    refused = any(isinstance(one, Denied) for one in answer.records)
    return answer.sure or answer.wants is not None or refused


def _is_for_anybody(records: Sequence[object]) -> bool:
    return all(isinstance(one, _FOR_ANYBODY) for one in records)


def _broken(error: Exception, question: Question) -> Answer:
    """The answer when the bot itself failed: an id for the log, no details."""
    error_id = uuid.uuid4().hex[:8]
    log.error("turn failed, error id %s", error_id, exc_info=error)
    problem = internal_problem(error_id, question.text, question.now)
    return Answer(records=(problem,), memory=question.memory)
