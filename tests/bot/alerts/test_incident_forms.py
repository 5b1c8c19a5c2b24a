"""Buttons of an incident do what the words would, with the same rights and sentences."""

from dataclasses import replace
from typing import cast

import pytest

from bot.alerts.incident_actions import UNKNOWN
from bot.alerts.incident_forms import IncidentForms
from bot.alerts.incidents import IncidentService
from bot.messages import CardClick, Person
from bot.state.store import Store
from bot.tools import ToolContext
from cards.card import Card
from cards.records import IncidentReport, IncidentState
from tests.bot.builders.nights import draw, failure
from tests.bot.builders.people import BOSS, BOUND, NOEL, NOW, OPAL
from tests.bot.tools.test_tools import BERLIN, House, house

__all__ = ["house"]


class Presses:
    """Presses on INC-1 of prod, and the records that were drawn for them."""

    def __init__(self, house: House, incidents: IncidentService) -> None:
        self.incidents = incidents
        self.drawn: list[IncidentReport] = []
        self._house = house
        self.forms = IncidentForms(context_for=self._context, render=self._draw)

    async def press(self, who: Person, verb: str, incident: str = "INC-1", **data: object) -> str:
        """What the person gets: words, or the sentence of the card."""
        click = CardClick(
            click_id="c",
            verb=verb,
            speaker=who,
            address=BOUND,
            at=NOW,
            data={"incident": incident, "rev": 1, **data},
        )
        result = await self.forms.handlers[verb](click)
        return result.words or self.drawn[-1].said

    async def _context(self, click: CardClick, words: str) -> ToolContext:
        return ToolContext(
            person=click.speaker,
            address=click.address,
            asked=words,
            now=NOW,
            zone=BERLIN,
            state=self._house.keeping,
        )

    def _draw(self, record: object, *given: object, **more: object) -> Card:
        self.drawn.append(cast("IncidentReport", record))
        return draw(record, NOW, BERLIN, None)


@pytest.fixture
async def presses(house: House, store: Store) -> Presses:
    incidents = IncidentService(store, lambda: NOW)
    await incidents.take(failure("r1", "Orders", group="runtime:shir"))
    await incidents.take(failure("r2", "Payroll", group="runtime:shir"))
    return Presses(house, incidents)


@pytest.mark.parametrize("verb", ["assign", "mute", "unmute", "reopen", "split"])
async def test_who_may_not_is_refused_in_one_line(verb: str, presses: Presses) -> None:
    before = await presses.incidents.find("INC-1")
    words = await presses.press(NOEL, verb, to=OPAL.person_id, minutes="60", pipeline="Orders")
    assert "needs the role operator in prod" in words
    assert "Ask Opal." in words
    assert await presses.incidents.find("INC-1") == before


@pytest.mark.parametrize("incident", ["INC-99", "", "everything", "Orders"])
async def test_a_card_names_an_incident_and_nothing_else(incident: str, presses: Presses) -> None:
    words = await presses.press(OPAL, "mute", incident, minutes="60")
    assert words in {UNKNOWN, "There is no incident INC-99 here."}
    assert presses.drawn == []


async def test_it_is_given_to_the_person_that_was_chosen(presses: Presses) -> None:
    await presses.press(BOSS, "assign", to=OPAL.person_id)
    assert (presses.drawn[-1].assignee, presses.drawn[-1].assigned_by) == ("Opal", "Boss")


async def test_it_is_muted_for_as_long_as_was_chosen(presses: Presses) -> None:
    await presses.press(OPAL, "mute", minutes="240", reason="vendor works on it")
    report = presses.drawn[-1]
    assert report.muted_until is not None
    assert (report.muted_until - NOW).total_seconds() == 4 * 3600
    assert "vendor works on it" in report.timeline[-1].text
    assert await presses.press(OPAL, "unmute") == "Its alerts are on again."


async def test_a_pipeline_with_another_cause_gets_an_incident_of_its_own(presses: Presses) -> None:
    said = await presses.press(OPAL, "split", pipeline="Payroll")
    assert said == "Payroll now has its own incident, and so will its next failures."
    left, apart = await presses.incidents.open("prod")
    assert (left.pipelines, apart.pipelines) == (("Orders",), ("Payroll",))
    later = await presses.incidents.take(failure("r3", "Payroll", group="runtime:shir", end=10))
    other = await presses.incidents.take(failure("r4", "Orders", group="runtime:shir", end=11))
    assert later is not None
    assert other is not None
    assert (later.incident_id, other.incident_id) == (apart.incident_id, left.incident_id)


async def test_what_was_closed_is_opened_again(presses: Presses) -> None:
    await presses.incidents.resolve("INC-1", OPAL, NOW)
    await presses.press(OPAL, "reopen")
    assert presses.drawn[-1].state is IncidentState.OPEN


async def test_a_pipeline_that_is_not_in_it_is_not_taken_out(presses: Presses) -> None:
    said = await presses.press(OPAL, "split", pipeline="Elsewhere")
    assert said == "I can't take Elsewhere out of it."
    (one,) = await presses.incidents.open("prod")
    assert replace(one, timeline=()).pipelines == ("Orders", "Payroll")
