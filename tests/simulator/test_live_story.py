"""The live factory tells the same story for the same clock: a past, a queue, a failure to watch."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from adf.simulator import State, live_factory
from adf.simulator.queries import RunQuery
from adf.simulator.runs import PipelineRun

OPENED = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = OPENED

    def __call__(self) -> datetime:
        return self.now


def runs(state: State, clock: Clock, pipeline: str) -> list[PipelineRun]:
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
    clock.now += timedelta(minutes=4)
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
    assert len(factory.triggers) == 8
