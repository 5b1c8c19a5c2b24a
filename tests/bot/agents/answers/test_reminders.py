"""A reminder at a set time is refused by name, and nothing else is taken for one."""

from collections.abc import AsyncGenerator
from itertools import product

import pytest

from adf.errors import BadArguments
from adf.simulator import State
from bot.agents.answers.reminders import NO_REMINDERS
from cards.records import Picker
from tests.adf.simulator.worlds import world
from tests.bot.agents.answers.world_talk import WorldTalk, talking

WISHES = ("remind me", "nudge me", "ping me", "wake me up", "can you message us", "erinnere mich")
TIMES = ("in 10 minutes", "at 9", "tomorrow at 8", "in half an hour", "tonight")
OTHERS = (
    "remind me when Stock_Load fails",
    "ping me once Stock_Load is done",
    "tell me at 9 if Stock_Load is not done",
    "remind me which alerts I have",
    "remind me why Stock_Load failed",
    "tell me tonight's failures",
    "tell me in two sentences what failed",
    "remind me every day at 8 how things stand",
)
ABOUT = ("", " about Stock_Load", " to check Stock_Load")


def factory() -> State:
    return world(pipelines={"Stock_Load": [{"factory": "adf-lab"}]})


@pytest.fixture
async def talk() -> AsyncGenerator[WorldTalk]:
    async with talking(factory()) as one:
        yield one


async def offered(talk: WorldTalk, text: str) -> Picker | None:
    """What is offered in place of a reminder; None where none was heard."""
    try:
        answer = await talk.ask(text)
    except BadArguments:  # it went to a tool of alerts, which this world has none of
        return None
    (picker,) = answer.records or (None,)
    if isinstance(picker, Picker) and picker.question == NO_REMINDERS:
        return picker
    return None


async def test_every_form_of_a_reminder_is_refused_by_name(talk: WorldTalk) -> None:
    spoken = [f"{wish} {at}{what}" for wish, at, what in product(WISHES, TIMES, ABOUT)]
    spoken += ["set a reminder for 9", "set me an alarm", "remind Lee to look at it at 7"]
    assert [text for text in spoken if await offered(talk, text) is None] == []


async def test_what_is_offered_instead_is_understood(talk: WorldTalk) -> None:
    picker = await offered(talk, "remind me tomorrow at 7:30 to check Stock_Load")
    assert picker is not None
    asked = [one.question for one in picker.choices]
    assert asked[-1] == "send me a summary every day at 07:30"
    assert len(asked) == 4
    assert [text for text in asked if await offered(talk, text)] == []


async def test_alerts_and_questions_are_no_reminders(talk: WorldTalk) -> None:
    assert [text for text in OTHERS if await offered(talk, text)] == []
