"""What an act is, and when two previews of it say the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from adf.records import (
    ActionKind,
    ActionPreview,
    ActionTarget,
    Effect,
    PipelineRun,
    PreviewedActivity,
    RerunMode,
    RunStatus,
)

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
RERUN = ActionTarget(factory="lab", kind=ActionKind.RERUN, pipeline="Load", run_id="r1")
CANCEL = ActionTarget(factory="lab", kind=ActionKind.CANCEL, pipeline="Load", run_id="r1")


def run_of(run_id: str, status: RunStatus, last_updated: datetime | None = None) -> PipelineRun:
    return PipelineRun(
        factory="lab", run_id=run_id, pipeline="Load", status=status, last_updated=last_updated
    )


COPY = PreviewedActivity(name="Copy", kind="Copy", pipeline="Load", effect=Effect.RUNS)
PREVIEW = ActionPreview(
    target=RERUN,
    as_of=NOW,
    run=run_of("r1", RunStatus.FAILED),
    activities=(COPY,),
    parameters={"day": "1", "n": "2"},
    definition="d1",
)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": ActionKind.RERUN},
        {"kind": ActionKind.CANCEL, "pipeline": "Load"},
        {"kind": ActionKind.RUN},
        {"kind": ActionKind.START_TRIGGER, "pipeline": "Load"},
        {"kind": ActionKind.STOP_TRIGGER},
        {"kind": ActionKind.RERUN, "run_id": "r", "mode": RerunMode.FROM_ACTIVITY},
        {"kind": ActionKind.RERUN, "run_id": "r", "activity": "Copy"},
    ],
)
def test_an_act_that_leaves_its_target_open_is_none(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="needs"):
        ActionTarget(factory="lab", **given)


@pytest.mark.parametrize(
    "target",
    [
        replace(RERUN, mode=RerunMode.FROM_ACTIVITY, activity="Copy"),
        replace(CANCEL, recursive=True),
        ActionTarget(
            factory="lab", kind=ActionKind.RUN, pipeline="P", parameters={"a": [1, {"b": None}]}
        ),
        ActionTarget(factory="lab", kind=ActionKind.STOP_TRIGGER, trigger="T"),
    ],
    ids=lambda one: one.kind,
)
def test_an_act_survives_json(target: ActionTarget) -> None:
    codec = TypeAdapter(ActionTarget)
    assert codec.validate_json(codec.dump_json(target)) == target
    assert codec.validate_python(target.facts()) == target


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": NOW + timedelta(minutes=20)},
        {"parameters": {"n": "2", "day": "1"}},
        {"newer": (run_of("r2", RunStatus.FAILED),)},
        {"gaps": ("could not read",)},
        {"run": run_of("r1", RunStatus.FAILED, last_updated=NOW)},
    ],
    ids=lambda one: next(iter(one)),
)
def test_the_digest_is_the_same_while_the_act_would_do_the_same(change: dict[str, Any]) -> None:
    assert replace(PREVIEW, **change).digest == PREVIEW.digest


@pytest.mark.parametrize(
    "change",
    [
        {"target": replace(RERUN, mode=RerunMode.FROM_FAILURE)},
        {"run": run_of("r1", RunStatus.IN_PROGRESS)},
        {"activities": (replace(COPY, effect=Effect.OUTPUT_REUSED),)},
        {"activities": ()},
        {"parameters": {"day": "2", "n": "2"}},
        {"reruns": (run_of("r2", RunStatus.IN_PROGRESS),)},
        {"active": (run_of("r3", RunStatus.QUEUED),)},
        {"newer": (run_of("r4", RunStatus.SUCCEEDED),)},
        {"definition": "d2"},
        {"parent": run_of("p", RunStatus.FAILED)},
    ],
    ids=lambda one: next(iter(one)),
)
def test_the_digest_changes_with_what_the_act_would_do(change: dict[str, Any]) -> None:
    assert replace(PREVIEW, **change).digest != PREVIEW.digest


def test_the_progress_of_a_run_does_not_change_what_its_cancel_does() -> None:
    going = replace(COPY, effect=Effect.INTERRUPTED)
    before = replace(
        PREVIEW, target=CANCEL, run=run_of("r1", RunStatus.QUEUED), activities=(going,)
    )
    later = replace(before, run=run_of("r1", RunStatus.IN_PROGRESS), activities=())
    ended = replace(before, run=run_of("r1", RunStatus.SUCCEEDED))
    assert later.digest == before.digest
    assert ended.digest != before.digest
    assert replace(before, target=replace(CANCEL, recursive=True)).digest != before.digest
