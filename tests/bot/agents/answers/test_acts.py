"""Orders are proposed, never carried out: on the right run, or asked back."""

from typing import Any

import pytest

from bot.access.roles import Right
from cards.records import Picker, Problem
from tests.adf.fake_wire import Json
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.answers.test_agent import BAD, GOOD, Room


def proposals(room: Room) -> list[Any]:
    return [call.arguments for call in room.calls if call.name == "adf_propose_action"]


def one_of(room: Room, **wanted: object) -> None:
    (arguments,) = proposals(room)
    given = {key: str(value) for key, value in arguments.items() if value is not None}
    assert given == {key: str(value) for key, value in wanted.items()}


def running(run_id: str, pipeline: str) -> Json:
    return {**wire_run(run_id, pipeline, status="InProgress"), "runEnd": None}


async def test_a_rerun_is_proposed_for_the_newest_failed_run() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    await room.ask("rerun stock")
    one_of(room, action="rerun", pipeline="Stock", run_id=BAD, mode="whole", factory="shop")


async def test_from_the_failed_activity_is_another_mode() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    await room.ask("rerun Stock from the failed activity")
    one_of(room, action="rerun", pipeline="Stock", run_id=BAD, mode="from_failed", factory="shop")


async def test_it_is_what_was_talked_about() -> None:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"))
    await room.ask("status of stock")
    await room.ask("rerun it")
    one_of(room, action="rerun", pipeline="Stock", run_id=BAD, mode="whole", factory="shop")


async def test_a_run_is_meant_by_its_id_or_its_first_characters() -> None:
    for said in (BAD, BAD[:8]):
        room = Room(["Stock", "Sales"])
        room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Sales"))
        await room.ask(f"rerun {said}")
        one_of(room, action="rerun", pipeline="Stock", run_id=BAD, mode="whole", factory="shop")


async def test_first_characters_that_no_run_has_are_said_so() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    (problem,) = (await room.ask("cancel run abcd1234")).records
    assert isinstance(problem, Problem)
    assert "abcd1234" in problem.happened
    assert proposals(room) == []


async def test_an_activity_to_begin_at_is_one_of_the_run() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    room.wire.activity_pages[BAD] = [[wire_activity("Copy_Prices")]]
    await room.ask("rerun stock from copy_prices")
    one_of(
        room,
        action="rerun",
        pipeline="Stock",
        run_id=BAD,
        mode="from_activity",
        activity="Copy_Prices",
        factory="shop",
    )
    room.calls.clear()
    (problem,) = (await room.ask("rerun stock from Copy_Nothing_Here")).records
    assert isinstance(problem, Problem)
    assert [one.title for one in problem.choices] == ["Copy_Prices"]
    assert proposals(room) == []


async def test_several_that_failed_are_never_rerun_together() -> None:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Sales"))
    answer = await room.ask("rerun everything that failed!")
    (picker,) = answer.records
    assert isinstance(picker, Picker)
    assert {one.question for one in picker.choices} == {f"rerun run {BAD}", f"rerun run {GOOD}"}
    assert answer.wants is Right.ACT
    assert proposals(room) == []


async def test_several_names_are_asked_back_with_the_order_in_the_choices() -> None:
    room = Room(["Load_Stock_A", "Load_Stock_B"])
    (picker,) = (await room.ask("rerun the stock pipeline")).records
    assert isinstance(picker, Picker)
    assert [one.question for one in picker.choices] == [
        "rerun Load_Stock_A",
        "rerun Load_Stock_B",
    ]
    assert room.calls == []


async def test_what_runs_again_already_is_said_first() -> None:
    room = Room(["Stock"])
    room.has(running(BAD, "Stock"))
    answer = await room.ask("rerun stock")
    assert "is running already" in (answer.note or "")
    assert proposals(room) == []


async def test_nothing_failed_where_the_newest_run_succeeded() -> None:
    room = Room(["Stock"])
    room.has(wire_run(GOOD, "Stock", status="Succeeded"))
    answer = await room.ask("rerun stock from the failed activity")
    assert "succeeded" in (answer.note or "")
    assert proposals(room) == []


async def test_values_for_parameters_make_a_run_of_its_own() -> None:
    room = Room(["Stock"])
    room.has(wire_run(GOOD, "Stock", status="Succeeded"))
    await room.ask("run Stock with region=EU")
    one_of(room, action="run", pipeline="Stock", parameters={"region": "EU"})


async def test_the_run_that_goes_on_is_cancelled_and_its_children_where_that_is_said() -> None:
    room = Room(["Stock"])
    room.has(running(BAD, "Stock"))
    await room.ask("cancel stock")
    one_of(room, action="cancel", pipeline="Stock", run_id=BAD, factory="shop")
    room.calls.clear()
    await room.ask("cancel stock and its child runs")
    assert proposals(room)[0]["recursive"] is True


async def test_nothing_that_runs_is_nothing_to_cancel() -> None:
    room = Room(["Stock"])
    answer = await room.ask("cancel it")
    (problem,) = answer.records
    assert isinstance(problem, Problem)
    assert "nothing to cancel" in problem.happened
    assert proposals(room) == []


async def test_of_several_runs_that_go_on_one_is_chosen() -> None:
    room = Room(["Stock", "Sales"])
    room.has(running(BAD, "Stock"), running(GOOD, "Sales"))
    (picker,) = (await room.ask("cancel the run")).records
    assert isinstance(picker, Picker)
    assert [one.question for one in picker.choices] == [f"cancel run {BAD}", f"cancel run {GOOD}"]


async def test_an_unknown_name_is_asked_back() -> None:
    room = Room(["Stock"])
    (problem,) = (await room.ask("rerun Invoices_Export")).records
    assert isinstance(problem, Problem)
    assert proposals(room) == []


def trigger(name: str, pipeline: str, state: str) -> Json:
    reference = {"referenceName": pipeline, "type": "PipelineReference"}
    return {
        "name": name,
        "properties": {
            "type": "ScheduleTrigger",
            "runtimeState": state,
            "pipelines": [{"pipelineReference": reference}],
            "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1}},
        },
    }


@pytest.mark.parametrize(
    ("text", "action", "name"),
    [
        ("start the finance trigger again", "start_trigger", "trg_finance_0130"),
        ("stop trigger trg_stock_daily", "stop_trigger", "trg_stock_daily"),
        ("turn the stock trigger off", "stop_trigger", "trg_stock_daily"),
    ],
)
async def test_a_trigger_is_meant_by_its_name_or_by_what_it_starts(
    text: str, action: str, name: str
) -> None:
    room = Room(["Stock", "GL_Load"])
    room.wire.triggers = {
        "1": trigger("trg_finance_0130", "GL_Load", "Stopped"),
        "2": trigger("trg_stock_daily", "Stock", "Started"),
    }
    await room.ask(text)
    assert [(str(one["action"]), one["trigger"]) for one in proposals(room)] == [(action, name)]


async def test_what_a_cancel_would_do_is_told_and_nothing_proposed() -> None:
    room = Room(["Stock"])
    room.has(running(BAD, "Stock"))
    await room.ask("what would happen if I cancel stock")
    assert room.called == ["adf_pipeline_runs", "adf_preview_action"]
    assert str(room.calls[-1].arguments["action"]) == "cancel"


async def test_who_did_something_is_asked_of_the_audit() -> None:
    room = Room(["Stock"])
    await room.ask("who cancelled stock")
    assert room.called == ["ops_audit"]
    assert room.calls[0].arguments["action"] == "cancel"
    assert room.calls[0].arguments["pipeline"] == "Stock"


@pytest.mark.parametrize("stage", ["uat", "dev", "qa", "prd", "staging", "in uat", "on adf-dev"])
@pytest.mark.parametrize("order", ["rerun stock", "cancel stock", "rerun Stock from failure"])
async def test_an_act_in_a_factory_that_is_none_of_ours_is_proposed_in_no_other(
    order: str, stage: str
) -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"), running(GOOD, "Stock"))
    await room.ask(f"{order} {stage}")
    assert proposals(room) == []


@pytest.mark.parametrize("order", ["kill it", "rerun it", "cancel that one", "restart it please"])
async def test_what_was_never_named_is_asked_back_also_where_one_thing_fits(order: str) -> None:
    room = Room(["Stock", "Sales"])
    room.has(running(GOOD, "Stock") if "re" not in order[:2] else wire_run(BAD, "Stock"))
    await room.ask(order)
    assert proposals(room) == []
