"""Every failed run of a world can be rerun, goes as its preview says, and is good in the end."""

from datetime import timedelta
from pathlib import Path

import pytest

from adf.previews import preview_action
from adf.records import ActionKind, ActionTarget, Effect, Obstacle, RerunMode, RunStatus, TimeRange
from adf.simulator import load_world
from tests.adf.acting import acting
from tests.adf.previews.test_any_rerun import executed, with_effect

DATA = Path(__file__).parents[2] / "data"
WORLDS = (DATA / "world.json", DATA / "evals" / "worlds" / "hospital_group" / "world.json")


@pytest.mark.parametrize("mode", [RerunMode.WHOLE, RerunMode.FROM_FAILURE])
@pytest.mark.parametrize("world", WORLDS, ids=lambda one: one.parent.name)
async def test_failed_runs_go_as_their_previews_say(world: Path, mode: RerunMode) -> None:
    async with acting(load_world(world)) as bench:
        opened = bench.clock()
        lately = TimeRange(start=opened - timedelta(days=45), end=opened)
        failed = await bench.reader.list_runs(lately, statuses=[RunStatus.FAILED])
        assert failed
        for run in failed:
            bench.clock.now = opened
            target = ActionTarget(
                factory="lab", kind=ActionKind.RERUN, run_id=run.run_id, mode=mode
            )
            preview = await preview_action(bench.reader, target, opened)
            if preview.obstacle is Obstacle.NOTHING_FAILED:
                assert await bench.rows(run.run_id) == ()
                continue
            assert preview.obstacle is None
            new = await bench.rerun(run.run_id, mode)
            bench.wait(days=2)
            ended = await bench.run(new)
            ran = await executed(bench, new)
            told = {one.pipeline for one in preview.activities}
            surely = with_effect(preview, Effect.RUNS, Effect.REPLAYED)
            # What a world does not describe can not be foreseen; a runtime that is off stays off.
            assert {one for one in ran if one[0] in told} - surely == set()
            if ended.status is RunStatus.SUCCEEDED:
                assert surely - ran == set()
            else:
                assert "offline" in ended.message
