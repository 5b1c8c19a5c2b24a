"""From a message to its replies: who asks, what the agent found, what of it may be shown."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adf.client import NotGranted
from adf.errors import AdfError
from adf.fairness import FairLock
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, Grant, Right
from bot.access.visibility import VisibleAnswer, shown_to
from bot.agents.explainer import Explainer, OnStep
from bot.agents.interface import Agent, Answer, Memory, Question, Step
from bot.agents.problems import internal_trouble, trouble_for
from bot.messages import Message, Renderer, Reply
from bot.turns.approvals import Approvals
from bot.turns.explain_action import Explainable, ExplanationOffer, ExplanationOffers
from bot.turns.model_fallback import ModelFallback, ShownAnswer
from bot.turns.question import AskedQuestion, QuestionBuilder
from bot.turns.render import AnswerRenderer, reply_to
from cards.records import Denied, Help, Notice, SubscriptionList

log = logging.getLogger("adfops.turn")

# What somebody without any role may still be told.
_FOR_ANYBODY = (Denied, Help, Notice, SubscriptionList)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnResult:
    """What goes back, and what is to be remembered of it; None keeps what was remembered.

    `before` is what was remembered when it was asked. `explain` is set when the first reply is a
    card that gets words of a language model later, `offer` when it is one that gets them when
    somebody presses for them: it wants to know as which message it was sent. `streamed` takes the
    place of the first reply at the end of a stream that has shown its words.
    """

    replies: tuple[Reply, ...]
    memory: Memory | None = None
    before: Memory = field(default_factory=dict[str, Any])
    explain: Explainable | None = None
    offer: ExplanationOffer | None = None
    streamed: Reply | None = None


class AnswerService:
    """Asks the agent and draws what it answers, as far as the asker may see it."""

    def __init__(
        self,
        *,
        agent: Agent,
        questions: QuestionBuilder,
        people: AccessPolicy,
        refusals: Denials,
        draw: Renderer,
        explainer: Explainer | None = None,
        approvals: Approvals | None = None,
        offers: ExplanationOffers | None = None,
    ) -> None:
        """Borrow everything; with an `explainer`, a model answers where the agent is not sure.

        Without `offers` no card has a button to be explained.
        """
        self._agent = agent
        self._questions = questions
        self._people = people
        self._refusals = refusals
        self._draw = draw
        self._drawing = AnswerRenderer(draw)
        self._explainer = explainer
        self._unsure = ModelFallback(explainer, approvals) if explainer else None
        self._offers = offers
        self._turnstile = FairLock()

    async def answer(self, message: Message, on_step: OnStep | None = None) -> TurnResult:
        """The replies to a message; whatever breaks, there is one.

        `on_step` hears what a language model does and says before its answer is whole.
        """
        if self._unsure is not None:
            await self._unsure.withdraw(message)
        asked = await self._questions.of(message)
        if isinstance(asked, Denied):
            return TurnResult(replies=await self._refused(asked, message))
        question = asked.question
        await self._turnstile.passed()
        found = await self._allowed(asked, message, on_step or _unheard)
        await self._turnstile.passed()
        now, offer = self._now_or_offered(self._to_explain(asked, found))
        try:
            replies = self._drawing.replies(
                found, question, message, offer.offer_id if offer else ""
            )
        except Exception as error:  # noqa: BLE001 - what cannot be drawn must not cost the answer
            found, now, offer = ShownAnswer(answer=_broken(error, question)), None, None
            replies = self._drawing.replies(found, question, message)
        kept = found.answer.memory == question.memory
        return TurnResult(
            replies=replies,
            memory=None if kept else found.answer.memory,
            before=question.memory,
            explain=now,
            offer=offer,
            streamed=self._drawing.streamed(found, question, message) if on_step else None,
        )

    async def again(self, message: Message, memory: Memory) -> Explainable | None:
        """What is to be explained of a message, answered anew by rules alone, with that memory.

        None when they find nothing to explain any more that its speaker may see.
        """
        asked = await self._questions.of(message)
        if isinstance(asked, Denied):
            return None
        asked = replace(asked, question=replace(asked.question, memory=memory))
        try:
            answer = await self._ask(asked.question)
        except NotGranted:
            return None
        shown = self._shown(asked, answer)
        if shown.words or shown.refused is not None:
            return None
        return self._to_explain(asked, ShownAnswer(answer=replace(answer, records=shown.records)))

    async def _refused(self, denied: Denied, message: Message) -> tuple[Reply, ...]:
        zone = await self._questions.zone_of(message)
        card = self._draw(denied, message.at, zone, None)
        return (reply_to(message, card=card),)

    async def _allowed(
        self, asked: AskedQuestion, message: Message, on_step: OnStep
    ) -> ShownAnswer:
        """The answer as far as the asker may see it; a refusal in the place of the rest."""
        question, grant = asked.question, asked.grant
        try:
            found = await self._found(asked, message, on_step)
        except NotGranted as error:
            return await self._denied(grant, message, question, error.factory)
        answer = found.answer
        if answer.wants and not grant.may(answer.wants, grant.meant):
            return await self._denied(grant, message, question, None, answer.wants)
        if grant.lack and not (answer.records and _is_for_anybody(answer.records)):
            return await self._denied(grant, message, question, None)
        shown = self._shown(asked, answer)
        if shown.refused is not None:
            return await self._denied(grant, message, question, shown.refused or None)
        if shown.words:
            return ShownAnswer(answer=replace(answer, text=shown.words, records=(), note=None))
        return replace(found, answer=replace(answer, records=shown.records))

    def _shown(self, asked: AskedQuestion, answer: Answer) -> VisibleAnswer:
        grant, question = asked.grant, asked.question
        asks = self._people.who_can(Right.READ, grant.meant or None)
        return shown_to(grant, answer.records, question.now, question.zone, asks)

    async def _denied(
        self,
        grant: Grant,
        message: Message,
        question: Question,
        factory: str | None,
        right: Right = Right.READ,
    ) -> ShownAnswer:
        denied = await self._refusals.refuse(
            message.speaker,
            message.address,
            grant,
            asked=message.text,
            right=right,
            factory=factory,
        )
        return ShownAnswer(answer=Answer(records=(denied,), memory=question.memory))

    async def _found(self, asked: AskedQuestion, message: Message, on_step: OnStep) -> ShownAnswer:
        """The agent's answer; where it is not sure, that of the model, which may know better."""
        may_ask = self._unsure is not None and asked.grant.reads_all
        if self._unsure is not None and may_ask and message.decision:
            return await self._unsure.after(asked, message, on_step)
        answer = await self._ask(asked.question)
        if self._unsure is None or not may_ask or _is_settled(answer):
            return ShownAnswer(answer=answer)
        return await self._unsure.instead_of(answer, asked, message, on_step)

    def _to_explain(self, asked: AskedQuestion, found: ShownAnswer) -> Explainable | None:
        """The first card, when it has no words of a model and one has something to add to it."""
        answer, explainer = found.answer, self._explainer
        if explainer is None or found.explanation or not answer.sure:
            return None
        if not asked.grant.reads_all or not explainer.can_explain(answer.records):
            return None
        before = asked.question.memory
        question = replace(asked.question, records=answer.records, memory=answer.memory)
        first = answer.records[0]
        return Explainable(question=question, record=first, note=answer.note, before=before)

    def _now_or_offered(
        self, one: Explainable | None
    ) -> tuple[Explainable | None, ExplanationOffer | None]:
        """What is to be explained now, or kept until somebody presses for it."""
        if one is None or self._explainer is None:
            return None, None
        if self._explainer.explains(one.question.records):
            return one, None
        return None, self._offers.keep(one) if self._offers else None

    async def _ask(self, question: Question) -> Answer:
        """The agent's answer; an error becomes a trouble record, so that nobody waits in vain."""
        try:
            async for step in self._agent.answer(question):
                if isinstance(step, Answer):
                    return step
                log.debug("%s", step)
        except NotGranted:
            raise
        except AdfError as error:
            log.info("answered with trouble: %s", error)
            trouble = trouble_for(error, question.text, question.now, question.zone)
            return Answer(records=(trouble,), memory=question.memory)
        except Exception as error:  # noqa: BLE001 - whatever broke, the person is told
            return _broken(error, question)
        return _broken(RuntimeError("the agent ended without an answer"), question)


def _unheard(step: Step) -> None:
    """What nobody reads as it comes."""
    del step


def _is_settled(answer: Answer) -> bool:
    """Whether a model has nothing to add: rules were sure, want a right, or refused."""
    refused = any(isinstance(one, Denied) for one in answer.records)
    return answer.sure or answer.wants is not None or refused


def _is_for_anybody(records: Sequence[object]) -> bool:
    return all(isinstance(one, _FOR_ANYBODY) for one in records)


def _broken(error: Exception, question: Question) -> Answer:
    """The answer when something of our own broke: an id for the log, no details."""
    error_id = uuid.uuid4().hex[:8]
    log.error("turn failed, error id %s", error_id, exc_info=error)
    trouble = internal_trouble(error_id, question.text, question.now)
    return Answer(records=(trouble,), memory=question.memory)
