"""Who waits, asked of a factory: owners, next starts, deadlines, and what could not be read."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from adf.client import AdfClient, Factories
from adf.errors import Forbidden, NotFound, Unavailable
from adf.history import deadline_odds
from adf.records import (
    Factory,
    LineageEffect,
    LineageReport,
    PipelineNotes,
    PipelineRun,
    RunReport,
    RunStatus,
)
from adf.schedule import next_due
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from adf.tools.waiting import PATIENCE, waiting_for
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.simulator.git_folders import calling, pipeline, step
from tests.adf.test_runs import wire_activity, wire_run

NOW = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
NOTES = {
    "Orders": PipelineNotes(owner="lee", due="05:00 UTC", downstream=("Report",)),
    "Report": PipelineNotes(owner="priya", critical=True, due="06:30 UTC"),
}
FACTORY = Factory(alias="shop", subscription="s", resource_group="rg", name="shop", notes=NOTES)


def daily(pipeline_name: str, hour: int, state: str = "Started") -> Json:
    recurrence = {
        "frequency": "Day",
        "interval": 1,
        "startTime": f"2026-01-01T{hour:02}:00:00Z",
        "timeZone": "UTC",
    }
    return {
        "name": f"t_{pipeline_name}_{hour}",
        "properties": {
            "type": "ScheduleTrigger",
            "runtimeState": state,
            "pipelines": [{"pipelineReference": {"referenceName": pipeline_name}}],
            "typeProperties": {"recurrence": recurrence},
        },
    }


def shop() -> FakeWire:
    """Top calls Orders and then Load; Report waits for Orders as its owner says."""
    wire = FakeWire()
    top = pipeline(
        calling("Run_Orders", "Orders", waitOnCompletion=True),
        calling("Run_Load", "Load", "Run_Orders", waitOnCompletion=True),
    )
    plain = pipeline(step("Copy"))
    known = {"Top": top, "Orders": plain, "Load": plain, "Report": plain}
    wire.pipelines = {name: {"name": name, "properties": one} for name, one in known.items()}
    triggers = [daily("Top", 2), daily("Report", 6), daily("Report", 4, "Stopped")]
    wire.triggers = {str(one["name"]): one for one in triggers}
    return wire


async def ask(wire: FakeWire, name: str = "Orders", **arguments: object) -> LineageReport:
    factories = Factories([FACTORY], "shop", lambda _: wire)
    box = Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=lambda: NOW)])
    found = await box.call("adf_lineage", pipeline=name, **arguments)
    assert isinstance(found, LineageReport)
    return found


async def test_each_consumer_comes_with_its_owner_start_and_deadline() -> None:
    report = await ask(shop(), "orders")
    found = {one.name: one for one in report.related}
    assert (report.pipeline, set(found)) == ("Orders", {"Top", "Load", "Report"})
    assert found["Top"].edge.effect is LineageEffect.FAILS
    assert found["Top"].starts_next == datetime(2026, 5, 3, 2, 0, tzinfo=UTC)
    consumer = found["Report"]
    assert (consumer.owner, consumer.critical, consumer.due) == ("priya", True, "06:30 UTC")
    assert consumer.starts_next == datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
    assert consumer.due_at == datetime(2026, 5, 2, 6, 30, tzinfo=UTC)
    load = found["Load"]
    assert (load.edge.effect, load.starter) == (LineageEffect.SKIPPED, "Top")


async def test_upstream_is_what_it_depends_on() -> None:
    report = await ask(shop(), "Report", direction="upstream")
    assert report.related[0].name == "Orders"
    assert report.odds == ()


async def test_a_name_that_does_not_exist_is_said_and_never_replaced() -> None:
    with pytest.raises(NotFound, match="shop has no pipeline Order"):
        await ask(shop(), "Order")


async def test_the_odds_count_past_runs_that_would_be_in_time() -> None:
    wire = shop()
    wire.run_pages = [[good(f"r{n}", minutes) for n, minutes in enumerate((30, 60, 90, 150))]]
    own, report = (await ask(wire)).odds
    assert (own.what, own.deadline) == ("Orders", NOW + timedelta(hours=2))
    assert (own.made, own.runs) == (3, 4)
    assert (report.what, report.deadline, report.made) == ("Report", NOW + timedelta(hours=3), 4)


def good(run_id: str, minutes: float) -> Json:
    end = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    begun = end - timedelta(minutes=minutes)
    times = {"runStart": begun.isoformat(), "runEnd": end.isoformat()}
    known = wire_run(run_id, "Orders", status="Succeeded")
    return known | times | {"durationInMs": int(minutes * 60_000)}


async def test_what_may_not_be_read_is_said_with_the_permission_it_needs() -> None:
    wire = shop()
    action = "Microsoft.DataFactory/factories/datasets/read"
    wire.datasets = {"x": Forbidden("no", action=action)}
    report = await ask(wire)
    assert report.gaps == (f"could not read the datasets (needs {action})",)
    assert len(report.related) == 3


async def test_definitions_are_read_once_for_many_questions() -> None:
    wire = shop()
    factories = Factories([FACTORY], "shop", lambda _: wire)
    box = Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=lambda: NOW)])
    for name in ("Orders", "Report", "Load"):
        await box.call("adf_lineage", pipeline=name)
    assert wire.calls["list_pipelines"] == wire.calls["list_datasets"] == 1


@asynccontextmanager
async def client_of(wire: FakeWire) -> AsyncGenerator[AdfClient]:
    factories = Factories([FACTORY], "shop", lambda _: wire)
    try:
        yield await factories.client()
    finally:
        await factories.close()


async def waiting(wire: FakeWire, name: str) -> Sequence[str]:
    async with client_of(wire) as client:
        return [one.name for one in await waiting_for(client, name, NOW)]


async def test_a_failure_names_who_waits_fails_or_is_skipped() -> None:
    assert set(await waiting(shop(), "Orders")) == {"Top", "Load", "Report"}
    assert await waiting(shop(), "Top") == []


async def test_without_definitions_the_declared_links_stand() -> None:
    wire = shop()
    wire.pipelines = {"x": Unavailable("down")}
    assert await waiting(wire, "Orders") == ["Report"]


async def test_a_failure_does_not_wait_for_slow_definitions() -> None:
    class Slow(FakeWire):
        async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
            await asyncio.sleep(10 * PATIENCE)
            return await super().list_pipelines(factory, next_link)

    wire = Slow()
    wire.pipelines = shop().pipelines
    async with client_of(wire) as client:
        begun = asyncio.get_running_loop().time()
        found = await waiting_for(client, "Orders", NOW)
        took = asyncio.get_running_loop().time() - begun
        assert ([one.name for one in found], took) == (["Report"], pytest.approx(PATIENCE))
        await asyncio.sleep(10 * PATIENCE)
        known = await waiting_for(client, "Load", NOW)
    assert wire.calls["list_pipelines"] == 1
    assert [one.name for one in known] == ["Top"]


async def test_the_report_of_a_failed_run_has_who_waits_for_it() -> None:
    wire = shop()
    run_id = "11111111-0000-4000-8000-000000000001"
    wire.runs = {run_id: wire_run(run_id, "Orders")}
    wire.activity_pages = {run_id: [[wire_activity("Copy")]]}
    factories = Factories([FACTORY], "shop", lambda _: wire)
    box = Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=lambda: NOW)])
    report = await box.call("adf_pipeline_activity_runs", run_id=run_id)
    assert isinstance(report, RunReport)
    assert {one.name for one in report.waiting} == {"Top", "Load", "Report"}


def run(minutes: float, status: RunStatus = RunStatus.SUCCEEDED, ago: float = 24) -> PipelineRun:
    start = NOW - timedelta(hours=ago)
    over = status is RunStatus.SUCCEEDED
    return PipelineRun(
        factory="shop",
        run_id=f"{minutes}",
        pipeline="Orders",
        status=status,
        start=start,
        end=start + timedelta(minutes=minutes) if over else None,
        duration=timedelta(minutes=minutes) if over else None,
        message="",
        invoked_by=None,
        last_updated=start,
    )


def test_a_run_that_is_going_on_is_held_against_those_that_took_as_long() -> None:
    runs = [run(0, RunStatus.IN_PROGRESS, ago=1), run(30), run(70), run(100), run(200)]
    odds = deadline_odds("Orders", NOW + timedelta(minutes=50), runs, NOW)
    assert (odds.running, odds.made, odds.runs) == (True, 2, 3)
    late = deadline_odds("Orders", NOW, [run(0, RunStatus.IN_PROGRESS, ago=9), run(30)], NOW)
    assert (late.made, late.runs) == (0, 0)


def test_without_a_good_run_the_declared_length_stands_alone() -> None:
    odds = deadline_odds("Orders", NOW, [run(5, RunStatus.FAILED)], NOW, timedelta(minutes=24))
    assert (odds.runs, odds.usual, odds.longest) == (0, timedelta(minutes=24), None)


@pytest.mark.parametrize(
    ("due", "hours"), [("05:00 UTC", 2), ("03:00", 0), ("02:59 UTC", 24 - 1 / 60), ("soon", None)]
)
def test_a_declared_time_of_day_comes_today_or_tomorrow(due: str, hours: float | None) -> None:
    expected = None if hours is None else NOW + timedelta(hours=hours)
    assert next_due(due, NOW) == expected
