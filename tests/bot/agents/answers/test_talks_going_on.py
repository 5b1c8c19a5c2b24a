"""Acts within a talk: what a mute leaves behind, who is corrected, which runs are compared."""

from dataclasses import replace
from itertools import product

import pytest

from adf.client import NotGranted
from adf.records import RunList
from bot.agents.answers.permitted import refuse_closed
from cards.records import IncidentReport, Picker
from tests.adf.test_runs import wire_run
from tests.bot.agents.answers.test_acts import proposals, running, trigger
from tests.bot.agents.answers.test_agent import BAD, GOOD, Room
from tests.bot.agents.answers.test_incident_orders import Talk, house, rooms, talk
from tests.bot.agents.answers.test_permitted import PROD, UAT, question, read
from tests.bot.agents.answers.test_references import one_bad
from tests.bot.builders.people import OPAL
from tests.bot.tools.test_tools import House

__all__ = ["house", "rooms", "talk"]

OLDER = "11111111-0000-4000-8000-000000000001"
TO_OPAL = ("sorry, I meant to opal", "no, opal", "i meant opal", "to opal instead please")


@pytest.mark.parametrize(
    ("kept", "wish"),
    [("Payroll", "tell me when it fails"), ("Harvest_Load", "message me when it fails next time")],
)
async def test_what_is_muted_no_longer_is_talked_about(
    kept: str, wish: str, talk: Talk, house: House
) -> None:
    for name in ("Orders", kept):
        await talk.say(f"mute {name} for 2 hours")
    await talk.say("unmute Orders")
    assert talk.memory["pipeline"] == "Orders"
    await talk.say(wish)
    assert talk.memory["pipeline"] == "Orders"
    assert [one.target for one in await house.keeping.subscriptions.of(OPAL)] == ["Orders"]


async def test_who_is_corrected_has_the_same_incident_next(talk: Talk) -> None:
    for number, text in product((1, 2), TO_OPAL):
        await talk.say(f"assign INC-{number} to lee")
        (card,) = (await talk.say(text)).records
        assert isinstance(card, IncidentReport), text
        assert (card.incident_id, card.assignee) == (f"INC-{number}", "Opal"), text


VERBS = ("chuck", "lob", "sling", "punt", "bung", "shove", "hoof", "endosse")


async def test_a_person_behind_any_verb_is_asked_back_as_whom_it_goes_to(talk: Talk) -> None:
    for verb, what in product(VERBS, ("INC-1", "the orders one", "orders over")):
        (card,) = (await talk.say(f"{verb} {what} to lee")).records
        is_given = isinstance(card, IncidentReport) and card.incident_id == "INC-1"
        asks = isinstance(card, Picker) and any("to lee" in one.question for one in card.choices)
        assert is_given or asks, (verb, what, card)


HELD = ("compare that rerun with the failed one", "compare the rerun to the failed run")


@pytest.mark.parametrize("text", HELD)
@pytest.mark.parametrize("first", ["status of Stock", "show the failed runs of Stock"])
async def test_a_rerun_is_held_against_the_run_that_failed(text: str, first: str) -> None:
    room = Room(["Stock"])
    good, older = (wire_run(one, "Stock", status="Succeeded") for one in (GOOD, OLDER))
    good |= {"runStart": "2026-05-02T05:30:00Z", "runEnd": "2026-05-02T05:50:00Z"}
    older |= {"runStart": "2026-04-30T05:00:00Z", "runEnd": "2026-04-30T05:30:00Z"}
    room.has(good, wire_run(BAD, "Stock"), older)
    await room.ask(first)
    room.calls.clear()
    await room.ask(text)
    (call,) = (one for one in room.calls if one.name == "adf_compare_runs")
    assert set(call.arguments.values()) == {BAD, GOOD}


RUNNING = (
    *("the one which is running", "the run that's still going", "the one that is stuck"),
    *("the job which is running", "the one that's hanging"),
)


@pytest.mark.parametrize(("verb", "one"), list(product(("cancel", "please kill"), RUNNING)))
async def test_the_one_that_is_in_a_state_is_that_of_the_talk(verb: str, one: str) -> None:
    room = Room(["Stock", "Sales"])
    room.has(running(BAD, "Stock"), running(GOOD, "Sales"))
    await room.ask("status of Stock")
    await room.ask(f"{verb} {one}")
    assert [each["run_id"] for each in proposals(room)] == [BAD]


@pytest.mark.parametrize("text", ["failures of the cargo ones", "just the cargo side, what broke"])
async def test_the_failures_of_a_family_are_those_of_all_its_pipelines(text: str) -> None:
    names = ["gl_cargo_daily", "gl_cargo_monthly", "Stock"]
    room = Room(names)
    room.has(wire_run(BAD, names[0]))
    records = (await room.ask(text)).records
    assert not any(isinstance(one, Picker) for one in records)
    assert all(
        run.pipeline in names[:2] for one in records if isinstance(one, RunList) for run in one.runs
    )


@pytest.mark.parametrize("text", ["who switched it off", "who turned that off?"])
async def test_what_was_turned_off_is_turned_on_again(text: str) -> None:
    room = one_bad("Stock")
    room.wire.triggers = {"trg_nightly": trigger("trg_nightly", "Stock", "Stopped")}
    await room.ask("status of Stock")
    await room.ask(text)
    await room.ask("then start it again for me")
    assert [(one["action"], one["trigger"]) for one in proposals(room)] == [
        ("start_trigger", "trg_nightly")
    ]


@pytest.mark.parametrize("text", ["what broke there", "what failed there?", "is it ok there"])
def test_a_place_that_was_refused_is_refused_again(text: str) -> None:
    asked = replace(question(text, factories=(PROD,), closed=(UAT,)), memory={"closed": UAT})
    with pytest.raises(NotGranted):
        refuse_closed(asked, read(asked).frame)
    other = replace(asked, text="what failed in prod", memory={"closed": UAT})
    refuse_closed(other, read(other).frame)
