"""What a preview says of an act: what runs and what does not, beside which runs, and why not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adf.errors import NotFound
from adf.previews import preview_action
from adf.previews.activity_graph import read_graph
from adf.previews.earlier_run import NOTHING_EARLIER
from adf.previews.idempotency import idempotency_notes
from adf.previews.prediction import RunPrediction
from adf.records import (
    ActionKind,
    ActionPreview,
    ActionTarget,
    Effect,
    Obstacle,
    RerunMode,
    RunStatus,
)
from tests.adf.acting import ActionBench, acting
from tests.adf.simulator.git_folders import step
from tests.adf.simulator.lab import GIVEN, lab
from tests.adf.simulator.worlds import run, world


async def preview(bench: ActionBench, kind: ActionKind, **more: Any) -> ActionPreview:  # noqa: ANN401
    target = ActionTarget(factory="lab", kind=kind, **more)
    return await preview_action(bench.reader, target, bench.clock())


async def rerun(bench: ActionBench, run_id: str, **more: Any) -> ActionPreview:  # noqa: ANN401
    return await preview(bench, ActionKind.RERUN, run_id=run_id, **more)


def effects(found: ActionPreview) -> dict[str, Effect]:
    return {one.name: one.effect for one in found.activities}


async def test_a_rerun_from_failure_keeps_the_output_of_what_succeeded_before() -> None:
    async with acting(lab()) as bench:
        found = await rerun(bench, "load-1", mode=RerunMode.FROM_FAILURE)
    assert effects(found) == {
        "Look_Up": Effect.OUTPUT_REUSED,
        "Copy_Table": Effect.RUNS,
        "Merge": Effect.RUNS,
    }
    assert [one.name for one in found.reused] == ["Look_Up"]
    assert found.parameters == {"day": "2031-08-20", "full": "true", "tables": '["a","b"]'}
    assert (found.obstacle, found.gaps, found.newer) == (None, (), ())


async def test_a_whole_rerun_repeats_all() -> None:
    async with acting(lab()) as bench:
        found = await rerun(bench, "load-1")
    assert set(effects(found).values()) == {Effect.RUNS}
    assert [one.status for one in found.activities] == [
        *(RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.SKIPPED)
    ]


async def test_a_loop_is_said_to_start_over() -> None:
    async with acting(lab()) as bench:
        found = await rerun(bench, "loop-1", mode=RerunMode.FROM_FAILURE)
    assert [one.name for one in found.loops_restarted] == ["Each"]
    assert [one.place for one in found.repeated] == ["Each", "Each/Copy_Item"]


@pytest.mark.parametrize(
    ("run_id", "more", "obstacle", "names"),
    [
        ("queue-1", {}, Obstacle.RUN_ACTIVE, ()),
        ("queue-0", {"mode": RerunMode.FROM_FAILURE}, Obstacle.RUN_SUCCEEDED, ()),
        ("load-1", {"pipeline": "Loop"}, Obstacle.OTHER_PIPELINE, ("Load",)),
        ("load-1", {"activity": "Nothing"}, Obstacle.ACTIVITY_UNKNOWN, ("Nothing",)),
        ("loop-1", {"activity": "Copy_Item"}, Obstacle.ACTIVITY_NESTED, ("Copy_Item",)),
        ("load-1", {"activity": "Merge"}, Obstacle.ACTIVITY_NOT_REACHED, ("Merge",)),
        ("load-1", {"activity": "Copy_Table"}, None, ()),
        ("queue-0", {}, None, ()),
    ],
)
async def test_what_stands_in_the_way_of_a_rerun_is_said(
    run_id: str, more: dict[str, Any], obstacle: Obstacle | None, names: tuple[str, ...]
) -> None:
    mode = {"mode": RerunMode.FROM_ACTIVITY} if "activity" in more else {}
    async with acting(lab()) as bench:
        found = await rerun(bench, run_id, **mode, **more)
    assert (found.obstacle, found.obstacle_names) == (obstacle, names)


async def test_a_run_that_failed_before_any_activity_has_nothing_to_begin_from() -> None:
    runs = {"r": run("Load", "Failed", "04:00", "04:01", message="no parameter")}
    state = world(pipelines={"Load": [{"factory": "adf-lab"}]}, runs=runs)
    async with acting(state) as bench:
        found = await rerun(bench, "r", mode=RerunMode.FROM_FAILURE)
    assert found.obstacle is Obstacle.NOTHING_FAILED


async def test_a_run_that_is_not_there_is_not_found() -> None:
    async with acting(lab()) as bench:
        with pytest.raises(NotFound):
            await rerun(bench, "nothing")


async def test_somebody_elses_rerun_is_seen_and_changes_the_digest() -> None:
    async with acting(lab()) as bench:
        before = await rerun(bench, "load-1", mode=RerunMode.FROM_FAILURE)
        bench.wait(minutes=1)
        other = await bench.rerun("load-1", RerunMode.WHOLE)
        bench.wait(minutes=1)
        found = await rerun(bench, "load-1", mode=RerunMode.FROM_FAILURE)
        assert [one.run_id for one in found.reruns] == [other]
        assert [one.run_id for one in found.active] == [other]
        assert found.digest != before.digest
        bench.wait(hours=2)
        later = await rerun(bench, "load-1", mode=RerunMode.FROM_FAILURE)
        assert later.newer_success is not None
        assert later.newer_success.run_id == other
        assert later.active == ()


async def test_time_alone_does_not_change_a_preview() -> None:
    async with acting(lab()) as bench:
        before = await rerun(bench, "load-1", mode=RerunMode.FROM_FAILURE)
        bench.wait(minutes=29)
        assert (await rerun(bench, "load-1", mode=RerunMode.FROM_FAILURE)).digest == before.digest


async def test_a_pipeline_that_was_published_anew_changes_the_digest() -> None:
    state = lab()
    async with acting(state) as bench:
        before = await rerun(bench, "load-1")
        wire = state.factories[0].pipelines["Load"]
        copied = [dict(one) for one in wire["activities"]]
        copied[1]["typeProperties"] = {"source": {"type": "OracleSource"}}
        state.factories[0].pipelines = {
            **state.factories[0].pipelines,
            "Load": {**wire, "activities": copied},
        }
        after = await rerun(bench, "load-1")
    assert effects(after) == effects(before)
    assert after.digest != before.digest


async def test_a_secret_parameter_is_said_to_be_perhaps_missing() -> None:
    state = lab()
    wire = state.factories[0].pipelines["Load"]
    declared = {**wire["parameters"], "key": {"type": "SecureString", "defaultValue": "x"}}
    changed = {"Load": {**wire, "parameters": declared}}
    state.factories[0].pipelines = {**state.factories[0].pipelines, **changed}
    async with acting(state) as bench:
        found = await rerun(bench, "load-1")
    assert [one.partition(" is ")[0] for one in found.gaps] == ["key"]


async def test_the_parent_of_a_run_is_named() -> None:
    async with acting(lab()) as bench:
        found = await rerun(bench, "child-1")
    assert found.parent is not None
    assert (found.parent.pipeline, found.parent.status) == ("Parent", RunStatus.IN_PROGRESS)


async def test_a_new_run_needs_its_parameters() -> None:
    async with acting(lab()) as bench:
        missing = await preview(bench, ActionKind.RUN, pipeline="Load", parameters={"day": "1"})
        other = {**GIVEN, "dey": "x"}
        unknown = await preview(bench, ActionKind.RUN, pipeline="Load", parameters=other)
        right = await preview(bench, ActionKind.RUN, pipeline="Load", parameters=GIVEN)
    assert (missing.obstacle, missing.obstacle_names) == (
        Obstacle.PARAMETER_MISSING,
        ("full", "tables"),
    )
    assert (unknown.obstacle, unknown.obstacle_names) == (Obstacle.PARAMETER_UNKNOWN, ("dey",))
    assert right.obstacle is None
    assert right.parameters == {"day": "2031-08-20", "full": "true", "tables": '["a","b"]'}


async def test_a_new_run_says_what_is_under_way_already() -> None:
    async with acting(lab()) as bench:
        found = await preview(bench, ActionKind.RUN, pipeline="Queue")
    assert {one.run_id for one in found.active} == {"queue-1", "queue-2"}


async def test_a_cancel_says_what_stops_and_who_waits() -> None:
    async with acting(lab()) as bench:
        found = await preview(bench, ActionKind.CANCEL, run_id="queue-1")
    assert [one.name for one in found.interrupted] == ["Copy_Queue"]
    assert [one.run_id for one in found.active] == ["queue-2"]
    assert (found.obstacle, found.parent, found.children) == (None, None, ())


@pytest.mark.parametrize(
    ("recursive", "effect"), [(True, Effect.INTERRUPTED), (False, Effect.GOES_ON)]
)
async def test_a_cancel_says_what_becomes_of_children(recursive: bool, effect: Effect) -> None:
    async with acting(lab()) as bench:
        found = await preview(bench, ActionKind.CANCEL, run_id="parent-1", recursive=recursive)
    assert [one.run_id for one in found.children] == ["child-1"]
    assert effects(found)["Copy_Child"] is effect


async def test_a_cancel_of_what_has_ended_or_is_ending_is_none() -> None:
    async with acting(lab()) as bench:
        ended = await preview(bench, ActionKind.CANCEL, run_id="load-1")
        await bench.perform(ActionKind.CANCEL, run_id="queue-1")
        ending = await preview(bench, ActionKind.CANCEL, run_id="queue-1")
    assert (ended.obstacle, ending.obstacle) == (Obstacle.RUN_ENDED, Obstacle.RUN_CANCELING)


async def test_a_triggers_start_says_when_it_starts_what() -> None:
    async with acting(lab()) as bench:
        found = await preview(bench, ActionKind.START_TRIGGER, trigger="trg_off")
        no_change = await preview(bench, ActionKind.STOP_TRIGGER, trigger="trg_off")
        now = bench.clock()
    assert found.trigger is not None
    assert found.trigger.pipelines == ("Load",)
    assert found.next_start is not None
    assert timedelta() < found.next_start - now <= timedelta(hours=1)
    assert (found.obstacle, found.backlog) == (None, 0)
    assert no_change.obstacle is Obstacle.TRIGGER_STOPPED


async def test_a_window_trigger_says_how_many_windows_it_catches_up_on() -> None:
    trigger = {
        "pipeline": "Load",
        "state": "Stopped",
        "schedule": "tumbling window 6 h",
        "stopped_at": "2031-08-18T07:00:00Z",
    }
    pipelines = {"Load": [{"factory": "adf-lab"}]}
    async with acting(world(pipelines=pipelines, triggers={"t": trigger})) as bench:
        found = await preview(bench, ActionKind.START_TRIGGER, trigger="t")
    assert found.backlog == 7


WAITED = [
    step("Find", "Lookup"),
    step("Pause", "Wait", "Find", waitTimeInSeconds=30),
    step(
        "Which",
        "IfCondition",
        "Pause",
        expression={"value": "@activity('Find').output.x", "type": "Expression"},
        ifTrueActivities=[step("Copy_All")],
        ifFalseActivities=[step("Copy_New")],
    ),
    step("Load", "SqlServerStoredProcedure", "Which"),
    step("Tell", "WebActivity", ("Load", "Failed")),
]


def predicted(activities: list[dict[str, Any]]) -> dict[str, Effect]:
    graph = read_graph({"name": "P", "properties": {"activities": activities}})
    found = RunPrediction({"P": graph}, {}).whole("P", NOTHING_EARLIER)
    return {one.name: one.effect for one in found}


def test_what_depends_on_a_condition_or_a_failure_is_not_said_to_run() -> None:
    assert predicted(WAITED) == {
        "Find": Effect.RUNS,
        "Pause": Effect.RUNS,
        "Which": Effect.RUNS,
        "Copy_All": Effect.DECIDED_ANEW,
        "Copy_New": Effect.DECIDED_ANEW,
        "Load": Effect.RUNS,
        "Tell": Effect.IF_IT_FAILS,
    }


@pytest.mark.parametrize(
    ("kind", "properties", "is_safe"),
    [
        ("Lookup", {}, True),
        ("Wait", {}, True),
        ("Copy", {"sink": {"type": "ParquetSink"}}, True),
        ("Copy", {"sink": {"type": "AzureSqlSink"}}, False),
        ("Copy", {"sink": {"type": "AzureSqlSink", "writeBehavior": "upsert"}}, True),
        ("Copy", {"sink": {"type": "AzureSqlSink", "preCopyScript": "TRUNCATE TABLE x"}}, True),
        ("Copy", {"sink": {"type": "AzureSqlSink", "preCopyScript": {"value": "@x"}}}, False),
        ("Copy", {}, False),
        ("WebActivity", {"method": "GET"}, True),
        ("WebActivity", {"method": "POST"}, False),
        ("Script", {"scripts": [{"type": "Query"}]}, True),
        ("Script", {"scripts": [{"type": "Query"}, {"type": "NonQuery"}]}, False),
        ("SqlServerStoredProcedure", {}, False),
        ("DatabricksNotebook", {}, False),
        ("Something", {}, False),
    ],
)
def test_what_is_not_known_to_be_idempotent_is_said(
    kind: str, properties: dict[str, Any], is_safe: bool
) -> None:
    graph = read_graph({"name": "P", "properties": {"activities": [step("A", kind, **properties)]}})
    found = RunPrediction({"P": graph}, {}).whole("P", NOTHING_EARLIER)
    assert (idempotency_notes(found, {"P": graph}) == ()) is is_safe
    kept = [replace(one, effect=Effect.OUTPUT_REUSED) for one in found]
    assert idempotency_notes(kept, {"P": graph}) == ()
