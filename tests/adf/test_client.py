"""All pages are read, each run counts once, and JSON becomes records whatever is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from adf.client import AdfClient, decode
from adf.client.operations import GET_PIPELINE, LIST_PIPELINES
from adf.client.wire_values import list_of, object_of
from adf.errors import Unavailable
from adf.records import Factory, RunStatus, TimeRange
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import wire_run

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
FACTORY = Factory(alias="f", subscription="s", resource_group="rg", name="f")
DAY = TimeRange(start=NOW - timedelta(days=1), end=NOW)


async def test_runs_of_all_pages_come_newest_first_and_once() -> None:
    wire = FakeWire()
    moved = wire_run("r1", "A", status="InProgress") | {"lastUpdated": "2026-05-02T05:01:00Z"}
    later = wire_run("r2", "B") | {"runStart": "2026-05-02T05:30:00Z"}
    wire.run_pages = [[moved, later], [wire_run("r1", "A")]]
    runs = await AdfClient(FACTORY, wire).list_runs(DAY)
    assert [(run.run_id, run.status) for run in runs] == [
        ("r2", RunStatus.FAILED),
        ("r1", RunStatus.FAILED),
    ]


async def test_the_token_of_a_page_goes_back_in_the_body_and_an_order_is_asked_for() -> None:
    wire = FakeWire()
    wire.run_pages = [[], []]
    await AdfClient(FACTORY, wire).list_runs(DAY, pipeline="A", statuses=[RunStatus.FAILED])
    first, second = wire.queries
    assert "continuationToken" not in first
    assert second["continuationToken"] == "1"
    assert first["orderBy"] == [{"orderBy": "RunStart", "order": "DESC"}]
    assert first["filters"] == [
        {"operand": "PipelineName", "operator": "Equals", "values": ["A"]},
        {"operand": "Status", "operator": "Equals", "values": ["Failed"]},
    ]
    assert first["lastUpdatedBefore"] == "2026-05-02T06:00:00.000000Z"


def test_a_run_with_nothing_in_it_decodes() -> None:
    run = decode.pipeline_run(FACTORY, {})
    assert run.status is RunStatus.UNKNOWN
    assert run.start is None
    assert run.lasted(NOW) is None


def test_a_cancelled_run_without_an_end_lasted_until_its_last_update() -> None:
    wire = wire_run("r", "A", status="Cancelled") | {"runEnd": None, "durationInMs": None}
    assert decode.pipeline_run(FACTORY, wire).lasted(NOW) == timedelta(minutes=20)


def test_a_running_run_lasts_until_now() -> None:
    wire = wire_run("r", "A", status="InProgress") | {"runEnd": None}
    assert decode.pipeline_run(FACTORY, wire).lasted(NOW) == timedelta(hours=1)


def test_the_year_1601_means_not_yet() -> None:
    assert decode.moment("1601-01-01T00:00:00Z") is None
    assert decode.moment("nonsense") is None
    assert decode.moment(None) is None


def test_secrets_are_gone_once_a_record_exists() -> None:
    wire = wire_run("r", "A", "Pwd=Hidden-9;") | {"parameters": {"p": "AccountKey=Hidden-9;"}}
    run = decode.pipeline_run(FACTORY, wire)
    assert "Hidden-9" not in str(run)


def test_an_item_is_named_by_user_properties_or_by_the_query() -> None:
    row = {"iterationHash": "h", "input": {"source": {"query": "select * from dbo.Lead where 1=1"}}}
    assert decode.activity_run(row).item == "dbo.Lead"
    assert decode.activity_run(row | {"userProperties": {"Source": "crm.Lead"}}).item == "crm.Lead"
    assert decode.activity_run({**row, "iterationHash": ""}).item is None


def test_inner_activities_of_every_container_are_read() -> None:
    def step(name: str) -> dict[str, object]:
        return {"name": name, "type": "Wait"}

    wire = {
        "name": "P",
        "properties": {
            "activities": [
                {
                    "name": "If",
                    "type": "IfCondition",
                    "typeProperties": {
                        "ifTrueActivities": [step("a")],
                        "ifFalseActivities": [step("b")],
                    },
                },
                {
                    "name": "Switch",
                    "type": "Switch",
                    "typeProperties": {
                        "cases": [{"value": "x", "activities": [step("c")]}],
                        "defaultActivities": [step("d")],
                    },
                },
            ]
        },
    }
    found = decode.pipeline_definition(wire)
    assert [[one.name for one in outer.inner] for outer in found.activities] == [
        ["a", "b"],
        ["d", "c"],
    ]


NEW_FORM = {
    "name": "A",
    "properties": {"note": "AccountKey=Hunter2;", "parts": [{"password": "Hunter2"}, {"n": 1}]},
}


async def test_any_operation_of_the_table_is_read_without_a_method_and_redacted() -> None:
    wire = FakeWire()
    wire.pipelines = {"A": NEW_FORM}
    client = AdfClient(FACTORY, wire)
    found = await client.read(GET_PIPELINE, "A")
    (row,) = await client.read_list(LIST_PIPELINES)
    assert found == row
    assert found["name"] == "A"
    assert "Hunter2" not in str(found)
    assert wire.calls == {"get_pipeline": 1, "list_pipelines": 1}


async def test_what_was_read_cannot_be_changed_and_decodes_like_any_json() -> None:
    wire = FakeWire()
    wire.pipelines = {"A": NEW_FORM}
    properties = object_of((await AdfClient(FACTORY, wire).read(GET_PIPELINE, "A"))["properties"])
    with pytest.raises(TypeError):
        properties["note"] = ""  # pyright: ignore[reportIndexIssue]
    assert [dict(object_of(one)).get("n") for one in list_of(properties["parts"])] == [None, 1]


async def test_a_list_without_a_method_is_read_to_its_last_page() -> None:
    class Paged(FakeWire):
        async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
            more = {} if next_link else {"nextLink": "https://next"}
            return {"value": [{"name": next_link or "first"}], **more}

    rows = await AdfClient(FACTORY, Paged()).read_list(LIST_PIPELINES)
    assert [row["name"] for row in rows] == ["first", "hxxps://next"]


async def test_an_error_of_an_operation_without_a_method_is_that_of_the_wire() -> None:
    wire = FakeWire()
    wire.pipelines = {"A": Unavailable("down", asked="get pipeline A")}
    with pytest.raises(Unavailable, match="down"):
        await AdfClient(FACTORY, wire).read(GET_PIPELINE, "A")
