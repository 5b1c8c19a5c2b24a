"""Trends and comparisons are computed from the runs, and say when there are too few of them."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from adf.client import Factories
from adf.errors import BadArguments, NotFound, Unavailable
from adf.records import Comparison, ErrorHistory, Factory, PipelineNotes, RunReport, RunStats
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import wire_activity, wire_run

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
A, B = (f"{n}" * 8 + "-0000-4000-8000-000000000000" for n in "ab")


def ended(number: int, pipeline: str, minutes: int, status: str = "Succeeded") -> Json:
    end = NOW - timedelta(hours=4 * number + 1)
    start = end - timedelta(minutes=minutes)
    times = {
        "runStart": start.isoformat(),
        "runEnd": end.isoformat(),
        "lastUpdated": end.isoformat(),
    }
    took = {"durationInMs": minutes * 60_000}
    return wire_run(f"{pipeline}-{number}", pipeline, status=status) | times | took


def toolbox(wire: FakeWire) -> Toolbox:
    notes = {"Gold": PipelineNotes(critical=True, usual=timedelta(minutes=20), usual_rows=5000)}
    factory = Factory(alias="f", subscription="s", resource_group="rg", name="f", notes=notes)
    factories = Factories([factory], "f", lambda _: wire)
    return Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=lambda: NOW)])


async def stats(wire: FakeWire, **arguments: object) -> RunStats:
    return cast("RunStats", await toolbox(wire).call("adf_run_stats", **arguments))


async def test_a_trend_counts_rates_and_durations() -> None:
    wire = FakeWire()
    runs = [ended(n, "Gold", 20) for n in range(1, 9)]
    wire.run_pages = [[ended(0, "Gold", 31, "Failed"), *runs]]
    found = await stats(wire, pipeline="Gold")
    assert (
        found.finding == "1 of 9 runs failed (11%). Last run failed after 31 min (usually 20 min)."
    )
    assert sum(one.failed for one in found.buckets) == 1
    assert sum(one.succeeded for one in found.buckets) == 8
    assert found.limits == ()


async def test_few_runs_are_no_trend_and_the_declared_duration_is_usual() -> None:
    wire = FakeWire()
    wire.run_pages = [[ended(0, "Gold", 20), ended(1, "Gold", 21)]]
    found = await stats(wire, pipeline="Gold")
    assert found.limits == ("Only 2 runs: too few for a trend.",)
    assert found.pipelines[0].usual == timedelta(minutes=20)


def copying(wire: FakeWire, rows: dict[str, int | None]) -> None:
    """Let each run's one copy have moved so many rows; None tells none."""
    wire.activity_pages = {
        run: [[wire_activity("Copy", status="Succeeded", output={"rowsCopied": much})]]
        if much is not None
        else [[wire_activity("Wait", "Wait", "Succeeded")]]
        for run, much in rows.items()
    }


async def test_a_trend_of_one_pipeline_tells_its_rows_and_what_is_usual() -> None:
    wire = FakeWire()
    wire.run_pages = [[ended(n, "Gold", 20) for n in range(4)]]
    copying(wire, {"Gold-0": 0, "Gold-1": 900, "Gold-2": 1000, "Gold-3": None})
    found = await stats(wire, pipeline="Gold")
    assert found.rows is not None
    assert (found.rows.copied, found.rows.last, found.rows.usual) == ((1000, 900, 0), 0, 900)


async def test_few_runs_that_tell_rows_leave_the_usual_number_to_the_owners() -> None:
    wire = FakeWire()
    wire.run_pages = [[ended(0, "Gold", 20)]]
    copying(wire, {"Gold-0": 7})
    found = await stats(wire, pipeline="Gold")
    assert found.rows is not None
    assert (found.rows.copied, found.rows.usual) == ((7,), 5000)


async def test_rows_are_not_read_for_all_pipelines_nor_when_they_are_not_asked_for() -> None:
    wire = FakeWire()
    wire.run_pages = [[ended(0, "Gold", 20)]]
    assert (await stats(wire)).rows is None
    assert (await stats(wire, pipeline="Gold", metric="failures")).rows is None
    assert wire.calls["query_activity_runs"] == 0


async def test_runs_that_cannot_be_read_cost_the_rows_and_not_the_trend() -> None:
    wire = FakeWire()
    wire.run_pages = [[ended(0, "Gold", 20)]]
    wire.activity_pages = {"Gold-0": Unavailable("gone")}
    assert (await stats(wire, pipeline="Gold")).rows is None


async def test_the_flakiest_come_first() -> None:
    wire = FakeWire()
    bad = [ended(n, "Tin", 5, "Failed") for n in range(3)]
    wire.run_pages = [[*bad, ended(0, "Gold", 20, "Failed"), ended(1, "Gold", 20)]]
    found = await stats(wire)
    assert [one.pipeline for one in found.pipelines] == ["Tin", "Gold"]
    assert "Tin (3 of 3), Gold (1 of 2)" in found.finding
    assert [one.pipeline for one in (await stats(wire, critical=True)).pipelines] == ["Gold"]


async def test_more_than_45_days_are_asked_for_in_vain_and_that_is_said() -> None:
    wire = FakeWire()
    found = await stats(wire, hours=24 * 90)
    assert found.time_range.start == NOW - timedelta(days=45)
    assert "45 days" in found.limits[-1]
    assert found.finding == "No run finished in that time."


async def test_the_rate_is_held_against_an_earlier_stretch() -> None:
    wire = FakeWire()
    wire.run_pages = [[ended(0, "Gold", 20), ended(1, "Gold", 20, "Failed")]]
    assert (await stats(wire, compare_hours=48)).before == 0.5


async def test_two_runs_differ_in_what_they_did() -> None:
    wire = FakeWire()
    wire.runs = {A: wire_run(A, "Gold"), B: wire_run(B, "Gold", status="Succeeded")}
    slow = wire_activity("Copy", durationInMs=1_800_000)
    fast = wire_activity(
        "Copy", status="Succeeded", durationInMs=600_000, output={"rowsCopied": 1200}
    )
    wire.activity_pages = {A: [[slow]], B: [[fast]]}
    found = cast("Comparison", await toolbox(wire).call("adf_compare_runs", run_id_a=A, run_id_b=B))
    told = {one.what: (one.left, one.right, one.matters) for one in found.differences}
    assert told["Result"] == ("Failed", "Succeeded", True)
    assert told["Failed at"] == ("Copy", "–", True)
    assert told["Copy"] == ("Failed, 30 min", "Succeeded, 10 min, 1,200 rows", True)
    assert "Factory" in found.same


@pytest.mark.parametrize("run_id", ["x", "0f8fad5b-d9cb-469f-a165"])
async def test_a_run_id_that_is_none_is_never_compared(run_id: str) -> None:
    wire = FakeWire()
    with pytest.raises(Exception, match="36 characters"):
        await toolbox(wire).call("adf_compare_runs", run_id_a=run_id, run_id_b=A)
    assert not wire.calls


def broken(number: int, message: str, **more: object) -> Json:
    return {**ended(number, "Gold", 20, "Failed"), "message": message, **more}


async def test_the_same_error_is_known_again_whatever_row_it_speaks_of() -> None:
    wire = FakeWire()
    first = f"Operation on target Copy failed: Row 17 of run {A} broke"
    again = f"Operation on target Copy failed: Row 99 of run {B} broke"
    other = broken(6, "Operation on target Copy failed: no disk")
    newest = broken(0, again, runId=A)
    wire.run_pages = [[newest, ended(3, "Gold", 20), broken(4, first), other]]
    report = cast("RunReport", await toolbox(wire).call("adf_error_history", pipeline="Gold"))
    assert report.run.run_id == A
    assert report.history is not None
    (seen,) = report.history.occurrences
    assert seen.run.run_id == "Gold-4"
    assert seen.recovered is not None
    assert seen.recovered.run_id == "Gold-3"
    assert report.history.days == 45


async def test_an_error_that_is_new_was_not_seen_before() -> None:
    wire = FakeWire()
    wire.run_pages = [[broken(0, "odd"), broken(4, "something else")]]
    report = cast(
        "RunReport", await toolbox(wire).call("adf_error_history", pipeline="Gold", days=7)
    )
    assert report.history == ErrorHistory(occurrences=(), days=7)


SILENT = "Operation on target Each failed: Activity failed because an inner activity failed"


async def test_runs_whose_message_is_silent_are_known_by_their_innermost_error() -> None:
    wire = FakeWire()
    ids = [f"{n:08d}-0000-4000-8000-000000000000" for n in range(3)]
    wire.run_pages = [[broken(n, SILENT, runId=run_id) for n, run_id in enumerate(ids)]]
    for run_id, said in zip(ids, ("row 17 is bad", "row 4 is bad", "no disk"), strict=True):
        error = {"errorCode": "2200", "message": said}
        wire.activity_pages[run_id] = [[wire_activity("Copy", error=error)]]
    report = cast("RunReport", await toolbox(wire).call("adf_error_history", pipeline="Gold"))
    assert report.history is not None
    assert [seen.run.run_id for seen in report.history.occurrences] == [ids[1]]


async def test_what_could_not_be_read_inside_is_said_and_few_runs_are_read() -> None:
    wire = FakeWire()
    wire.run_pages = [[broken(n, SILENT, runId=f"r{n}") for n in range(20)]]
    wire.activity_pages["r1"] = Unavailable("no answer")
    report = cast("RunReport", await toolbox(wire).call("adf_error_history", pipeline="Gold"))
    assert wire.calls["query_activity_runs"] <= 10
    assert "what broke in 12 earlier runs was not read" in report.gaps


async def test_a_message_that_ends_with_the_error_costs_no_further_call() -> None:
    wire = FakeWire()
    wire.run_pages = [
        [broken(n, f"Operation on target A failed: row {n} is bad") for n in range(9)]
    ]
    report = cast("RunReport", await toolbox(wire).call("adf_error_history", pipeline="Gold"))
    assert report.history is not None
    assert len(report.history.occurrences) == 8
    assert wire.calls["query_activity_runs"] == 1


async def test_a_pipeline_that_never_failed_has_no_error_to_look_for() -> None:
    wire = FakeWire()
    wire.run_pages = [[ended(0, "Gold", 20)]]
    with pytest.raises(NotFound, match="no failed run"):
        await toolbox(wire).call("adf_error_history", pipeline="Gold")
    with pytest.raises(BadArguments):
        await toolbox(wire).call("adf_error_history")
