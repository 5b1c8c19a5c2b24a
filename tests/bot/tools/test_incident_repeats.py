"""What is asked twice is done once: after a crash the same words are answered once more."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from cards.records import IncidentReport
from tests.bot.builders.people import BOSS, OPAL
from tests.bot.tools.test_incident_tools import Rooms, rooms
from tests.bot.tools.test_tools import house

__all__ = ["house", "rooms"]

ONCE: Mapping[str, Mapping[str, Any]] = {
    "ops_ack": {"incident": "INC-1"},
    "ops_assign": {"incident": "INC-1", "to": "Opal"},
    "ops_mute": {"target": "INC-1", "minutes": 60, "reason": "because of the vendor"},
    "ops_merge": {"incident": "INC-1", "other": "INC-2"},
    "ops_resolve": {"incident": "INC-1"},
}


@pytest.mark.parametrize("tool", ONCE)
async def test_the_timeline_tells_it_once(tool: str, rooms: Rooms) -> None:
    await rooms.call(BOSS, tool, **ONCE[tool])
    once = await rooms.incident()
    again = await rooms.call(BOSS, tool, **ONCE[tool])
    assert isinstance(again, IncidentReport)
    assert len(once.timeline) == 2
    assert (await rooms.incident()).timeline == once.timeline


async def test_who_was_given_it_is_called_again_where_the_first_answer_was_lost(
    rooms: Rooms,
) -> None:
    for _ in range(2):
        given = await rooms.call(BOSS, "ops_assign", incident="INC-1", to="Opal")
        assert isinstance(given, IncidentReport)
        assert ([one.name for one in given.call], given.said) == (["Opal"], "")


async def test_what_was_merged_or_split_already_is_said_to_be_so(rooms: Rooms) -> None:
    said: list[str] = []
    steps: Sequence[tuple[str, Mapping[str, Any]]] = (
        ("ops_merge", {"other": "INC-2"}),
        ("ops_split", {"pipeline": "Payroll"}),
    )
    for tool, given in steps:
        for _ in range(2):
            done = await rooms.call(OPAL, tool, incident="INC-1", **given)
            assert isinstance(done, IncidentReport)
            said.append(f"{done.incident_id}: {done.said}")
    assert said[0] == said[1]
    assert said[2] == said[3]
    assert said[2].startswith("INC-3: Payroll now has its own incident")


async def test_an_unmute_that_was_not_noted_is_noted_when_it_is_asked_again(rooms: Rooms) -> None:
    await rooms.call(OPAL, "ops_mute", target="INC-1", minutes=60)
    await rooms.house.keeping.mutes.remove("prod", "INC-1")
    again = await rooms.call(OPAL, "ops_unmute", target="INC-1")
    third = await rooms.call(OPAL, "ops_unmute", target="INC-1")
    assert isinstance(again, IncidentReport)
    assert isinstance(third, IncidentReport)
    assert (again.said, third.said) == ("Its alerts are on again.", "It is not muted.")
    assert [one.text for one in third.timeline][-1] == "Opal unmuted it"
    assert again.timeline == third.timeline
