"""Factories of real Git folders live: their runs agree with each other and with the definitions."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from adf.simulator import State, factory_from_folder
from adf.simulator.gitfolder.execution.outages import Outages
from adf.simulator.runs import SimulatedRun
from tests.adf.simulator.git_folders import (
    NOON,
    PROCFWK,
    SYNAPSE,
    all_runs,
    calling,
    pipeline,
    rows_of,
    step,
    write_folder,
)

FOLDERS = (SYNAPSE, PROCFWK)
DAY = timedelta(days=1)
PROVE = pytest.mark.prove
# What lives through hours of the larger one takes many seconds.
SMALL_FIRST = (SYNAPSE, pytest.param(PROCFWK, marks=PROVE))


class Hands:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def opened(path: Path, seed: int = 1) -> tuple[State, Hands]:
    clock = Hands()
    return factory_from_folder(path, clock, seed), clock


@lru_cache
def at_noon(path: Path, seed: int = 1) -> State:
    """A factory whose clock stands still, made once."""
    return factory_from_folder(path, lambda: NOON, seed)


def made(path: Path) -> dict[str, Any]:
    """What a factory did, for comparing."""
    state, clock = opened(path, 5)
    clock.now += DAY / 12
    runs = all_runs(state, clock.now)
    (factory,) = state.factories
    return {run.run_id: (run, rows_of(factory, run, clock.now)) for run in runs[-30:]}


@pytest.mark.parametrize("path", SMALL_FIRST)
def test_the_same_seed_makes_the_same_runs(path: Path) -> None:
    assert made(path) == made(path)
    one, other = (all_runs(at_noon(path, seed), NOON) for seed in (1, 2))
    assert one != other


@pytest.mark.parametrize("path", SMALL_FIRST)
def test_it_does_not_matter_how_often_a_factory_is_asked(path: Path) -> None:
    (often, clock), (once, other) = opened(path), opened(path)
    for _ in range(15):
        clock.now += timedelta(minutes=12)
        all_runs(often, clock.now)
    other.now += DAY / 8
    assert clock.now == other.now
    assert set_of(all_runs(often, clock.now)) == set_of(all_runs(once, other.now))


def set_of(runs: tuple[SimulatedRun, ...]) -> dict[str, SimulatedRun]:
    return {run.run_id: run for run in runs}


@pytest.mark.parametrize("path", FOLDERS)
def test_every_child_has_the_parent_that_its_caller_says(path: Path) -> None:
    state = at_noon(path)
    (factory,) = state.factories
    known = set_of(all_runs(state, NOON))
    children = [run for run in known.values() if run.invoked_by.kind == "PipelineActivity"]
    assert children
    for child in children[::5]:
        parent = known[child.invoked_by.run_id or ""]
        assert parent.pipeline == child.invoked_by.pipeline
        calls = [
            row
            for row in rows_of(factory, parent, NOON)
            if row.output.get("pipelineRunId") == child.run_id
        ]
        assert [row.name for row in calls] == [child.invoked_by.name]
        assert parent.queued_at < child.queued_at
        if child.status == "Failed" and calls[0].status == "Failed":
            assert calls[0].error.message == child.message


@pytest.mark.parametrize("path", FOLDERS)
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=PROVE)])
def test_a_run_ends_as_its_rows_say(path: Path, seed: int) -> None:
    state = at_noon(path, seed)
    (factory,) = state.factories
    runs = all_runs(state, NOON)
    for run in (*runs[::15], *(run for run in runs if run.status != "Succeeded")):
        rows = rows_of(factory, run, NOON)
        broken = [row for row in rows if row.status == "Failed"]
        assert all(row.error and row.error.message and row.error.code for row in broken)
        assert all(row.run_id == run.run_id and row.pipeline == run.pipeline for row in rows)
        if run.status == "Failed":
            name = run.message.removeprefix("Operation on target ")
            said = [row for row in broken if name.startswith(f"{row.name} failed: ")]
            assert any(run.message.endswith(row.error.message) for row in said)
        if run.status == "Succeeded":
            assert run.message == ""
            assert all(row.status != "InProgress" for row in rows)
        if run.end:
            assert run.start
            assert all(run.start <= row.start <= row.end <= run.end for row in rows if row.start)


@pytest.mark.parametrize("path", SMALL_FIRST)
def test_a_share_of_runs_breaks_and_is_well_again_later(path: Path) -> None:
    state, clock = opened(path)
    clock.now += 3 * DAY
    runs = all_runs(state, clock.now)
    roots = [run for run in runs if run.invoked_by.kind != "PipelineActivity"]
    shares = [sum(run.status == "Failed" for run in some) / len(some) for some in (runs, roots)]
    assert all(0.005 < share < 0.16 for share in shares)
    reruns = [run for run in runs if run.group_id != run.run_id]
    assert reruns
    known = set_of(runs)
    for run in reruns:
        first = known[run.group_id]
        assert (first.pipeline, first.status, first.is_latest) == (run.pipeline, "Failed", False)
        assert first.end
        assert run.queued_at > first.end
    assert Counter(run.status for run in reruns).most_common(1)[0][0] == "Succeeded"
    latest = Counter(run.group_id for run in roots if run.is_latest)
    assert set(latest.values()) == {1}


@pytest.mark.parametrize("path", SMALL_FIRST)
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=PROVE) for seed in (2, 7))])
def test_whoever_opens_a_factory_finds_something_running_broken_and_about_to_break(
    path: Path, seed: int
) -> None:
    state, clock = opened(path, seed)
    before = {run.run_id: run.status for run in all_runs(state, NOON)}
    assert {"InProgress", "Failed", "Succeeded"} <= set(before.values())
    clock.now += timedelta(minutes=40)
    after = {run.run_id for run in all_runs(state, clock.now) if run.status == "Failed"}
    assert any(run_id not in before for run_id in after)


def test_it_goes_on_for_days_and_forgets_what_is_old(tmp_path: Path) -> None:
    write_folder(tmp_path, pipeline={"P": pipeline(step("A", "Lookup"))})
    state, clock = opened(tmp_path)
    (factory,) = state.factories
    first = len(all_runs(state, NOON))
    for _ in range(20):
        clock.now += 3 * DAY
        factory.get_run(all_runs(state, clock.now)[-1].run_id, clock.now)
    kept = all_runs(state, clock.now)
    assert len(kept) > 15 * first
    assert min(run.last_updated for run in kept) > clock.now - 45 * DAY


def test_a_large_past_is_cut_and_costs_little(tmp_path: Path) -> None:
    recurrence = {"frequency": "Minute", "interval": 1, "startTime": "2026-05-01T00:00:00Z"}
    reference = {"pipelineReference": {"referenceName": "P"}}
    trigger = {
        "type": "ScheduleTrigger",
        "runtimeState": "Started",
        "pipelines": [reference, reference],
        "typeProperties": {"recurrence": recurrence},
    }
    pipelines = {"P": pipeline(calling("Call", "Q")), "Q": pipeline(step("A", "Lookup"))}
    write_folder(tmp_path, pipeline=pipelines, trigger={"often": trigger})
    state, _ = opened(tmp_path)
    assert 3000 < len(all_runs(state, NOON)) < 5000


def test_no_more_runs_of_a_pipeline_go_on_than_it_allows(tmp_path: Path) -> None:
    recurrence = {"frequency": "Minute", "interval": 5, "startTime": "2026-05-01T00:00:00Z"}
    reference = {"pipelineReference": {"referenceName": "P"}}
    trigger = {
        "type": "ScheduleTrigger",
        "runtimeState": "Started",
        "pipelines": [reference],
        "typeProperties": {"recurrence": recurrence},
    }
    slow = step("Wait", "Wait", waitTimeInSeconds=540)
    pipelines = {"P": pipeline(slow, concurrency=2), "Once": pipeline(calling("Call", "P"))}
    write_folder(tmp_path, pipeline=pipelines, trigger={"often": trigger})
    state, _ = opened(tmp_path)
    runs = [run for run in all_runs(state, NOON) if run.pipeline == "P"]
    assert any(run.status == "Queued" for run in runs) or any(
        run.start and run.start - run.queued_at > timedelta(minutes=1) for run in runs
    )
    for run in runs:
        if run.start:
            going = [
                one
                for one in runs
                if one.start and one.start <= run.start and (one.end is None or one.end > run.start)
            ]
            assert len(going) <= 2


def test_a_runtime_that_is_away_breaks_what_needs_it_and_says_so_itself() -> None:
    for seed in range(1, 30):
        state, clock = opened(SYNAPSE, seed)
        (factory,) = state.factories
        away = [run for run in all_runs(state, NOON) if "is offline" in run.message]
        if len({run.pipeline for run in away}) < 2:
            continue
        run = away[0]
        broken = next(row for row in rows_of(factory, run, NOON) if row.status == "Failed")
        while "pipelineRunId" in broken.output:
            child = factory.get_run(broken.output["pipelineRunId"], NOON)
            broken = next(row for row in rows_of(factory, child, NOON) if row.status == "Failed")
        name = broken.runtime.name
        assert f"'{name}' is offline, last connect time is '" in run.message
        clock.now = broken.start
        assert factory.runtimes[name].status["state"] == "Offline"
        clock.now = broken.start + timedelta(hours=2)
        assert factory.runtimes[name].status["state"] == "Online"
        return
    pytest.fail("no runtime was ever away")


def test_managed_runtimes_are_never_away() -> None:
    outages = Outages({"cloud": {"type": "Managed"}}, 1)
    days = (datetime(2026, 1, 1, tzinfo=UTC) + DAY * number / 4 for number in range(400))
    assert all(outages.away_since("cloud", at) is None for at in days)


def test_a_factory_is_named_and_has_its_definitions() -> None:
    state = factory_from_folder(SYNAPSE, Hands(), name="adf-x")
    (factory,) = state.factories
    assert (factory.name, factory.resource_group) == ("adf-x", "rg-demo")
    assert set(factory.runtimes) == {
        *("AutoResolveIntegrationRuntime", "PinsIntegrationRuntime", "prdacpdb001shir")
    }
    assert len(factory.runtimes) == 3
    assert factory.runtimes["AutoResolveIntegrationRuntime"].status["type"] == "Managed"
    assert "DaRT-master" in factory.pipelines
