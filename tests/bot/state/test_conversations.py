"""What a talk was about is kept for one speaker in one thread for a while, and is forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.state.conversations import ConversationStates, StateTooLarge
from bot.state.store import MemoryStore, Store, Value, VersionConflict
from tests.bot.builders.people import NOW


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Contended(MemoryStore):
    """Lets somebody else write first, once."""

    def __init__(self, others: Callable[[], Value]) -> None:
        super().__init__()
        self._others = others
        self.left = 1

    async def insert(self, partition: str, key: str, value: Value) -> str:
        if self.left:
            self.left -= 1
            await super().insert(partition, key, self._others())
        return await super().insert(partition, key, value)

    async def refuse(self, partition: str, key: str, value: Value, version: str) -> str:
        raise VersionConflict("somebody else wrote", f"{partition}/{key}")


async def test_a_memory_is_of_one_speaker_in_one_thread(store: Store) -> None:
    memories = ConversationStates(store, lambda: NOW)
    await memories.remember("thread", "opal", {"pipeline": "Orders"})
    await memories.remember("thread", "opal", {"pipeline": "Payroll"})
    assert await memories.recall("thread", "opal") == {"pipeline": "Payroll"}
    assert await memories.recall("thread", "ruth") == {}
    assert await memories.recall("other", "opal") == {}


async def test_an_old_memory_is_as_good_as_forgotten(store: Store) -> None:
    clock = Clock()
    memories = ConversationStates(store, clock, kept=timedelta(days=1))
    await memories.remember("thread", "opal", {"pipeline": "Orders"})
    clock.now += timedelta(days=1, seconds=1)
    assert await memories.recall("thread", "opal") == {}


async def test_a_talk_and_a_person_can_be_forgotten(store: Store) -> None:
    memories = ConversationStates(store, lambda: NOW)
    for thread in ("one", "two", "three"):
        await memories.remember(thread, "opal", {"pipeline": "Orders"})
    await memories.remember("one", "ruth", {"pipeline": "Orders"})
    await memories.forget("one", "opal")
    assert await memories.recall("one", "opal") == {}
    assert await memories.forget_person("opal") == 2
    assert await memories.recall("two", "opal") == {}
    assert await memories.recall("one", "ruth") == {"pipeline": "Orders"}


async def test_too_large_a_memory_is_a_fault(store: Store) -> None:
    with pytest.raises(StateTooLarge):
        await ConversationStates(store, lambda: NOW).remember(
            "thread", "opal", {"much": "x" * 20_000}
        )


async def test_the_last_word_stands_when_two_write_at_once() -> None:
    store = Contended(lambda: {"memory": {"pipeline": "Theirs"}, "at": NOW.isoformat()})
    memories = ConversationStates(store, lambda: NOW)
    await memories.remember("thread", "opal", {"pipeline": "Mine"})
    assert await memories.recall("thread", "opal") == {"pipeline": "Mine"}


async def test_a_part_is_renewed_beside_what_somebody_else_wrote_meanwhile() -> None:
    store = Contended(lambda: {"memory": {"pipeline": "Orders"}, "at": NOW.isoformat()})
    memories = ConversationStates(store, lambda: NOW)
    await memories.renew("thread", "opal", "model", before={}, after=1)
    assert await memories.recall("thread", "opal") == {"pipeline": "Orders", "model": 1}


async def test_a_part_of_a_memory_that_is_too_old_begins_anew(store: Store) -> None:
    clock = Clock()
    memories = ConversationStates(store, clock, kept=timedelta(days=1))
    await memories.remember("thread", "opal", {"pipeline": "Orders", "model": 1})
    clock.now += timedelta(days=2)
    await memories.renew("thread", "opal", "model", before={}, after=2)
    assert await memories.recall("thread", "opal") == {"model": 2}


async def test_a_part_that_others_keep_writing_beside_is_given_up() -> None:
    store = Contended(lambda: {"memory": {"pipeline": "Orders"}, "at": NOW.isoformat()})
    memories = ConversationStates(store, lambda: NOW)
    store.replace = store.refuse  # type: ignore[method-assign]
    await memories.renew("thread", "opal", "model", before={}, after=1)
    assert await memories.recall("thread", "opal") == {"pipeline": "Orders"}
