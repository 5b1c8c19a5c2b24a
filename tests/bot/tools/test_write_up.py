"""An incident written up: the facts of its life, what nobody recorded, and who may read it."""

import json
from zoneinfo import ZoneInfo

import pytest

from bot.agents.model.facts import record_as_json
from bot.messages import Person
from cards.gallery.write_ups import WRITE_UP
from cards.records import Denied, IncidentState, IncidentWriteUp, Problem
from tests.bot.builders.people import CHAT, NOEL, OPAL, RUTH, STAN
from tests.bot.tools.test_incident_tools import Rooms, house, rooms

__all__ = ["house", "rooms"]


async def written(rooms: Rooms, incident: str = "INC-1") -> IncidentWriteUp:
    found = await rooms.call(OPAL, "ops_write_up", incident=incident)
    assert isinstance(found, IncidentWriteUp)
    return found


async def test_it_has_what_was_recorded_and_says_what_was_not(rooms: Rooms) -> None:
    fresh = await written(rooms)
    assert (fresh.state, fresh.pipelines) == (IncidentState.OPEN, ("Orders",))
    assert "Nobody acknowledged it." in fresh.open_points
    await rooms.call(OPAL, "ops_ack", incident="INC-1")
    await rooms.call(OPAL, "ops_resolve", incident="INC-1", note="vendor sent the file again")
    over = await written(rooms)
    assert (over.acknowledged_by, over.ended_by) == ("Opal", "Opal")
    assert "Nobody acknowledged it." not in over.open_points
    assert "No run that succeeded is recorded as its end." in over.open_points
    assert any("vendor sent the file again" in one.text for one in over.timeline)
    assert over.ended is not None


@pytest.mark.parametrize("who", [STAN, NOEL])
async def test_who_may_not_read_the_factory_reads_nothing_of_it(who: Person, rooms: Rooms) -> None:
    found = await rooms.call(who, "ops_write_up", CHAT, incident="INC-1")
    assert isinstance(found, Denied)


async def test_a_reader_of_another_factory_is_not_told_that_it_exists(rooms: Rooms) -> None:
    found = await rooms.call(RUTH, "ops_write_up", CHAT, incident="INC-1")
    unknown = await rooms.call(RUTH, "ops_write_up", CHAT, incident="INC-99")
    assert isinstance(found, Problem)
    assert isinstance(unknown, Problem)
    assert found.happened.replace("INC-1", "") == unknown.happened.replace("INC-99", "")


@pytest.mark.parametrize("error_text", [True, False])
def test_a_model_reads_its_facts_and_words_of_an_error_only_where_it_may(error_text: bool) -> None:
    facts = json.loads(record_as_json(WRITE_UP, ZoneInfo("UTC"), error_text=error_text))
    assert facts["acknowledged_by"] == "Maya"
    assert len(facts["timeline"]) == 4
    assert ("cause" in facts) is error_text
