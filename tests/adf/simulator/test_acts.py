"""What is posted to the simulator takes effect: runs begin and are cancelled, triggers stop."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adf.errors import Forbidden, NotFound, Rejected
from adf.records import ActionKind, ActionTarget, RerunMode, RunStatus, TimeRange
from adf.simulator import Fault, factory_from_folder, live_factory, read_role
from tests.adf.acting import READER, WRITER, ActionBench, acting
from tests.adf.simulator.git_folders import step
from tests.adf.simulator.lab import GIVEN, lab
from tests.adf.simulator.worlds import NOW

READS = ["*/read", "*/query*/action"]
ROLE = Path(__file__).parents[3] / "deploy" / "operator-role.json"
ACTIONS = [*read_role(ROLE)]


def names(rows: Any) -> list[str]:  # noqa: ANN401
    return [row.name for row in rows]


async def test_a_rerun_from_failure_is_in_progress_at_once_and_ends_well() -> None:
    async with acting(lab()) as bench:
        new = await bench.rerun("load-1", RerunMode.FROM_FAILURE)
        run_now = await bench.run(new)
        assert (run_now.status, run_now.pipeline) == (RunStatus.IN_PROGRESS, "Load")
        bench.wait(hours=1)
        assert (await bench.run(new)).status is RunStatus.SUCCEEDED
        assert names(await bench.rows(new)) == ["Copy_Table", "Merge"]


async def test_a_whole_rerun_repeats_every_activity() -> None:
    async with acting(lab()) as bench:
        new = await bench.rerun("load-1", RerunMode.WHOLE)
        bench.wait(hours=1)
        assert names(await bench.rows(new)) == ["Look_Up", "Copy_Table", "Merge"]


async def test_a_rerun_from_an_activity_begins_there() -> None:
    async with acting(lab()) as bench:
        new = await bench.rerun("load-1", RerunMode.FROM_ACTIVITY, "Copy_Table")
        bench.wait(hours=1)
        assert names(await bench.rows(new)) == ["Copy_Table", "Merge"]


async def test_a_loop_starts_over_with_all_its_items() -> None:
    async with acting(lab()) as bench:
        before = {row.item for row in await bench.rows("loop-1") if row.item}
        new = await bench.rerun("loop-1", RerunMode.FROM_FAILURE)
        bench.wait(hours=3)
        rows = await bench.rows(new)
        assert {row.item for row in rows if row.item} == before
        assert len(before) == 4
        assert {row.status for row in rows} == {RunStatus.SUCCEEDED}


async def test_a_rerun_joins_the_group_of_its_run_and_takes_its_place() -> None:
    async with acting(lab()) as bench:
        new = await bench.rerun("load-1", RerunMode.FROM_FAILURE)
        again = await bench.rerun(new, RerunMode.WHOLE)
        found = {one: await bench.run(one) for one in ("load-1", new, again)}
        assert {run.group_id for run in found.values()} == {"load-1"}
        assert [found[one].is_latest for one in found] == [False, False, True]


async def test_a_rerun_has_the_parameters_of_its_run() -> None:
    async with acting(lab()) as bench:
        new = await bench.rerun("load-1", RerunMode.FROM_FAILURE)
        run_now, old = await bench.run(new), await bench.run("load-1")
        assert run_now.parameters == old.parameters
        assert run_now.parameters == {"day": "2031-08-20", "full": "true", "tables": '["a","b"]'}
        bench.wait(hours=1)
        assert (await bench.run(new)).status is RunStatus.SUCCEEDED


async def test_a_run_without_a_parameter_that_it_needs_fails_as_recorded() -> None:
    async with acting(lab()) as bench:
        new = await bench.perform(ActionKind.RUN, pipeline="Load", parameters={"full": False})
        bench.wait(hours=1)
        ended = await bench.run(new)
        assert ended.status is RunStatus.FAILED
        assert "The workflow parameter 'day' is not found" in ended.message


async def test_a_run_now_is_a_run_of_its_own() -> None:
    async with acting(lab()) as bench:
        new = await bench.perform(ActionKind.RUN, pipeline="Load", parameters=GIVEN)
        begun = await bench.run(new)
        assert (begun.group_id, begun.is_latest) == (new, True)
        assert begun.invoked_by is not None
        assert begun.invoked_by.kind == "Manual"
        assert (await bench.run("load-1")).is_latest


async def test_a_world_may_plan_that_a_rerun_fails_the_same_way() -> None:
    async with acting(lab(rerun="Failed")) as bench:
        new = await bench.rerun("load-1", RerunMode.FROM_FAILURE)
        bench.wait(hours=1)
        ended = await bench.run(new)
        assert (ended.status, "the key is taken" in ended.message) == (RunStatus.FAILED, True)


async def test_the_same_id_twice_is_two_runs() -> None:
    """Nothing here may hide that something was posted twice."""
    async with acting(lab()) as bench:
        new = await bench.rerun("load-1", RerunMode.WHOLE)
        target = ActionTarget(factory="lab", kind=ActionKind.RERUN, run_id="load-1")
        receipt = await bench.actor.perform(target, new)
        assert receipt.run_id != new
        assert len(bench.writes()) == 2
        assert {one.request_id for one in bench.writes()} == {new}


async def test_a_run_waits_for_its_place_where_the_pipeline_has_a_limit() -> None:
    async with acting(lab()) as bench:
        new = await bench.perform(ActionKind.RUN, pipeline="Queue")
        assert (await bench.run(new)).status is RunStatus.QUEUED


async def test_a_cancelled_run_is_canceling_and_then_cancelled() -> None:
    async with acting(lab()) as bench:
        await bench.perform(ActionKind.CANCEL, run_id="queue-1")
        assert (await bench.run("queue-1")).status is RunStatus.CANCELING
        bench.wait(seconds=20)
        assert (await bench.run("queue-1")).status is RunStatus.CANCELLED
        rows = await bench.rows("queue-1")
        assert [row.status for row in rows] == [RunStatus.CANCELLED]


async def test_what_was_queued_behind_a_cancelled_run_begins() -> None:
    async with acting(lab()) as bench:
        new = await bench.perform(ActionKind.RUN, pipeline="Queue")
        await bench.perform(ActionKind.CANCEL, run_id="queue-1")
        bench.wait(seconds=20)
        assert (await bench.run("queue-2")).status is RunStatus.IN_PROGRESS
        assert (await bench.run(new)).status is RunStatus.QUEUED
        bench.wait(hours=1)
        assert (await bench.run("queue-2")).status is RunStatus.SUCCEEDED
        assert (await bench.run(new)).status is RunStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("recursive", "child"), [(True, RunStatus.CANCELLED), (False, RunStatus.IN_PROGRESS)]
)
async def test_children_are_cancelled_with_their_parent_only_when_asked(
    recursive: bool, child: RunStatus
) -> None:
    async with acting(lab()) as bench:
        await bench.perform(ActionKind.CANCEL, run_id="parent-1", recursive=recursive)
        bench.wait(seconds=20)
        assert (await bench.run("parent-1")).status is RunStatus.CANCELLED
        assert (await bench.run("child-1")).status is child


async def test_a_parent_fails_where_the_child_it_waits_for_is_cancelled() -> None:
    async with acting(lab()) as bench:
        await bench.perform(ActionKind.CANCEL, run_id="child-1")
        bench.wait(seconds=20)
        parent = await bench.run("parent-1")
        assert (parent.status, "was cancelled" in parent.message) == (RunStatus.FAILED, True)


async def test_a_run_that_ended_or_never_was_can_not_be_cancelled() -> None:
    async with acting(lab()) as bench:
        with pytest.raises(Rejected):
            await bench.perform(ActionKind.CANCEL, run_id="load-1")
        with pytest.raises(NotFound) as missing:
            await bench.perform(ActionKind.CANCEL, run_id="someGuid")
        assert (missing.value.status, missing.value.code) == (400, "ReferencedPipelineRunNotFound")
        assert missing.value.said == "Referenced pipeline run id someGuid does not exist."


async def test_what_is_not_there_is_said_in_the_words_of_data_factory() -> None:
    async with acting(lab()) as bench:
        with pytest.raises(NotFound):
            await bench.perform(ActionKind.RUN, pipeline="Nothing")
        with pytest.raises(NotFound):
            await bench.perform(ActionKind.START_TRIGGER, trigger="trg_nothing")
        with pytest.raises(Rejected, match="does not exist in the pipeline"):
            await bench.rerun("load-1", RerunMode.FROM_ACTIVITY, "Copy_Nothing")


async def fired(bench: ActionBench, trigger: str) -> list[Any]:
    """Its firings since just after the world was opened."""
    since, until = NOW + timedelta(minutes=1), bench.clock() + timedelta(days=1)
    day = TimeRange(start=since, end=until)
    return [one.fired_at for one in await bench.reader.list_trigger_runs(day, [trigger])]


async def test_a_stopped_trigger_fires_no_more_until_it_is_started() -> None:
    async with acting(lab()) as bench:
        assert (await bench.reader.get_trigger("trg_queue")).is_started
        await bench.perform(ActionKind.STOP_TRIGGER, trigger="trg_queue")
        assert not (await bench.reader.get_trigger("trg_queue")).is_started
        bench.wait(hours=3, minutes=5)
        before = await fired(bench, "trg_queue")
        await bench.perform(ActionKind.START_TRIGGER, trigger="trg_queue")
        bench.wait(hours=2)
        after = await fired(bench, "trg_queue")
        assert (len(before), len(after)) == (0, 2)


async def test_a_trigger_that_was_stopped_fires_from_its_start_on() -> None:
    async with acting(lab()) as bench:
        assert await fired(bench, "trg_off") == []
        await bench.perform(ActionKind.START_TRIGGER, trigger="trg_off")
        bench.wait(hours=2)
        assert len(await fired(bench, "trg_off")) == 2


async def every_act(bench: ActionBench) -> dict[str, str | None]:
    """Do one of each kind; by the permission that it needs, the action that was refused."""
    acts: list[tuple[ActionKind, dict[str, Any]]] = [
        (ActionKind.RERUN, {"run_id": "load-1"}),
        (ActionKind.CANCEL, {"run_id": "queue-1"}),
        (ActionKind.START_TRIGGER, {"trigger": "trg_off"}),
        (ActionKind.STOP_TRIGGER, {"trigger": "trg_queue"}),
    ]
    refused: dict[str, str | None] = {}
    for (kind, given), permission in zip(acts, ACTIONS, strict=True):
        try:
            await bench.perform(kind, **given)
            refused[permission] = None
        except Forbidden as error:
            refused[permission] = error.action
    return refused


async def test_every_act_works_with_the_listed_actions() -> None:
    async with acting(lab(), {READER: READS, WRITER: ACTIONS}) as bench:
        assert set((await every_act(bench)).values()) == {None}


@pytest.mark.parametrize("action", ACTIONS)
async def test_each_action_is_needed_by_its_act_and_by_no_other(action: str) -> None:
    fewer = [one for one in ACTIONS if one != action]
    async with acting(lab(), {READER: READS, WRITER: fewer}) as bench:
        refused = await every_act(bench)
        assert {one for one, said in refused.items() if said} == {action}
        assert refused[action] == action


async def test_the_reader_may_do_nothing() -> None:
    roles = {READER: READS, WRITER: READS}
    async with acting(lab(), roles) as bench:
        assert await every_act(bench) == {one: one for one in ACTIONS}


async def test_azure_may_refuse_what_the_role_allows() -> None:
    """createRun returns 403 although the role check passed."""
    fault = Fault(path="/createRun", method="POST", status=403)
    async with acting(lab(), {READER: READS, WRITER: ACTIONS}, [fault]) as bench:
        with pytest.raises(Forbidden) as refused:
            await bench.rerun("load-1", RerunMode.WHOLE)
        assert refused.value.action == "Microsoft.DataFactory/factories/pipelines/createrun/action"
        assert [one.status for one in bench.writes()] == [403]
        await bench.perform(ActionKind.CANCEL, run_id="queue-1")


async def test_writes_are_told_apart_from_queries_with_what_they_asked_for() -> None:
    async with acting(lab()) as bench:
        await bench.rows("load-1")
        new = await bench.perform(ActionKind.CANCEL, run_id="parent-1", recursive=True)
        (one,) = bench.writes()
        assert one.path.endswith("/pipelineruns/parent-1/cancel")
        assert (one.request_id, one.identity, one.status) == (new, WRITER, 200)
        assert one.query["isRecursive"] == "true"


async def test_the_demos_failure_goes_green_by_a_rerun() -> None:
    async with acting(live_factory(lambda: NOW)) as bench:
        bench.wait(minutes=2)
        day = TimeRange(start=NOW - timedelta(days=1), end=NOW + timedelta(days=1))
        runs = await bench.reader.list_runs(day, statuses=[RunStatus.FAILED])
        broken = next(run for run in runs if run.pipeline == "InventorySnapshot")
        new = await bench.rerun(broken.run_id, RerunMode.FROM_FAILURE)
        assert (await bench.run(new)).status is RunStatus.IN_PROGRESS
        bench.wait(minutes=1)
        assert (await bench.run(new)).status is RunStatus.SUCCEEDED
        assert names(await bench.rows(new)) == ["Copy_StoreStock"]


async def test_a_cause_of_the_demo_that_still_stands_breaks_the_rerun_too() -> None:
    async with acting(live_factory(lambda: NOW)) as bench:
        day = TimeRange(start=NOW - timedelta(days=1), end=NOW + timedelta(days=1))
        runs = await bench.reader.list_runs(day, statuses=[RunStatus.FAILED])
        broken = next(run for run in runs if run.pipeline == "PL_Master_Nightly")
        assert broken.end
        bench.clock.now = broken.end + timedelta(minutes=1)
        soon = await bench.rerun(broken.run_id, RerunMode.FROM_FAILURE)
        bench.clock.now = broken.end + timedelta(hours=6)
        late = await bench.rerun(broken.run_id, RerunMode.FROM_FAILURE)
        bench.wait(hours=6)
        first, second = await bench.run(soon), await bench.run(late)
        assert (first.status, "REQUEST_LIMIT" in first.message) == (RunStatus.FAILED, True)
        assert second.status is RunStatus.SUCCEEDED


async def test_cancelling_the_demos_long_run_lets_the_queue_go_on() -> None:
    async with acting(live_factory(lambda: NOW)) as bench:
        day = TimeRange(start=NOW - timedelta(days=1), end=NOW + timedelta(days=1))
        runs = await bench.reader.list_runs(day, pipeline="ProcessOrders")
        going = next(run for run in runs if run.status is RunStatus.IN_PROGRESS)
        queued = [run.run_id for run in runs if run.status is RunStatus.QUEUED]
        await bench.perform(ActionKind.CANCEL, run_id=going.run_id)
        bench.wait(seconds=30)
        states = [(await bench.run(one)).status for one in reversed(queued)]
        assert states == [RunStatus.IN_PROGRESS, *(RunStatus.QUEUED for _ in queued[1:])]
        bench.wait(minutes=40)
        later = await bench.reader.list_runs(day, pipeline="ProcessOrders")
        assert RunStatus.QUEUED not in {run.status for run in later}


async def test_a_stopped_trigger_of_the_demo_starts_nothing() -> None:
    async with acting(live_factory(lambda: NOW)) as bench:
        await bench.perform(ActionKind.STOP_TRIGGER, trigger="trg_inventory_1m")
        bench.wait(minutes=5)
        since = TimeRange(start=NOW, end=NOW + timedelta(hours=1))
        runs = await bench.reader.list_runs(since, pipeline="InventorySnapshot")
        assert [run for run in runs if run.start and run.start > NOW] == []


def folder(home: Path, **pipelines: list[dict[str, Any]]) -> Path:
    (home / "pipeline").mkdir()
    for name, steps in pipelines.items():
        body = {"name": name, "properties": {"activities": steps}}
        (home / "pipeline" / f"{name}.json").write_text(json.dumps(body), encoding="utf-8")
    return home


async def test_a_git_folders_pipeline_is_run_as_it_is_published(tmp_path: Path) -> None:
    below = {"referenceName": "Below", "type": "PipelineReference"}
    steps = [step("Read", "Lookup"), step("Call", "ExecutePipeline", "Read", pipeline=below)]
    home = folder(tmp_path, Above=steps, Below=[step("Copy")])
    async with acting(factory_from_folder(home, lambda: NOW)) as bench:
        new = await bench.perform(ActionKind.RUN, pipeline="Above")
        assert (await bench.run(new)).status is RunStatus.IN_PROGRESS
        bench.wait(hours=12)
        rows = await bench.rows(new)
        assert names(rows) == ["Read", "Call"]
        child = rows[1].child_run_id
        assert child is not None
        assert names(await bench.rows(child)) == ["Copy"]
        assert (await bench.run(new)).status is RunStatus.SUCCEEDED
