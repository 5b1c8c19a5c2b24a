"""What waits and why, asked for by the tool: against a simulator, and by evidence put in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from adf.client import Factories
from adf.errors import Forbidden, Unavailable
from adf.records import Factory, Pace, PipelineNotes, QueueReport, WaitKind
from adf.simulator import State, load_world
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from tests.adf.asking import asking, card_text
from tests.adf.fake_wire import FakeWire
from tests.adf.simulator.worlds import NOW, WORLD, run, world
from tests.adf.test_runs import wire_activity

LAB = Factory(alias="lab", subscription="s", resource_group="rg", name="lab")


async def ask(state: State, **arguments: object) -> QueueReport:
    async with asking(state) as toolbox:
        return cast("QueueReport", await toolbox.call("adf_queue_status", **arguments))


def harvest(*runs: dict[str, Any], concurrency: int = 1) -> State:
    """A pipeline with these runs; six good ones before took ten minutes each."""
    good = [run("Harvest", "Succeeded", f"00:{n}0:00", f"00:{n}9:59") for n in range(5)]
    good.append(run("Harvest", "Succeeded", "01:00:00", "01:09:59"))
    told = {f"{n:08x}-0000-4000-8000-000000000000": one for n, one in enumerate([*good, *runs])}
    steps = {
        key: [
            {"name": "Copy", "type": "Copy", "status": "InProgress", "start": one["start"][11:19]}
        ]
        for key, one in told.items()
        if one["status"] == "InProgress"
    }
    pipelines = {"Harvest": [{"factory": "adf-lab", "concurrency": concurrency}]}
    return world(pipelines=pipelines, runs=told, activities=steps)


def queued(at: str) -> dict[str, Any]:
    return run("Harvest", "Queued", None, None, queued_at=f"2031-08-20T{at}Z")


async def test_a_full_pipeline_is_why_its_runs_wait_with_what_stands_before_each() -> None:
    going = run("Harvest", "InProgress", "04:55:00", None)
    report = await ask(harvest(going, queued("04:57:00"), queued("04:58:00")), pipeline="Harvest")
    (queue,) = report.queues
    assert [(one.kind, one.likely) for one in queue.reasons] == [(WaitKind.CONCURRENCY, False)]
    assert [one.before for one in queue.waiting] == [1, 2]
    assert queue.running[0].activity == "Copy"


async def test_an_end_is_expected_from_finished_runs_and_says_how_many() -> None:
    going = run("Harvest", "InProgress", "04:55:00", None)
    report = await ask(harvest(going, queued("04:57:00"), queued("04:58:00")), pipeline="Harvest")
    (queue,) = report.queues
    (front,) = queue.running
    assert front.pace is Pace.USUAL
    assert front.usual is not None
    assert front.usual.sample == 6
    assert front.expected_end is not None
    assert timedelta(minutes=4) < front.expected_end - NOW < timedelta(minutes=6)
    first, second = (one.expected_start for one in queue.waiting)
    assert first == front.expected_end
    assert second == front.expected_end + front.usual.middle
    text = card_text(report)
    assert "6 runs" in text
    assert "likely starts around" in text


async def test_a_place_that_is_free_is_no_reason_and_nothing_is_made_up() -> None:
    going = run("Harvest", "InProgress", "04:55:00", None)
    report = await ask(harvest(going, queued("04:57:00"), concurrency=3), pipeline="Harvest")
    assert report.queues[0].reasons == ()
    assert report.queues[0].waiting[0].expected_start is None
    assert "I can't tell why it waits" in card_text(report)


async def test_a_run_far_over_its_usual_time_at_one_activity_looks_hung() -> None:
    report = await ask(harvest(run("Harvest", "InProgress", "03:00:00", None)))
    (front,) = report.running
    assert front.pace is Pace.HUNG
    assert front.expected_end is None
    assert "It looks stuck" in card_text(report)


async def test_a_run_a_little_over_is_overlong_and_not_hung() -> None:
    report = await ask(harvest(run("Harvest", "InProgress", "04:42:00", None)))
    assert [one.pace for one in report.running] == [Pace.OVERLONG]


async def test_without_finished_runs_nothing_is_said_about_the_pace() -> None:
    state = world(runs={"a" * 36: run("Fresh", "InProgress", "01:00:00", None)})
    (front,) = (await ask(state)).running
    assert front.pace is Pace.UNKNOWN
    assert front.usual is None


async def test_an_offline_runtime_of_the_activity_in_front_is_a_likely_reason() -> None:
    async with asking(load_world(WORLD), None, "rg-data-prod", "adf-prod") as toolbox:
        report = cast("QueueReport", await toolbox.call("adf_queue_status"))
    (queue,) = report.queues
    assert (queue.pipeline, queue.concurrency, len(queue.waiting)) == ("ProcessOrders", 1, 3)


async def test_a_window_that_waits_for_another_is_said_with_the_trigger_it_waits_for() -> None:
    silver = {"pipeline": "Silver", "schedule": "tumbling window 6 h", "state": "Stopped"}
    gold = {"pipeline": "Gold", "schedule": "tumbling window 6 h, depends on trg_silver"}
    started = gold | {"state": "Started", "last_fired": "2031-08-19T18:00:00Z"}
    halted = silver | {"last_fired": "2031-08-19T12:00:00Z"}
    triggers = {"trg_silver": halted, "trg_gold": started}
    report = await ask(world(triggers=triggers), pipeline="Gold")
    (queue,) = report.queues
    assert queue.windows
    assert [one.kind for one in queue.reasons] == [WaitKind.WINDOW]
    assert "trg_silver" in queue.reasons[0].evidence
    assert "tumbling window" in card_text(report)


async def test_nothing_queued_or_running_is_said_so() -> None:
    report = await ask(world())
    assert report.queues == ()
    assert "Nothing is running or waiting." in card_text(report)


def wired(*runs: dict[str, Any]) -> FakeWire:
    wire = FakeWire()
    wire.run_pages = [list(runs)]
    wire.pipelines["Load"] = {"name": "Load", "properties": {"activities": []}}
    return wire


def wire_active(run_id: str, status: str, start: datetime) -> dict[str, Any]:
    return {
        "runId": run_id,
        "pipelineName": "Load",
        "status": status,
        "runStart": f"{start:%FT%TZ}",
        "lastUpdated": f"{start:%FT%TZ}",
    }


async def of_wire(wire: FakeWire, factory: Factory = LAB) -> QueueReport:
    adf = Adf(factories=Factories([factory], "lab", lambda _: wire), clock=lambda: NOW)
    return cast("QueueReport", await Toolbox(ADF_TOOLS, [adf]).call("adf_queue_status"))


async def test_how_long_runs_usually_take_is_read_once_for_many_who_ask_what_runs() -> None:
    wire = wired(wire_active("a", "InProgress", NOW - timedelta(hours=1)))
    moments = iter(NOW + timedelta(minutes=n) for n in range(9))
    adf = Adf(factories=Factories([LAB], "lab", lambda _: wire), clock=lambda: next(moments))
    for _ in range(3):
        await Toolbox(ADF_TOOLS, [adf]).call("adf_queue_status", why=False)
    states = [one["values"] for query in wire.queries for one in query["filters"]]
    assert states.count(["Succeeded"]) == 1
    assert sum("InProgress" in one for one in states) == 3


def working(run_id: str, more: dict[str, Any]) -> dict[str, Any]:
    row = wire_activity("Copy_Rows", status="InProgress", pipelineRunId=run_id)
    return row | {"activityRunStart": "2031-08-20T04:00:00Z", "activityRunEnd": None} | more


ON_SHIR: dict[str, Any] = {"integrationRuntimeNames": ["shir"]}


def shir(state: str, running: int, limit: int) -> FakeWire:
    """Two runs of Load, one at work on a runtime in that state."""
    wire = wired(
        wire_active("a", "InProgress", NOW - timedelta(hours=1)),
        wire_active("b", "Queued", NOW - timedelta(minutes=5)),
    )
    wire.activity_pages["a"] = [[working("a", ON_SHIR)]]
    node = {"nodeName": "n1", "status": state, "concurrentJobsLimit": limit}
    wire.runtime_statuses["shir"] = {
        "name": "shir",
        "properties": {"type": "SelfHosted", "state": state, "typeProperties": {"nodes": [node]}},
    }
    load = {"nodeName": "n1", "concurrentJobsRunning": running, "concurrentJobsLimit": limit}
    wire.runtime_loads["shir"] = {"name": "shir", "nodes": [load]}
    return wire


@pytest.mark.parametrize(
    ("state", "running", "kinds"),
    [
        ("Offline", 0, [WaitKind.RUNTIME_OFFLINE]),
        ("Online", 4, [WaitKind.RUNTIME_BUSY]),
        ("Online", 1, []),
    ],
)
async def test_a_runtime_is_a_likely_reason_where_it_is_down_or_full(
    state: str, running: int, kinds: list[WaitKind]
) -> None:
    report = await of_wire(shir(state, running, limit=4))
    reasons = report.queues[0].reasons
    assert [one.kind for one in reasons] == kinds
    assert all(one.likely and "shir" in one.evidence for one in reasons)


async def test_an_activity_tried_again_after_too_many_requests_is_throttled() -> None:
    wire = wired(
        wire_active("a", "InProgress", NOW - timedelta(hours=1)),
        wire_active("b", "Queued", NOW - timedelta(minutes=5)),
    )
    message = "The remote server returned an error: (429) Too Many Requests."
    first = wire_activity("Copy_Rows", error={"errorCode": "2200", "message": message})
    wire.activity_pages["a"] = [[first, working("a", {"retryAttempt": 1})]]
    (reason,) = (await of_wire(wire)).queues[0].reasons
    assert (reason.kind, reason.likely) == (WaitKind.THROTTLED, True)


async def test_what_cannot_be_read_beside_the_runs_is_a_gap_and_no_reason() -> None:
    wire = shir("Online", 1, limit=4)
    wire.activity_pages["a"] = Unavailable("no answer")
    wire.pipelines["Load"] = Forbidden("not allowed")
    report = await of_wire(wire)
    assert len(report.queues[0].waiting) == 1
    assert [one.partition(" (")[0] for one in report.gaps] == [
        "could not read how many runs are allowed at once",
        "could not read what a run of Load is working on",
    ]
    assert "Partial answer" in card_text(report)


async def test_the_usual_time_that_owners_declared_stands_where_runs_are_few() -> None:
    notes = {"Load": PipelineNotes(usual=timedelta(minutes=10))}
    wire = wired(wire_active("a", "InProgress", NOW - timedelta(minutes=40)))
    report = await of_wire(wire, replace(LAB, notes=notes))
    (front,) = report.running
    assert front.pace is Pace.OVERLONG
    assert front.usual is not None
    assert front.usual.sample == 0
    assert "declared by its owners" in card_text(report)


async def test_what_waits_stands_before_what_only_runs() -> None:
    one = wire_active("a", "InProgress", NOW - timedelta(minutes=1)) | {"pipelineName": "Aaa"}
    other = wire_active("b", "Queued", datetime(2031, 8, 20, 4, 59, tzinfo=UTC))
    report = await of_wire(wired(one, other))
    assert [queue.pipeline for queue in report.queues] == ["Load", "Aaa"]


async def test_progress_alone_asks_nothing_about_limits_runtimes_or_windows() -> None:
    wire = shir("Offline", 0, limit=4)
    adf = Adf(factories=Factories([LAB], "lab", lambda _: wire), clock=lambda: NOW)
    toolbox = Toolbox(ADF_TOOLS, [adf])
    report = cast("QueueReport", await toolbox.call("adf_queue_status", why=False))
    assert report.running[0].activity == "Copy_Rows"
    assert report.queues[0].reasons == ()
    assert set(wire.calls) == {"query_runs", "query_activity_runs"}
