"""No folder hangs the simulator: it loads and goes on, or is refused in one line."""

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adf.simulator import WrongFolder, factory_from_folder
from tests.adf.simulator.any_folder import FolderMaker
from tests.adf.simulator.git_folders import (
    NOON,
    all_runs,
    calling,
    expression,
    pipeline,
    rows_of,
    step,
    write_folder,
)

# Seconds of the processor, so that a busy machine does not count.
SOON = 10.0
# A start of every day that lies in the minutes that a test lives through, and in the days before.
JUST_NOW = (NOON - timedelta(days=40) + timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> Any:  # noqa: ANN401
        return self.now


def live_through(place: Path, seed: int = 1) -> int:
    """Open a folder and let some time go by; how many runs there are then."""
    began = time.process_time()
    clock = Hands()
    state = factory_from_folder(place, clock, seed)
    clock.now += timedelta(minutes=10)
    runs = all_runs(state, clock.now)
    for run in runs[:5]:
        rows_of(state.factories[0], run, clock.now)
    assert time.process_time() - began < SOON
    return len(runs)


def schedule(**recurrence: Any) -> dict[str, Any]:  # noqa: ANN401
    """A started trigger of pipeline P."""
    given = {"frequency": "Day", "interval": 1, "startTime": "2026-01-01T00:00:00Z", **recurrence}
    return {
        "type": "ScheduleTrigger",
        "runtimeState": "Started",
        "typeProperties": {"recurrence": given},
        "pipelines": [{"pipelineReference": {"referenceName": "P"}}],
    }


def tumbling(*needs: Any, **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    """A started tumbling window trigger of pipeline P."""
    given = {"frequency": "Minute", "interval": 15, "startTime": "2026-05-01T00:00:00Z"}
    return {
        "type": "TumblingWindowTrigger",
        "runtimeState": "Started",
        "typeProperties": {**given, "dependsOn": list(needs), **properties},
        "pipeline": {"pipelineReference": {"referenceName": "P"}},
    }


def on(trigger: str, **more: str) -> dict[str, Any]:
    """What a window needs of another trigger."""
    kind = "TumblingWindowTriggerDependencyReference"
    return {"type": kind, "referenceTrigger": {"referenceName": trigger}, **more}


@pytest.mark.parametrize(
    "trigger",
    [
        {**schedule(), "pipelines": []},
        {**tumbling(), "pipeline": None},
        {"type": "BlobEventsTrigger", "runtimeState": "Started", "pipelines": []},
        {**schedule(), "pipelines": "all"},
        {**schedule(), "typeProperties": "daily"},
        schedule(frequency="Month", schedule={"monthDays": [31]}, interval=12),
        schedule(frequency="Month", schedule={"monthlyOccurrences": [{"occurrence": 9}]}),
        schedule(schedule={"hours": [99], "minutes": [-5]}),
        schedule(startTime="9999-12-31T23:00:00Z"),
        schedule(startTime="0001-01-01T00:00:00Z", timeZone="Tokyo Standard Time"),
        schedule(interval=10**15),
        schedule(frequency="Minute", interval="often"),
        schedule(endTime="2020-01-01T00:00:00Z"),
        tumbling(frequency="Hour", interval=10**15),
        tumbling(startTime="9999-12-31T23:00:00Z"),
        tumbling(delay="99999999.00:00:00"),
        tumbling(on("T", size="36500.00:00:00", offset="-36500.00:00:00")),
        tumbling(on("T", size="36500.00:00:00")),
        tumbling(on("Nobody")),
        tumbling("not a dependency"),
        tumbling(retryPolicy={"count": 10**9, "intervalInSeconds": 0}),
    ],
    ids=lambda trigger: json.dumps(trigger)[60:150],
)
def test_a_trigger_of_any_form_lets_its_folder_open(
    trigger: dict[str, Any], tmp_path: Path
) -> None:
    write_folder(tmp_path, pipeline={"P": pipeline(step("Copy"))}, trigger={"T": trigger})
    assert live_through(tmp_path) > 0


def test_windows_that_wait_for_each_other_wait_without_work(tmp_path: Path) -> None:
    triggers = {
        "A": tumbling(on("B"), frequency="Minute", interval=1),
        "B": tumbling(on("A"), frequency="Minute", interval=1),
        "C": tumbling(frequency="Minute", interval=1),
    }
    write_folder(tmp_path, pipeline={"P": pipeline(step("Wait", "Wait"))}, trigger=triggers)
    assert live_through(tmp_path) > 0


def test_many_triggers_of_every_minute_open_in_time(tmp_path: Path) -> None:
    triggers = {f"T{n}": schedule(frequency="Minute") for n in range(60)}
    write_folder(tmp_path, pipeline={"P": pipeline(step("Copy"))}, trigger=triggers)
    assert live_through(tmp_path) > 1000


def nested(depth: int, kind: str = "ForEach", inside: Any = ()) -> dict[str, Any]:  # noqa: ANN401
    """Loops in loops, 200 items each."""
    inner = [nested(depth - 1, kind, inside)] if depth else list(inside) or [step("Copy")]
    where = "ifFalseActivities" if kind == "IfCondition" else "activities"
    more: dict[str, Any] = {
        "items": expression("@range(0, 200)"),
        "expression": expression("@equals(1, 2)"),
        where: inner,
    }
    return step(f"{kind} {depth}", kind, **more)


@pytest.mark.parametrize(
    "pipelines",
    [
        {"P": pipeline(calling("Again", "P"), calling("And again", "P"), step("Copy"))},
        {
            "P": pipeline(*(calling(f"Q{n}", "Q") for n in range(9))),
            "Q": pipeline(*(calling(f"P{n}", "P") for n in range(9)), step("Copy")),
        },
        {"P": pipeline(nested(4))},
        {"P": pipeline(nested(9, "Until"))},
        {"P": pipeline(nested(3, "ForEach", [calling("Again", "P")]))},
        {"P": pipeline(nested(20, "IfCondition"))},
        {"P": pipeline(step("Copy", policy={"retry": 10**9, "retryIntervalInSeconds": 10**12}))},
        {"P": pipeline(step("Set", "SetVariable", value=expression("@{" + "''" * 300)))},
        {
            "P": pipeline(
                step("Wait", "Wait", waitTimeInSeconds=expression("@range(0, 2000000000)"))
            )
        },
        {"P": pipeline(step("A", after="B"), step("B", after="A"), step("A"))},
        {"P": {"activities": None}},
        {"P": {}},
    ],
    ids=lambda pipelines: json.dumps(pipelines)[:70],
)
def test_pipelines_of_any_form_let_their_folder_open(
    pipelines: dict[str, Any], tmp_path: Path
) -> None:
    write_folder(tmp_path, pipeline=pipelines, trigger={"T": schedule(startTime=JUST_NOW)})
    assert live_through(tmp_path) > 0


def test_activities_nested_without_end_are_refused_by_name(tmp_path: Path) -> None:
    write_folder(tmp_path, pipeline={"P": pipeline(nested(200, "IfCondition"))})
    with pytest.raises(WrongFolder, match="pipeline P: activities nested more than"):
        live_through(tmp_path)


def test_a_folder_that_takes_long_says_how_far_it_is(tmp_path: Path) -> None:
    lines: list[str] = []
    write_folder(
        tmp_path,
        pipeline={"P": pipeline(step("Copy"))},
        trigger={"T": schedule(frequency="Minute", interval=2)},
    )
    factory_from_folder(tmp_path, lambda: NOON, progress=lines.append)
    assert len(lines) >= 2
    assert "500 runs of the last two days so far" in lines[0]


def opens_or_is_refused(place: Path, seed: int) -> None:
    """Whether a folder of the seed opens, or is refused in one line."""
    write_folder(place, **FolderMaker(seed).folder())
    said = "opened"
    try:
        live_through(place, seed)
    except WrongFolder as refusal:
        said = str(refusal)
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("seed", range(6))
def test_some_folders_open_or_are_refused_in_one_line(seed: int, tmp_path: Path) -> None:
    opens_or_is_refused(tmp_path, seed)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(200))
def test_any_folder_opens_or_is_refused_in_one_line(seed: int, tmp_path: Path) -> None:
    opens_or_is_refused(tmp_path, seed)
