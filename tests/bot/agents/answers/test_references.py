"""Pronouns, corrections and picks mean what was talked about; without it, it is asked back."""

from itertools import product

import pytest

from adf.records import RunList
from cards.records import Picker
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.answers.test_acts import proposals, running
from tests.bot.agents.answers.test_agent import BAD, GOOD, Room

NAMES = ("Stock", "crew.roster.sync", "PL_Tolls_Load", "Fuel Readings")
POINTERS = (
    "that pipeline",
    "that job",
    "this pipeline",
    "that load",
    "the same pipeline",
    "that one",
)
UNSAID = (
    *("is it fixed??", "is it fixed yet", "still broken ugh", "still broken??", "is it back yet"),
    *("did it finish", "is it still failing", "fixed yet?", "still down?", "is it ok again"),
    *("is it ok now", "did it recover yet"),
)
OTHERS = "Other_Feed"


def one_bad(name: str, *others: str) -> Room:
    """A room that talks about a pipeline whose newest run failed."""
    room = Room([name, OTHERS, *others])
    room.has(wire_run(BAD, name))
    room.wire.activity_pages[BAD] = [[wire_activity("Copy_All")]]
    return room


@pytest.mark.parametrize(("name", "pointer"), list(product(NAMES, POINTERS)))
async def test_a_word_for_a_pipeline_is_the_one_talked_about(name: str, pointer: str) -> None:
    room = one_bad(name)
    await room.ask(f"status of {name}")
    room.calls.clear()
    await room.ask(f"why did {pointer} fail")
    assert room.calls[0].arguments["pipeline"] == name


@pytest.mark.parametrize(("name", "pointer"), list(product(NAMES, POINTERS)))
async def test_a_wish_about_that_pipeline_is_about_it(name: str, pointer: str) -> None:
    room = one_bad(name)
    await room.ask(f"why did {name} fail")
    room.calls.clear()
    answer = await room.ask(f"tell me when {pointer} fails")
    said = [call.arguments.get("target") for call in room.calls if call.name == "ops_subscribe"]
    offered = [one.question for one in answer.records for one in getattr(one, "choices", ())]
    assert said == [name] or (not said and any(name in one for one in offered))


@pytest.mark.parametrize("text", UNSAID)
async def test_with_nothing_talked_about_it_is_asked_which_of_those_that_failed_or_run(
    text: str,
) -> None:
    room = Room(["Stock", "Sales", "Quiet_Feed"])
    room.has(wire_run(BAD, "Stock"), running(GOOD, "Sales"))
    (picker,) = (await room.ask(text)).records
    assert isinstance(picker, Picker)
    assert [one.title for one in picker.choices] == ["Stock", "Sales"]
    assert set(room.called) == {"adf_pipeline_runs"}


@pytest.mark.parametrize(("text", "name"), list(product(UNSAID[:6], NAMES)))
async def test_with_something_talked_about_it_is_that(text: str, name: str) -> None:
    room = one_bad(name)
    await room.ask(f"status of {name}")
    room.calls.clear()
    await room.ask(text)
    asked = [call.arguments.get("pipeline") for call in room.calls]
    of_runs = {call.arguments.get("run_id") for call in room.calls} - {None}
    assert asked
    assert set(asked) - {None} == {name}
    assert of_runs <= {BAD}


STATES = ("the running one", "that active run", "the running job", "the current one")
CANCELS = ("cancel", "k cancel", "kill", "please abort")


@pytest.mark.parametrize(("verb", "state"), list(product(CANCELS, STATES)))
async def test_the_running_one_is_that_of_the_pipeline_talked_about(verb: str, state: str) -> None:
    room = Room(["Stock", "Sales"])
    room.has(running(BAD, "Stock"), running(GOOD, "Sales"))
    await room.ask("status of Stock")
    await room.ask(f"{verb} {state}")
    assert [one["run_id"] for one in proposals(room)] in ([], [BAD])


async def test_the_running_one_is_proposed_after_its_status() -> None:
    room = Room(["Stock"])
    room.has(running(BAD, "Stock"))
    await room.ask("status of Stock")
    await room.ask("k cancel the running one")
    assert [one["run_id"] for one in proposals(room)] == [BAD]


@pytest.mark.parametrize(("verb", "state"), list(product(CANCELS, (*STATES, "it"))))
async def test_nothing_is_proposed_where_nothing_was_talked_about(verb: str, state: str) -> None:
    room = Room(["Stock", "Sales"])
    room.has(running(BAD, "Stock"))
    await room.ask(f"{verb} {state}")
    assert proposals(room) == []


async def test_the_failed_one_is_the_run_that_failed_and_not_the_newest() -> None:
    room = Room(["Stock"])
    good = wire_run(GOOD, "Stock", status="Succeeded") | {"runStart": "2026-05-02T05:30:00Z"}
    room.has(good, wire_run(BAD, "Stock"))
    await room.ask("status of Stock")
    await room.ask("rerun the failed one")
    assert [one["run_id"] for one in proposals(room)] == [BAD]


CORRECTIONS = (
    *("no, the ingest, not the backfill", "sorry, the ingest not the backfill"),
    *("the ingest, not the backfill", "i meant the ingest, not the backfill"),
)


@pytest.mark.parametrize("text", CORRECTIONS)
@pytest.mark.parametrize("opening", ["status of claims backfill", "why did claims backfill fail"])
async def test_a_correction_takes_the_neighbor_of_what_is_denied(text: str, opening: str) -> None:
    names = ["PL_Claims_Ingest", "PL_Claims_Backfill", "Ingest_Epic", "Stock"]
    room = Room(names)
    room.has(*(wire_run(f"{at:08x}-0000-4000-8000-00000000000b", n) for at, n in enumerate(names)))
    await room.ask(opening)
    room.calls.clear()
    await room.ask(text)
    assert {call.arguments.get("pipeline") for call in room.calls} - {None} == {"PL_Claims_Ingest"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("stock a", "Load_Stock_A"), ("the second", "Load_Stock_B"), ("2", "Load_Stock_B")),
        *(("the first one", "Load_Stock_A"), ("no, the b", "Load_Stock_B")),
        ("load a, not load b", "Load_Stock_A"),
    ],
)
async def test_a_choice_is_picked_by_place_by_part_or_by_what_it_is_not(
    text: str, name: str
) -> None:
    room = Room(["Load_Stock_A", "Load_Stock_B"])
    room.has(wire_run(BAD, "Load_Stock_A"), wire_run(GOOD, "Load_Stock_B"))
    await room.ask("why did stock fail")
    await room.ask(text)
    assert room.calls[0].arguments["pipeline"] == name


async def test_the_other_one_is_the_other_of_those_that_were_offered() -> None:
    room = Room(["Load_Stock_A", "Load_Stock_B"])
    room.has(wire_run(BAD, "Load_Stock_A"), wire_run(GOOD, "Load_Stock_B"))
    await room.ask("why did stock fail")
    await room.ask("the first")
    room.calls.clear()
    await room.ask("no, the other one")
    assert room.calls[0].arguments["pipeline"] == "Load_Stock_B"


@pytest.mark.parametrize("words", ["same question", "same q", "the same question please"])
async def test_the_same_question_is_the_one_asked_and_not_what_was_looked_into(words: str) -> None:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Sales"))
    for run_id in (BAD, GOOD):
        room.wire.activity_pages[run_id] = [[wire_activity("Copy_All")]]
    await room.ask("why did Stock fail")
    await room.ask("show all its activities")
    answer = await room.ask(f"now Sales, {words}")
    assert not any(isinstance(one, RunList) for one in answer.records)
    assert room.calls[-1].arguments["run_id"] == GOOD


@pytest.mark.parametrize(
    "text", ["different topic: why is the sky blue", "something else: what about lunch"]
)
async def test_what_was_talked_about_is_gone_with_a_change_of_topic(text: str) -> None:
    room = one_bad("Stock")
    await room.ask("status of Stock")
    room.calls.clear()
    await room.ask(text)
    assert not any(call.arguments.get("pipeline") for call in room.calls)
