"""The ADF questions: which runs are listed, and which of them stands for a pipeline."""

from datetime import UTC, datetime
from typing import cast

import pytest

from adf.client import Factories
from adf.errors import BadArguments
from adf.records import Factory, PipelineNotes, RunList, RunReport
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import wire_activity, wire_run

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)


def run(run_id: str, pipeline: str, status: str, start: str | None, **more: object) -> Json:
    times = {"runStart": start and f"2026-05-02T{start}:00Z", "runEnd": None}
    return wire_run(run_id, pipeline, status=status) | times | more


def toolbox(wire: FakeWire) -> Toolbox:
    notes = {"Gold": PipelineNotes(critical=True)}
    factory = Factory(alias="f", subscription="s", resource_group="rg", name="f", notes=notes)
    return Toolbox(
        ADF_TOOLS, [Adf(factories=Factories([factory], "f", lambda _: wire), clock=lambda: NOW)]
    )


async def runs(wire: FakeWire, **arguments: object) -> list[str]:
    found = cast("RunList", await toolbox(wire).call("adf_pipeline_runs", **arguments))
    return [one.run_id for one in found.runs]


async def test_a_run_in_progress_stands_for_its_pipeline_with_the_last_that_ended() -> None:
    wire = FakeWire()
    queued = run("queued", "A", "Queued", None, lastUpdated="2026-05-02T05:59:00Z")
    going = run("going", "A", "InProgress", "05:00")
    wire.run_pages = [
        [queued, going, run("good", "A", "Succeeded", "04:00"), run("b", "B", "Failed", "03:00")]
    ]
    assert await runs(wire, latest_only=True) == ["going", "good", "b"]


async def test_only_critical_pipelines_can_be_asked_for() -> None:
    wire = FakeWire()
    wire.run_pages = [[run("g", "Gold", "Failed", "05:00"), run("t", "Tin", "Failed", "04:00")]]
    assert await runs(wire, critical=True) == ["g"]
    assert await runs(wire, critical=False) == ["t"]


async def test_runs_of_other_runs_can_be_left_out() -> None:
    wire = FakeWire()
    child = {"invokedBy": {"name": "A", "invokedByType": "PipelineActivity", "pipelineRunId": "x"}}
    wire.run_pages = [
        [run("child", "B", "Failed", "05:00", **child), run("own", "A", "Failed", "04:00")]
    ]
    assert await runs(wire, include_children=False) == ["own"]


async def test_a_time_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BadArguments, match="before it starts"):
        await runs(FakeWire(), **{"from": "2026-05-02T05:00:00Z", "to": "2026-05-02T04:00:00Z"})


@pytest.mark.parametrize("run_id", ["abc123", "", "../../x", "0f8fad5b-d9cb-469f-a165-7086772895"])
async def test_what_is_no_run_id_never_reaches_the_service(run_id: str) -> None:
    wire = FakeWire()
    with pytest.raises(BadArguments, match="36 characters"):
        await toolbox(wire).call("adf_pipeline_activity_runs", run_id=run_id)
    assert not wire.calls


async def test_an_unknown_factory_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadArguments) as refused:
        await runs(FakeWire(), factory="moon")
    assert refused.value.choices == ("f",)


async def test_the_meaning_of_the_cause_comes_with_the_report() -> None:
    wire = FakeWire()
    run_id = "0f8fad5b-d9cb-469f-a165-70867728950e"
    wire.runs[run_id] = wire_run(run_id, "A")
    error = {"errorCode": "2200", "message": "Deadlock victim: Transaction was deadlocked on lock"}
    wire.activity_pages[run_id] = [[wire_activity("Load", error=error)]]
    report = cast(
        "RunReport", await toolbox(wire).call("adf_pipeline_activity_runs", run_id=run_id)
    )
    assert report.meaning is not None
    assert report.meaning.rerun == "yes"
