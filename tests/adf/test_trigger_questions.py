"""Triggers asked for by the tool: by the official client against a simulator, and odd answers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from adf.client import Factories
from adf.client.decode_triggers import trigger_definition, trigger_run
from adf.errors import Forbidden, NotFound
from adf.records import Factory, RunStatus, TriggerKind, TriggerReport, TriggerStatus
from adf.simulator import State, load_world
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from tests.adf.asking import asking, card_text
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.simulator.worlds import NOW, WORLD, run, world

RECORDED = Path(__file__).parents[1] / "data" / "adf_payloads" / "recorded"
LAB = Factory(alias="lab", subscription="s", resource_group="rg", name="lab")


def farm(**triggers: Json) -> State:
    """A world with these triggers; Harvest ran at 03:00 and Ledger did not."""
    return world(
        pipelines={
            name: [{"factory": "adf-lab", "trigger": f"trg_{name.lower()}"}]
            for name in ("Harvest", "Ledger", "Silver", "Gold")
        },
        runs={
            "11111111-0000-4000-8000-000000000001": run(
                "Harvest", "Succeeded", "03:00:00", "03:20:00"
            ),
            "11111111-0000-4000-8000-000000000002": run(
                "Silver", "Failed", "00:00:00", "00:20:00", invoked_by="tumbling"
            ),
        },
        triggers=triggers,
    )


HARVEST = {"pipeline": "Harvest", "state": "Started", "schedule": "daily 03:00 UTC"}
LEDGER = {
    "pipeline": "Ledger",
    "state": "Stopped",
    "schedule": "daily 06:30 Europe/Berlin",
    "last_fired": "2031-08-19T04:30:00Z",
}


async def ask(farm: State, **arguments: object) -> TriggerReport:
    async with asking(farm) as toolbox:
        return cast("TriggerReport", await toolbox.call("adf_trigger_status", **arguments))


def the(report: TriggerReport, name: str) -> TriggerStatus:
    (found,) = [one for one in report.triggers if one.name == name]
    return found


async def test_a_stopped_trigger_shows_what_did_not_run_and_since_when() -> None:
    report = await ask(farm(trg_harvest=HARVEST, trg_ledger=LEDGER))
    assert [one.name for one in report.triggers] == ["trg_ledger", "trg_harvest"]
    ledger = report.triggers[0]
    assert ledger.missed == (datetime(2031, 8, 20, 4, 30, tzinfo=UTC),)
    assert ledger.last_fired == datetime(2031, 8, 19, 4, 30, 1, tzinfo=UTC)
    assert (ledger.stopped_after, ledger.stopped_before) == (ledger.last_fired, ledger.missed[0])
    assert ledger.next_start is None
    assert not report.triggers[1].has_problem
    assert report.triggers[1].next_start == datetime(2031, 8, 21, 3, tzinfo=UTC)


async def test_the_card_says_in_a_sentence_what_did_not_run() -> None:
    report = await ask(farm(trg_ledger=LEDGER), trigger="trg_ledger")
    text = card_text(report)
    assert "Ledger did not run" in text
    assert "It should have started at 06:30 and did not." in text
    assert "Stopped between 2031-08-19 06:30 and 2031-08-20 06:30." in text
    assert "daily at 06:30, Europe/Berlin" in text
    assert "08:00" in text
    assert "does not run what was missed" in text


async def test_the_frozen_world_misses_the_finance_trigger_alone() -> None:
    async with asking(load_world(WORLD), None, "rg-data-prod", "adf-prod") as toolbox:
        report = cast("TriggerReport", await toolbox.call("adf_trigger_status"))
    assert [one.name for one in report.triggers if one.has_problem] == ["trg_finance_0130"]
    text = card_text(report)
    assert "FinanceGL_Load did not run" in text
    assert "did not run" not in text.partition("ExportToPowerBI")[2]


async def test_triggers_are_found_by_the_pipeline_and_by_their_state() -> None:
    state = farm(trg_harvest=HARVEST, trg_ledger=LEDGER)
    of_harvest = await ask(state, pipeline="harvest")
    assert [one.name for one in of_harvest.triggers] == ["trg_harvest"]
    stopped = await ask(state, state="Stopped")
    assert [one.name for one in stopped.triggers] == ["trg_ledger"]
    nothing = await ask(state, pipeline="Gold")
    assert nothing.triggers == ()
    assert "No trigger starts Gold" in card_text(nothing)


async def test_an_unknown_trigger_is_not_found() -> None:
    with pytest.raises(NotFound):
        await ask(farm(trg_harvest=HARVEST), trigger="trg_nobody")


async def test_a_started_trigger_that_did_not_fire_is_missed_too() -> None:
    quiet = HARVEST | {"pipeline": "Gold", "last_fired": "2031-08-18T03:00:00Z"}
    gold = the(await ask(farm(trg_gold=quiet)), "trg_gold")
    days = [datetime(2031, 8, day, 3, tzinfo=UTC) for day in (19, 20)]
    assert gold.missed == tuple(days)
    assert gold.last_fired is not None
    assert gold.last_fired < days[0]


async def test_what_was_stopped_long_ago_is_missed_by_nobody() -> None:
    old = LEDGER | {"last_fired": "2031-08-01T04:30:00Z"}
    ledger = the(await ask(farm(trg_ledger=old)), "trg_ledger")
    assert ledger.missed == ()
    assert ledger.stopped_after == datetime(2031, 8, 1, 4, 30, 1, tzinfo=UTC)


async def test_a_window_waits_for_the_failed_one_upstream() -> None:
    silver = {"pipeline": "Silver", "schedule": "tumbling window 6 h"}
    gold = {"pipeline": "Gold", "schedule": "tumbling window 6 h, depends on trg_silver"}
    report = await ask(farm(trg_silver=silver, trg_gold=gold))
    (waiting,) = the(report, "trg_gold").waiting
    assert waiting.waits_for == ("trg_silver",)
    assert waiting.end == datetime(2031, 8, 20, tzinfo=UTC)
    (failed,) = the(report, "trg_silver").waiting
    assert failed.status is RunStatus.FAILED
    text = card_text(await ask(farm(trg_silver=silver, trg_gold=gold), trigger="trg_gold"))
    assert "1 window waits for trg_silver." in text


def definition(**properties: object) -> Json:
    return {"name": "trg", "properties": {"runtimeState": "Started", **properties}}


def scheduled(recurrence: object) -> Json:
    pipelines = [{"pipelineReference": {"referenceName": "P"}}]
    detail = {"recurrence": recurrence}
    return definition(type="ScheduleTrigger", pipelines=pipelines, typeProperties=detail)


def fired(moment: datetime, **more: object) -> Json:
    stamp = f"{moment:%Y-%m-%dT%H:%M:%S.%f}1Z"
    return {"triggerName": "trg", "triggerRunId": stamp, "triggerRunTimestamp": stamp} | {
        "status": "Succeeded",
        "triggerType": "ScheduleTrigger",
        **more,
    }


async def of_wire(wire: FakeWire, now: datetime = NOW, **arguments: object) -> TriggerStatus:
    adf = Adf(factories=Factories([LAB], "lab", lambda _: wire), clock=lambda: now)
    report = cast(
        "TriggerReport", await Toolbox(ADF_TOOLS, [adf]).call("adf_trigger_status", **arguments)
    )
    return report.triggers[0]


async def test_a_start_of_a_moment_ago_is_late_and_not_missed_yet() -> None:
    wire = FakeWire()
    start = {"frequency": "Day", "interval": 1, "startTime": "2031-08-01T04:58:00Z"}
    wire.triggers["trg"] = scheduled(start)
    days = (datetime(2031, 8, day, 4, 58, tzinfo=UTC) for day in (18, 19))
    wire.trigger_run_pages = [[fired(day) for day in days]]
    found = await of_wire(wire)
    assert found.late == datetime(2031, 8, 20, 4, 58, tzinfo=UTC)
    assert found.missed == ()
    later = await of_wire(wire, NOW + timedelta(minutes=10))
    assert later.missed == (found.late,)


async def test_the_log_is_read_only_where_it_is_asked_who_stopped_a_trigger() -> None:
    wire = FakeWire()
    start = {"frequency": "Day", "interval": 1, "startTime": "2031-08-01T04:30:00Z"}
    published = scheduled(start)
    stopped = {**published["properties"], "runtimeState": "Stopped"}
    wire.triggers["trg"] = {**published, "properties": stopped}
    wire.trigger_run_pages = [[fired(datetime(2031, 8, 19, 4, 30, tzinfo=UTC))]]
    quick = await of_wire(wire, stops=False)
    assert wire.calls["list_activity_log"] == 0
    asked = await of_wire(wire)
    assert wire.calls["list_activity_log"] == 1
    assert quick.missed == asked.missed != ()


async def test_a_firing_that_failed_is_told() -> None:
    wire = FakeWire()
    wire.triggers["trg"] = scheduled({"frequency": "Day", "startTime": "2031-08-01T04:00:00Z"})
    moment = datetime(2031, 8, 20, 4, tzinfo=UTC)
    wire.trigger_run_pages = [[fired(moment, status="Failed"), fired(moment - timedelta(days=1))]]
    found = await of_wire(wire)
    assert len(found.failed) == 1
    assert found.missed == ()


async def test_nothing_about_the_future_is_said_of_an_event_trigger() -> None:
    wire = FakeWire()
    wire.triggers["trg"] = definition(
        type="BlobEventsTrigger",
        typeProperties={"blobPathBeginsWith": "/in/blobs/a", "scope": "/subscriptions/x/stfarm"},
    )
    found = await of_wire(wire)
    assert (found.predictable, found.next_start, found.missed) == (False, None, ())
    assert found.schedule == "when an event arrives (stfarm /in/blobs/a)"


@pytest.mark.parametrize(
    "recurrence",
    [
        None,
        "daily",
        {"frequency": "Day", "startTime": 5},
        {"frequency": "Day", "startTime": "2031-08-01T04:00:00", "timeZone": "Nowhere Time"},
        {"frequency": 7, "startTime": "2031-08-01T04:00:00Z", "interval": "often"},
    ],
)
async def test_a_schedule_that_cannot_be_read_misses_nothing_and_says_so(recurrence: Any) -> None:  # noqa: ANN401
    wire = FakeWire()
    wire.triggers["trg"] = scheduled(recurrence)
    found = await of_wire(wire)
    assert (found.predictable, found.missed, found.next_start) == (False, (), None)


async def test_the_last_firings_that_cannot_be_read_are_a_gap() -> None:
    class Refusing(FakeWire):
        async def query_trigger_runs(self, factory: Factory, query: Json) -> Json:
            if self.calls["query_trigger_runs"] > 1:
                raise Forbidden("no", asked="query the trigger runs")
            return await super().query_trigger_runs(factory, query)

    wire = Refusing()
    wire.triggers["trg"] = scheduled({"frequency": "Month", "startTime": "2031-01-01T04:00:00Z"})
    adf = Adf(factories=Factories([LAB], "lab", lambda _: wire), clock=lambda: NOW)
    report = cast("TriggerReport", await Toolbox(ADF_TOOLS, [adf]).call("adf_trigger_status"))
    assert len(report.gaps) == 1
    assert report.triggers[0].last_fired is None


def test_a_recorded_trigger_run_is_decoded() -> None:
    body = orjson.loads((RECORDED / "triggerruns_query.json").read_bytes())["body"]
    found = trigger_run(body["value"][0])
    assert found.scheduled == datetime(2018, 7, 13, 19, 50, tzinfo=UTC)
    assert found.fired_at == datetime(2018, 7, 13, 19, 50, 0, 355391, tzinfo=UTC)
    assert found.pipeline_runs == {"samplePipeline": "aaaaaaaa-0000-4000-8000-000000000001"}


def test_recorded_runs_of_windows_are_decoded_with_their_windows_and_states() -> None:
    body = orjson.loads((RECORDED / "triggerruns_tumbling.json").read_bytes())["body"]
    done, running, waiting = map(trigger_run, body["value"])
    states = [one.status for one in (done, running, waiting)]
    assert states == [RunStatus.SUCCEEDED, RunStatus.IN_PROGRESS, RunStatus.QUEUED]
    assert waiting.window_start == datetime(2019, 9, 10, 16, 15, tzinfo=UTC)
    assert waiting.window_end == datetime(2019, 9, 10, 16, 30, tzinfo=UTC)
    assert waiting.pipeline_runs == {}
    assert waiting.waits_for == ()


async def test_recorded_windows_that_are_caught_up_are_matched_by_their_window() -> None:
    wire = FakeWire()
    body = orjson.loads((RECORDED / "triggerruns_tumbling.json").read_bytes())["body"]
    wire.trigger_run_pages = [body["value"]]
    wire.triggers["foo"] = {
        "name": "foo",
        "properties": {
            "type": "TumblingWindowTrigger",
            "runtimeState": "Started",
            "pipeline": {"pipelineReference": {"referenceName": "samplePipeline"}},
            "typeProperties": {
                "frequency": "Minute",
                "interval": 15,
                "startTime": "2019-09-10T13:00:00Z",
                "endTime": "2019-09-14T13:00:00Z",
                "maxConcurrency": 2,
            },
        },
    }
    found = await of_wire(wire, datetime(2020, 9, 30, 0, 31, 18, tzinfo=UTC))
    assert found.last_fired == datetime(2020, 9, 30, 0, 31, 6, 324078, tzinfo=UTC)
    assert found.ended == datetime(2019, 9, 14, 13, tzinfo=UTC)
    assert (found.missed, found.next_start) == ((), None)


def test_a_tumbling_window_is_decoded_with_its_dependencies_and_retries() -> None:
    wire = definition(
        type="TumblingWindowTrigger",
        pipeline={"pipelineReference": {"referenceName": "P"}},
        typeProperties={
            "frequency": "Hour",
            "interval": 6,
            "startTime": "2031-08-01T00:00:00Z",
            "delay": "00:15:00",
            "maxConcurrency": 4,
            "retryPolicy": {"count": 2, "intervalInSeconds": 60},
            "dependsOn": [
                {
                    "type": "TumblingWindowTriggerDependencyReference",
                    "referenceTrigger": {"referenceName": "up"},
                    "size": "1.00:00:00",
                    "offset": "-06:00:00",
                },
                {"type": "SelfDependencyTumblingWindowTriggerReference", "offset": "-06:00:00"},
            ],
        },
    )
    found = trigger_definition(LAB, wire)
    assert (found.kind, found.pipelines) == (TriggerKind.TUMBLING_WINDOW, ("P",))
    window = found.window
    assert window is not None
    assert (window.delay, window.retries, window.max_concurrency) == (timedelta(minutes=15), 2, 4)
    upstream, own = window.depends_on
    assert (upstream.trigger, upstream.size) == ("up", timedelta(days=1))
    assert (own.trigger, own.offset) == (None, timedelta(hours=-6))
