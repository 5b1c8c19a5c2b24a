"""From a message to its replies: who asks, what the agent found, what of it may be shown."""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.client import NotGranted
from adf.errors import AdfError
from adf.turnstile import Turnstile
from bot.agent.interface import Agent, Answer, Memory, Question
from bot.messages import Message, Reply
from bot.people import Grant, People, Right
from bot.questions import Asked, Questions
from bot.refusals import Refusals
from bot.stakeholders import shown_to
from bot.troubles import internal_trouble, trouble_for
from cards.card import Card
from cards.records import Denied, Help, Said, SubscriptionList

log = logging.getLogger("adfops.turn")

Draw = Callable[[object, datetime, ZoneInfo, str | None], Card]
# What somebody without any role may still be told.
_FOR_ANYBODY = (Denied, Help, Said, SubscriptionList)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What goes back, and what is to be remembered of it; None keeps what was remembered."""

    replies: tuple[Reply, ...]
    memory: Memory | None = None


class Answering:
    """Asks the agent and draws what it answers, as far as the asker may see it."""

    def __init__(
        self,
        *,
        agent: Agent,
        questions: Questions,
        people: People,
        refusals: Refusals,
        draw: Draw,
    ) -> None:
        """Borrow everything."""
        self._agent = agent
        self._questions = questions
        self._people = people
        self._refusals = refusals
        self._draw = draw
        self._turnstile = Turnstile()

    async def answer(self, message: Message) -> Told:
        """The replies to a message; whatever breaks, there is one."""
        asked = await self._questions.of(message)
        if isinstance(asked, Denied):
            return Told(replies=await self._refused(asked, message))
        question = asked.question
        await self._turnstile.passed()
        answer = await self._allowed(asked, message)
        await self._turnstile.passed()
        try:
            replies = self._drawn(answer, question, message)
        except Exception as error:  # noqa: BLE001 - what cannot be drawn must not cost the answer
            replies = self._drawn(_broken(error, question), question, message)
        kept = answer.memory == question.memory
        return Told(replies=replies, memory=None if kept else answer.memory)

    async def _refused(self, denied: Denied, message: Message) -> tuple[Reply, ...]:
        zone = await self._questions.zone_of(message)
        card = self._draw(denied, message.at, zone, None)
        return (_reply(message, card=card),)

    async def _allowed(self, asked: Asked, message: Message) -> Answer:
        """The answer as far as the asker may see it; a refusal in the place of the rest."""
        question, grant = asked.question, asked.grant
        try:
            answer = await self._ask(question)
        except NotGranted as error:
            return await self._denied(grant, message, question, error.factory)
        if answer.wants and not grant.may(answer.wants, grant.meant):
            return await self._denied(grant, message, question, None, answer.wants)
        if grant.lack and not (answer.records and _is_for_anybody(answer.records)):
            return await self._denied(grant, message, question, None)
        asks = self._people.who_can(Right.READ, grant.meant or None)
        shown = shown_to(grant, answer.records, question.now, question.zone, asks)
        if shown.refused is not None:
            return await self._denied(grant, message, question, shown.refused or None)
        if shown.words:
            return Answer(text=shown.words, memory=answer.memory, sure=answer.sure)
        return replace(answer, records=shown.records)

    async def _denied(
        self,
        grant: Grant,
        message: Message,
        question: Question,
        factory: str | None,
        right: Right = Right.READ,
    ) -> Answer:
        denied = await self._refusals.refuse(
            message.speaker,
            message.address,
            grant,
            asked=message.text,
            right=right,
            factory=factory,
        )
        return Answer(records=(denied,), memory=question.memory)

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
            return Answer(records=(trouble,), memory=question.memory, sure=False)
        except Exception as error:  # noqa: BLE001 - whatever broke, the person is told
            return _broken(error, question)
        return _broken(RuntimeError("the agent ended without an answer"), question)

    def _drawn(self, answer: Answer, question: Question, message: Message) -> tuple[Reply, ...]:
        """One reply for each record, or the answer's words."""
        cards = [
            self._draw(record, question.now, question.zone, answer.note)
            for record in answer.records
        ]
        if not cards:
            return (_reply(message, text=answer.text or ""),)
        return tuple(_reply(message, card=card) for card in cards)


def _is_for_anybody(records: Sequence[object]) -> bool:
    return all(isinstance(one, _FOR_ANYBODY) for one in records)


def _reply(message: Message, *, card: Card | None = None, text: str | None = None) -> Reply:
    answers = message.message_id or None
    return Reply(address=message.address, card=card, text=text, answers=answers)


def _broken(error: Exception, question: Question) -> Answer:
    """The answer when something of our own broke: an id for the log, no details."""
    error_id = uuid.uuid4().hex[:8]
    log.error("turn failed, error id %s", error_id, exc_info=error)
    trouble = internal_trouble(error_id, question.text, question.now)
    return Answer(records=(trouble,), memory=question.memory, sure=False)
