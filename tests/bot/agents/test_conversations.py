"""Whoever asks a model has the word in a talk alone, and finds it as the one before left it."""

import asyncio
from dataclasses import replace

import pytest

from bot.agents.conversations import ModelConversations, StillBusy
from bot.agents.interface import Memory, Question
from bot.state.conversations import ConversationStates
from bot.state.store import MemoryStore
from tests.bot.turns.test_explanations import to_explain
from tests.bot.turns.test_handler import MAYA, NOW, THREAD

QUESTION = to_explain("why").question
NOBODYS = replace(QUESTION, speaker=replace(MAYA, person_id=""))


class Kept:
    """Talks over memories in a store."""

    def __init__(self) -> None:
        self.memories = ConversationStates(MemoryStore(), lambda: NOW)
        self.talks = ModelConversations(self.memories)

    async def ask(self, question: Question = QUESTION) -> Memory:
        """Count one more question in its talk; returns what it was asked with."""
        async with self.talks.word(question, None) as word:
            await asyncio.sleep(0)
            count = int(word.question.memory.get("model", 0)) + 1
            await word.keep({**word.question.memory, "model": count})
            return word.question.memory

    async def recall(self) -> Memory:
        return await self.memories.recall(THREAD.conversation, MAYA.person_id)

    async def remember(self, memory: Memory, before: Memory | None = None) -> None:
        thread = THREAD.conversation
        await self.memories.remember(thread, MAYA.person_id, memory, before or {})


async def test_questions_at_once_go_on_in_one_talk() -> None:
    kept = Kept()
    stale = replace(QUESTION, memory={"pipeline": "A", "model": 9})
    asked = await asyncio.gather(kept.ask(), kept.ask(stale), kept.ask())
    assert asked == [{}, {"pipeline": "A", "model": 1}, {"model": 2}]
    assert await kept.recall() == {"model": 3}


async def test_a_turn_leaves_the_talk_that_went_on_meanwhile() -> None:
    kept = Kept()
    await kept.ask()
    before = await kept.recall()
    await kept.ask()
    await kept.remember({**before, "pipeline": "Payments"}, before)
    assert await kept.recall() == {"pipeline": "Payments", "model": 2}


async def test_who_starts_over_begins_another_talk() -> None:
    kept = Kept()
    await kept.ask()
    before = await kept.recall()
    async with kept.talks.word(QUESTION, None) as word:
        await kept.remember({}, before)
        await word.keep({"model": 2})
    assert await kept.recall() == {}
    assert await kept.ask() == {}
    assert await kept.recall() == {"model": 1}


async def test_who_would_not_wait_longer_is_told() -> None:
    kept = Kept()
    async with kept.talks.word(QUESTION, None):
        with pytest.raises(StillBusy):
            async with kept.talks.word(QUESTION, 0.01):
                pass
        other = replace(QUESTION, speaker=replace(MAYA, person_id="lee"))
        async with kept.talks.word(other, 0.01):
            pass


async def test_what_nobody_asked_waits_for_nobody_and_is_not_kept() -> None:
    kept = Kept()
    async with kept.talks.word(NOBODYS, 0.01), kept.talks.word(NOBODYS, 0.01) as word:
        await word.keep({"model": 1})
    assert await kept.memories.recall(THREAD.conversation, "") == {}
