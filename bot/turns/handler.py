"""A whole turn on one screen: what comes in, who answers, how that goes out, what is remembered."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

from bot.agents.explainer import OnStep
from bot.messages import Arrival, CardClick, DeferredReply, Message, PressResult, Reply, Unreachable
from bot.outbox import MessageSender, NotDelivered
from bot.state.conversations import ConversationStates
from bot.state.rooms import Rooms
from bot.state.usage import AnswerCounter
from bot.turns.answer import TurnResult
from bot.turns.explain_action import Explainable
from bot.turns.inbox import Claim, Inbox
from bot.turns.streaming import LiveStream, StreamStarter
from bot.turns.typing import ConversationTurns, TypingIndicator
from cards.card import Card

log = logging.getLogger("adfops.turn")
LATE = timedelta(minutes=10)
# What could not be sent is tried again after that, by the sweep.
PATIENCE_OF_CLAIMS = timedelta(seconds=60)
MOST_ATTEMPTS = 2
TOO_LATE = "I was not there to answer when you last asked here. Ask me again, please."
TOO_OLD = "That button is no longer known. Ask me in words and I will answer afresh."
INTERRUPTED = "I was interrupted while answering you. If no answer stands above, ask me again."

Incoming = Message | CardClick | Arrival


class Answers(Protocol):
    """Whoever makes the replies to a message."""

    async def answer(self, message: Message, on_step: OnStep | None = None) -> TurnResult:
        """The replies, and what is to be remembered; `on_step` hears a model before its answer."""
        ...


class Presses(Protocol):
    """Whoever does what a button of a card stands for."""

    async def press(self, click: CardClick) -> PressResult | None:
        """Do it, if the person may; None for a button that is not known."""
        ...


class Second(Protocol):
    """Whoever has a card explained after it was sent."""

    async def begin(
        self, key: str, message: Message, explain: Explainable, message_id: str
    ) -> None:
        """Begin, and return at once."""
        ...


class TurnHandler:
    """Takes whatever comes in from claim to reply; one at a time for each (thread, speaker)."""

    def __init__(
        self,
        *,
        answers: Answers,
        presses: Presses,
        second: Second | None = None,
        streaming: StreamStarter | None = None,
        sender: MessageSender,
        inbox: Inbox,
        memories: ConversationStates,
        rooms: Rooms,
        answered: AnswerCounter,
        clock: Callable[[], datetime],
        patience: float = 0.4,
    ) -> None:
        """Borrow everything; after `patience` seconds without an answer, typing is shown."""
        self._answers = answers
        self._presses = presses
        self._second = second
        self._streaming = streaming
        self._sender = sender
        self._inbox = inbox
        self._memories = memories
        self._rooms = rooms
        self._answered = answered
        self._clock = clock
        self._typing = TypingIndicator(sender, patience)
        self._talks = ConversationTurns()
        self._in_hand: set[str] = set()
        self._later: set[asyncio.Task[None]] = set()

    async def take(
        self, key: str, incoming: Incoming, sent: Sequence[str] = ()
    ) -> PressResult | None:
        """Answer what was claimed under `key`; a question always gets some answer.

        `sent` are the replies that went out before a crash. What cannot be sent now stays claimed;
        for an address that is gone nothing is left to do.
        """
        pressed = None
        self._in_hand.add(key)
        try:
            pressed = await self._answer_any(key, incoming, len(sent))
        except Unreachable as error:
            log.info("nobody is there to answer any more: %s", error)
        finally:
            self._in_hand.discard(key)
        await self._inbox.done(key)
        return pressed

    async def take_up(self, claim: Claim) -> None:
        """Answer what was left open; after two attempts or ten minutes the person is told.

        A reply that may have arrived is never sent again: one line tells the person instead.
        """
        if not await self._inbox.try_again(claim):
            return
        late = self._clock() - claim.since > LATE or claim.attempts >= MOST_ATTEMPTS
        if isinstance(claim.incoming, Arrival) or not (late or "" in claim.replies):
            await self.take(claim.key, claim.incoming, claim.replies)
            return
        words = INTERRUPTED if "" in claim.replies else TOO_LATE
        with contextlib.suppress(Unreachable):
            await self._sender.send(Reply(address=claim.incoming.address, text=words))
        if isinstance(claim.incoming, CardClick):
            await self._inbox.forget(claim.key)
        else:
            await self._inbox.done(claim.key)

    async def take_up_all(self, claims: Sequence[Claim]) -> None:
        """Take up claims that are in nobody's hand; one that breaks does not hold up the others."""
        for claim in claims:
            try:
                if claim.key not in self._in_hand:
                    await self.take_up(claim)
            except Exception:
                log.exception("could not take up claim %s", claim.key[:12])

    async def sweep(self) -> None:
        """Take up what got stuck a while ago, when its answer could not be sent."""
        youngest = self._clock() - PATIENCE_OF_CLAIMS
        claims = await self._inbox.unfinished()
        await self.take_up_all([one for one in claims if one.since < youngest])

    async def _answer_any(self, key: str, incoming: Incoming, sent: int) -> PressResult | None:
        match incoming:
            case Message():
                await self._rooms.seen(incoming.address, incoming.speaker)
                await self._answer(key, incoming, sent)
            case CardClick(verb="ask", data={"question": str(text)}) if text.strip():
                await self._rooms.seen(incoming.address, incoming.speaker)
                await self._answer(key, _asked_by(incoming, text), sent)
            case CardClick():
                return await self._press(incoming)
            case Arrival():
                await self._greet(key, incoming, sent)
        return None

    async def _press(self, click: CardClick) -> PressResult:
        """Do what a button stands for; a client that does not wait is told in a message."""
        pressed = await self._presses.press(click) or PressResult(words=TOO_OLD)
        if not click.waits and pressed.words:
            await self._sender.send(Reply(address=click.address, text=pressed.words))
        if pressed.card and pressed.later and click.on_message:
            await self._show_decided(click, pressed.card)
        if pressed.later:
            self._begin(pressed.later)
        return pressed

    async def _show_decided(self, click: CardClick, card: Card) -> None:
        """For everybody in the room what whoever pressed gets at once."""
        try:
            reply = Reply(address=click.address, card=card)
            await self._sender.update(click.address, click.on_message or "", reply)
        except (NotDelivered, Unreachable) as error:
            log.info("a decision could not be shown: %s", error)

    def _begin(self, later: DeferredReply) -> None:
        """Answer a message that is claimed already, beside whatever else is going on."""
        task = asyncio.create_task(self._answer_later(later))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _answer_later(self, later: DeferredReply) -> None:
        """What cannot be sent now stays claimed, for the sweep."""
        try:
            await self.take(later.key, later.message)
        except Exception:
            log.exception("could not answer after a press, claim %s", later.key)

    async def close(self) -> None:
        """Leave what is answered after a press to the next start."""
        for task in self._later:
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)

    async def _greet(self, key: str, arrival: Arrival, sent: int) -> None:
        is_new = await self._rooms.enter(arrival.address)
        await self._rooms.seen(arrival.address, arrival.speaker)
        if is_new:
            await self._answer(key, _greeting(arrival), sent)

    async def _answer(self, key: str, message: Message, sent: int) -> None:
        thread, speaker = message.address.conversation, message.speaker.person_id
        live = self._streaming.at(message.address) if self._streaming else None
        async with self._talks.alone(thread, speaker), _closing(live):
            async with self._typing.at(message.address, live):
                told = await self._answers.answer(message, live.take if live else None)
            message_id = await self._send(key, told, sent, live)
            if told.offer:
                told.offer.message_id = message_id
            if told.memory is not None:
                await self._memories.remember(thread, speaker, told.memory, told.before)
            if self._second and told.explain and message_id:
                await self._second.begin(key, message, told.explain, message_id)
        await self._answered.count()

    async def _send(self, key: str, told: TurnResult, sent: int, live: LiveStream | None) -> str:
        """Send each reply once, written down before: from then on it may have arrived.

        Returns the id of the first one, blank when that went out before.
        """
        first = ""
        for index, reply in enumerate(told.replies):
            if index < sent:
                continue
            await self._inbox.sending(key, index)
            try:
                if live and index == 0:
                    message_id = await live.finish(reply, told.streamed)
                else:
                    message_id = await self._sender.send(reply)
            except NotDelivered as error:
                if not error.may_have_arrived:
                    await self._inbox.unsent(key, index)
                raise
            self._inbox.sent(key, index, message_id)
            first = first or (message_id if index == 0 else "")
        return first


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


def _asked_by(click: CardClick, text: str) -> Message:
    """A button that asks: its question in the words of whoever pressed it."""
    return Message(
        message_id=click.on_message or "",
        text=text,
        speaker=click.speaker,
        address=click.address,
        at=click.at,
        zone=click.zone,
        locale=click.locale,
    )
