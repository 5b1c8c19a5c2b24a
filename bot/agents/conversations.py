"""The one owner of a conversation with the language model: its locks, saved state and approvals.

A conversation belongs to a speaker in a thread. Its state is read and written only while its lock
is held, so that an explanation and a question at the same time continue one conversation, also
where different replicas have them. Cards never wait for that lock: a turn has a lock of its own.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from dataclasses import dataclass, field, replace
from typing import Any

from bot.agents.approvals import PendingApprovals
from bot.agents.interface import Memory, Question
from bot.messages import Message
from bot.state.conversations import ConversationStates
from bot.state.locks import KeyedLocks
from bot.state.replicas import ConversationOrder

log = logging.getLogger("adfops.explaining")

MODEL_MEMORY = "model"
# A turn of the model ends after two minutes at most; whoever holds a conversation longer is stuck.
LONGEST_EXCHANGE_SECONDS = 180.0
ConversationKey = tuple[str, str]


class ConversationBusy(Exception):
    """The question before in the same conversation takes longer than the caller would wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationTurn:
    """A question while its conversation is locked, with the state as it is now."""

    question: Question
    before: Memory = field(default_factory=dict[str, Any])
    states: ConversationStates | None = None

    async def save(self, after: Memory) -> None:
        """Save the state; a conversation that was reset meanwhile stays reset.

        What cannot be saved costs the conversation and never the words.
        """
        state = after.get(MODEL_MEMORY)
        if self.states is None or state == self.before.get(MODEL_MEMORY):
            return
        thread, speaker = _key_of(self.question)
        try:
            await self.states.renew(thread, speaker, MODEL_MEMORY, before=self.before, after=state)
        except Exception:
            log.exception("the conversation with the model in %s could not be saved", thread)


class ModelConversations:
    """Locks and state of every (thread, speaker), and the approvals that are pending there."""

    def __init__(
        self,
        states: ConversationStates | None = None,
        approvals: PendingApprovals | None = None,
        order: ConversationOrder | None = None,
    ) -> None:
        """Borrow all; without `states` every question begins a conversation of its own.

        `order` is there where other replicas may have the same conversation.
        """
        self._states = states
        self.approvals = approvals
        self._order = order
        self._turns = KeyedLocks[ConversationKey]()
        self._background = KeyedLocks[ConversationKey]()
        self._exchanges = KeyedLocks[ConversationKey]()

    def turn(self, message: Message) -> asyncio.Lock:
        """Held for the whole turn of a message: a speaker is answered one message at a time."""
        return self._turns.at((message.address.conversation, message.speaker.person_id))

    @asynccontextmanager
    async def background(self, question: Question) -> AsyncGenerator[None]:
        """Held by an explanation: of many only one queues for the model, so a question gets in."""
        async with self._background.at(_key_of(question)), self._alone("explanation", question):
            yield

    @asynccontextmanager
    async def exchange(
        self, question: Question, patience: float | None, *, aside: bool = False
    ) -> AsyncGenerator[ConversationTurn]:
        """Lock the conversation and read its state.

        Waits `patience` seconds, or as long as it takes; ConversationBusy after that. A question
        without a speaker, or `aside`, has no conversation and waits for nobody.
        """
        if self._states is None or aside or not question.speaker.person_id:
            yield ConversationTurn(question=question)
            return
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(patience):
                    await held.enter_async_context(self._exchanges.at(_key_of(question)))
                    await held.enter_async_context(self._alone("exchange", question))
            except TimeoutError:
                raise ConversationBusy from None
            before = await self._states.recall(*_key_of(question))
            current = replace(question, memory=_with_state(question.memory, before))
            yield ConversationTurn(question=current, before=before, states=self._states)

    def _alone(self, what: str, question: Question) -> AbstractAsyncContextManager[None]:
        """Held by one replica at a time, where there are several."""
        if self._order is None:
            return nullcontext()
        return self._order.alone(" ".join((what, *_key_of(question))), LONGEST_EXCHANGE_SECONDS)


def without_model(memory: Memory) -> dict[str, Any]:
    """A memory without the conversation with the model, which is kept where it may go on."""
    return {key: one for key, one in memory.items() if key != MODEL_MEMORY}


def _key_of(question: Question) -> ConversationKey:
    return question.address.conversation, question.speaker.person_id


def _with_state(memory: Memory, before: Memory) -> Memory:
    """The memory of the question, with the state of the model's conversation as it is now."""
    rest = {name: value for name, value in memory.items() if name != MODEL_MEMORY}
    return rest | ({MODEL_MEMORY: before[MODEL_MEMORY]} if MODEL_MEMORY in before else {})
