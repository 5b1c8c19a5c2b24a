"""Where everything ran, nothing is missed: the simulator keeps its own schedules, and both agree.

The day is that of the autumn clock change in Berlin.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from adf.records import TriggerReport
from adf.simulator import State, factory_from_folder, live_factory
from tests.adf.asking import asking

NOW = datetime(2026, 10, 25, 9, 17, 30, tzinfo=UTC)
WAIT = {"name": "w", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 30}}


def reference(pipeline: str) -> Any:  # noqa: ANN401
    return {"pipelineReference": {"referenceName": pipeline, "type": "PipelineReference"}}


def schedule(pipelines: list[str], **recurrence: object) -> Any:  # noqa: ANN401
    return {
        "type": "ScheduleTrigger",
        "runtimeState": "Started",
        "pipelines": [reference(one) for one in pipelines],
        "typeProperties": {"recurrence": recurrence},
    }


def tumbling(pipeline: str, **properties: object) -> Any:  # noqa: ANN401
    return {
        "type": "TumblingWindowTrigger",
        "runtimeState": "Started",
        "pipeline": reference(pipeline),
        "typeProperties": {"startTime": "2026-01-01T00:00:00Z", "maxConcurrency": 2} | properties,
    }


UPSTREAM = {
    "type": "TumblingWindowTriggerDependencyReference",
    "referenceTrigger": {"referenceName": "up"},
}
OWN = {"type": "SelfDependencyTumblingWindowTriggerReference", "offset": "-06:00:00"}
TRIGGERS = {
    "daily": schedule(
        ["A", "B"],
        frequency="Day",
        interval=1,
        startTime="2026-01-01T02:30:00",
        timeZone="W. Europe Standard Time",
        schedule={"hours": [2, 3, 7], "minutes": [30]},
    ),
    "steady": schedule(["D"], frequency="Minute", interval=7, startTime="2026-01-01T02:30:20Z"),
    "up": tumbling("B", frequency="Hour", interval=3, delay="00:10:00"),
    "down": tumbling("C", frequency="Hour", interval=6, dependsOn=[UPSTREAM, OWN]),
}


def folder(path: Path) -> Path:
    """A Git folder with these triggers and a pipeline for each of their starts."""
    pipelines = {name: {"activities": [WAIT]} for name in "ABCD"}
    for kind, resources in (("pipeline", pipelines), ("trigger", TRIGGERS)):
        (path / kind).mkdir()
        for name, properties in resources.items():
            text = json.dumps({"name": name, "properties": properties})
            (path / kind / f"{name}.json").write_text(text, encoding="utf-8")
    return path


async def report_of(state: State) -> TriggerReport:
    name = state.factories[0].name
    async with asking(state, None, "rg-demo", name) as toolbox:
        return cast("TriggerReport", await toolbox.call("adf_trigger_status"))


@pytest.mark.parametrize("hours", [0, 7, 26])
async def test_nothing_is_missed_in_a_git_folder(hours: int, tmp_path: Path) -> None:
    now = NOW + timedelta(hours=hours)
    report = await report_of(factory_from_folder(folder(tmp_path), lambda: now, seed=hours))
    assert {one.name for one in report.triggers} == TRIGGERS.keys()
    assert [one.name for one in report.triggers if one.missed or one.late] == []
    assert all(one.last_fired and one.next_start for one in report.triggers)


async def test_one_start_alone_is_missed_in_the_factory_of_the_demo() -> None:
    report = await report_of(live_factory(lambda: NOW))
    assert len(report.triggers) >= 8
    assert [one.name for one in report.triggers if one.has_problem] == ["trg_tax_rates_daily"]
