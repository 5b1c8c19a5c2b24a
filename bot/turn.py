"""A whole turn on one screen: what comes in, who answers, what goes back, what is remembered."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adf.errors import AdfError
from bot.agent.interface import Agent, Answer, Question
from bot.inbox import Claim, Inbox
from bot.memory import Memories
from bot.messages import Address, Arrival, CardClick, Message, Pressed, Reply, Unreachable
from bot.rooms import Rooms
from bot.troubles import internal_trouble, trouble_for
from cards.card import Card

log = logging.getLogger("adfops.turn")
# Teams clients show a typing sign for a few seconds only.
TYPING_LASTS = 3.0
LATE = timedelta(minutes=10)
MOST_ATTEMPTS = 2
TOO_LATE = "I was not there to answer when you last asked here. Ask me again, please."
TOO_OLD = "That button is no longer known. Ask me in words and I will answer afresh."

Incoming = Message | CardClick | Arrival
Draw = Callable[[object, datetime, ZoneInfo, str | None], Card]


class Sender(Protocol):
    """Whoever carries replies to Teams."""

    async def send(self, reply: Reply) -> str:
        """Send a reply; returns the id of the message."""
        ...

    async def typing(self, address: Address) -> None:
        """Show that an answer is being worked on."""
        ...


class Presses(Protocol):
    """Whoever does what a button of a card stands for."""

    async def press(self, click: CardClick) -> Pressed | None:
        """Do it, if the person may; None for a button that is not known."""
        ...


class Turns:
    """Takes whatever comes in from claim to reply; one at a time for each (thread, speaker)."""

    def __init__(
        self,
        *,
        agent: Agent,
        sender: Sender,
        inbox: Inbox,
        memories: Memories,
        rooms: Rooms,
        presses: Presses,
        draw: Draw,
        clock: Callable[[], datetime],
        zone: str,
        patience: float = 0.4,
    ) -> None:
        """Borrow everything; `zone` is meant when a client sends none.

        `patience` is how many seconds an answer may take before typing is shown.
        """
        self._agent = agent
        self._sender = sender
        self._inbox = inbox
        self._memories = memories
        self._rooms = rooms
        self._presses = presses
        self._draw = draw
        self._clock = clock
        self._zone = zone
        self._patience = patience
        self._locks: dict[tuple[str, str], _Lock] = {}

    async def take(self, key: str, incoming: Incoming) -> Pressed | None:
        """Answer what was claimed under `key`; a question always gets some answer.

        What cannot be sent now stays claimed; for an address that is gone nothing is left to do.
        """
        pressed = None
        try:
            pressed = await self._answer_any(incoming)
        except Unreachable as error:
            log.info("nobody is there to answer any more: %s", error)
        await self._inbox.done(key)
        return pressed

    async def take_up(self, claim: Claim) -> None:
        """Answer what a crash left open; after two attempts or ten minutes the person is told."""
        if not await self._inbox.try_again(claim):
            return
        late = self._clock() - claim.since > LATE or claim.attempts >= MOST_ATTEMPTS
        if late and not isinstance(claim.incoming, Arrival):
            with contextlib.suppress(Unreachable):
                await self._sender.send(Reply(address=claim.incoming.address, text=TOO_LATE))
            await self._inbox.done(claim.key)
        else:
            await self.take(claim.key, claim.incoming)

    async def _answer_any(self, incoming: Incoming) -> Pressed | None:
        match incoming:
            case Message():
                await self._answer(incoming)
            case CardClick(verb="ask", data={"question": str(text)}) if text.strip():
                await self._answer(_asked_by(incoming, text))
            case CardClick():
                return await self._press(incoming)
            case Arrival():
                await self._greet(incoming)
        return None

    async def _press(self, click: CardClick) -> Pressed:
        """Do what a button stands for; a client that does not wait is told in a message."""
        pressed = await self._presses.press(click) or Pressed(words=TOO_OLD)
        if not click.waits and pressed.words:
            await self._sender.send(Reply(address=click.address, text=pressed.words))
        return pressed

    async def _greet(self, arrival: Arrival) -> None:
        if await self._rooms.enter(arrival.address):
            await self._answer(
                Message(
                    message_id="",
                    text="help",
                    speaker=arrival.speaker,
                    address=arrival.address,
                    at=arrival.at,
                )
            )

    async def _answer(self, message: Message) -> None:
        thread, speaker = message.address.conversation, message.speaker.person_id
        async with self._one_at_a_time(thread, speaker):
            question = Question(
                text=message.text,
                speaker=message.speaker,
                address=message.address,
                now=self._clock(),
                zone=self._zone_of(message),
                memory=await self._memories.recall(thread, speaker),
            )
            async with self._typing_at(message.address):
                answer = await self._ask(question)
            for reply in self._replies(answer, question, message):
                await self._sender.send(reply)
            if answer.memory != question.memory:
                await self._memories.remember(thread, speaker, answer.memory)

    async def _ask(self, question: Question) -> Answer:
        """The agent's answer; an error becomes a trouble record, so that nobody waits in vain."""
        try:
            async for step in self._agent.answer(question):
                if isinstance(step, Answer):
                    return step
                log.debug("%s", step)
        except AdfError as error:
            log.info("answered with trouble: %s", error)
            trouble = trouble_for(error, question.text, question.now)
            return Answer(records=(trouble,), memory=question.memory, sure=False)
        except Exception as error:  # noqa: BLE001 - whatever broke, the person is told
            return _broken(error, question)
        return _broken(RuntimeError("the agent ended without an answer"), question)

    @asynccontextmanager
    async def _typing_at(self, address: Address) -> AsyncGenerator[None]:
        """Show typing while an answer takes longer than a moment; it never holds up the answer."""
        typing = asyncio.create_task(self._show_typing(address))
        try:
            yield
        finally:
            typing.cancel()
            await asyncio.wait([typing])

    async def _show_typing(self, address: Address) -> None:
        await asyncio.sleep(self._patience)
        while True:
            try:
                await self._sender.typing(address)
            except Exception:
                log.info("typing could not be shown", exc_info=True)
            await asyncio.sleep(TYPING_LASTS)

    def _replies(self, answer: Answer, question: Question, message: Message) -> list[Reply]:
        """One reply for each record, or the answer's words."""
        to, answers = message.address, message.message_id or None
        try:
            cards = self._cards(answer, question)
        except Exception as error:  # noqa: BLE001 - what cannot be drawn must not cost the answer
            cards = self._cards(_broken(error, question), question)
        replies = [Reply(address=to, card=card, answers=answers) for card in cards]
        return replies or [Reply(address=to, text=answer.text or "", answers=answers)]

    def _cards(self, answer: Answer, question: Question) -> list[Card]:
        now, zone, note = question.now, question.zone, answer.note
        return [self._draw(record, now, zone, note) for record in answer.records]

    def _zone_of(self, message: Message) -> ZoneInfo:
        for name in (message.zone, self._zone):
            try:
                return ZoneInfo(name or "")
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
        return ZoneInfo("UTC")

    @asynccontextmanager
    async def _one_at_a_time(self, thread: str, speaker: str) -> AsyncGenerator[None]:
        key = (thread, speaker)
        lock = self._locks.setdefault(key, _Lock())
        lock.waiting += 1
        try:
            async with lock.lock:
                yield
        finally:
            lock.waiting -= 1
            if not lock.waiting:
                self._locks.pop(key, None)


class _Lock:
    """A lock that knows how many want it, so that it can be dropped when nobody does."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


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


def _broken(error: Exception, question: Question) -> Answer:
    """The answer when something of our own broke: an id for the log, no details."""
    error_id = uuid.uuid4().hex[:8]
    log.error("turn failed, error id %s", error_id, exc_info=error)
    trouble = internal_trouble(error_id, question.text, question.now)
    return Answer(records=(trouble,), memory=question.memory, sure=False)
