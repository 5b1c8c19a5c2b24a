"""A card is explained beside the turns: once, also after a crash, and no memory is lost by it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.agents.conversations import ModelConversations
from bot.agents.explainer import Explainer, ProseMode
from bot.agents.interface import Approval, Memory, Progress, Question, Step
from bot.agents.model import ModelAnswer
from bot.messages import Address, Arrival, Message, Reply, incoming_to_json
from bot.state.conversations import ConversationStates
from bot.state.store import MemoryStore
from bot.state.usage import ModelUsage
from bot.turns.explanations import LATE, MOST_ATTEMPTS, NEEDS_A_YES, PARTITION, ExplanationQueue
from bot.turns.result import Explainable
from cards.card import Card
from cards.gallery import typical
from cards.records import Explanation, Notice
from tests.bot.turns.test_handler import MAYA, NOW, THREAD

UTC = ZoneInfo("UTC")
CARD = Notice(said="It failed.")


class Model:
    """Says numbered words and remembers how many; can be made to wait or to break."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()
        self.trouble: Exception | None = None
        self.approval: Approval | None = None
        self.at_once = self.most_at_once = 0
        self.two_at_once = asyncio.Event()

    async def route(self, question: Question) -> ModelAnswer:
        raise AssertionError(question.text)

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        self.asked.append(question)
        self.reached.set()
        yield Progress(doing="thinking")
        if self.trouble:
            raise self.trouble
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.at_once == 2:
            self.two_at_once.set()
        await (self.gate.wait() if self.gate else asyncio.sleep(0))
        self.at_once -= 1
        if self.approval:
            yield self.approval
        number = int(question.memory.get("model", 0)) + 1
        yield ModelAnswer(text=f"Words {number}.", memory={**question.memory, "model": number})


class Outbox:
    """Keeps the edits."""

    def __init__(self) -> None:
        self.edits: list[tuple[str, Reply]] = []
        self.trouble: Exception | None = None

    async def send(self, reply: Reply) -> str:
        raise AssertionError("nothing is posted")

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        if self.trouble:
            raise self.trouble
        self.edits.append((message_id, reply))

    async def typing(self, address: Address) -> None:
        raise AssertionError("nobody waits")


class Answers:
    """Answers a message that is asked again with a card to be explained, or with none."""

    def __init__(self) -> None:
        self.asked: list[Message] = []
        self.memories: list[Memory] = []
        self.record: object | None = CARD

    async def answer_again(self, message: Message, memory: Memory) -> Explainable | None:
        self.asked.append(message)
        self.memories.append(memory)
        if self.record is None:
            return None
        return about(to_explain(message.text, memory), self.record)


class Talk:
    """Explanations over a store that outlives them."""

    def __init__(self) -> None:
        self.now = NOW
        self.store, self.model, self.outbox, self.answers = (
            MemoryStore(),
            Model(),
            Outbox(),
            Answers(),
        )
        self.memories = ConversationStates(self.store, self.clock)
        self.second = self.make()

    def clock(self) -> datetime:
        return self.now

    def make(self, replica: str = "", gone: str = "") -> ExplanationQueue:
        """Explanations as they are after a start."""
        spending = ModelUsage(self.store, self.clock)
        return ExplanationQueue(
            store=self.store,
            explainer=Explainer(
                self.model,
                spending,
                ProseMode.FAILURES,
                conversations=ModelConversations(self.memories),
            ),
            answer_again=self.answers.answer_again,
            sender=self.outbox,
            render=draw,
            clock=self.clock,
            replica=replica,
            is_gone=lambda other: other == gone,
        )

    async def begin(self, text: str = "why", key: str = "k", memory: Memory | None = None) -> None:
        await self.second.begin(key, message(text), to_explain(text, memory), f"card-{key}")

    async def crash(self, explain: Explainable | None = None) -> None:
        """End in the middle of an explanation, and start again."""
        self.model.gate = asyncio.Event()
        explain = explain or to_explain("why")
        await self.second.begin("k", message(explain.question.text), explain, "card-k")
        await self.model.reached.wait()
        await self.second.close()
        self.model.gate = None
        self.second = self.make()

    async def left(self) -> list[str]:
        return [one.key for one in await self.store.range(PARTITION)]

    @property
    def edits(self) -> list[tuple[str, str | None]]:
        return [
            (edited, reply.card.summary if reply.card else None)
            for edited, reply in self.outbox.edits
        ]


def draw(
    record: object,
    now: datetime,
    zone: ZoneInfo,
    note: str | None,
    explanation: Explanation | None = None,
    explains: str = "",
) -> Card:
    assert record == CARD
    told = explanation or Explanation()
    return Card(kind="said", content={}, summary=told.words or told.missing)


def message(text: str) -> Message:
    return Message(message_id="m", text=text, speaker=MAYA, address=THREAD, at=NOW)


def to_explain(text: str, memory: Memory | None = None) -> Explainable:
    question = Question(
        text=text,
        speaker=MAYA,
        address=THREAD,
        now=NOW,
        zone=UTC,
        records=(CARD,),
        memory=memory or {},
    )
    return Explainable(question=question)


def about(explainable: Explainable, record: object) -> Explainable:
    """The same about another record."""
    return replace(explainable, question=replace(explainable.question, records=(record,)))


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    made = Talk()
    yield made
    await made.second.close()


async def remembered(talk: Talk) -> dict[str, Any]:
    return dict(await talk.memories.recall(THREAD.conversation, MAYA.person_id))


async def test_the_very_card_gets_the_words_and_nothing_is_left(talk: Talk) -> None:
    await talk.begin()
    await talk.second.settled()
    assert talk.edits == [("card-k", "Words 1.")]
    assert talk.outbox.edits[0][1].generated
    assert await talk.left() == []


async def test_a_claim_that_is_answered_twice_is_explained_once(talk: Talk) -> None:
    talk.model.gate = asyncio.Event()
    await talk.begin()
    await talk.begin()
    talk.model.gate.set()
    await talk.second.settled()
    assert len(talk.edits) == 1


async def test_a_crash_between_card_and_words_is_made_good_once(talk: Talk) -> None:
    await talk.crash()
    assert await talk.left() == ["k"]
    await talk.second.resume()
    await talk.second.resume()
    await talk.second.settled()
    assert talk.edits == [("card-k", "Words 1.")]
    assert [one.text for one in talk.answers.asked] == ["why"]
    assert await talk.left() == []


async def test_what_crashed_twice_is_let_go(talk: Talk) -> None:
    await talk.crash()
    talk.model.reached.clear()
    talk.model.gate = asyncio.Event()
    await talk.second.resume()
    await talk.model.reached.wait()
    await talk.second.close()
    asked = len(talk.model.asked)
    assert asked == MOST_ATTEMPTS
    talk.second = talk.make()
    await talk.second.resume()
    await talk.second.settled()
    assert (len(talk.model.asked), talk.edits, await talk.left()) == (asked, [], [])


async def test_words_that_come_too_late_are_not_asked_for_again(talk: Talk) -> None:
    await talk.crash()
    talk.now += LATE + timedelta(seconds=1)
    await talk.second.resume()
    await talk.second.settled()
    assert (talk.edits, talk.answers.asked, await talk.left()) == ([], [], [])


async def test_what_needs_no_words_any_more_after_a_crash_is_let_go(talk: Talk) -> None:
    await talk.crash()
    talk.answers.record = None
    await talk.second.resume()
    await talk.second.settled()
    assert (talk.edits, await talk.left()) == ([], [])


async def test_after_a_crash_it_is_asked_anew_with_the_talk_as_it_stood(talk: Talk) -> None:
    before = {"pipeline": "Orders", "model": 3}
    await talk.crash(replace(to_explain("and yesterday?"), before=before))
    await talk.memories.remember(THREAD.conversation, MAYA.person_id, {"pipeline": "Payments"})
    await talk.second.resume()
    await talk.second.settled()
    assert talk.answers.memories == [{"pipeline": "Orders"}]
    assert len(talk.edits) == 1


async def test_what_is_about_something_else_after_a_crash_leaves_the_card_alone(
    talk: Talk,
) -> None:
    await talk.crash()
    talk.answers.record = typical.FAILURE
    await talk.second.resume()
    await talk.second.settled()
    assert (talk.edits, await talk.left()) == ([], [])


@pytest.mark.parametrize("crashed", [False, True])
async def test_words_aside_neither_hear_nor_change_the_talk(talk: Talk, crashed: bool) -> None:
    await talk.memories.remember(THREAD.conversation, MAYA.person_id, {"model": 7})
    aside = replace(to_explain("status"), aside=True)
    if crashed:
        await talk.crash(aside)
        await talk.second.resume()
    else:
        await talk.second.begin("k", message("status"), aside, "card-k")
    await talk.second.settled()
    assert talk.edits == [("card-k", "Words 1.")]
    assert await remembered(talk) == {"model": 7}


async def test_words_aside_that_need_a_yes_are_one_line(talk: Talk) -> None:
    talk.model.approval = Approval(approval_id="1", server="learn", tool="feedback")
    aside = replace(to_explain("status"), aside=True)
    await talk.second.begin("k", message("status"), aside, "card-k")
    await talk.second.settled()
    assert talk.edits == [("card-k", NEEDS_A_YES)]


async def test_what_is_no_message_is_let_go(talk: Talk) -> None:
    arrival = Arrival(address=THREAD, speaker=MAYA, at=NOW)
    entry = {"message_id": "card-k", "since": NOW.isoformat(), "attempts": 1}
    await talk.store.insert(PARTITION, "k", {**entry, "message": incoming_to_json(arrival)})
    await talk.second.resume()
    await talk.second.settled()
    assert (talk.answers.asked, await talk.left()) == ([], [])


async def test_a_card_that_cannot_be_edited_costs_its_words_alone(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    talk.outbox.trouble = RuntimeError("the connector is down")
    await talk.begin()
    await talk.second.settled()
    assert "could not be explained" in caplog.text
    assert await talk.left() == []
    talk.outbox.trouble = None
    await talk.begin(key="next")
    await talk.second.settled()
    assert talk.edits == [("card-next", "Words 2.")]


async def test_a_model_that_breaks_is_one_line_on_the_card(talk: Talk) -> None:
    talk.model.trouble = RuntimeError("boom")
    await talk.begin()
    await talk.second.settled()
    ((_, line),) = talk.edits
    assert line is not None
    assert line.startswith("No explanation right now: ")
    assert not talk.outbox.edits[0][1].generated


async def test_a_talk_is_explained_one_card_after_the_other_and_goes_on(talk: Talk) -> None:
    for key in ("a", "b", "c"):
        await talk.begin(key=key)
    await talk.second.settled()
    assert talk.model.most_at_once == 1
    assert talk.edits == [("card-a", "Words 1."), ("card-b", "Words 2."), ("card-c", "Words 3.")]
    assert await remembered(talk) == {"model": 3}


async def test_talks_of_two_people_are_explained_at_the_same_time(talk: Talk) -> None:
    talk.model.gate = asyncio.Event()
    await talk.begin(key="a")
    other = replace(message("why"), speaker=replace(MAYA, person_id="lee"))
    explain = to_explain("why")
    explain = replace(explain, question=replace(explain.question, speaker=other.speaker))
    await talk.second.begin("b", other, explain, "card-b")
    await talk.model.two_at_once.wait()
    talk.model.gate.set()
    await talk.second.settled()
    assert len(talk.edits) == 2


async def test_words_that_come_late_leave_what_newer_turns_remembered(talk: Talk) -> None:
    talk.model.gate = asyncio.Event()
    before = {"pipeline": "Orders"}
    await talk.begin(memory=before)
    await talk.model.reached.wait()
    await talk.memories.remember(THREAD.conversation, MAYA.person_id, {"pipeline": "Payments"})
    talk.model.gate.set()
    await talk.second.settled()
    assert await remembered(talk) == {"pipeline": "Payments", "model": 1}


async def test_a_newer_talk_with_the_model_stands(talk: Talk) -> None:
    talk.model.gate = asyncio.Event()
    await talk.begin()
    await talk.model.reached.wait()
    await talk.memories.remember(THREAD.conversation, MAYA.person_id, {"model": 7})
    talk.model.gate.set()
    await talk.second.settled()
    assert await remembered(talk) == {"model": 7}


async def test_a_talk_that_was_begun_anew_stays_so(talk: Talk) -> None:
    talk.model.gate = asyncio.Event()
    await talk.memories.remember(THREAD.conversation, MAYA.person_id, {"pipeline": "Orders"})
    await talk.begin()
    await talk.model.reached.wait()
    await talk.memories.remember(THREAD.conversation, MAYA.person_id, {})
    talk.model.gate.set()
    await talk.second.settled()
    assert await remembered(talk) == {}


async def test_what_another_replica_explains_is_left_to_it_until_it_is_gone(talk: Talk) -> None:
    talk.second, talk.model.gate = talk.make("a"), asyncio.Event()
    await talk.begin()
    await talk.model.reached.wait()
    await talk.make("b").resume()
    assert len(talk.model.asked) == 1
    await talk.second.close()
    talk.model.gate = None
    talk.second = talk.make("b", gone="a")
    await talk.second.resume()
    await talk.make("c", gone="a").resume()
    await talk.second.settled()
    assert talk.edits == [("card-k", "Words 1.")]
    assert await talk.left() == []
