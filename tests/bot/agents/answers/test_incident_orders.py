"""Orders about incidents and wishes in people's words: done, or one press away, never guessed."""

from collections.abc import Sequence
from typing import Any, cast

import pytest

from adf.records import Pipeline
from bot.agents.answers import OfflineAgent
from bot.agents.interface import Answer, Question
from cards.records import IncidentReport, IncidentState, Picker
from tests.bot.builders.nights import BERLIN
from tests.bot.builders.people import BOUND, NOW, OPAL
from tests.bot.tools.test_incident_tools import Rooms, rooms
from tests.bot.tools.test_tools import House, house

__all__ = ["house", "rooms"]

NAMES = ("Orders", "Payroll", "Harvest_Load")


class Talk:
    """Opal talks in a channel to the agent over the real tools."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.memory: dict[str, Any] = {}

    async def say(self, text: str) -> Answer:
        async def pipelines(_: Question) -> Sequence[Pipeline]:
            return [Pipeline(name=name, factory="prod") for name in NAMES]

        tools = self._house.tools(OPAL, BOUND)
        agent = OfflineAgent(lambda _: tools, pipelines, ("Opal", "Boss", "Lee Chan"))
        question = Question(
            text=text,
            speaker=OPAL,
            address=BOUND,
            now=NOW,
            zone=BERLIN,
            memory=self.memory,
            factory="prod",
            factories=("prod",),
        )
        answer = cast("Answer", [step async for step in agent.answer(question)][-1])
        self.memory = dict(answer.memory)
        return answer

    async def picker(self, text: str) -> Picker:
        answer = await self.say(text)
        (record,) = answer.records
        assert isinstance(record, Picker), record
        return record


@pytest.fixture
def talk(rooms: Rooms) -> Talk:
    return Talk(rooms.house)


async def states(rooms: Rooms) -> list[tuple[IncidentState, bool]]:
    """Of INC-1 and INC-2: how they stand, and whether they are muted."""
    found = [await rooms.incident(one) for one in ("INC-1", "INC-2")]
    return [(one.state, one.muted_until is not None) for one in found]


FREE = (IncidentState.OPEN, False)
TAKEN = (IncidentState.ACKNOWLEDGED, False)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("ack 1", [TAKEN, FREE]),
        ("I am on incident 2", [FREE, TAKEN]),
        ("2 is mine", [FREE, TAKEN]),
        ("ack 1 and 2", [TAKEN, TAKEN]),
        ("ack INC-1, INC-2", [TAKEN, TAKEN]),
        ("ack 1 and shut it up for an hour", [(IncidentState.ACKNOWLEDGED, True), FREE]),
        ("got INC-2, silence it till 8", [FREE, (IncidentState.ACKNOWLEDGED, True)]),
        ("mute INC-1 and INC-2 for 2 hours", [(IncidentState.OPEN, True)] * 2),
        ("close 2, key rotated", [FREE, (IncidentState.RESOLVED, False)]),
    ],
)
async def test_what_is_clear_is_done_for_each_that_is_named(
    text: str, after: list[tuple[IncidentState, bool]], talk: Talk, rooms: Rooms
) -> None:
    await talk.say(text)
    assert await states(rooms) == after


@pytest.mark.parametrize(
    ("text", "question", "after"),
    [
        ("hold Payroll back for the next two hours", "Mute Payroll for 2 h?", FREE),
        (
            "INC-1: nothing left to do, network is back",
            "Close INC-1 (Orders)?",
            (IncidentState.RESOLVED, False),
        ),
        ("Orders stays with me", "Acknowledge INC-1 (Orders)?", TAKEN),
        ("INC-1 belongs with me", "Acknowledge INC-1 (Orders)?", TAKEN),
    ],
)
async def test_what_is_likely_is_one_press_away_and_changes_nothing_before(
    text: str, question: str, after: tuple[IncidentState, bool], talk: Talk, rooms: Rooms
) -> None:
    picker = await talk.picker(text)
    assert picker.question == question
    assert [one.title for one in (picker.choices[0], picker.choices[-1])] == [
        "Yes",
        "Something else",
    ]
    assert (await states(rooms))[0] == FREE
    typed = await talk.say("yes")
    assert typed.text is not None
    assert typed.text.startswith("Press Yes on the card above")
    assert (await states(rooms))[0] == FREE
    await talk.say(picker.choices[0].question)
    assert (await states(rooms))[0] == after


async def test_who_names_somebody_else_gives_it_to_them(talk: Talk) -> None:
    for text in ("let lee have 1", "bung INC-1 to lee", "can you put 1 on lee"):
        picker = await talk.picker(text)
        assert picker.question == "Assign INC-1 to lee (Orders)?"
        assert picker.choices[0].question == "assign INC-1 to lee"


async def test_an_end_that_was_named_stays_that_end_when_it_is_pressed_later(talk: Talk) -> None:
    picker = await talk.picker("park Payroll until tomorrow 9")
    assert picker.choices[0].question == "mute Payroll until 2026-03-13 09:00"


async def test_a_number_that_counts_something_else_is_no_incident(talk: Talk) -> None:
    for text in ("list my subscriptions of the last 2 hours", "what is open since 1"):
        answer = await talk.say(text)
        assert not any(isinstance(one, IncidentReport) for one in answer.records)


@pytest.mark.parametrize(
    ("text", "question", "words"),
    [
        (
            "I am curious about failures of Payroll",
            "Tell you when Payroll fails?",
            "tell me when Payroll fails",
        ),
        (
            "yell when anything critical fails",
            "Tell this room when anything critical fails?",
            "tell us when anything critical fails",
        ),
    ],
)
async def test_a_likely_wish_is_one_press_away(
    text: str, question: str, words: str, talk: Talk, house: House
) -> None:
    picker = await talk.picker(text)
    assert (picker.question, picker.choices[0].question) == (question, words)
    assert await house.keeping.subscriptions.of(OPAL) == []
    answer = await talk.say(words)
    is_own = " me " in words
    assert len(await house.keeping.subscriptions.of(OPAL)) == is_own
    assert is_own or answer.records


async def test_the_end_of_alerts_about_something_unknown_is_no_end_of_all(talk: Talk) -> None:
    await talk.say("tell me when anything fails")
    for text in ("stop dm'ing me about ledgers", "stop telling me about ledgers"):
        answer = await talk.say(text)
        assert not answer.sure


async def test_taking_it_and_saying_which_is_one_order(talk: Talk, rooms: Rooms) -> None:
    await talk.say("got it, im on Payroll")
    assert await states(rooms) == [FREE, TAKEN]


async def test_no_likely_end_of_alerts_is_taken_for_the_end_of_all(talk: Talk) -> None:
    picker = await talk.picker("I don't want pings about harvest any more")
    assert "anything" not in picker.question
