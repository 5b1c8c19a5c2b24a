"""The live factory tells the same story for the same clock: a past, a queue, a failure to watch."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from adf.simulator import RequestedFailures, State, live_factory
from adf.simulator.arm.run_queries import RunQuery
from adf.simulator.runs import SimulatedRun

OPENED = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = OPENED

    def __call__(self) -> datetime:
        return self.now


def runs(state: State, clock: Clock, pipeline: str) -> list[SimulatedRun]:
    (factory,) = state.factories
    query = RunQuery(after=clock() - timedelta(hours=48), before=clock() + timedelta(minutes=5))
    rows = factory.query_runs(query, clock(), 10_000).rows
    found = [run for run in rows if run.pipeline == pipeline]
    return sorted(found, key=lambda run: run.queued_at, reverse=True)


def test_at_the_opening_there_is_a_failure_a_queue_and_a_nested_failure() -> None:
    clock = Clock()
    state = live_factory(clock)
    assert runs(state, clock, "CustomerDataETL")[0].status == "Failed"
    assert [run.status for run in runs(state, clock, "ProcessOrders")[:3]] == [
        *("Queued", "Queued", "InProgress")
    ]
    nightly = runs(state, clock, "PL_Master_Nightly")[0]
    child = runs(state, clock, "IngestSalesforce")[0]
    assert (nightly.status, child.status) == ("Failed", "Failed")
    assert child.invoked_by.run_id == nightly.run_id
    assert "REQUEST_LIMIT_EXCEEDED" in nightly.message
    (factory,) = state.factories
    query = RunQuery(after=OPENED - timedelta(days=1), before=OPENED)
    rows = factory.query_activity_runs(child.run_id, query, OPENED, 100).rows
    broken = {row.item for row in rows if row.item and row.status == "Failed"}
    assert broken == {"Account", "OpportunityLineItem"}
    assert len({row.item for row in rows if row.item}) == 14


def test_within_a_minute_a_pipeline_fails_and_is_well_again_later() -> None:
    clock = Clock()
    state = live_factory(clock)
    assert runs(state, clock, "InventorySnapshot")[0].status == "Succeeded"
    clock.now += timedelta(seconds=60)
    assert runs(state, clock, "InventorySnapshot")[0].status == "Failed"
    clock.now += timedelta(minutes=1)
    assert runs(state, clock, "InventorySnapshot")[0].status == "Succeeded"


def test_the_same_clock_tells_the_same_story_however_often_it_is_asked() -> None:
    clock, other = Clock(), Clock()
    state, twin = live_factory(clock), live_factory(other)
    for _ in range(100):
        clock.now += timedelta(minutes=3)
        runs(state, clock, "ProcessOrders")
    other.now = clock.now
    names = ("CustomerDataETL", "ProcessOrders", "StoreSales_Stream", "LoadWarehouse")
    for name in names:
        assert runs(state, clock, name) == runs(twin, other, name)


def test_two_runs_of_a_pipeline_with_one_slot_never_overlap() -> None:
    clock = Clock()
    state = live_factory(clock)
    clock.now += timedelta(hours=6)
    ended = [run for run in runs(state, clock, "ProcessOrders") if run.start and run.end]
    for later, earlier in pairwise(ended):
        assert earlier.end is not None
        assert later.start is not None
        assert later.start >= earlier.end


def test_every_pipeline_that_runs_is_published_with_its_trigger() -> None:
    clock = Clock()
    (factory,) = live_factory(clock).factories
    assert {"IngestSalesforce", "LoadWarehouse"} < set(factory.pipelines)
    assert len(factory.triggers) == 11


def test_what_fails_while_somebody_watches_breaks_like_a_real_connector() -> None:
    clock = Clock()
    state = live_factory(clock)
    clock.now += timedelta(seconds=60)
    broken = runs(state, clock, "InventorySnapshot")[0]
    assert broken.start is not None
    assert broken.end is not None
    assert OPENED < broken.start < broken.end < clock.now
    (factory,) = state.factories
    query = RunQuery(after=OPENED, before=clock.now)
    lookup, copy = factory.query_activity_runs(broken.run_id, query, clock.now, 100).rows
    assert (lookup.status, copy.status) == ("Succeeded", "Failed")
    assert copy.error is not None
    assert copy.error.code == "2200"
    assert "ErrorCode=" in copy.error.message


def test_the_factory_goes_on_failing_and_recovering_for_days() -> None:
    clock = Clock()
    state = live_factory(clock)
    clock.now += timedelta(days=3)
    statuses = [run.status for run in runs(state, clock, "InventorySnapshot")]
    assert statuses.count("Failed") > 100
    assert statuses.count("Succeeded") > 300
    newest = runs(state, clock, "StoreSales_Stream")[0]
    assert clock.now - newest.queued_at < timedelta(minutes=10)


def test_a_step_of_the_nightly_run_leads_down_to_the_items_that_broke() -> None:
    clock = Clock()
    state = live_factory(clock)
    nightly = runs(state, clock, "PL_Master_Nightly")[0]
    (factory,) = state.factories
    query = RunQuery(after=OPENED - timedelta(days=1), before=OPENED)
    call, skipped = factory.query_activity_runs(nightly.run_id, query, OPENED, 100).rows
    child = factory.get_run(call.output["pipelineRunId"], OPENED)
    assert (call.status, skipped.status, child.pipeline) == (
        "Failed",
        "Skipped",
        "IngestSalesforce",
    )
    loop, *_ = factory.query_activity_runs(child.run_id, query, OPENED, 100).rows
    assert loop.error is not None
    assert nightly.message == (
        f"Operation on target {call.name} failed:"
        f" Operation on target {loop.name} failed: {loop.error.message}"
    )


def test_runs_begin_when_their_trigger_says() -> None:
    clock = Clock()
    state = live_factory(clock)
    (factory,) = state.factories
    for name, trigger in factory.triggers.items():
        recurrence = trigger["typeProperties"]["recurrence"]
        unit = {"Minute": 1, "Hour": 60, "Day": 1440}[recurrence["frequency"]]
        every = timedelta(minutes=unit * recurrence["interval"])
        first = datetime.fromisoformat(recurrence["startTime"])
        pipeline = trigger["pipelines"][0]["pipelineReference"]["referenceName"]
        started = runs(state, clock, pipeline)
        assert started, name
        assert {(run.queued_at - first) % every for run in started} == {timedelta()}, name


def test_a_failure_on_request_comes_within_seconds_and_once() -> None:
    clock, requested = Clock(), RequestedFailures()
    state = live_factory(clock, requested)
    requested.request(clock.now)
    requested.request(clock.now)
    clock.now += timedelta(seconds=30)
    by_hand = [
        run for run in runs(state, clock, "InventorySnapshot") if run.invoked_by.name == "Manual"
    ]
    assert [run.status for run in by_hand] == ["Failed"]
    assert by_hand[0].end is not None
    assert by_hand[0].end < clock.now


def test_the_week_before_is_whole_for_every_pipeline() -> None:
    clock = Clock()
    (factory,) = live_factory(clock).factories
    query = RunQuery(after=OPENED - timedelta(days=7), before=OPENED)
    rows = factory.query_runs(query, OPENED, 10_000).rows
    days = [
        sum(
            OPENED - timedelta(days=n + 1) < run.queued_at <= OPENED - timedelta(days=n)
            for run in rows
        )
        for n in range(7)
    ]
    assert min(days) > 0.9 * max(days)


def test_one_start_did_not_come_one_copied_nothing_and_one_runtime_is_offline() -> None:
    clock = Clock()
    state = live_factory(clock)
    assert runs(state, clock, "TaxRates_Refresh")[0].queued_at < OPENED - timedelta(hours=24)
    (factory,) = state.factories
    query = RunQuery(after=OPENED - timedelta(days=1), before=OPENED)
    empty = runs(state, clock, "SupplierPrices_Load")[0]
    (copy,) = factory.query_activity_runs(empty.run_id, query, OPENED, 100).rows
    assert (empty.status, copy.output["rowsCopied"]) == ("Succeeded", 0)
    assert runs(state, clock, "WarehouseStock_Import")[0].status == "Failed"
    assert factory.runtimes["shir-wms-02"].status["state"] == "Offline"
