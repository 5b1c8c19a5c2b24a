"""The second speed: words of the language model, added to a card that already stands.

What is to be explained is written down with the question until it is done, so that a crash costs
the card nothing and the words at most a second try.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from weakref import WeakValueDictionary

from bot.agents.conversations import MODEL_MEMORY
from bot.agents.explainer import Explainer, ModelText, marked
from bot.agents.interface import Memory
from bot.messages import Message, Renderer, Reply, incoming_from_json, incoming_to_json
from bot.outbox import MessageSender
from bot.state.background import BackgroundTasks
from bot.state.store import AlreadyExists, Store
from bot.turns.approvals import Approvals
from bot.turns.explain_action import Explainable
from cards.records import Explanation

log = logging.getLogger("adfops.second")

PARTITION = "explaining"
LATE = timedelta(minutes=10)
MOST_ATTEMPTS = 2
NEEDS_A_YES = "No explanation: it needs a call that somebody has to allow. Ask me in words instead."


class Answers(Protocol):
    """Whoever answers a message anew after a crash, for the card's record."""

    async def again(self, message: Message, memory: Memory) -> Explainable | None:
        """What is to be explained, with the talk as it stood then; None when nothing is."""
        ...


class ExplanationQueue:
    """Explains cards one after the other for each talk, beside the turns."""

    def __init__(
        self,
        *,
        store: Store,
        explainer: Explainer,
        answers: Answers,
        sender: MessageSender,
        draw: Renderer,
        clock: Callable[[], datetime],
        approvals: Approvals | None = None,
    ) -> None:
        """Borrow everything; without `approvals` a call that waits for a yes has had a no."""
        self._store = store
        self._explainer = explainer
        self._answers = answers
        self._sender = sender
        self._draw = draw
        self._clock = clock
        self._approvals = approvals
        self._in_hand = BackgroundTasks()
        self._talks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def begin(
        self, key: str, message: Message, explain: Explainable, message_id: str
    ) -> None:
        """Have a card explained that was sent as `message_id`; returns at once."""
        value = {
            "message": incoming_to_json(message),
            "message_id": message_id,
            "memory": _of_the_rules(explain.before),
            "subject": explain.subject,
            "aside": explain.aside,
            "since": self._clock().isoformat(),
            "attempts": 1,
        }
        try:
            await self._store.insert(PARTITION, key, value)
        except AlreadyExists:
            return
        self._in_hand.start(key, self._explain(key, message, explain, message_id))

    async def resume(self) -> None:
        """Take up what a crash left: once more, and not what is too long ago."""
        for entry in await self._store.range(PARTITION):
            if entry.key in self._in_hand:
                continue
            value = dict(entry.value)
            late = self._clock() - datetime.fromisoformat(value["since"]) > LATE
            if late or value["attempts"] >= MOST_ATTEMPTS:
                await self._store.delete(PARTITION, entry.key)
                continue
            value["attempts"] += 1
            await self._store.replace(PARTITION, entry.key, value, entry.version)
            self._in_hand.start(entry.key, self._explain_again(entry.key, value))

    async def settled(self) -> None:
        """Wait until nothing is being explained."""
        await self._in_hand.settled()

    async def close(self) -> None:
        """Stop; what is not explained stays written down."""
        await self._in_hand.close()

    async def _explain_again(self, key: str, value: Mapping[str, Any]) -> None:
        message = incoming_from_json(value["message"])
        explain = await self._found_again(message, value) if isinstance(message, Message) else None
        if isinstance(message, Message) and explain:
            await self._explain(key, message, explain, value["message_id"])
        else:
            await self._store.delete(PARTITION, key)

    async def _found_again(self, message: Message, value: Mapping[str, Any]) -> Explainable | None:
        """The card once more; None when the same question is about something else by now."""
        found = await self._answers.again(message, value.get("memory") or {})
        if found is None or found.subject != value.get("subject"):
            return None
        if not value["aside"]:
            return found
        return replace(found, aside=True, question=replace(found.question, memory={}))

    async def _explain(
        self, key: str, message: Message, explain: Explainable, message_id: str
    ) -> None:
        question = explain.question
        try:
            async with self._one_after_the_other(message):
                worded = await self._words(explain)
            card = self._draw(
                explain.record, question.now, question.zone, explain.note, worded.explanation
            )
            reply = marked(Reply(address=message.address, card=card), worded.explanation)
            await self._sender.update(message.address, message_id, reply)
            if worded.approvals and self._approvals is not None:
                asks = await self._approvals.ask(message, worded.approvals)
                card = self._draw(asks, question.now, question.zone, None)
                await self._sender.send(Reply(address=message.address, card=card))
        except Exception:
            log.exception("a card could not be explained, claim %s", key[:12])
        await self._store.delete(PARTITION, key)

    async def _words(self, explain: Explainable) -> ModelText:
        """The words; aside of the talk nothing can wait for a yes, as nothing would go on."""
        worded = await self._explainer.word(explain.question, aside=explain.aside)
        if not (explain.aside and worded.approvals):
            return worded
        return replace(worded, explanation=Explanation(missing=NEEDS_A_YES), approvals=())

    @asynccontextmanager
    async def _one_after_the_other(self, message: Message) -> AsyncGenerator[None]:
        """Of many cards one waits for its word in a talk, so that a question comes in between."""
        talk = message.address.conversation, message.speaker.person_id
        lock = self._talks.get(talk) or asyncio.Lock()
        self._talks[talk] = lock
        async with lock:
            yield


def _of_the_rules(memory: Memory) -> dict[str, Any]:
    """A memory without the talk with the model, which is kept where it may go on."""
    return {key: one for key, one in memory.items() if key != MODEL_MEMORY}
