"""What a preview says of any rerun is what the simulator, which has rules of its own, then does."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from adf.previews import preview_action
from adf.records import (
    ActionKind,
    ActionPreview,
    ActionTarget,
    Effect,
    RerunMode,
    RunStatus,
)
from tests.adf.acting import ActionBench, acting
from tests.adf.previews.any_pipelines import broken_world

Names = set[tuple[str, str]]


async def executed(bench: ActionBench, run_id: str) -> Names:
    """Every activity that ran in a run or in one below it."""
    found: Names = set()
    for row in await bench.rows(run_id):
        if row.status is not RunStatus.SKIPPED:
            found.add((row.pipeline, row.name))
        if row.child_run_id:
            found |= await executed(bench, row.child_run_id)
    return found


def with_effect(preview: ActionPreview, *effects: Effect) -> Names:
    return {(one.pipeline, one.name) for one in preview.activities if one.effect in effects}


async def target_of(bench: ActionBench, run_id: str, seed: int) -> ActionTarget:
    mode = list(RerunMode)[seed % len(RerunMode)]
    activity = None
    if mode is RerunMode.FROM_ACTIVITY:
        rows = [row for row in await bench.rows(run_id) if not row.iteration]
        activity = random.Random(seed).choice(rows).name if rows else "none"
    return ActionTarget(
        factory="lab", kind=ActionKind.RERUN, run_id=run_id, mode=mode, activity=activity
    )


def switched_off(activities: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Activities that have a row in a run and do nothing."""
    for one in activities:
        if one.get("state") == "Inactive":
            yield one["name"]
        inner = one["typeProperties"]
        for key in ("activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities"):
            yield from switched_off(inner.get(key, ()))
        for case in inner.get("cases", ()):
            yield from switched_off(case["activities"])


async def compare(seed: int) -> bool:
    """Whether a rerun could be made of that seed; it has to go as its preview says."""
    state, run_id = broken_world(seed)
    published = state.factories[0].pipelines.items()
    off = {(name, one) for name, wire in published for one in switched_off(wire["activities"])}
    async with acting(state) as bench:
        target = await target_of(bench, run_id, seed)
        preview = await preview_action(bench.reader, target, bench.clock())
        if preview.obstacle:
            return False
        new = await bench.rerun(run_id, target.mode, target.activity)
        bench.wait(days=20)
        ran = await executed(bench, new) - off
    surely = with_effect(preview, Effect.RUNS, Effect.REPLAYED) - off
    perhaps = with_effect(preview, Effect.DECIDED_ANEW)
    assert surely - ran == set(), f"seed {seed} {target.mode}: said to run and did not"
    assert ran - surely - perhaps == set(), f"seed {seed} {target.mode}: ran unsaid"
    return True


async def test_any_rerun_goes_as_its_preview_says() -> None:
    compared = [await compare(seed) for seed in range(60)]
    assert sum(compared) > 30


@pytest.mark.prove
@pytest.mark.parametrize("block", range(20))
async def test_two_thousand_reruns_go_as_their_previews_say(block: int) -> None:
    seeds = range(100 * block, 100 * (block + 1))
    assert sum([await compare(seed) for seed in seeds]) > 50
