"""Wishes for tickets: a proposal for the incident that is meant, and the other half is answered."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.answers.combined import before_others
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import KnownNames, interpret
from cards.gallery import lists, tickets
from cards.records import TicketProposal

NAMES = KnownNames(pipelines=("Load_Sales", "Claims_Intake", "Payroll_Nightly"))
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")

BOTH = (
    ("status of Load_Sales, ticket for Claims_Intake", Intent.STATUS_ONE),
    ("why did Claims_Intake fail and open a ticket", Intent.WHY),
    ("why did Claims_Intake fail and raise a servicenow incident", Intent.WHY),
    ("open a ticket for Claims_Intake; Load_Sales ok?", Intent.STATUS_ONE),
    ("log a jira for Claims_Intake, how is Load_Sales doing", Intent.STATUS_ONE),
    ("raise a ticket for Claims_Intake, also what is running", Intent.RUNNING_NOW),
    ("what failed last night? ticket for Claims_Intake please", Intent.FAILURES_LIST),
    ("ack INC-3 and open a ticket for it", Intent.ACK),
    ("status of Payroll_Nightly and create a devops work item for Claims_Intake", None),
)


def read(text: str) -> Frame:
    return interpret(text, NAMES, NOW, ZONE)


@pytest.mark.parametrize(("text", "other"), BOTH)
def test_a_ticket_and_something_else_are_both_understood(text: str, other: Intent | None) -> None:
    frame = read(text)
    parts = [frame, frame.second] if frame.second else [frame]
    intents = [one.intent for one in parts]
    assert Intent.TICKET in intents
    assert len(intents) == 2
    assert all(one.sure for one in parts)
    if other is not None:
        assert other in intents


@pytest.mark.parametrize(
    "text", ["open a ticket for Claims_Intake", "ticket for INC-3", "ticket it"]
)
def test_one_wish_is_one(text: str) -> None:
    frame = read(text)
    assert (frame.intent, frame.second) == (Intent.TICKET, None)


def test_a_half_that_is_not_understood_is_said() -> None:
    frame = read("open a ticket for Claims_Intake and Load_Sales")
    assert (frame.intent, frame.second) == (Intent.TICKET, None)
    assert frame.unanswered == "Load_Sales"


def test_what_waits_for_a_press_comes_first_with_the_other_half_on_it() -> None:
    first, *rest = before_others([lists.NEWEST, tickets.WAITING], ZONE)
    assert isinstance(first, TicketProposal)
    assert first.beside.startswith(lists.NEWEST.runs[0].pipeline)
    assert rest == [lists.NEWEST]


def test_without_a_ticket_the_order_stays() -> None:
    again = replace(lists.NEWEST)
    assert before_others([lists.NEWEST, again], ZONE) == (lists.NEWEST, again)
