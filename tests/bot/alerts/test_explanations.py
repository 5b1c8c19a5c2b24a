"""Words of the model on an alert: once for each incident, never in the way of what people do."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from adf.records import Signal
from bot.agents.explainer import Explainer, ProseMode
from bot.agents.interface import Approval, Question, Spent, Step
from bot.agents.model import FailureKind, ModelAnswer
from bot.alerts.explanations import MOST_WAITING
from bot.state.store import Store
from bot.state.usage import ModelUsage
from cards.card import Card
from tests.bot.builders.nights import (
    MAYA,
    Clock,
    Hearing,
    Night,
    ScriptedWatch,
    Teams,
    channel,
    chat,
    deliver,
    failure,
    good,
    until,
)

ROOM = channel()
WORDS = "A row without a key came from the feed."


@dataclass
class SlowModel:
    """Has words once it is let; remembers what it was asked."""

    answer_with: ModelAnswer = field(
        default_factory=lambda: ModelAnswer(text=WORDS, spent=Spent(input=90, output=10))
    )
    asked: list[Question] = field(default_factory=list[Question])
    wants: Approval | None = None
    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def route(self, question: Question) -> ModelAnswer:
        raise AssertionError(question.text)

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        self.asked.append(question)
        await self.let.wait()
        if self.wants:
            yield self.wants
        yield self.answer_with


def night_with(
    store: Store,
    *signals: Signal,
    model: SlowModel,
    prose: ProseMode = ProseMode.FAILURES,
    ceiling: int | None = None,
) -> Night:
    clock = Clock()
    return Night(
        store,
        Teams(),
        clock,
        Hearing([ROOM, chat("maya")]),
        {"prod": ScriptedWatch(clock, list(signals))},
        explainer=Explainer(model, ModelUsage(store, clock, ceiling), prose),
    )


async def answered(night: Night, model: SlowModel) -> None:
    """Let the model answer, and deliver what follows."""
    assert night.words
    model.let.set()
    await night.words.settled()
    await deliver(night.posted)


def text_of(card: Card) -> str:
    return f"{card.summary} {json.dumps(card.content, ensure_ascii=False)}".replace("\\", "")


async def test_the_alert_stands_at_once_and_words_come_to_every_room_by_an_edit(
    store: Store,
) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    assert [WORDS in text_of(card) for _, card in night.teams.posts] == [False, False]
    await answered(night, model)
    assert night.due.is_set()
    for place in (ROOM, chat("maya")):
        (card,) = night.teams.in_room(place)
        assert WORDS in text_of(card)
        assert "AI generated" in text_of(card)


async def test_the_question_is_about_the_run_for_the_room_that_hears(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    await until(lambda: model.asked)
    (question,) = model.asked
    assert question.text == "why did run r1 fail"
    assert question.records == (failure("r1").report,)
    assert (question.factory, question.factories) == ("prod", ("prod",))
    assert question.address == ROOM
    assert question.speaker.person_id == ""
    assert dict(question.memory) == {}


async def test_an_acknowledgement_between_card_and_words_survives(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    await night.announcer.acknowledge("INC-1", MAYA)
    await answered(night, model)
    (card,) = night.teams.in_room(ROOM)
    assert WORDS in text_of(card)
    assert "Acknowledged by **Maya**" in text_of(card)


async def test_a_repeat_between_card_and_words_survives_and_costs_no_second_question(
    store: Store,
) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    night.watches["prod"].signals.append(failure("r2", end=5))
    await night.turn()
    await answered(night, model)
    (card,) = night.teams.in_room(ROOM)
    assert WORDS in text_of(card)
    assert "2 times" in text_of(card)
    night.watches["prod"].signals.append(failure("r3", end=9))
    await night.turn()
    assert WORDS in text_of(night.teams.in_room(ROOM)[0])
    assert len(model.asked) == 1


async def test_words_stay_on_the_card_that_a_press_gives_back(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    await answered(night, model)
    await night.announcer.acknowledge("INC-1", MAYA)
    incident = await night.incidents.find("INC-1")
    assert incident
    assert WORDS in text_of(await night.cards.card(incident, ROOM))


async def test_words_that_come_after_the_good_run_are_dropped(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    night.watches["prod"].signals.append(good("r2", end=60))
    await night.turn()
    edits = len(night.teams.edits)
    await answered(night, model)
    assert len(night.teams.edits) == edits
    assert WORDS not in text_of(night.teams.in_room(ROOM)[0])


async def test_a_card_that_is_over_keeps_no_words(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    await answered(night, model)
    await night.announcer.resolve("INC-1", MAYA)
    await deliver(night.posted)
    assert WORDS not in text_of(night.teams.in_room(ROOM)[0])


async def test_what_is_over_before_its_turn_costs_no_question(store: Store) -> None:
    model = SlowModel()
    names = ("A", "B", "C")
    night = night_with(
        store, *(failure(f"r{name}", name, group=name) for name in names), model=model
    )
    await night.turn()
    await until(lambda: len(model.asked) == 2)
    night.watches["prod"].signals.append(good("g", "C", end=60))
    await night.turn()
    await answered(night, model)
    assert len(model.asked) == 2


async def test_a_restart_loses_the_words_and_nothing_else(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    assert night.words
    await night.words.close()
    again = night_with(store, failure("r1"), model=model)
    again.teams = night.teams
    again.__post_init__()
    await again.start()
    await again.turn()
    await again.announcer.acknowledge("INC-1", MAYA)
    await deliver(again.posted)
    assert WORDS not in text_of(again.teams.in_room(ROOM)[0])
    assert "Acknowledged by **Maya**" in text_of(again.teams.in_room(ROOM)[0])


async def test_words_are_never_stored(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    await answered(night, model)
    for partition in ("incidents-prod", "incident-numbers", "spending"):
        rows = await store.range(partition, limit=10_000)
        assert rows
        assert not [one for one in rows if WORDS in json.dumps(dict(one.value))]


async def test_without_a_model_that_answers_one_line_says_so(store: Store) -> None:
    missing = "No explanation right now: the language model does not answer."
    answer = ModelAnswer(missing=missing, failure=FailureKind.TIMEOUT, sure=False)
    model = SlowModel(answer_with=answer)
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    await answered(night, model)
    assert missing in text_of(night.teams.in_room(ROOM)[0])


async def test_a_model_that_wants_a_call_allowed_is_not_heard(store: Store) -> None:
    model = SlowModel(wants=Approval(approval_id="a", server="Other", tool="look"))
    night = night_with(store, failure("r1"), model=model)
    await night.turn()
    await answered(night, model)
    assert WORDS not in text_of(night.teams.in_room(ROOM)[0])
    assert night.teams.edits == []


async def test_the_ceiling_of_the_day_holds_for_alerts_too(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model, ceiling=100)
    await night.turn()
    await answered(night, model)
    night.watches["prod"].signals.append(failure("r9", "Other", end=9))
    await night.turn()
    await answered(night, model)
    assert len(model.asked) == 1
    assert "used up" in text_of(night.teams.in_room(ROOM)[1])


async def test_with_prose_off_or_nobody_hearing_no_model_is_asked(store: Store) -> None:
    model = SlowModel()
    night = night_with(store, failure("r1"), model=model, prose=ProseMode.OFF)
    await night.turn()
    await answered(night, model)
    quiet = night_with(store, failure("r2", "Other"), model=model)
    quiet.listeners.addresses = []
    await quiet.turn()
    await answered(quiet, model)
    assert model.asked == []
    assert len(night.teams.edits) == 0


async def test_a_fault_of_ours_costs_words_only(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    model = SlowModel()
    night = night_with(store, model=model)
    incident = await night.incidents.take(failure("r1"), [ROOM])
    assert incident
    assert night.words
    night.reads["r1"] = OSError("a fault of ours")
    night.words.begin(incident, ROOM)
    await night.words.settled()
    assert "INC-1 could not be explained" in caplog.text
    night.reads.clear()
    await deliver(night.posted)
    assert "CustomerDataETL failed" in night.teams.in_room(ROOM)[0].summary


async def test_a_flood_of_incidents_asks_a_few_at_a_time_and_not_for_all(store: Store) -> None:
    model = SlowModel()
    many = [failure(f"r{one}", f"P{one}", group=f"g{one}") for one in range(MOST_WAITING + 5)]
    night = night_with(store, *many, model=model)
    await night.turn()
    await until(lambda: model.asked)
    assert len(model.asked) <= 2
    await answered(night, model)
    assert len(model.asked) == MOST_WAITING
