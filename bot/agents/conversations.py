"""Each person's talk with the language model: one question at a time, and none of it written over.

Where the talk stands is read and written by whoever has the word in it, so that a card that is
explained and a question that is answered at once go on in one talk. Cards never wait for that.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakValueDictionary

from bot.agents.interface import Memory, Question
from bot.state.conversations import ConversationStates

log = logging.getLogger("adfops.explaining")

MODEL_MEMORY = "model"


class StillBusy(Exception):
    """The question before in the same talk takes longer than somebody would wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationTurn:
    """Who has the word in a talk: the question with what the model remembers by now."""

    question: Question
    stood: Memory = field(default_factory=dict[str, Any])
    memories: ConversationStates | None = None

    async def keep(self, after: Memory) -> None:
        """Keep where the talk stands; one that was begun anew meanwhile stays so.

        What cannot be kept costs the talk and never the words.
        """
        new = after.get(MODEL_MEMORY)
        if self.memories is None or new == self.stood.get(MODEL_MEMORY):
            return
        talk = _talk(self.question)
        try:
            await self.memories.renew(*talk, MODEL_MEMORY, before=self.stood, after=new)
        except Exception:
            log.exception("where the talk with the model stands in %s could not be kept", talk[0])


class ModelConversations:
    """Lets each (thread, speaker) have the word once at a time; what nobody asked is no talk."""

    def __init__(self, memories: ConversationStates | None = None) -> None:
        """Borrow the memories; without them every question begins a talk of its own."""
        self._memories = memories
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def word(
        self, question: Question, patience: float | None
    ) -> AsyncGenerator[ConversationTurn]:
        """Wait for the word, `patience` seconds or as long as it takes; StillBusy after that."""
        if self._memories is None or not question.speaker.person_id:
            yield ConversationTurn(question=question)
            return
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(patience):
                    await held.enter_async_context(self._lock(question))
            except TimeoutError:
                raise StillBusy from None
            stood = await self._memories.recall(*_talk(question))
            asked = replace(question, memory=_as_it_stands(question.memory, stood))
            yield ConversationTurn(question=asked, stood=stood, memories=self._memories)

    def _lock(self, question: Question) -> asyncio.Lock:
        talk = _talk(question)
        lock = self._locks.get(talk) or asyncio.Lock()
        self._locks[talk] = lock
        return lock


def _talk(question: Question) -> tuple[str, str]:
    return question.address.conversation, question.speaker.person_id


def _as_it_stands(memory: Memory, stood: Memory) -> Memory:
    """What the question came with, and of the talk with the model what is known by now."""
    rest = {name: value for name, value in memory.items() if name != MODEL_MEMORY}
    return rest | ({MODEL_MEMORY: stood[MODEL_MEMORY]} if MODEL_MEMORY in stood else {})
