"""A question has its conversation with the model alone, as the question before left it."""

import asyncio
from dataclasses import replace

import pytest

from bot.agents.conversations import ConversationBusy, ModelConversations
from bot.agents.interface import Memory, Question
from bot.messages import Message
from bot.state.conversations import ConversationStates
from bot.state.replicas import ConversationOrder
from bot.state.replicas.order import PARTITION
from bot.state.store import MemoryStore
from tests.bot.turns.test_explanations import to_explain
from tests.bot.turns.test_handler import MAYA, NOW, THREAD

QUESTION = to_explain("why").question
MESSAGE = Message(message_id="1", text="why", speaker=MAYA, address=QUESTION.address, at=NOW)
NOBODYS = replace(QUESTION, speaker=replace(MAYA, person_id=""))


class Kept:
    """Talks over memories in a store."""

    def __init__(self, store: MemoryStore | None = None, replica: str = "") -> None:
        store = store or MemoryStore()
        self.memories = ConversationStates(store, lambda: NOW)
        order = ConversationOrder(store, replica, lambda _: False) if replica else None
        self.conversations = ModelConversations(self.memories, order=order)

    async def ask(self, question: Question = QUESTION) -> Memory:
        """Count one more question in its talk; returns what it was asked with."""
        async with self.conversations.exchange(question, None) as turn:
            await asyncio.sleep(0)
            count = int(turn.question.memory.get("model", 0)) + 1
            await turn.save({**turn.question.memory, "model": count})
            return turn.question.memory

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


async def test_questions_at_once_on_several_replicas_go_on_in_one_conversation() -> None:
    store = MemoryStore()
    replicas = [Kept(store, name) for name in "abc"]
    asked = await asyncio.gather(*(one.ask() for one in replicas))
    assert sorted(int(one.get("model", 0)) for one in asked) == [0, 1, 2]
    assert await store.range(PARTITION) == []


async def test_of_the_explanations_of_all_replicas_one_waits_for_the_model() -> None:
    store = MemoryStore()
    one, other = Kept(store, "a").conversations, Kept(store, "b").conversations
    async with one.background(QUESTION):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5), other.background(QUESTION):
                pass
    async with asyncio.timeout(5), other.background(QUESTION):
        pass


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
    async with kept.conversations.exchange(QUESTION, None) as turn:
        await kept.remember({}, before)
        await turn.save({"model": 2})
    assert await kept.recall() == {}
    assert await kept.ask() == {}
    assert await kept.recall() == {"model": 1}


async def test_who_would_not_wait_longer_is_told() -> None:
    kept = Kept()
    async with kept.conversations.exchange(QUESTION, None):
        with pytest.raises(ConversationBusy):
            async with kept.conversations.exchange(QUESTION, 0.01):
                pass
        other = replace(QUESTION, speaker=replace(MAYA, person_id="lee"))
        async with kept.conversations.exchange(other, 0.01):
            pass


async def test_who_would_not_wait_longer_for_another_replica_is_told_and_holds_nobody_up() -> None:
    store = MemoryStore()
    one, other = Kept(store, "a"), Kept(store, "b")
    async with one.conversations.exchange(QUESTION, None):
        with pytest.raises(ConversationBusy):
            async with other.conversations.exchange(QUESTION, 10):
                pass
    assert await store.range(PARTITION) == []


async def test_what_nobody_asked_waits_for_nobody_and_is_not_saved() -> None:
    kept = Kept()
    exchange = kept.conversations.exchange
    async with exchange(NOBODYS, 0.01), exchange(NOBODYS, 0.01) as turn:
        await turn.save({"model": 1})
    assert await kept.memories.recall(THREAD.conversation, "") == {}


async def test_a_question_aside_neither_waits_for_the_conversation_nor_changes_it() -> None:
    kept = Kept()
    await kept.ask()
    exchange = kept.conversations.exchange
    async with exchange(QUESTION, None), exchange(QUESTION, 0.01, aside=True) as turn:
        await turn.save({"model": 9})
    assert await kept.recall() == {"model": 1}


async def test_a_turn_an_explanation_and_the_exchange_with_the_model_wait_only_for_their_like() -> (
    None
):
    conversations = Kept().conversations
    async with (
        asyncio.timeout(10),
        conversations.turn(MESSAGE),
        conversations.background(QUESTION),
        conversations.exchange(QUESTION, None),
    ):
        assert conversations.turn(MESSAGE).locked()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1), conversations.background(QUESTION):
                pass
        lee = replace(MESSAGE, speaker=replace(MAYA, person_id="lee"))
        assert not conversations.turn(lee).locked()
    assert not conversations.turn(MESSAGE).locked()
