"""Triggers of a folder fire when the service would fire them."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from adf.simulator import factory_from_folder
from adf.simulator.gitfolder.triggers.recurrence import firings
from adf.simulator.runs import SimulatedRun
from tests.adf.simulator.git_folders import NOON, all_runs, expression, pipeline, step, write_folder

HOUR = timedelta(hours=1)


def fired(after: str, count: int, **recurrence: Any) -> list[str]:  # noqa: ANN401
    given = {"interval": 1, "startTime": "2026-01-01T00:00:00Z", **recurrence}
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    return [f"{when:%m-%d %H:%M}" for when in islice(firings(given, moment), count)]


@pytest.mark.parametrize(
    ("after", "recurrence", "expected"),
    [
        (
            "2026-05-06T12:01",
            {"frequency": "Minute", "interval": 15},
            ["05-06 12:15", "05-06 12:30"],
        ),
        ("2026-05-06T12:01", {"frequency": "Hour", "interval": 5}, ["05-06 15:00", "05-06 20:00"]),
        (
            "2026-05-06T12:06",
            {"frequency": "Hour", "schedule": {"minutes": [5, 35]}},
            ["05-06 12:35", "05-06 13:05"],
        ),
        (
            "2026-05-06T12:01",
            {"frequency": "Day", "schedule": {"hours": [6, 18], "minutes": [30]}},
            ["05-06 18:30", "05-07 06:30"],
        ),
        ("2026-05-06T12:01", {"frequency": "Day", "interval": 2}, ["05-07 00:00", "05-09 00:00"]),
        (
            "2026-05-06T12:01",
            {"frequency": "Week", "schedule": {"weekDays": ["Monday", "Friday"], "hours": [7]}},
            ["05-08 07:00", "05-11 07:00"],
        ),
        ("2026-05-06T12:01", {"frequency": "Week", "interval": 2}, ["05-07 00:00", "05-21 00:00"]),
        (
            "2026-05-06T12:01",
            {"frequency": "Month", "schedule": {"monthDays": [-1, 10]}},
            ["05-10 00:00", "05-31 00:00"],
        ),
        ("2026-05-06T12:01", {"frequency": "Month", "interval": 3}, ["07-01 00:00", "10-01 00:00"]),
        (
            "2026-05-06T12:01",
            {
                "frequency": "Month",
                "schedule": {"monthlyOccurrences": [{"day": "Friday", "occurrence": -1}]},
            },
            ["05-29 00:00", "06-26 00:00"],
        ),
        (
            "2026-10-24T12:00",
            {
                "frequency": "Day",
                "timeZone": "GMT Standard Time",
                "startTime": "2026-01-01T09:00:00",
                "schedule": {"hours": [9], "minutes": [0]},
            },
            ["10-25 09:00", "10-26 09:00"],
        ),
        (
            "2026-05-06T12:00",
            {
                "frequency": "Day",
                "timeZone": "GMT Standard Time",
                "startTime": "2026-01-01T09:00:00",
            },
            ["05-07 08:00", "05-08 08:00"],
        ),
        (
            "2026-05-06T12:00",
            {"frequency": "Day", "startTime": "2026-06-01T09:00:00Z", "timeZone": "Nowhere Time"},
            ["06-01 09:00", "06-02 09:00"],
        ),
        (
            "2026-05-06T12:00",
            {"frequency": "Day", "endTime": "2026-05-07T12:00:00Z"},
            ["05-07 00:00"],
        ),
        ("2026-05-06T12:00", {"frequency": "Year"}, []),
        ("2026-05-06T12:00", {"frequency": "Day", "startTime": "soon"}, []),
    ],
)
def test_a_schedule_fires_when_it_says(
    after: str, recurrence: dict[str, Any], expected: list[str]
) -> None:
    assert fired(after, 2, **recurrence) == expected


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def reference(name: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"pipelineReference": {"referenceName": name}, "parameters": parameters}


def started(kind: str, properties: Any, *names: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "type": kind,
        "runtimeState": "Started",
        "pipelines": [reference(name, **parameters) for name in names],
        "typeProperties": properties,
    }


def test_a_schedule_starts_its_pipelines_with_their_parameters(tmp_path: Path) -> None:
    recurrence = {"frequency": "Hour", "interval": 1, "startTime": "2026-05-01T00:05:00Z"}
    at = expression("@trigger().scheduledTime")
    on = started("ScheduleTrigger", {"recurrence": recurrence}, "P", "Q", at=at, all=True)
    off = {**started("ScheduleTrigger", {"recurrence": recurrence}, "R"), "runtimeState": "Stopped"}
    write_folder(
        tmp_path,
        pipeline={name: pipeline(step("A")) for name in "PQR"},
        trigger={"on": on, "off": off},
    )
    clock = Hands()
    state = factory_from_folder(tmp_path, clock, 3)
    runs = all_runs(state, NOON)
    by_trigger = [run for run in runs if run.invoked_by.name == "on"]
    first = [run for run in by_trigger if run.pipeline == "P"]
    assert {run.invoked_by.kind for run in by_trigger} == {"ScheduleTrigger"}
    assert len(first) == 48
    assert {run.queued_at.minute for run in by_trigger} == {5}
    assert first[0].parameters["all"] == "true"
    assert datetime.fromisoformat(first[0].parameters["at"]).minute == 5
    by_hand = {run.pipeline for run in runs if run.invoked_by.kind == "Manual" and run.is_latest}
    assert "R" in by_hand
    clock.now += 3 * HOUR
    later = [run for run in all_runs(state, clock.now) if run.invoked_by.name == "on"]
    assert len(later) == len(by_trigger) + 6


def test_a_file_that_arrives_starts_its_pipeline_and_is_named(tmp_path: Path) -> None:
    name = expression("@triggerBody().fileName")
    on = started("BlobEventsTrigger", {"blobPathBeginsWith": "/landing"}, "P", file=name)
    write_folder(tmp_path, pipeline={"P": pipeline(step("A"))}, trigger={"arrived": on})
    runs = all_runs(factory_from_folder(tmp_path, Hands(), 3), NOON)
    files = [run.parameters["file"] for run in runs if run.invoked_by.kind == "BlobEventsTrigger"]
    assert len(files) > 3
    assert all(file.endswith(".csv") for file in files)


def tumbling(name: str, *needs: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    start = expression("@trigger().outputs.windowStartTime")
    properties = {
        "frequency": "Hour",
        "interval": 2,
        "startTime": "2026-05-01T00:00:00Z",
        "dependsOn": list(needs),
        **more,
    }
    return {
        "type": "TumblingWindowTrigger",
        "runtimeState": "Started",
        "pipeline": reference(name, start=start),
        "typeProperties": properties,
    }


def need(trigger: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "type": "TumblingWindowTriggerDependencyReference",
        "referenceTrigger": {"referenceName": trigger},
        **more,
    }


def windows(tmp_path: Path, seed: int = 3, **triggers: Any) -> dict[str, list[SimulatedRun]]:  # noqa: ANN401
    """The runs of each pipeline; a trigger `t_x` starts the pipeline `x`."""
    names = [trigger.removeprefix("t_") for trigger in triggers]
    start = {"start": {"type": "string"}}
    pipelines = {name: pipeline(step("Load"), parameters=start) for name in names}
    write_folder(tmp_path, pipeline=pipelines, trigger=triggers)
    runs = all_runs(factory_from_folder(tmp_path, Hands(), seed), NOON)
    return {
        name: [run for run in runs if run.pipeline == name and run.parameters["start"]]
        for name in names
    }


def test_a_window_runs_once_it_has_closed(tmp_path: Path) -> None:
    runs = windows(tmp_path, t_up=tumbling("up", delay="00:10:00"))["up"]
    started = [run for run in runs if run.invoked_by.kind == "TumblingWindowTrigger"]
    assert len(started) == 24
    for run in started:
        begin = datetime.fromisoformat(run.parameters["start"])
        late = run.queued_at - begin - 2 * HOUR
        assert timedelta(minutes=10) <= late < timedelta(minutes=11)


def test_a_window_waits_for_the_windows_it_depends_on(tmp_path: Path) -> None:
    for seed in range(6):
        runs = windows(
            tmp_path,
            seed,
            t_up=tumbling("up"),
            t_down=tumbling("down", need("t_up", offset="-02:00:00", size="04:00:00")),
        )
        done = {
            run.parameters["start"]: run.end
            for run in runs["up"]
            if run.status == "Succeeded" and run.end
        }
        for run in runs["down"]:
            begin = datetime.fromisoformat(run.parameters["start"])
            for upstream in (begin, begin - 2 * HOUR):
                end = done.get(upstream.isoformat())
                assert end is None or run.queued_at >= end
            if begin > NOON - 44 * HOUR:
                assert begin.isoformat() in done


def test_a_window_that_depends_on_an_unknown_trigger_never_runs(tmp_path: Path) -> None:
    runs = windows(tmp_path, t_down=tumbling("down", need("t_nowhere")))
    assert runs["down"] == []


def test_a_window_that_depends_on_the_one_before_it_runs_after_it(tmp_path: Path) -> None:
    own = {"type": "SelfDependencyTumblingWindowTriggerReference", "offset": "-02:00:00"}
    runs = windows(tmp_path, t_chain=tumbling("chain", {**own, "size": "02:00:00"}))["chain"]
    assert len(runs) > 10
    ends = {run.parameters["start"]: run.end for run in runs if run.status == "Succeeded"}
    for run in runs:
        before = datetime.fromisoformat(run.parameters["start"]) - 2 * HOUR
        end = ends.get(before.isoformat())
        assert end is None or run.queued_at >= end


def test_a_window_that_broke_is_tried_again_by_its_trigger(tmp_path: Path) -> None:
    policy = {"count": 1, "intervalInSeconds": 600}
    again = 0
    for seed in range(6):
        runs = windows(tmp_path, seed, t_up=tumbling("up", retryPolicy=policy))["up"]
        for run in runs:
            same = [one for one in runs if one.parameters == run.parameters]
            if run.status == "Failed" and run is min(same, key=lambda one: one.queued_at):
                assert len(same) > 1
                again += 1
    assert again
