"""One turn from claim to reply: what came in, who answers, what is sent, what is remembered."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from bot.agents.conversations import ModelConversations
from bot.messages import (
    Address,
    Arrival,
    CardClick,
    DeferredReply,
    Incoming,
    Message,
    PressResult,
    Reply,
    Unreachable,
)
from bot.outbox import MessageSender, NotDelivered
from bot.state.background import BackgroundTasks
from bot.state.conversations import ConversationStates
from bot.state.replicas import ConversationOrder
from bot.state.rooms import Rooms
from bot.state.usage import AnswerCounter
from bot.turns.answer import AnswerService
from bot.turns.card_actions import CardActions, question_of
from bot.turns.explanations import ExplanationQueue
from bot.turns.inbox import Inbox
from bot.turns.offers import ExplanationOffers
from bot.turns.result import TurnResult
from bot.turns.streaming import LiveStream, StreamStarter
from bot.turns.typing import TypingIndicator
from cards.card import Card

log = logging.getLogger("adfops.turn")

# Stands below the card that was pressed, so it has to stay true.
ANSWERED = "Answered below."
REFUSED = "Teams refused the card with my answer. Ask me for less at once, or in our personal chat."

MeasureTurn = Callable[[str, str], AbstractContextManager[None]]
"""Measures a turn, given what came in and the scope of its conversation."""


def _unmeasured(kind: str, scope: str) -> AbstractContextManager[None]:
    del kind, scope
    return nullcontext()


class TurnHandler:
    """Answers whatever comes in, one turn at a time for each (thread, speaker)."""

    def __init__(
        self,
        *,
        answers: AnswerService,
        actions: CardActions,
        sender: MessageSender,
        inbox: Inbox,
        conversations: ConversationStates,
        rooms: Rooms,
        answered: AnswerCounter,
        model_conversations: ModelConversations | None = None,
        explanations: ExplanationQueue | None = None,
        offers: ExplanationOffers | None = None,
        streaming: StreamStarter | None = None,
        measure: MeasureTurn = _unmeasured,
        patience: float = 0.4,
        order: ConversationOrder | None = None,
    ) -> None:
        """Borrow everything; after `patience` seconds without an answer, typing is shown.

        `order` is there where other processes take messages of the same conversations.
        """
        self._order = order
        self._answers = answers
        self._actions = actions
        self._sender = sender
        self._inbox = inbox
        self._conversations = conversations
        self._rooms = rooms
        self._answered = answered
        self._explanations = explanations
        self._offers = offers
        self._streaming = streaming
        self._measure = measure
        self._typing = TypingIndicator(sender, patience)
        self._model_conversations = model_conversations or ModelConversations()
        self._answering: set[str] = set()
        self._deferred = BackgroundTasks()

    async def claim(self, key: str, incoming: Incoming) -> bool:
        """Store what came in; False when it is there already."""
        is_new = await self._inbox.claim(key, incoming)
        if is_new and self._order and isinstance(incoming, Message):
            await self._order.join(_lane(incoming), key)
        return is_new

    async def handle(self, key: str, incoming: Incoming) -> PressResult | None:
        """Answer what was just claimed, as one measured turn."""
        with self._measure(type(incoming).__name__.lower(), str(incoming.address.scope)):
            return await self.answer_claim(key, incoming)

    def is_answering(self, key: str) -> bool:
        """Whether a claim is being answered right now."""
        return key in self._answering

    async def answer_claim(
        self, key: str, incoming: Incoming, sent: Sequence[str] = ()
    ) -> PressResult | None:
        """Answer what was claimed under `key`; a question always gets some answer.

        `sent` are the replies that went out before a crash. What cannot be sent now stays claimed;
        where it is refused for good, or nobody is there any more, nothing is left to do.
        """
        pressed = None
        self._answering.add(key)
        try:
            pressed = await self._answer_any(key, incoming, sent)
        except Unreachable as error:
            log.info("nobody is there to answer any more: %s", error)
        except NotDelivered as error:
            if error.may_help_later:
                log.warning("claim %s could not be answered yet: %s", key[:12], error)
                return None
            log.warning("the answer to claim %s was refused for good: %s", key[:12], error)
            await self._say_refused(incoming.address)
        finally:
            self._answering.discard(key)
        await self._inbox.done(key)
        return pressed

    async def _say_refused(self, address: Address) -> None:
        """Plain text goes through where a card is refused for what is in it."""
        with contextlib.suppress(NotDelivered, Unreachable):
            await self._sender.send(Reply(address=address, text=REFUSED))

    async def close(self) -> None:
        """Leave what is answered after a press to the next start."""
        await self._deferred.close()

    async def _answer_any(
        self, key: str, incoming: Incoming, sent: Sequence[str]
    ) -> PressResult | None:
        match incoming:
            case Arrival():
                await self._greet(key, incoming, sent)
            case Message():
                await self._ask(key, incoming, sent)
            case CardClick():
                question = question_of(incoming)
                if question is None:
                    return await self._press(incoming)
                await self._ask(key, question, sent)
                return PressResult(words=ANSWERED)
        return None

    async def _ask(self, key: str, message: Message, sent: Sequence[str]) -> None:
        async with self._order.turn(_lane(message), key) if self._order else nullcontext():
            await self._rooms.seen(message.address, message.speaker)
            await self._answer(key, message, sent)

    async def _greet(self, key: str, arrival: Arrival, sent: Sequence[str]) -> None:
        is_new = await self._rooms.enter(arrival.address)
        await self._rooms.seen(arrival.address, arrival.speaker)
        if is_new:
            await self._answer(key, _greeting(arrival), sent)

    async def _press(self, click: CardClick) -> PressResult:
        """Do what a button stands for; a client that does not wait gets a message instead."""
        pressed = await self._actions.handle(click)
        if not click.waits and pressed.words:
            await self._sender.send(Reply(address=click.address, text=pressed.words))
        if pressed.card and pressed.later and click.on_message:
            await self._show_decision(click, pressed.card)
        if pressed.later:
            self._deferred.start(self._answer_deferred(pressed.later))
        return pressed

    async def _show_decision(self, click: CardClick, card: Card) -> None:
        """Show everybody in the room what the person who pressed sees at once."""
        try:
            reply = Reply(address=click.address, card=card)
            await self._sender.update(click.address, click.on_message or "", reply)
        except (NotDelivered, Unreachable) as error:
            log.info("a decision could not be shown: %s", error)

    async def _answer_deferred(self, deferred: DeferredReply) -> None:
        """Answer a message that is claimed already; what cannot be sent waits for the sweep."""
        try:
            await self.answer_claim(deferred.key, deferred.message)
        except Exception:
            log.exception("could not answer after a press, claim %s", deferred.key)

    async def _answer(self, key: str, message: Message, sent: Sequence[str]) -> None:
        begun = asyncio.get_running_loop().time()
        result = await self._answer_and_send(key, message, sent)
        _log_question(message, result, (asyncio.get_running_loop().time() - begun) * 1000)
        await self._answered.count()

    async def _answer_and_send(self, key: str, message: Message, sent: Sequence[str]) -> TurnResult:
        thread, speaker = message.address.conversation, message.speaker.person_id
        live = self._streaming.at(message.address) if self._streaming else None
        async with self._model_conversations.turn(message), _closing(live):
            async with self._typing.at(message.address, live):
                result = await self._answers.answer(message, live.add if live else None)
            message_id = await self._send(key, result, sent, live)
            # Kept before anything else is awaited: the button can be pressed from now on.
            self._keep_offer(message, result, message_id)
            if result.has_new_memory:
                memory, before = result.answer.memory, result.before
                await self._conversations.remember(thread, speaker, memory, before)
            await self._begin_explanation(key, message, result, message_id)
        return result

    def _keep_offer(self, message: Message, result: TurnResult, message_id: str) -> None:
        """Keep a card that was sent until somebody presses to have it explained."""
        if self._offers and result.explainable and result.offer_id and message_id:
            self._offers.keep(result.offer_id, result.explainable, message_id, message)

    async def _begin_explanation(
        self, key: str, message: Message, result: TurnResult, message_id: str
    ) -> None:
        """Have a card explained that was sent, where nobody has to press for it."""
        if self._explanations and result.explainable and not result.offer_id and message_id:
            await self._explanations.begin(key, message, result.explainable, message_id)

    async def _send(
        self, key: str, result: TurnResult, sent: Sequence[str], live: LiveStream | None
    ) -> str:
        """Send each reply once, recorded before: from then on it may have arrived.

        Returns the id of the first one.
        """
        first = sent[0] if sent else ""
        for index, reply in enumerate(result.replies):
            if index < len(sent):
                continue
            await self._inbox.sending(key, index)
            try:
                if live and index == 0:
                    message_id = await live.finish(reply, result.streamed)
                else:
                    message_id = await self._sender.send(reply)
            except NotDelivered as error:
                if not error.may_have_arrived:
                    await self._inbox.unsent(key, index)
                raise
            await self._inbox.sent(key, index, message_id)
            first = first or (message_id if index == 0 else "")
        return first


def _log_question(message: Message, result: TurnResult, milliseconds: float) -> None:
    """One line for each question: who asked, where, what was shown, how long; no content.

    A try that failed leaves a warning with its claim instead, as it is tried again.
    """
    kinds = [one.card.kind if one.card else "words" for one in result.replies]
    outcome = ", ".join(kinds) or "nothing"
    who, where = message.speaker.person_id, f"{message.address.scope} {message.address.place}"
    log.info("question by %s in %s: %s, %.0f ms", who, where, outcome, milliseconds)


def _lane(message: Message) -> str:
    """Whose turns are answered one after the other: those of a person in a conversation."""
    return f"{message.address.conversation} {message.speaker.person_id}"


@asynccontextmanager
async def _closing(live: LiveStream | None) -> AsyncGenerator[None]:
    """A stream that ends whatever happens."""
    try:
        yield
    finally:
        if live is not None:
            await live.close()


def _greeting(arrival: Arrival) -> Message:
    """A new room is greeted with what can be asked there."""
    return Message(
        message_id="",
        text="help",
        speaker=arrival.speaker,
        address=arrival.address,
        at=arrival.at,
    )
