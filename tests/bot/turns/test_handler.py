"""A turn always ends with an answer, one at a time for each speaker, and is remembered."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adf.errors import Forbidden, Throttled, Unavailable
from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, TenantAccess
from bot.agents.interface import Answer, Progress, Question, Step
from bot.messages import (
    Address,
    Arrival,
    CardClick,
    DeferredReply,
    Message,
    Person,
    PressResult,
    Reply,
    Scope,
    Unreachable,
)
from bot.outbox import MessageSender, NotDelivered
from bot.state.conversations import ConversationStates
from bot.state.rooms import Rooms, RoomZones
from bot.state.store import MemoryStore
from bot.state.usage import AnswerCounter
from bot.turns.answer import AnswerService
from bot.turns.card_actions import TOO_OLD, CardActions
from bot.turns.handler import TurnHandler
from bot.turns.inbox import Claim, Inbox
from bot.turns.question import QuestionBuilder
from bot.turns.recovery import INTERRUPTED, TOO_LATE, ClaimRecovery
from cards.card import Card
from cards.records import Explanation, Help, Notice, Picker, Problem

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
MAYA = Person(person_id="maya", name="Maya", tenant="t")
LEE = Person(person_id="lee", name="Lee", tenant="t")
THREAD = Address(
    scope=Scope.CHANNEL,
    tenant="t",
    service_url="https://x/",
    conversation="19:c;messageid=1",
    bot_id="28:b",
    bot_name="ADF Ops",
)


ALLOWED = Message(message_id="m", text="go on", speaker=MAYA, address=THREAD, at=NOW)
ALLOW = CardClick(
    click_id="c", verb="allow", speaker=LEE, address=THREAD, at=NOW, on_message="message-7"
)
UNDRAWABLE = Notice(said="undrawable")


class Agent:
    """Answers with its own question, or with what was put in; can be made to wait."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.answers: list[Answer | Exception] = []
        self.gate: asyncio.Event | None = None
        self.at_once = 0
        self.silent = False
        self.most_at_once = 0
        self.two_at_once = asyncio.Event()
        self.reached = asyncio.Event()

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        self.asked.append(question)
        self.reached.set()
        yield Progress(doing="reading")
        if self.silent:
            return
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.at_once == 2:
            self.two_at_once.set()
        if self.gate:
            await self.gate.wait()
        self.at_once -= 1
        answer = self.answers.pop(0) if self.answers else Answer(text=question.text)
        if isinstance(answer, Exception):
            raise answer
        yield answer


class Outbox:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.typed = asyncio.Event()
        self.typing_trouble: Exception | None = None
        self.trouble: Exception | None = None
        self.breaks_after: int | None = None
        self.edited: list[str] = []
        self.edit_trouble: Exception | None = None

    async def send(self, reply: Reply) -> str:
        if self.trouble:
            raise self.trouble
        if self.breaks_after == len(self.replies):
            self.breaks_after = None
            raise Undelivered(arrived=False)
        self.replies.append(reply)
        return str(len(self.replies))

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        assert reply.card is not None
        assert reply.card.kind == "decided"
        self.edited.append(message_id)
        if self.edit_trouble:
            raise self.edit_trouble

    async def typing(self, address: Address) -> None:
        self.typed.set()
        if self.typing_trouble:
            raise self.typing_trouble


async def allow(click: CardClick) -> PressResult:
    """A button after which a message is answered."""
    later = DeferredReply(key="later", message=replace(ALLOWED, speaker=click.speaker))
    return PressResult(card=Card(kind="decided", content={}, summary=""), later=later)


async def acknowledge(click: CardClick) -> PressResult:
    """A button that is answered in words."""
    return PressResult(words="acknowledged")


ACTIONS = CardActions({"allow": allow, "ack": acknowledge})


class Nobody:
    """Asked about nobody: on a developer's own machine everybody is one of ours."""

    async def is_guest(self, address: Address, person: Person) -> bool:
        raise AssertionError("nobody has to be asked about")


class Undelivered(NotDelivered):
    """A post that failed: `arrived` tells whether it may be there all the same."""

    def __init__(self, *, arrived: bool) -> None:
        super().__init__("the connector is down")
        self.may_have_arrived = arrived


class Room:
    """Turns with fakes around them."""

    def __init__(
        self,
        clock: Callable[[], datetime] = lambda: NOW,
        patience: float = 0.0,
        sender: MessageSender | None = None,
    ) -> None:
        self.agent, self.outbox, self.store = Agent(), Outbox(), MemoryStore()
        self.inbox = Inbox(self.store, clock)
        rooms, memories = Rooms(self.store, clock), ConversationStates(self.store, clock)
        everybody = TenantAccess(factories=("f",), default="f", local=True)
        people = AccessPolicy(everybody, rooms, Nobody(), lambda _: True)
        refusals = Denials(people, AuditLog(self.store, clock, lambda: "id"))
        questions = QuestionBuilder(
            policy=people,
            denials=refusals,
            zones=RoomZones(rooms, "Europe/Berlin"),
            conversations=memories,
            clock=clock,
        )
        self.turns = TurnHandler(
            answers=AnswerService(
                agent=self.agent,
                questions=questions,
                policy=people,
                denials=refusals,
                render=self.draw,
            ),
            actions=ACTIONS,
            sender=sender or self.outbox,
            inbox=self.inbox,
            conversations=memories,
            rooms=rooms,
            answered=AnswerCounter(self.store, clock),
            measure=self.measure,
            patience=patience,
        )
        self.recovery = ClaimRecovery(
            turns=self.turns, inbox=self.inbox, sender=sender or self.outbox, clock=clock
        )
        self.measured: list[tuple[str, str]] = []

    @contextmanager
    def measure(self, kind: str, scope: str) -> Generator[None]:
        self.measured.append((kind, scope))
        yield

    def draw(
        self,
        record: object,
        now: datetime,
        zone: ZoneInfo,
        note: str | None,
        explanation: Explanation | None = None,
        explains: str = "",
    ) -> Card:
        if record == UNDRAWABLE:
            raise ValueError("no card for this")
        area = record.area if isinstance(record, Problem) else ""
        return Card(kind=f"{type(record).__name__}:{area}", content={"note": note}, summary="")

    async def say(self, text: str, speaker: Person = MAYA, zone: str | None = None) -> None:
        incoming = Message(
            message_id="m", text=text, speaker=speaker, address=THREAD, at=NOW, zone=zone
        )
        key = f"{speaker.person_id}-{text}"
        await self.inbox.claim(key, incoming)
        await self.turns.handle(key, incoming)

    @property
    def kinds(self) -> list[str | None]:
        return [reply.card.kind if reply.card else reply.text for reply in self.outbox.replies]


async def settled() -> None:
    """Let go on whatever goes on beside the test."""
    for _ in range(50):
        await asyncio.sleep(0)


@pytest.fixture
def room() -> Room:
    return Room()


async def test_words_are_answered_in_their_thread_and_the_claim_is_done(room: Room) -> None:
    await room.say("hello")
    (reply,) = room.outbox.replies
    assert (reply.text, reply.address, reply.answers) == ("hello", THREAD, "m")
    assert list(await room.inbox.unfinished()) == []


async def test_each_record_is_a_card_of_its_own(room: Room) -> None:
    both = (Help(bot_name="ADF Ops", examples=()), Picker(question="Which?", choices=()))
    room.agent.answers = [Answer(records=both, note="Read as A.")]
    await room.say("why")
    assert room.kinds == ["Help:", "Picker:"]
    assert room.outbox.replies[0].card is not None
    assert room.outbox.replies[0].card.content == {"note": "Read as A."}


@pytest.mark.parametrize(
    ("error", "area"),
    [
        (Forbidden("no", status=401), "identity"),
        (Forbidden("no", status=403), "permission"),
        (Throttled("throttling", retry_after=7), "throttling"),
        (Unavailable("gone"), "network"),
        (RuntimeError("a bug of ours"), "internal"),
    ],
)
async def test_trouble_is_told_with_its_area(error: Exception, area: str, room: Room) -> None:
    room.agent.answers = [error]
    await room.say("status")
    assert room.kinds == [f"Problem:{area}"]


async def test_a_record_that_cannot_be_drawn_still_gets_an_answer(room: Room) -> None:
    room.agent.answers = [Answer(records=(UNDRAWABLE,))]
    await room.say("status")
    assert room.kinds == ["Problem:internal"]


@pytest.mark.parametrize("trouble", [None, RuntimeError("the connector is slow")])
async def test_typing_is_shown_while_an_answer_takes_time(
    trouble: Exception | None, room: Room
) -> None:
    room.outbox.typing_trouble = trouble
    room.agent.gate = room.outbox.typed
    await room.say("hello")
    assert room.kinds == ["hello"]


async def test_an_answer_at_once_needs_no_typing() -> None:
    room = Room(patience=30)
    await room.say("hello")
    assert not room.outbox.typed.is_set()


async def test_memory_comes_back_to_its_speaker_only(room: Room) -> None:
    room.agent.answers = [Answer(text="a", memory={"pipeline": "A"})]
    await room.say("first")
    await room.say("second")
    await room.say("third", LEE)
    assert [question.memory for question in room.agent.asked] == [{}, {"pipeline": "A"}, {}]


async def test_one_speaker_is_answered_one_at_a_time_and_two_at_once(room: Room) -> None:
    room.agent.gate = asyncio.Event()
    talk = [room.say("one"), room.say("two"), room.say("one", LEE)]
    tasks = [asyncio.create_task(one) for one in talk]
    await room.agent.two_at_once.wait()
    room.agent.gate.set()
    await asyncio.gather(*tasks)
    assert room.agent.most_at_once == 2
    assert sorted(map(str, room.kinds)) == ["one", "one", "two"]


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../../etc/passwd", None, "x" * 300])
async def test_an_unknown_zone_is_the_rooms_own(zone: str | None, room: Room) -> None:
    await room.say("hello", zone=zone)
    assert room.agent.asked[0].zone == ZoneInfo("Europe/Berlin")


async def test_a_button_asks_in_the_name_of_who_presses_it(room: Room) -> None:
    click = CardClick(
        click_id="c", verb="ask", data={"question": "why"}, speaker=LEE, address=THREAD, at=NOW
    )
    await room.turns.handle("k", click)
    assert (room.agent.asked[0].text, room.agent.asked[0].speaker) == ("why", LEE)


@pytest.mark.parametrize(
    ("verb", "data"),
    [("approve", {"id": 1}), ("ask", {}), ("ask", {"question": 7}), ("ask", {"question": " "})],
)
async def test_an_unknown_button_is_told_to_be_old(
    verb: str, data: dict[str, object], room: Room
) -> None:
    click = CardClick(click_id="c", verb=verb, data=data, speaker=MAYA, address=THREAD, at=NOW)
    assert await room.turns.handle("k", click) == PressResult(words=TOO_OLD)
    assert room.kinds == []


@pytest.mark.parametrize(("waits", "sent"), [(True, []), (False, ["acknowledged"])])
async def test_who_waits_for_a_press_is_told_alone_and_others_in_a_message(
    waits: bool, sent: list[str], room: Room
) -> None:
    click = CardClick(click_id="c", verb="ack", speaker=MAYA, address=THREAD, at=NOW, waits=waits)
    assert await room.turns.handle("k", click) == PressResult(words="acknowledged")
    assert room.kinds == sent


@pytest.mark.parametrize("trouble", [None, Undelivered(arrived=False)])
async def test_a_press_is_shown_to_all_and_what_follows_is_answered_beside_it(
    trouble: Exception | None, room: Room
) -> None:
    room.outbox.edit_trouble = trouble
    room.agent.gate = asyncio.Event()
    await room.inbox.claim("later", ALLOWED)
    pressed = await room.turns.handle("k", ALLOW)
    assert pressed is not None
    assert room.outbox.edited == ["message-7"]
    assert room.outbox.replies == []
    room.agent.gate.set()
    await settled()
    assert room.kinds == ["go on"]
    assert list(await room.inbox.unfinished()) == []


async def test_what_follows_a_press_is_left_to_the_next_start_when_this_one_ends(
    room: Room,
) -> None:
    room.agent.gate = asyncio.Event()
    await room.inbox.claim("later", ALLOWED)
    await room.turns.handle("k", ALLOW)
    await room.agent.reached.wait()
    await room.turns.close()
    (left,) = await room.inbox.unfinished()
    assert left.incoming == ALLOWED


async def test_what_follows_a_press_and_cannot_be_sent_stays_claimed(room: Room) -> None:
    room.outbox.trouble = Undelivered(arrived=False)
    await room.inbox.claim("later", ALLOWED)
    await room.turns.handle("k", ALLOW)
    await room.agent.reached.wait()
    await settled()
    room.outbox.trouble = None
    (left,) = await room.inbox.unfinished()
    await room.recovery.resume(left)
    assert room.kinds == ["go on"]


async def test_a_question_of_somebody_who_is_gone_is_done_with(room: Room) -> None:
    room.outbox.trouble = Unreachable("the bot was removed")
    await room.say("hello")
    assert list(await room.inbox.unfinished()) == []


async def test_a_question_whose_answer_was_not_sent_stays_claimed(room: Room) -> None:
    room.outbox.trouble = Undelivered(arrived=False)
    await room.say("hello")
    (claim,) = await room.inbox.unfinished()
    assert isinstance(claim.incoming, Message)
    assert claim.incoming.text == "hello"


async def test_a_reply_that_may_have_arrived_is_not_sent_again_but_told(room: Room) -> None:
    claim = await left_open(room, arrived=True)
    assert claim.replies == ("",)
    await room.recovery.resume(claim)
    assert room.kinds == [INTERRUPTED]
    assert list(await room.inbox.unfinished()) == []


async def test_of_two_replies_the_one_that_is_out_is_not_sent_again(room: Room) -> None:
    both = (Help(bot_name="ADF Ops", examples=()), Picker(question="Which?", choices=()))
    room.agent.answers = [Answer(records=both), Answer(records=both)]
    room.outbox.breaks_after = 1
    await room.say("why")
    (claim,) = await room.inbox.unfinished()
    await room.recovery.resume(claim)
    assert room.kinds == ["Help:", "Picker:"]


async def test_what_could_not_be_sent_is_answered_by_a_later_sweep() -> None:
    clock = Moved()
    room = Room(clock)
    await left_open(room)
    await room.recovery.sweep()
    assert room.kinds == []
    clock.now += timedelta(minutes=2)
    await room.recovery.sweep()
    assert room.kinds == ["why did it fail"]


async def test_a_sweep_leaves_what_is_being_answered_alone() -> None:
    clock = Moved()
    room = Room(clock)
    room.agent.gate = asyncio.Event()
    asking = asyncio.create_task(room.say("slow"))
    await room.agent.reached.wait()
    clock.now += timedelta(minutes=2)
    await room.recovery.sweep()
    room.agent.gate.set()
    await asking
    assert room.kinds == ["slow"]


class Moved:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def left_open(room: Room, *, arrived: bool = False) -> Claim:
    room.outbox.trouble = Undelivered(arrived=arrived)
    await room.say("why did it fail")
    room.outbox.trouble = None
    (claim,) = await room.inbox.unfinished()
    return claim


async def test_what_a_crash_left_open_is_answered_after_it(room: Room) -> None:
    await room.recovery.resume(await left_open(room))
    assert room.kinds == ["why did it fail"]
    assert list(await room.inbox.unfinished()) == []


async def test_the_third_attempt_is_not_made_but_told(room: Room) -> None:
    claim = await left_open(room)
    room.outbox.trouble = Undelivered(arrived=False)
    await room.recovery.resume(claim)
    room.outbox.trouble = None
    (claim,) = await room.inbox.unfinished()
    await room.recovery.resume(claim)
    assert room.kinds == [TOO_LATE]
    assert list(await room.inbox.unfinished()) == []


async def test_a_question_of_long_ago_is_told_instead_of_answered() -> None:
    clock = Moved()
    room = Room(clock)
    claim = await left_open(room)
    clock.now += timedelta(minutes=11)
    await room.recovery.resume(claim)
    assert room.kinds == [TOO_LATE]


async def test_a_press_that_came_too_late_may_be_pressed_again_at_once() -> None:
    clock = Moved()
    room = Room(clock)
    click = CardClick(click_id="c", verb="ack", speaker=MAYA, address=THREAD, at=NOW)
    await room.inbox.claim("k", click)
    (claim,) = await room.inbox.unfinished()
    clock.now += timedelta(minutes=11)
    await room.recovery.resume(claim)
    assert room.kinds == [TOO_LATE]
    assert await room.inbox.claim("k", click)


async def test_two_who_resume_the_same_question_answer_it_once(room: Room) -> None:
    claim = await left_open(room)
    await asyncio.gather(room.recovery.resume(claim), room.recovery.resume(claim))
    assert room.kinds == ["why did it fail"]


async def test_a_room_is_greeted_once(room: Room) -> None:
    arrival = Arrival(speaker=MAYA, address=THREAD, at=NOW)
    await room.turns.handle("a", arrival)
    await room.turns.handle("b", arrival)
    assert room.kinds == ["help"]


async def test_an_agent_that_ends_without_an_answer_is_a_fault_of_ours(room: Room) -> None:
    room.agent.silent = True
    await room.say("hello")
    assert room.kinds == ["Problem:internal"]


async def test_what_comes_in_is_measured_and_what_is_resumed_is_not(room: Room) -> None:
    await room.recovery.resume(await left_open(room))
    assert room.measured == [("message", "channel")]


async def test_each_question_leaves_one_line_without_what_it_said(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="adfops")
    await room.say("why did the salaries of Ottilie fail")
    lines = [one.getMessage() for one in caplog.records if "question by" in one.getMessage()]
    assert len(lines) == 1
    assert lines[0].startswith(f"question by maya in channel {THREAD.place}: ")
    assert "Ottilie" not in caplog.text
