"""Trends and comparisons are computed from the runs, and say when there are too few of them."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from adf.client import Factories
from adf.records import Comparison, Factory, PipelineNotes, RunStats
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
    notes = {"Gold": PipelineNotes(critical=True, usual=timedelta(minutes=20))}
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
    assert found.finding == (
        "1 of 9 runs failed (11%). The last run took 31 min, longer than usual (20 min)."
    )
    assert sum(one.failed for one in found.buckets) == 1
    assert sum(one.succeeded for one in found.buckets) == 8
    assert found.limits == ()


async def test_few_runs_are_no_trend_and_the_declared_duration_is_usual() -> None:
    wire = FakeWire()
    wire.run_pages = [[ended(0, "Gold", 20), ended(1, "Gold", 21)]]
    found = await stats(wire, pipeline="Gold")
    assert found.limits == ("Only 2 runs: a small sample, no trend.",)
    assert found.pipelines[0].usual == timedelta(minutes=20)


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
    assert found.finding == "No run ended in that time."


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
    assert told["Failed at"] == ("Copy", "nothing", True)
    assert told["Copy"] == ("Failed, 30 min", "Succeeded, 10 min, 1,200 rows", True)
    assert "Factory" in found.same


@pytest.mark.parametrize("run_id", ["x", "0f8fad5b-d9cb-469f-a165"])
async def test_a_run_id_that_is_none_is_never_compared(run_id: str) -> None:
    wire = FakeWire()
    with pytest.raises(Exception, match="36 characters"):
        await toolbox(wire).call("adf_compare_runs", run_id_a=run_id, run_id_b=A)
    assert not wire.calls
