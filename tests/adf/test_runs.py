"""A report finds what really broke, down to item and child, and says what it could not read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adf.client import AdfClient
from adf.errors import Unavailable
from adf.records import Factory, PipelineRun, RunReport, RunStatus
from adf.runs import report_run
from tests.adf.fake_wire import FakeWire, Json

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
PARENT, CHILD = "a" * 36, "b" * 36


def wire_activity(
    name: str, kind: str = "Copy", status: str = "Failed", **more: object
) -> dict[str, Any]:
    error = {"errorCode": "2200", "message": f"{name} is broken", "failureType": "UserError"}
    row: dict[str, Any] = {
        "activityRunId": f"{name}-{more.get('iterationHash', '')}-{more.get('retryAttempt', '')}",
        "activityName": name,
        "activityType": kind,
        "status": status,
        "activityRunStart": "2026-05-02T05:00:00.0000000Z",
        "activityRunEnd": "2026-05-02T05:10:00.0000000Z",
        "error": error if status == "Failed" else {"errorCode": "", "message": ""},
    }
    return row | more


def wire_run(
    run_id: str, pipeline: str, message: str = "", status: str = "Failed"
) -> dict[str, Any]:
    return {
        "runId": run_id,
        "pipelineName": pipeline,
        "status": status,
        "message": message,
        "runStart": "2026-05-02T05:00:00.0000000Z",
        "runEnd": "2026-05-02T05:20:00.0000000Z",
        "lastUpdated": "2026-05-02T05:20:00.0000000Z",
    }


def definition(name: str, *activities: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "properties": {"activities": list(activities)}}


def loop(name: str, *inner: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": "ForEach", "typeProperties": {"activities": list(inner)}}


@pytest.fixture
def wire() -> FakeWire:
    return FakeWire()


async def report(wire: FakeWire, message: str = "", status: str = "Failed") -> RunReport:
    factory = Factory(alias="f", subscription="s", resource_group="rg", name="f")
    wire.runs[PARENT] = wire_run(PARENT, "Nightly", message, status)
    client = AdfClient(factory, wire)
    run: PipelineRun = await client.get_run(PARENT)
    return await report_run(client, run, NOW)


async def test_the_failed_activity_is_the_cause(wire: FakeWire) -> None:
    wire.activity_pages[PARENT] = [
        [wire_activity("Lookup", status="Succeeded"), wire_activity("Load")]
    ]
    found = (await report(wire)).cause
    assert found is not None
    assert [one.name for one in found.failed] == ["Load"]
    assert found.error.code == "2200"
    assert found.path[-1].activity == "Load"


async def test_a_failure_on_the_second_page_is_found(wire: FakeWire) -> None:
    wire.activity_pages[PARENT] = [[wire_activity("A", status="Succeeded")], [wire_activity("B")]]
    found = (await report(wire)).cause
    assert found is not None
    assert found.path[-1].activity == "B"


async def test_the_activity_the_run_names_beats_one_that_a_failure_path_handled(
    wire: FakeWire,
) -> None:
    wire.activity_pages[PARENT] = [[wire_activity("Handled"), wire_activity("Real")]]
    found = (await report(wire, "Operation on target Real failed: Real is broken")).cause
    assert found is not None
    assert [one.name for one in found.failed] == ["Real"]


async def test_items_of_a_loop_are_counted_and_named(wire: FakeWire) -> None:
    wire.pipelines["Nightly"] = definition(
        "Nightly", loop("Each", {"name": "Copy", "type": "Copy"})
    )
    rows: list[Json] = [wire_activity("Each", "ForEach")]
    for number, item in enumerate(["Account", "Lead", "Order"]):
        status = "Succeeded" if item == "Lead" else "Failed"
        rows.append(
            wire_activity(
                "Copy", status=status, iterationHash=f"h{number}", userProperties={"item": item}
            )
        )
    wire.activity_pages[PARENT] = [rows]
    found = (await report(wire)).cause
    assert found is not None
    assert found.items is not None
    assert (found.items.total, found.items.succeeded, found.items.failed) == (3, 1, 2)
    assert found.items.names == ("Account", "Order")
    assert [step.activity for step in found.path] == ["Each", "Copy"]


async def test_an_attempt_that_a_retry_repaired_is_no_cause(wire: FakeWire) -> None:
    wire.activity_pages[PARENT] = [
        [
            wire_activity("Flaky"),
            wire_activity("Flaky", status="Succeeded", retryAttempt=1),
            wire_activity("Real", activityRunStart="2026-05-02T05:11:00Z"),
        ]
    ]
    found = (await report(wire)).cause
    assert found is not None
    assert [one.name for one in found.failed] == ["Real"]


async def test_the_cause_is_followed_into_the_child_run(wire: FakeWire) -> None:
    call = wire_activity("Call", "ExecutePipeline", output={"pipelineRunId": CHILD})
    wire.activity_pages[PARENT] = [[call]]
    wire.runs[CHILD] = wire_run(CHILD, "Ingest")
    wire.activity_pages[CHILD] = [[wire_activity("Deep")]]
    found = (await report(wire)).cause
    assert found is not None
    assert [(step.pipeline, step.activity) for step in found.path] == [
        ("Nightly", "Call"),
        ("Ingest", "Deep"),
    ]


async def test_an_unreadable_child_is_a_gap_and_its_message_still_speaks(wire: FakeWire) -> None:
    call = wire_activity("Call", "ExecutePipeline", output={"pipelineRunId": CHILD})
    wire.activity_pages[PARENT] = [[call]]
    wire.runs[CHILD] = wire_run(CHILD, "Ingest", "Operation on target Deep failed: no disk")
    wire.activity_pages[CHILD] = Unavailable("HTTP 500", status=500)
    whole = await report(wire)
    assert whole.cause is not None
    assert whole.cause.error.message == "no disk"
    assert whole.gaps == ("could not read the activity runs of Ingest (HTTP 500)",)


async def test_an_unknown_child_run_is_a_gap(wire: FakeWire) -> None:
    call = wire_activity("Call", "ExecutePipeline", output={"pipelineRunId": CHILD})
    wire.activity_pages[PARENT] = [[call]]
    whole = await report(wire)
    assert len(whole.gaps) == 1
    assert whole.cause is not None
    assert whole.cause.error.message == "Call is broken"


async def test_a_child_that_calls_itself_for_ever_ends(wire: FakeWire) -> None:
    call = wire_activity("Call", "ExecutePipeline", output={"pipelineRunId": PARENT})
    wire.activity_pages[PARENT] = [[call]]
    assert (await report(wire)).cause is not None
    assert wire.calls["query_activity_runs"] < 20


async def test_a_run_without_broken_activities_is_explained_by_its_message(wire: FakeWire) -> None:
    found = (await report(wire, "Operation on target X failed: quota is used up")).cause
    assert found is not None
    assert found.error.message == "quota is used up"
    assert found.path[0].activity == "X"


async def test_a_good_run_has_no_cause(wire: FakeWire) -> None:
    wire.activity_pages[PARENT] = [
        [wire_activity("Handled"), wire_activity("Fine", status="Succeeded")]
    ]
    assert (await report(wire, status="Succeeded")).cause is None


async def test_a_loop_whose_definition_is_gone_still_has_a_cause_and_a_gap(wire: FakeWire) -> None:
    wire.activity_pages[PARENT] = [
        [wire_activity("Each", "ForEach"), wire_activity("Copy", iterationHash="h1")]
    ]
    whole = await report(wire)
    assert whole.cause is not None
    assert whole.cause.path[-1].activity == "Copy"
    assert any("definition" in gap for gap in whole.gaps)


async def test_the_time_range_of_activity_runs_covers_a_run_of_last_week(wire: FakeWire) -> None:
    await report(wire)
    asked = wire.queries[-1]
    assert asked["lastUpdatedAfter"] < "2026-05-02T05:00"
    assert asked["lastUpdatedBefore"] > "2026-05-02T06:00"


@pytest.mark.parametrize("word", ["Inprogress", "InProgress", "in progress"])
def test_every_spelling_of_a_status_is_read(word: str) -> None:
    assert RunStatus.read(word) is RunStatus.IN_PROGRESS
    assert RunStatus.read("Canceled") is RunStatus.CANCELLED
    assert RunStatus.read("Wat") is RunStatus.UNKNOWN
