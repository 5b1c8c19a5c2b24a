"""Worlds with other names, gaps and oddities load into factories that make sense."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adf.simulator import WrongWorld, make_world
from tests.adf.simulator.worlds import NOW, run, runs_of, steps_of_run, world

BROKEN_LOOP = (
    "Operation on target Each_Silo failed: Activity failed because an inner activity failed;"
    " Inner activity name: Weigh, Error: The scale is out of reach."
)


def at(clock: str, day: int = 20) -> datetime:
    return datetime.fromisoformat(f"2031-08-{day}T{clock}").replace(tzinfo=UTC)


def step(name: str, kind: str = "Copy", status: str = "Succeeded", **more: Any) -> Any:  # noqa: ANN401
    return {"name": name, "type": kind, "status": status, **more}


def test_times_of_day_follow_a_run_over_midnight() -> None:
    told = run("Harvest", "Succeeded", None, "01:10:00") | {"start": "2031-08-19T23:40:00Z"}
    state = world(
        runs={"r": told},
        activities={
            "r": [
                step("Reap", start="23:41:00", end="23:59:00"),
                step("Thresh", start="23:59:30", end="00:20"),
                step("Store", start="00:20:10", end="01:09:00"),
            ]
        },
    )
    reap, thresh, store = steps_of_run(state, "r")
    assert (reap.start, reap.end) == (at("23:41:00", 19), at("23:59:00", 19))
    assert (thresh.start, thresh.end) == (at("23:59:30", 19), at("00:20:00"))
    assert (store.start, store.end) == (at("00:20:10"), at("01:09:00"))


def test_missing_times_share_what_the_run_leaves_them() -> None:
    state = world(
        runs={"r": run("Harvest", "Succeeded", "01:00:00", "02:00:00")},
        activities={
            "r": [step("A"), step("B"), step("C", start="01:30:00"), step("D", end="01:59:00")]
        },
    )
    a, b, c, d = steps_of_run(state, "r")
    times = [moment for one in (a, b, c, d) for moment in (one.start, one.end)]
    known = [moment for moment in times if moment]
    assert len(known) == 8
    assert known == sorted(known)
    assert at("01:00:00") <= known[0]
    assert known[-1] == at("01:59:00")
    assert b.end is not None
    assert b.end < at("01:30:00") == c.start


def test_steps_told_side_by_side_do_not_wait_for_each_other() -> None:
    state = world(
        runs={"r": run("Harvest", "Succeeded", "01:00:00", "02:00:00")},
        activities={
            "r": [
                step("Left", start="01:00:05", end="01:40:00"),
                step("Right", start="01:00:06", end="01:30:00"),
                step("Last", start="01:40:01"),
            ]
        },
    )
    left, right, last = state.factories[0].pipelines["Harvest"]["activities"]
    assert left["dependsOn"] == right["dependsOn"] == []
    assert last["dependsOn"][0]["activity"] == "Right"


def test_invented_items_make_up_the_counts_and_break_as_those_told() -> None:
    state = world(
        runs={"r": run("Harvest", "Failed", "01:00:00", "02:00:00")},
        activities={
            "r": [
                step("Each_Field", "ForEach", "Failed", items=9, succeeded=6, failed=3),
                step("Reap", status="Failed", item="north", error="Rain.", error_code="77"),
                step("Reap", item="south"),
            ]
        },
    )
    loop, *rows = steps_of_run(state, "r")
    broken = [row for row in rows if row.status == "Failed"]
    assert len({row.item for row in rows}) == len(rows) == 9
    assert len(broken) == 3
    assert {(row.error.code, row.error.message) for row in broken if row.error} == {("77", "Rain.")}
    assert {"north", "south"} < {row.item for row in rows}
    assert all(loop.start < row.start for row in rows if row.start and loop.start)
    message = runs_of(state)["r"].message
    assert message == (
        "Operation on target Each_Field failed: Activity failed because an inner activity failed;"
        " Inner activity name: Reap, Error: Rain."
    )


def test_an_item_told_in_part_gets_its_other_steps() -> None:
    state = world(
        runs={"r": run("Harvest", "Failed", "01:00:00", "02:00:00")},
        activities={
            "r": [
                step("Each_Field", "ForEach", "Failed", items=["north", "south"], failed=1),
                step("Reap", status="Failed", item="north", error="Rain."),
                step("Bind", "WebActivity", item="south"),
            ]
        },
    )
    rows = [(row.item, row.name, row.status) for row in steps_of_run(state, "r") if row.item]
    assert rows == [
        ("north", "Reap", "Failed"),
        ("north", "Bind", "Skipped"),
        ("south", "Reap", "Succeeded"),
        ("south", "Bind", "Succeeded"),
    ]


def test_a_loop_in_progress_has_no_rows_for_items_it_has_not_reached() -> None:
    state = world(
        runs={"r": run("Harvest", "InProgress", "04:00:00", None)},
        activities={
            "r": [
                step("Each_Field", "ForEach", "InProgress", items=20, succeeded=3, failed=0),
                step("Reap", status="InProgress", item="east"),
            ]
        },
    )
    loop, *rows = steps_of_run(state, "r")
    assert (loop.status, loop.end) == ("InProgress", None)
    assert [row.status for row in rows] == [*("Succeeded",) * 3, "InProgress"]
    assert all(row.end <= NOW for row in rows if row.end)


def test_two_loops_keep_their_items_apart() -> None:
    state = world(
        runs={"r": run("Harvest", "Succeeded", "01:00:00", "02:00:00")},
        activities={
            "r": [
                step("Each_Field", "ForEach", items=2, succeeded=2, failed=0),
                step("Reap", item="north"),
                step("Each_Silo", "ForEach", items=3, succeeded=3, failed=0),
                step("Weigh", "Lookup", item="s1"),
            ]
        },
    )
    names = [row.name for row in steps_of_run(state, "r")]
    assert (names.count("Reap"), names.count("Weigh")) == (2, 3)
    first, second = state.factories[0].pipelines["Harvest"]["activities"]
    assert first["typeProperties"]["activities"][0]["name"] == "Reap"
    assert second["typeProperties"]["activities"][0]["type"] == "Lookup"


def test_items_without_a_loop_get_one() -> None:
    state = world(
        runs={"r": run("Harvest", "Failed", "01:00:00", "02:00:00")},
        activities={"r": [step("Reap", item="north"), step("Reap", status="Failed", item="south")]},
    )
    loop, *rows = steps_of_run(state, "r")
    assert (loop.kind, loop.status, [row.item for row in rows]) == (
        "ForEach",
        "Failed",
        ["north", "south"],
    )


def test_a_loop_told_without_items_knows_them_from_other_runs_or_from_the_message() -> None:
    loop = step("Each_Silo", "ForEach", "Failed", items=4, succeeded=3, failed=1)
    told = run("Harvest", "Failed", "01:00:00", "02:00:00", message=BROKEN_LOOP)
    state = world(runs={"r": told}, activities={"r": [loop]})
    broken = [row for row in steps_of_run(state, "r") if row.item and row.status == "Failed"]
    assert [(row.name, row.error.message) for row in broken if row.error] == [
        ("Weigh", "The scale is out of reach.")
    ]
    other = run("Harvest", "Succeeded", "03:00:00", "04:00:00")
    again = [step("Each_Silo", "ForEach", items=1), step("Lift", "Lookup", item="s1")]
    both = world(runs={"r": told, "q": other}, activities={"r": [loop], "q": again})
    assert {row.name for row in steps_of_run(both, "r") if row.item} == {"Lift"}


def test_a_message_alone_tells_of_a_loop_and_of_what_broke_in_it() -> None:
    told = run("Harvest", "Failed", "01:00:00", "02:00:00", message=BROKEN_LOOP)
    loop, row = steps_of_run(world(runs={"r": told}), "r")
    assert (loop.name, loop.kind, row.name, row.status) == (
        "Each_Silo",
        "ForEach",
        "Weigh",
        "Failed",
    )


def test_a_child_nobody_told_a_step_for_is_called_by_one() -> None:
    state = world(
        pipelines={name: [{"factory": "adf-lab"}] for name in ("Year", "Harvest")},
        runs={
            "p": run("Year", "Failed", "01:00:00", "02:00:00"),
            "c": run(
                "Harvest",
                "Failed",
                "01:05:00",
                "01:50:00",
                parent="p",
                invoked_by="Year",
                message="Operation on target Reap failed: Rain.",
            ),
        },
    )
    (call,) = steps_of_run(state, "p")
    assert (call.kind, call.output["pipelineRunId"]) == ("ExecutePipeline", "c")
    assert call.start is not None
    assert at("01:00:00") <= call.start <= at("01:05:00")
    assert runs_of(state)["c"].invoked_by.name == call.name
    assert runs_of(state)["p"].message == (
        f"Operation on target {call.name} failed: Operation on target Reap failed: Rain."
    )
    (published,) = state.factories[0].pipelines["Year"]["activities"]
    assert published["typeProperties"]["pipeline"]["referenceName"] == "Harvest"


def test_a_calling_step_takes_the_child_whose_pipeline_it_names() -> None:
    state = world(
        pipelines={name: [{"factory": "adf-lab"}] for name in ("Year", "Harvest", "Sow")},
        runs={
            "p": run("Year", "InProgress", "01:00:00", None),
            "c": run("Harvest", "InProgress", "01:05:00", None, parent="p", invoked_by="Year"),
        },
        activities={
            "p": [
                step("Run Sow", "ExecutePipeline", "Succeeded"),
                step("Run Harvest", "ExecutePipeline", "InProgress"),
            ]
        },
    )
    sow, harvest = steps_of_run(state, "p")
    assert "pipelineRunId" not in sow.output
    assert (harvest.output["pipelineRunId"], harvest.end) == ("c", None)


def test_a_call_inside_a_loop_leads_to_its_child() -> None:
    state = world(
        runs={
            "p": run("Year", "Succeeded", "01:00:00", "02:00:00"),
            "c": run("Harvest", "Succeeded", "01:05:00", "01:50:00", parent="p"),
        },
        activities={
            "p": [
                step("Each_Field", "ForEach", items=2, succeeded=2, failed=0),
                step("Call", "ExecutePipeline", item="north", child_run="c"),
            ]
        },
    )
    rows = [row for row in steps_of_run(state, "p") if row.item == "north"]
    assert [row.output["pipelineRunId"] for row in rows] == ["c"]
    assert [row.start for row in rows] == [at("01:05:00")]


def test_a_run_that_only_tells_its_rows_copied_them() -> None:
    state = world(runs={"r": run("Harvest", "Succeeded", "01:00:00", "02:00:00", rows=12)})
    (copy,) = steps_of_run(state, "r")
    assert (copy.kind, copy.output["rowsRead"], copy.output["rowsCopied"]) == ("Copy", 12, 12)
    assert copy.name == state.factories[0].pipelines["Harvest"]["activities"][0]["name"]


def test_a_failed_step_without_an_error_takes_the_runs_message() -> None:
    told = run("Harvest", "Failed", "01:00:00", "02:00:00", message="The barn burnt.")
    state = world(runs={"r": told}, activities={"r": [step("Store", status="Failed")]})
    (store,) = steps_of_run(state, "r")
    assert store.error is not None
    assert store.error.message == "The barn burnt."


def test_a_cancelled_run_may_have_no_end() -> None:
    state = world(runs={"r": run("Harvest", "Canceled", "01:00:00", None)})
    told = runs_of(state)["r"]
    assert (told.status, told.end) == ("Cancelled", None)
    assert told.last_updated > at("01:00:00")


def test_a_run_that_failed_just_now_has_ended() -> None:
    state = world(
        runs={"r": run("Harvest", "Failed", "04:59:50", None)},
        activities={"r": [step("Reap", status="Failed", start="04:59:51", end="05:00:00")]},
    )
    told = runs_of(state)["r"]
    assert (told.status, told.end) == ("Failed", NOW)


def test_a_run_says_who_started_it() -> None:
    state = world(
        pipelines={"Harvest": [{"factory": "adf-lab", "trigger": "trg_moon"}]},
        triggers={"trg_sun": {"pipeline": "Harvest", "state": "Started", "schedule": "hourly"}},
        runs={
            "moon": run("Harvest", "Succeeded", "01:00:00", "01:10:00"),
            "sun": run("Harvest", "Succeeded", "01:00:00", "01:10:00", invoked_by="trg_sun"),
            "hand": run("Harvest", "Succeeded", "01:00:00", "01:10:00", invoked_by="manual"),
            "slot": run(
                "Harvest", "Succeeded", "01:00:00", "01:10:00", invoked_by="tumbling window"
            ),
            "file": run("Harvest", "Succeeded", "01:00:00", "01:10:00", invoked_by="blob event"),
        },
    )
    told = {key: (one.invoked_by.name, one.invoked_by.kind) for key, one in runs_of(state).items()}
    assert told == {
        "moon": ("trg_moon", "ScheduleTrigger"),
        "sun": ("trg_sun", "ScheduleTrigger"),
        "hand": ("Manual", "Manual"),
        "slot": ("trg_moon", "TumblingWindowTrigger"),
        "file": ("trg_moon", "BlobEventsTrigger"),
    }


def test_parameters_that_are_lists_travel_as_texts() -> None:
    told = run("Harvest", "Succeeded", "01:00:00", "01:10:00", parameters={"a": "x", "b": [1, 2]})
    assert runs_of(world(runs={"r": told}))["r"].parameters == {"a": "x", "b": "[1,2]"}


def test_triggers_and_runtimes_belong_to_the_factory_of_their_pipelines() -> None:
    state = world(
        factories={"adf-lab": {"rg": "rg-lab"}, "adf-farm": {"rg": "rg-farm"}},
        pipelines={
            "Sow": [{"factory": "adf-farm", "trigger": "trg_sow"}],
            "Both": [{"factory": "adf-lab"}, {"factory": "adf-farm", "trigger": "trg_both"}],
        },
        triggers={
            "trg_sow": {"pipeline": "Sow", "state": "Started", "schedule": "daily 01:00 UTC"},
            "trg_both": {"pipeline": "Both", "state": "Stopped", "schedule": "hourly"},
        },
        irs={
            "barn": {"type": "SelfHosted", "state": "Limited", "nodes": 2, "used_by": ["Sow"]},
            "cloud": {"type": "Managed", "state": "Online"},
        },
    )
    lab, farm = state.factories
    assert (set(lab.triggers), set(farm.triggers)) == (set(), {"trg_sow", "trg_both"})
    assert (set(lab.runtimes), set(farm.runtimes)) == ({"cloud"}, {"barn"})
    nodes = farm.runtimes["barn"].status["typeProperties"]["nodes"]
    assert [node["status"] for node in nodes] == ["Online", "Offline"]


def test_a_trigger_that_fired_last_at_some_minute_keeps_it() -> None:
    state = world(
        triggers={
            "t": {
                "pipeline": "Harvest",
                "state": "Stopped",
                "schedule": "every 2 h",
                "last_fired": (NOW - timedelta(minutes=13)).isoformat(),
            }
        }
    )
    made = state.factories[0].triggers["t"]["typeProperties"]["recurrence"]
    assert made["startTime"].endswith("T00:47:00Z")
    assert "Harvest" in state.factories[0].pipelines


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({}, "now_utc"),
        ({"now_utc": "2031-01-01T00:00:00Z"}, "factories"),
        (
            {
                "now_utc": "2031-01-01T00:00:00Z",
                "factories": {"f": {}},
                "triggers": {"trg_odd": {"pipeline": "P", "schedule": "at full moon"}},
            },
            "trg_odd.*at full moon",
        ),
        (
            {
                "now_utc": "2031-01-01T00:00:00Z",
                "factories": {"f": {}},
                "irs": {"barn": {"type": "SelfHosted", "nodes": "two"}},
            },
            "barn",
        ),
    ],
)
def test_a_world_that_cannot_be_read_says_which_entry_is_wrong(document: Any, named: str) -> None:  # noqa: ANN401
    with pytest.raises(WrongWorld, match=named):
        make_world(document)
