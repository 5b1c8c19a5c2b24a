"""What the service does wrong at each level of a question: the rest is told, and the trouble named.

The official client on a real socket, against the simulator with its own faults.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey
from azure.core.exceptions import ServiceRequestError

from adf.client import AdfClient
from adf.client.errors import translated
from adf.client.sdk import SdkWire
from adf.client.simulator_transport import LoopbackCredential
from adf.errors import (
    AdfError,
    Forbidden,
    NotFound,
    Reach,
    Throttled,
    Unavailable,
)
from adf.records import ActivityRun, Factory, RunReport, TimeRange
from adf.runs import report_run_of_id
from adf.runs.reading import AT_ONCE, ReportReader
from adf.simulator import Before, Fault, Faults, arm_requests, load_world, make_simulator
from tests.adf.fake_wire import FakeWire
from tests.doubles.certificate import make_certificate
from tests.trips import Trips

WORLD = Path(__file__).parent.parent / "data" / "world.json"
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
PROD = Factory(alias="adf-prod", subscription="sub", resource_group="rg-data-prod", name="adf-prod")
LAST_DAYS = TimeRange(start=NOW - timedelta(hours=48), end=NOW)
PARENT, CHILD = (f"{digit * 8}-0000-4000-8000-000000000001" for digit in "34")

ACTIVITIES = "{}/queryActivityruns$"
BROKEN: dict[str, Fault] = {
    "500": Fault(status=500),
    "429": Fault(status=429),
    "429 for long": Fault(status=429, retry_after=600),
    "403": Fault(status=403),
    "502 page": Fault(status=502, html=True),
    "200 page": Fault(html=True),
    "silent": Fault(delay=3600),
    "cut": Fault(cut="before_headers"),
    "half": Fault(cut="after_headers"),
}


async def no_sleep(_: float) -> None:
    pass


class Arm:
    """A simulated service, and clients of it."""

    def __init__(self, app: web.Application, url: str, stack: AsyncExitStack) -> None:
        self.app = app
        self._url = url
        self._stack = stack
        self.seconds = 0.0

    @property
    def asked(self) -> list[str]:
        return [one.path.rpartition("/factories/adf-prod")[2] for one in arm_requests(self.app)]

    def client(self, factory: Factory = PROD, limit: float = 10) -> AdfClient:
        wire = SdkWire(
            "sub",
            self._url,
            call_limit=limit,
            sleep=no_sleep,
            monotonic=lambda: self.seconds,
        )
        self._stack.push_async_callback(wire.close)
        return AdfClient(factory, wire)


@asynccontextmanager
async def broken(*faults: Fault, before: Before | None = None) -> AsyncGenerator[Arm]:
    async with AsyncExitStack() as stack:
        app = make_simulator(load_world(WORLD), before=before or Faults(faults))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Arm(app, f"http://127.0.0.1:{runner.addresses[0][1]}", stack)


def at(path: str, fault: Fault) -> Fault:
    return fault.model_copy(update={"path": path})


@pytest.mark.parametrize("name", list(BROKEN))
async def test_a_child_whose_activity_runs_cannot_be_read_is_a_gap(name: str) -> None:
    async with broken(at(ACTIVITIES.format(CHILD), BROKEN[name])) as arm:
        report = await report_run_of_id(arm.client(), PARENT, NOW)
    assert report.activity_runs
    assert [one.run.run_id for one in report.children] == [CHILD]
    assert "could not read the activity runs of IngestSalesforce" in " ".join(report.gaps)
    assert path_of(report)[:1] == ["Exec_IngestSalesforce"]


@pytest.mark.parametrize("name", list(BROKEN))
async def test_a_child_that_cannot_be_read_is_a_gap(name: str) -> None:
    async with broken(at(f"/pipelineruns/{CHILD}$", BROKEN[name])) as arm:
        report = await report_run_of_id(arm.client(), PARENT, NOW)
    assert report.activity_runs
    assert report.children == ()
    assert "could not read the child run of Exec_IngestSalesforce" in " ".join(report.gaps)
    assert path_of(report) == ["Exec_IngestSalesforce"]


@pytest.mark.parametrize("name", list(BROKEN))
async def test_a_definition_that_cannot_be_read_is_a_gap(name: str) -> None:
    async with broken(at("/pipelines/IngestSalesforce$", BROKEN[name])) as arm:
        report = await report_run_of_id(arm.client(), PARENT, NOW)
    assert "could not read the definition of IngestSalesforce" in " ".join(report.gaps)
    assert path_of(report)[-1] == "Copy_Object"


@pytest.mark.parametrize("name", list(BROKEN))
async def test_without_the_first_level_there_is_only_the_trouble(name: str) -> None:
    async with broken(at(ACTIVITIES.format(PARENT), BROKEN[name])) as arm:
        with pytest.raises(AdfError) as failed:
            await report_run_of_id(arm.client(), PARENT, NOW)
    assert failed.value.resource == PROD.resource_id


async def test_a_later_page_that_is_late_or_fails_fails_the_level_it_belongs_to() -> None:
    pages = Fault(path="queryActivityruns", pages=2)
    late = Fault(path=ACTIVITIES.format(CHILD), later_pages=True, delay=3600)
    async with broken(pages, late) as arm:
        report = await report_run_of_id(arm.client(), PARENT, NOW)
        assert "activity runs of IngestSalesforce" in " ".join(report.gaps)
    async with broken(pages, late.model_copy(update={"delay": 2})) as arm:
        report = await report_run_of_id(arm.client(), PARENT, NOW)
        assert report.gaps == ()
        assert report.cause is not None
        assert {one.item for one in report.cause.failed} == {"Account", "OpportunityLineItem"}


@pytest.mark.parametrize(
    ("name", "reach"),
    [
        ("500", Reach.BROKEN),
        ("502 page", Reach.BROKEN),
        ("200 page", Reach.NONSENSE),
        ("silent", Reach.SILENCE),
        ("cut", Reach.CUT),
        ("half", Reach.CUT),
    ],
)
async def test_where_the_way_ended_is_known(name: str, reach: Reach) -> None:
    async with broken(BROKEN[name]) as arm:
        runs = arm.client().list_runs(LAST_DAYS)
        pipelines = arm.client().list_pipelines()
        for asking in (runs, pipelines):
            with pytest.raises(Unavailable) as failed:
                await asking
            assert failed.value.reach is reach


async def test_a_missing_permission_names_its_action() -> None:
    async with broken(Fault(status=403)) as arm:
        with pytest.raises(Forbidden) as failed:
            await arm.client().list_runs(LAST_DAYS)
    assert failed.value.action == "Microsoft.DataFactory/factories/querypipelineruns/action"


@pytest.mark.parametrize(
    ("group", "name", "missing"),
    [("rg-data-prod", "nowhere", "factory"), ("rg-nowhere", "adf-prod", "resource group")],
)
async def test_a_factory_that_is_not_there_is_told_from_its_resource_group(
    group: str, name: str, missing: str
) -> None:
    place = Factory(alias="x", subscription="sub", resource_group=group, name=name)
    async with broken() as arm:
        client = arm.client(place)
        for asking in (client.list_runs(LAST_DAYS), client.list_pipelines()):
            with pytest.raises(NotFound) as failed:
                await asking
            assert failed.value.what == missing


async def test_a_run_that_is_not_there_is_told_from_a_pipeline() -> None:
    async with broken() as arm:
        with pytest.raises(NotFound) as failed:
            await arm.client().get_run(CHILD.replace("4", "9"))
        assert failed.value.what == "run"
        with pytest.raises(NotFound) as failed:
            await arm.client().get_definition("Nothing")
        assert failed.value.what == "pipeline"


async def test_a_subscription_that_is_not_there_is_told() -> None:
    missing = Fault(status=404, code="SubscriptionNotFound", message="no such subscription")
    async with broken(missing) as arm:
        with pytest.raises(NotFound) as failed:
            await arm.client().list_runs(LAST_DAYS)
    assert failed.value.what == "subscription"


async def test_until_a_long_wait_is_over_nobody_asks_the_same_again() -> None:
    async with broken(Fault(path="queryPipelineRuns", status=429, retry_after=30, times=1)) as arm:
        client = arm.client()
        for left in (30, 20):
            arm.seconds = 30 - left
            with pytest.raises(Throttled) as failed:
                await client.list_runs(LAST_DAYS)
            assert failed.value.retry_after == left
        assert arm.asked == ["/queryPipelineRuns"]
        assert await client.list_pipelines()
        arm.seconds = 31
        assert await client.list_runs(LAST_DAYS)


async def test_a_certificate_that_nobody_trusts_is_told_as_such(tmp_path: Path) -> None:
    runner = web.AppRunner(web.Application(), access_log=None)
    await runner.setup()
    made = make_certificate(tmp_path)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=made.server).start()
    wire = SdkWire("sub", f"https://127.0.0.1:{runner.addresses[0][1]}", LoopbackCredential())
    with pytest.raises(Unavailable) as failed:
        await AdfClient(PROD, wire).list_runs(LAST_DAYS)
    assert failed.value.reach is Reach.TRUST
    await wire.close()
    await runner.cleanup()


async def test_nobody_listening_is_told_from_a_host_without_an_address() -> None:
    wire = SdkWire("sub", "http://127.0.0.1:9")
    with pytest.raises(Unavailable) as failed:
        await AdfClient(PROD, wire).list_runs(LAST_DAYS)
    assert failed.value.reach is Reach.NOBODY
    await wire.close()
    key = ConnectionKey("arm.invalid", 443, True, True, None, None, None)
    unknown = aiohttp.ClientConnectorDNSError(key, socket.gaierror(-2, "Name not known"))
    error = translated(ServiceRequestError("no", error=unknown), "list")
    assert isinstance(error, Unavailable)
    assert error.reach is Reach.NAME


async def test_what_has_not_come_when_the_time_is_over_is_a_gap() -> None:
    async with broken(Fault(path=f"/pipelineruns/{CHILD}$", delay=3600)) as arm:
        client = arm.client(limit=60)
        reading = ReportReader(client, NOW, patience=3)
        with pytest.raises(Unavailable, match="no answer within"):
            await reading.run(CHILD)


async def test_no_more_than_some_calls_are_on_their_way_for_one_report() -> None:
    waiting, most = 0, 0

    class Counted(AdfClient):
        async def list_activity_runs(
            self, run_id: str, since: datetime | None, now: datetime
        ) -> tuple[ActivityRun, ...]:
            nonlocal waiting, most
            waiting += 1
            most = max(most, waiting)
            await asyncio.sleep(0)
            waiting -= 1
            return ()

    reading = ReportReader(Counted(PROD, FakeWire()), NOW)
    await asyncio.gather(*(reading.activity_runs(str(one), None) for one in range(40)))
    assert most == AT_ONCE


async def test_a_why_two_levels_deep_takes_three_trips_after_the_list_of_runs() -> None:
    trips = Trips(delay=0.1)
    async with broken(before=trips) as arm:
        client = arm.client()
        runs = await client.list_runs(LAST_DAYS, pipeline="PL_Master_Nightly")
        report = await report_run_of_id(client, runs[0].run_id, NOW)
    assert path_of(report)[-1] == "Copy_Object"
    assert sorted(one.rpartition("/")[2] for one in arm.asked) == [
        CHILD,
        "IngestSalesforce",
        "queryActivityruns",
        "queryActivityruns",
        "queryPipelineRuns",
    ]
    assert trips.in_a_row == 4


async def test_a_connection_that_breaks_off_once_is_not_noticed() -> None:
    for fault in (BROKEN["cut"], BROKEN["half"]):
        async with broken(fault.model_copy(update={"times": 1})) as arm:
            assert await arm.client().list_runs(LAST_DAYS)


def path_of(report: RunReport) -> list[str]:
    assert report.cause is not None
    return [step.activity for step in report.cause.path]
