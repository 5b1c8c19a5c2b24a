"""Where a document of an incident is asked for it is written up, however it is called."""

from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.agents.answers.write_ups import is_wanted
from bot.agents.understanding.interpreter import KnownNames, interpret

NAMES = KnownNames(pipelines=("Load_Sales", "Claims_Intake"))
DOCUMENTS = ("write-up", "postmortem", "post-mortem", "retrospective", "incident report", "RCA")
ASKING = ("{} for INC-3 please", "can you draft a {} of INC-3", "I need the {} for INC-3")
OTHERS = (
    *("who is on INC-3", "close INC-3", "what happened to INC-3", "report of failures"),
    *("open a ticket for INC-3", "why did Claims_Intake fail", "write to priya about INC-3"),
    *("wrap up", "what is up with Load_Sales", "handover write-up"),
)


def wanted(text: str) -> bool:
    frame = interpret(text, NAMES, datetime(2026, 3, 12, 2, 40, tzinfo=UTC), ZoneInfo("UTC"))
    return is_wanted(frame.intent, frame.text)


@pytest.mark.parametrize(("words", "document"), [*product(ASKING, DOCUMENTS)])
def test_it_is_asked_for_by_its_name(words: str, document: str) -> None:
    assert wanted(words.format(document))


@pytest.mark.parametrize("text", ["write up INC-3", "write INC-3 up", "please write it up"])
def test_or_by_what_is_done(text: str) -> None:
    assert wanted(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_words_ask_for_something_else(text: str) -> None:
    assert not wanted(text)
