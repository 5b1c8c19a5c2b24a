"""What came in is written down once, kept until it is answered, and forgotten after."""

import asyncio
import hashlib
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import (
    Address,
    Arrival,
    CardClick,
    Message,
    Person,
    Scope,
    incoming_to_json,
)
from bot.state.conversations import ConversationStates, StateTooLarge
from bot.state.rooms import Rooms
from bot.state.store import MemoryStore, Store, list_quarantine
from bot.turns.inbox import Inbox

START = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
MAYA = Person(person_id="maya", name="Maya", tenant="t")
ROOM = Address(
    scope=Scope.CHANNEL,
    tenant="t",
    service_url="https://x/",
    conversation="19:c;messageid=1",
    bot_id="28:b",
    bot_name="ADF Ops",
)
MESSAGE = Message(message_id="1", text="why", speaker=MAYA, address=ROOM, at=START, zone="UTC")
CLICK = CardClick(
    click_id="1", verb="ask", data={"question": "why"}, speaker=MAYA, address=ROOM, at=START
)
ARRIVAL = Arrival(speaker=MAYA, address=ROOM, at=START)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(clock: Clock) -> Inbox:
    return Inbox(MemoryStore(), clock)


@pytest.mark.parametrize("incoming", [MESSAGE, CLICK, ARRIVAL], ids=lambda one: type(one).__name__)
async def test_what_is_claimed_can_be_taken_up_again(
    incoming: Message | CardClick | Arrival, inbox: Inbox
) -> None:
    assert await inbox.claim("k", incoming)
    (claim,) = await inbox.unfinished()
    assert (claim.key, claim.incoming, claim.since) == ("k", incoming, START)


async def test_the_same_message_is_claimed_once(inbox: Inbox, clock: Clock) -> None:
    assert await inbox.claim("k", MESSAGE)
    clock.now += timedelta(hours=1)
    assert not await inbox.claim("k", MESSAGE)


async def test_a_click_counts_anew_after_a_minute(inbox: Inbox, clock: Clock) -> None:
    assert await inbox.claim("k", CLICK)
    clock.now += timedelta(seconds=59)
    assert not await inbox.claim("k", CLICK)
    clock.now += timedelta(seconds=2)
    assert await inbox.claim("k", CLICK)


async def test_the_words_of_a_question_go_when_it_is_answered(clock: Clock) -> None:
    store = MemoryStore()
    inbox = Inbox(store, clock)
    await inbox.claim("k", MESSAGE)
    await inbox.done("k")
    assert list(await inbox.unfinished()) == []
    assert "why" not in str(await store.range("inbox"))
    assert not await inbox.claim("k", MESSAGE)


async def test_old_claims_are_dropped_but_never_open_ones(inbox: Inbox, clock: Clock) -> None:
    await inbox.claim("answered", MESSAGE)
    await inbox.claim("open", MESSAGE)
    await inbox.done("answered")
    assert await inbox.purge(START + timedelta(days=1)) == 1
    assert [claim.key for claim in await inbox.unfinished()] == ["open"]


async def test_done_twice_or_unknown_is_fine(inbox: Inbox) -> None:
    await inbox.claim("k", MESSAGE)
    await inbox.done("k")
    await inbox.done("k")
    await inbox.done("never claimed")


async def test_speakers_of_one_thread_have_memories_of_their_own(clock: Clock) -> None:
    memories = ConversationStates(MemoryStore(), clock)
    await memories.remember("thread", "maya", {"pipeline": "A"})
    await memories.remember("thread", "lee", {"pipeline": "B"})
    await memories.remember("thread", "maya", {"pipeline": "C"})
    assert await memories.recall("thread", "maya") == {"pipeline": "C"}
    assert await memories.recall("thread", "lee") == {"pipeline": "B"}
    assert await memories.recall("other", "maya") == {}


async def test_a_talk_can_begin_anew_and_a_person_be_forgotten(clock: Clock) -> None:
    store = MemoryStore()
    memories = ConversationStates(store, clock)
    await memories.remember("one", "maya", {"a": 1})
    await memories.remember("two", "maya", {"a": 1})
    await memories.forget("one", "maya")
    assert await memories.recall("one", "maya") == {}
    assert await memories.forget_person("maya") == 1
    assert await memories.recall("two", "maya") == {}


async def test_old_memories_are_forgotten(clock: Clock) -> None:
    memories = ConversationStates(MemoryStore(), clock, timedelta(days=14))
    await memories.remember("thread", "maya", {"a": 1})
    clock.now += timedelta(days=15)
    assert await memories.recall("thread", "maya") == {}


async def test_a_memory_that_is_too_large_is_refused(clock: Clock) -> None:
    with pytest.raises(StateTooLarge):
        await ConversationStates(MemoryStore(), clock).remember("t", "maya", {"a": "x" * 20_000})


async def test_names_of_people_and_rooms_are_not_keys(clock: Clock) -> None:
    store = MemoryStore()
    await ConversationStates(store, clock).remember("19:room", "maya-the-person", {})
    assert "maya" not in str(store.__dict__).replace("'memory'", "")


async def test_a_room_is_entered_once(clock: Clock) -> None:
    rooms = Rooms(MemoryStore(), clock)
    assert await rooms.enter(ROOM)
    assert not await rooms.enter(ROOM)


async def test_a_reply_that_may_have_gone_out_is_known_after_a_crash(clock: Clock) -> None:
    store = MemoryStore()
    inbox = Inbox(store, clock)
    await inbox.claim("k", MESSAGE)
    await inbox.sending("k", 0)
    await inbox.sent("k", 0, "m0")
    await inbox.sending("k", 1)
    (claim,) = await Inbox(store, clock).unfinished()
    assert claim.replies == ("m0", "")
    assert await inbox.try_again(claim)
    (again,) = await inbox.unfinished()
    assert (again.replies, again.attempts) == (("m0", ""), 2)


async def test_a_reply_that_surely_did_not_arrive_may_be_sent_again(inbox: Inbox) -> None:
    await inbox.claim("k", MESSAGE)
    await inbox.sending("k", 0)
    await inbox.sent("k", 0, "m0")
    await inbox.sending("k", 1)
    await inbox.unsent("k", 1)
    (claim,) = await inbox.unfinished()
    assert claim.replies == ("m0",)


async def test_marks_of_replies_go_with_the_answer(clock: Clock) -> None:
    store = MemoryStore()
    inbox = Inbox(store, clock)
    await inbox.claim("k", CLICK)
    await inbox.sending("k", 0)
    await inbox.sent("k", 0, "m0")
    await inbox.done("k")
    await inbox.sending("k", 1)
    await inbox.unsent("k", 1)
    await inbox.sending("unknown", 0)
    assert list(await inbox.unfinished()) == []
    clock.now += timedelta(minutes=2)
    assert await inbox.claim("k", CLICK)
    (claim,) = await inbox.unfinished()
    assert claim.replies == ()


async def test_open_claims_are_found_among_any_number_of_answered_ones(store: Store) -> None:
    await a_day_of_claims(store, answered=600, opened=40)


@pytest.mark.prove
@pytest.mark.timeout(600)
async def test_a_day_of_24_000_claims_hides_none_of_the_open_ones(store: Store) -> None:
    await a_day_of_claims(store, answered=24_000, opened=40)


async def a_day_of_claims(store: Store, answered: int, opened: int) -> None:
    """Claims of a day lie in the store; a sweep finds every open one and holds nobody up."""
    clock = Clock()
    inbox = Inbox(store, clock)
    done = {"since": START.isoformat(), "done": START.isoformat()}
    for number in range(answered):
        await store.insert("inbox", name_of(number), done)
    keys = {name_of(-number) for number in range(1, opened + 1)}
    for key in keys:
        assert await inbox.claim(key, MESSAGE)
    with longest_hold() as held:
        assert {claim.key for claim in await inbox.unfinished()} == keys
    print(f"{answered} answered, {opened} open: a sweep holds the loop {held.seconds * 1e3:.1f} ms")
    assert {claim.key for claim in await inbox.recover()} == keys
    clock.now += timedelta(days=2)
    assert await inbox.purge(clock.now - timedelta(days=1)) == answered
    assert {claim.key for claim in await inbox.unfinished()} == keys
    for key in keys:
        await inbox.done(key)
    assert list(await store.range("inbox-open")) == []


def name_of(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


class Held:
    """How long one step of the event loop took at most."""

    seconds = 0.0


@contextmanager
def longest_hold() -> Generator[Held]:
    """Measure how long others wait for the loop meanwhile, by a clock that counts our own work."""
    held, loop = Held(), asyncio.get_running_loop()
    last = time.thread_time()

    def tick() -> None:
        nonlocal last, handle
        held.seconds = max(held.seconds, time.thread_time() - last)
        last = time.thread_time()
        handle = loop.call_soon(tick)

    handle = loop.call_soon(tick)
    try:
        yield held
    finally:
        held.seconds = max(held.seconds, time.thread_time() - last)
        handle.cancel()


async def test_a_crash_between_an_entry_and_its_claim_leaves_nothing(clock: Clock) -> None:
    store = MemoryStore()
    inbox = Inbox(store, clock)
    await store.insert("inbox-open", "k", {"since": START.isoformat()})
    assert list(await inbox.unfinished()) == []
    assert len(await store.range("inbox-open")) == 1
    clock.now += timedelta(minutes=2)
    assert list(await inbox.unfinished()) == []
    assert list(await store.range("inbox-open")) == []


async def test_what_a_version_before_left_open_is_found_at_the_start(clock: Clock) -> None:
    store = MemoryStore()
    inbox = Inbox(store, clock)
    value = {"since": START.isoformat(), "incoming": incoming_to_json(MESSAGE), "attempts": 1}
    await store.insert("inbox", "k", value)
    assert [claim.key for claim in await inbox.recover()] == ["k"]
    await inbox.done("k")
    assert list(await inbox.recover()) == []


async def test_an_open_claim_of_another_shape_is_set_aside_and_hides_no_other(
    clock: Clock,
) -> None:
    store = MemoryStore()
    inbox = Inbox(store, clock)
    newer = {**incoming_to_json(MESSAGE), "mood": "curious"}
    unknown = {**incoming_to_json(MESSAGE), "kind": "Reaction"}
    for key, incoming in (("newer", newer), ("unknown", unknown), ("broken", {"kind": "Message"})):
        value = {"since": START.isoformat(), "incoming": incoming, "attempts": 1}
        await store.insert("inbox", key, value)
    assert [(claim.key, claim.incoming) for claim in await inbox.recover()] == [("newer", MESSAGE)]
    assert len(await list_quarantine(store)) == 2
