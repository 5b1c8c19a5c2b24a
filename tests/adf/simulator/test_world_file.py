"""The recorded world is served as it was at its moment, down to the items of a loop."""

from datetime import UTC, datetime, timedelta

from adf.simulator import frozen_clock, load_world
from tests.adf.simulator.worlds import WORLD, all_of, runs_of, steps_of_run

CUSTOMERS = "11111111-0000-4000-8000-00000000000"
NIGHTLY = "33333333-0000-4000-8000-000000000001"
SALESFORCE = "44444444-0000-4000-8000-000000000001"
STATE = load_world(WORLD)
RUNS = runs_of(STATE)
PROD, UAT = STATE.factories


def test_the_clock_stands_at_the_worlds_moment() -> None:
    assert STATE.clock() == datetime(2026, 3, 12, 2, 40, tzinfo=UTC)


def test_a_world_can_go_on_from_its_moment_on_another_clock() -> None:
    later = frozen_clock(STATE.clock() + timedelta(days=50))
    assert runs_of(load_world(WORLD, later)) == {}


def test_each_factory_has_its_own_pipelines_and_runs() -> None:
    assert (PROD.name, PROD.resource_group) == ("adf-prod", "rg-data-prod")
    assert len(PROD.pipelines) == 16
    assert list(UAT.pipelines) == ["CustomerDataETL"]
    assert [run.run_id for run in all_of(UAT, STATE.clock())] == [f"{CUSTOMERS}5"]
    assert len(RUNS) == 26


def test_queued_runs_have_no_start_and_were_updated_when_queued() -> None:
    queued = [run for run in RUNS.values() if run.status == "Queued"]
    assert [run.start for run in queued] == [None, None, None]
    assert [run.last_updated.strftime("%H:%M") for run in queued] == ["01:30", "02:00", "02:30"]


def test_a_run_in_progress_was_updated_when_its_newest_step_began() -> None:
    run = RUNS["22222222-0000-4000-8000-000000000001"]
    assert (run.status, run.end) == ("InProgress", None)
    assert run.last_updated == datetime(2026, 3, 12, 1, 12, 3, tzinfo=UTC)


def test_a_failed_run_without_an_end_ended_soon_after_its_start() -> None:
    run = RUNS["d0d0d0d0-0000-4000-8000-000000000001"]
    assert run.start is not None
    assert run.end is not None
    assert timedelta() < run.end - run.start < timedelta(minutes=2)


def test_a_rerun_joins_the_group_of_the_run_that_broke() -> None:
    broken, again = RUNS[f"{CUSTOMERS}4"], RUNS[f"{CUSTOMERS}3"]
    assert again.group_id == broken.run_id
    assert (broken.is_latest, again.is_latest) == (False, True)
    assert again.invoked_by.kind == "Manual"


def test_a_child_names_its_parent_and_the_parents_step_names_the_child() -> None:
    child = RUNS[SALESFORCE]
    assert child.invoked_by.kind == "PipelineActivity"
    assert child.invoked_by.pipeline == "PL_Master_Nightly"
    assert child.invoked_by.run_id == NIGHTLY
    call, skipped = steps_of_run(STATE, NIGHTLY)
    assert call.output["pipelineRunId"] == SALESFORCE
    assert call.error is not None
    assert (call.error.code, call.error.message) == ("BadRequest", child.message)
    assert (skipped.status, skipped.start, skipped.end) == ("Skipped", None, None)


def test_a_loop_has_a_row_for_each_of_its_items() -> None:
    loop, *rows = steps_of_run(STATE, SALESFORCE)
    assert (loop.kind, loop.status, len(rows)) == ("ForEach", "Failed", 14)
    assert [row.item for row in rows if row.status == "Failed"] == [
        "Account",
        "OpportunityLineItem",
    ]
    assert len({row.item for row in rows}) == len({row.iteration for row in rows}) == 14
    assert all(row.item in row.input["source"]["sqlReaderQuery"] for row in rows if row.item)
    assert loop.error is not None
    assert loop.error.code == "ActionFailed"
    assert "Inner activity name: Copy_Object, Error: ErrorCode=Salesforce" in loop.error.message


def test_every_step_lies_inside_its_run() -> None:
    for run in RUNS.values():
        steps = steps_of_run(STATE, run.run_id)
        for step in (one for one in steps if one.start):
            assert run.start is not None
            assert step.start is not None
            assert run.start <= step.start <= (step.end or STATE.clock())
            assert (step.end or STATE.clock()) <= (run.end or STATE.clock())


def test_rows_are_told_where_the_world_tells_them_and_nowhere_else() -> None:
    told = {
        (run_id[:8] + run_id[-1], step.name, step.item): (
            step.output.get("rowsRead"),
            step.output.get("rowsCopied"),
        )
        for run_id in RUNS
        for step in steps_of_run(STATE, run_id)
        if step.kind == "Copy"
    }
    assert told[("111111111", "Copy_CRM_Customers", None)] == (183_002, 0)
    assert told[("111111112", "Copy_CRM_Customers", None)] == (182_440, 182_440)
    assert told[("111111114", "Copy_CRM_Customers", None)] == (None, None)
    assert told[("222222221", "Stage_Orders", None)] == (90_311, 90_311)
    assert told[("999999991", "Copy_Inventory", None)] == (0, 0)
    assert told[("444444441", "Copy_Object", "Account")] == (None, None)


def test_a_failed_run_without_steps_has_the_one_its_message_names() -> None:
    (step,) = steps_of_run(STATE, f"{CUSTOMERS}4")
    assert (step.name, step.kind, step.status) == ("Copy_CRM_Customers", "Copy", "Failed")
    assert step.error is not None
    assert step.error.code == "2200"
    assert step.error.message.startswith("ErrorCode=SqlOperationFailed")
    assert steps_of_run(STATE, "d0d0d0d0-0000-4000-8000-000000000001") == ()


def test_steps_run_on_the_runtime_that_the_world_says_they_use() -> None:
    (step,) = steps_of_run(STATE, "55555555-0000-4000-8000-000000000001")
    assert step.runtime is not None
    assert (step.runtime.name, step.runtime.kind) == ("shir-prod-01", "SelfHosted")
    assert PROD.runtimes["shir-prod-01"].status["state"] == "Offline"
    assert UAT.runtimes == {}


def test_pipelines_are_published_with_the_steps_their_runs_show() -> None:
    nightly = PROD.pipelines["PL_Master_Nightly"]["activities"]
    assert [one["typeProperties"]["pipeline"]["referenceName"] for one in nightly] == [
        "IngestSalesforce",
        "LoadWarehouse",
    ]
    assert nightly[1]["dependsOn"] == [
        {"activity": "Exec_IngestSalesforce", "dependencyConditions": ["Succeeded"]}
    ]
    (loop,) = PROD.pipelines["IngestSalesforce"]["activities"]
    (inner,) = loop["typeProperties"]["activities"]
    assert (loop["type"], inner["name"], inner["type"]) == ("ForEach", "Copy_Object", "Copy")
    assert PROD.pipelines["ProcessOrders"]["concurrency"] == 1
    assert "concurrency" not in PROD.pipelines["CustomerDataETL"]
    assert "critical" in PROD.pipelines["CustomerDataETL"]["annotations"]
    assert PROD.pipelines["LoadWarehouse"]["activities"]


def test_triggers_are_started_or_stopped_and_keep_the_minute_of_their_runs() -> None:
    assert PROD.triggers["trg_finance_0130"]["runtimeState"] == "Stopped"
    orders = PROD.triggers["trg_orders_30m"]["typeProperties"]["recurrence"]
    sandbox = PROD.triggers["trg_dev_hourly"]["typeProperties"]["recurrence"]
    assert orders["startTime"].endswith("T00:00:00Z")
    assert sandbox["startTime"].endswith("T00:15:00Z")
    assert len(PROD.triggers) == 8
    assert UAT.triggers == {}
