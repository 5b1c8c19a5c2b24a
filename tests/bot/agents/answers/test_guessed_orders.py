"""A guessed order of a name that nothing has offers no act on what is only alike."""

from itertools import product

import pytest

from cards.records import Problem
from tests.adf.test_runs import wire_run
from tests.bot.agents.answers.test_agent import BAD, Room

BRANDS = ("opera", "simphony", "verifone", "zebra", "honeyw")
THINGS = ("terminal", "till", "printer", "scanner")
TROUBLES = (
    "at the front desk froze reboot it",
    "in the lobby froze restart it",
    "is frozen just reboot it",
)


@pytest.mark.parametrize(("thing", "trouble"), list(product(THINGS, TROUBLES)))
@pytest.mark.parametrize("brand", BRANDS)
async def test_what_is_offered_then_is_a_question(brand: str, thing: str, trouble: str) -> None:
    room = Room(["Stock", "Sales", "Guest_Merge"])
    room.has(wire_run(BAD, "Stock"))
    answer = await room.ask(f"{brand} {thing} {trouble}")
    offered = [
        choice.question
        for record in answer.records
        if isinstance(record, Problem)
        for choice in record.choices
    ]
    assert not [one for one in offered if one.startswith(("rerun", "cancel", "run "))]
    assert not [call for call in room.calls if call.name == "adf_propose_action"]
