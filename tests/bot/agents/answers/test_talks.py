"""A talk stays on its subject: what a picker, a look inside a run or a correction leaves behind."""

import pytest

from adf.records import ActivityTable, RunReport
from cards.records import Picker, Problem
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.answers.test_acts import proposals, running, trigger
from tests.bot.agents.answers.test_agent import BAD, GOOD, Room

NAMES = ("Harbor_Dues", "crane.moves", "PL Ferry Manifest")


def two_runs(name: str) -> Room:
    """A pipeline whose newest run failed and whose older one did not."""
    room = Room([name, "Other_Feed"])
    older = wire_run(GOOD, name, status="Succeeded")
    older |= {"runStart": "2026-05-01T05:00:00Z", "runEnd": "2026-05-01T05:30:00Z"}
    room.has(wire_run(BAD, name), older)
    room.wire.activity_pages = {BAD: [[wire_activity("Copy_All")]], GOOD: [[]]}
    return room


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("follow_up", ["why did it fail", "rerun it", "who waits for it"])
async def test_after_a_name_that_nothing_has_it_is_no_longer_what_was_before(
    name: str, follow_up: str
) -> None:
    room = two_runs(name)
    await room.ask(f"status of {name}")
    (problem,) = (await room.ask("status of zubrovka_export")).records
    assert isinstance(problem, Problem)
    room.calls.clear()
    (back,) = (await room.ask(follow_up)).records
    assert isinstance(back, Picker)
    assert name not in {call.arguments.get("pipeline") for call in room.calls}


@pytest.mark.parametrize("follow_up", ["why did it fail", "show me its error", "is it ok now"])
async def test_what_a_question_back_was_about_is_talked_about(follow_up: str) -> None:
    room = two_runs("Harbor_Dues")
    await room.ask("status of Other_Feed")
    (picker,) = (await room.ask("harbor came with anything")).records
    assert isinstance(picker, Picker)
    assert all("Harbor_Dues" in one.question for one in picker.choices)
    room.calls.clear()
    await room.ask(follow_up)
    assert {call.arguments.get("pipeline") for call in room.calls} - {None} == {"Harbor_Dues"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", ["compare the two", "set those two against each other", "compare both"]
)
async def test_the_two_runs_that_were_shown_are_compared(name: str, text: str) -> None:
    room = two_runs(name)
    await room.ask(f"status of {name}")
    await room.ask("and the run before")
    room.calls.clear()
    await room.ask(text)
    (call,) = (one for one in room.calls if one.name == "adf_compare_runs")
    assert set(call.arguments.values()) == {BAD, GOOD}


@pytest.mark.parametrize("text", ["on which step", "which step is it at", "which step"])
async def test_the_step_of_a_run_that_goes_on_is_no_failed_one(text: str) -> None:
    room = Room(["Stock"])
    room.has(running(BAD, "Stock"))
    at_work = wire_activity("Upsert_Rows", status="InProgress", activityRunEnd=None)
    room.wire.activity_pages[BAD] = [[wire_activity("Copy", status="Succeeded"), at_work]]
    await room.ask("status of Stock")
    (table,) = (await room.ask(text)).records
    assert isinstance(table, ActivityTable)
    assert table.only == ()


async def test_failed_items_of_a_time_without_a_failure_tell_how_it_went() -> None:
    room = two_runs("Harbor_Dues")
    await room.ask("which steps of Harbor_Dues failed")
    answer = await room.ask("and Other_Feed?")
    assert answer.note is not None or not isinstance(answer.records[0], RunReport)


@pytest.mark.parametrize(
    "text", ["switch the schedule on again", "start the trigger again", "turn the trigger back on"]
)
async def test_of_the_triggers_only_the_stopped_one_can_be_started(text: str) -> None:
    room = Room(["Stock", "GL_Load", "Crew"])
    stopped = trigger("trg_finance_0130", "GL_Load", "Stopped")
    room.wire.triggers = {
        "1": trigger("trg_crew", "Crew", "Started"),
        "2": stopped,
        "3": trigger("trg_stock_daily", "Stock", "Started"),
    }
    await room.ask(text)
    assert [one["trigger"] for one in proposals(room)] == ["trg_finance_0130"]
    room.wire.triggers |= {"4": trigger("trg_more", "Crew", "Stopped")}
    (picker,) = (await room.ask(text)).records
    assert isinstance(picker, Picker)
    assert {one.title for one in picker.choices} == {"trg_finance_0130", "trg_more"}


@pytest.mark.parametrize("state", ["on", "off"])
async def test_whether_a_trigger_is_on_is_asked_of_it_in_either_state(state: str) -> None:
    room = Room(["Stock"])
    room.wire.triggers = {"trg_stock_daily": trigger("trg_stock_daily", "Stock", "Stopped")}
    await room.ask(f"is trg_stock_daily switched {state}?")
    (call,) = (one for one in room.calls if one.name == "adf_trigger_status")
    assert call.arguments == {"trigger": "trg_stock_daily"}


TRUSTING = (
    *("can I trust you", "what happens if you are wrong", "why should I believe you"),
    *("are you sure about that number", "why use this instead of Azure Monitor"),
)
POLITE = (
    *("can you show me why it failed", "do you know why it failed", "have you got its error"),
    *("could you show me why it broke", "would you show me its activities"),
)


@pytest.mark.parametrize("text", TRUSTING)
async def test_whether_the_answers_can_be_trusted_is_no_question_about_a_pipeline(
    text: str,
) -> None:
    room = two_runs("Harbor_Dues")
    await room.ask("status of Harbor_Dues")
    room.calls.clear()
    await room.ask(text)
    assert [one for one in room.called if one.startswith("adf_")] == []


@pytest.mark.parametrize("text", POLITE)
async def test_who_is_asked_politely_to_do_something_does_it(text: str) -> None:
    room = two_runs("Harbor_Dues")
    await room.ask("status of Harbor_Dues")
    room.calls.clear()
    await room.ask(text)
    assert {call.arguments.get("pipeline") for call in room.calls} - {None} <= {"Harbor_Dues"}
    assert [one for one in room.called if one.startswith("adf_")] != []


@pytest.mark.parametrize("form", ["JSON", "csv", "an excel", "yaml", "a pdf"])
@pytest.mark.parametrize("wish", ["show it as {}", "export the runs of Harbor_Dues to {}"])
async def test_a_form_in_which_nothing_is_given_is_refused_by_its_name(
    wish: str, form: str
) -> None:
    room = two_runs("Harbor_Dues")
    await room.ask("status of Harbor_Dues")
    room.calls.clear()
    answer = await room.ask(wish.format(form))
    assert form.split()[-1].upper() in (answer.text or "")
    assert room.called == []
