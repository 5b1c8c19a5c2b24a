"""Factories and details that are not for somebody are refused before anything is read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adf.client import NotGranted
from adf.tool import Toolbox
from bot.agents.answers.context import AnswerContext
from bot.agents.answers.permitted import refuse_closed, refuse_details
from bot.agents.interface import Question
from bot.agents.understanding.conversation import subject_of
from bot.agents.understanding.interpreter import KnownNames, interpret
from bot.messages import Address, Person, Scope

NOW, ZONE = datetime(2031, 8, 20, 6, 30, tzinfo=UTC), ZoneInfo("America/Toronto")
PROD, UAT = "adf-shop-prod", "adf-shop-uat"
WHO = Person(person_id="bruno", name="Bruno", tenant="t")
HERE = Address(
    scope=Scope.PERSONAL,
    tenant="t",
    service_url="https://smba.trafficmanager.net/emea/",
    conversation="a:1",
    bot_id="28:bot",
    bot_name="ADF Ops",
)


def question(
    text: str,
    factories: tuple[str, ...],
    closed: tuple[str, ...] = (),
    status_only: tuple[str, ...] = (),
) -> Question:
    return Question(
        text=text,
        speaker=WHO,
        address=HERE,
        now=NOW,
        zone=ZONE,
        factory=PROD,
        factories=factories,
        closed=closed,
        status_only=status_only,
    )


def read(asked: Question) -> AnswerContext:
    names = KnownNames(pipelines=("Sales", "Stock"), factories=asked.factories)
    frame = interpret(asked.text, names, NOW, ZONE)
    return AnswerContext(
        question=asked,
        tools=Toolbox((), ()),
        frame=frame,
        subject=subject_of(frame, {}, PROD, ()),
        pipelines=(),
        people=(),
    )


@pytest.mark.parametrize("place", [UAT, "uat", "the uat factory"])
@pytest.mark.parametrize(
    "text",
    [
        *("status of Sales in {}", "what failed in {}", "rerun Sales in {}"),
        *("cancel the run of Sales in {}", "is anything running in {}"),
    ],
)
def test_a_factory_that_is_closed_to_somebody_is_refused_by_name(text: str, place: str) -> None:
    asked = question(text.format(place), factories=(PROD,), closed=(UAT,))
    with pytest.raises(NotGranted) as refused:
        refuse_closed(asked, read(asked).frame)
    assert refused.value.factory == UAT


@pytest.mark.parametrize("place", ["adf-shop-dr", PROD])
def test_what_no_factory_is_called_and_what_is_open_is_not_refused(place: str) -> None:
    asked = question(f"status of Sales in {place}", factories=(PROD,), closed=(UAT,))
    refuse_closed(asked, read(asked).frame)


@pytest.mark.parametrize(
    "text",
    [
        *("why did Sales fail", "show the error of Sales", "what failed today", "who owns Sales"),
        *("is anything running", "when does Sales start next", "is the runtime up"),
        *("what changed since yesterday", "who waits for Sales", "how many rows did Sales copy"),
        *("how did it go this week", "what is open", "is it us or azure", "list all pipelines"),
    ],
)
def test_details_are_refused_to_somebody_who_only_hears_how_it_stands(text: str) -> None:
    with pytest.raises(NotGranted):
        refuse_details(read(question(text, factories=(PROD,), status_only=(PROD,))))


@pytest.mark.parametrize(
    "text", ["status of Sales", "is Sales done", "what can you do", "thanks", "who am i"]
)
def test_how_it_stands_and_talk_are_for_everybody(text: str) -> None:
    refuse_details(read(question(text, factories=(PROD,), status_only=(PROD,))))


@pytest.mark.parametrize("text", ["why did Sales fail", "what failed today"])
def test_a_reader_is_refused_nothing(text: str) -> None:
    refuse_details(read(question(text, factories=(PROD,))))
