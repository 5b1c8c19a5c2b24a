"""Puts a factory together from a Git folder: definitions, a past of two days, and what goes on."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adf.simulator.clock import Clock, wall_clock
from adf.simulator.gitfolder.execution.error_texts import ErrorWords, read_errors
from adf.simulator.gitfolder.execution.outages import Outages, RuntimesNow
from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep, read_blueprints
from adf.simulator.gitfolder.execution.results import PipelineStart
from adf.simulator.gitfolder.execution.run_simulator import RunSimulator
from adf.simulator.gitfolder.folder import GitFolder, read_folder
from adf.simulator.gitfolder.initial_runs import InitialRuns
from adf.simulator.gitfolder.timeline import Timeline
from adf.simulator.gitfolder.triggers.triggers import Due, Triggers
from adf.simulator.gitfolder.triggers.tumbling_windows import Windows
from adf.simulator.state import DataFactory, State

GROUP = "rg-demo"
PAST = timedelta(hours=48)
MOST_PAST_RUNS = 4000
_PER_ROOT, _FEWEST, _MOST = 0.9, 72.0, 160.0


def factory_from_folder(
    path: str | Path,
    clock: Clock = wall_clock,
    seed: int = 0,
    *,
    name: str | None = None,
    errors: Path | None = None,
) -> State:
    """The factory of a Git folder, opened now by the clock; WrongFolder for another folder."""
    folder = read_folder(path, name)
    opened = clock().astimezone(UTC)
    outages = Outages(folder.runtimes, seed)
    words = ErrorWords(read_errors(errors) if errors else read_errors(), seed)
    house = RunSimulator(read_blueprints(folder, seed), words, outages, seed)
    story = _story(folder, house, opened, seed)
    factory = DataFactory(
        name=folder.name,
        resource_group=GROUP,
        pipelines=folder.pipelines,
        triggers=folder.triggers,
        runtimes=RuntimesNow(folder.name, folder.runtimes, outages, clock),
        datasets=folder.datasets,
        linked_services=folder.linked_services,
        feed=story.until,
    )
    for planned in story.until(opened):
        factory.add(planned)
    return State(clock=clock, factories=(factory,))


def _story(folder: GitFolder, house: RunSimulator, opened: datetime, seed: int) -> Timeline:
    triggers = Triggers(folder, seed)
    alone = _started_by_hand(house, triggers)
    since = _since(house, list(_rows(triggers, alone, opened - PAST)), opened)
    story = Timeline(house, Windows(triggers.tumbling, since), _rows(triggers, alone, since))
    for start in InitialRuns(house, alone or sorted(triggers.pipelines), opened).starts():
        story.add(Due(start=start))
    return story


def _rows(triggers: Triggers, alone: Sequence[str], since: datetime) -> Iterator[Iterator[Due]]:
    a_day = min(max(len(alone) * _PER_ROOT, _FEWEST), _MOST)
    yield from triggers.rows(since)
    yield triggers.by_hand(alone, a_day, since)


def _since(house: RunSimulator, rows: Sequence[Iterator[Due]], opened: datetime) -> datetime:
    """How far back the past goes: two days, less where that would be too many runs."""
    starts: list[PipelineStart] = []
    for row in rows:
        for due in row:
            if due.start.due > opened:
                break
            starts.append(due.start)
    total = 0
    for start in sorted(starts, key=lambda one: one.due, reverse=True):
        total += house.size(start.pipeline)
        if total > MOST_PAST_RUNS:
            return start.due
    return opened - PAST


def _started_by_hand(house: RunSimulator, triggers: Triggers) -> list[str]:
    """The pipelines that nothing else starts."""
    called = {
        str(step.calls) for one in house.blueprints.values() for step in _all_steps(one.steps)
    }
    return [
        name for name in house.blueprints if name not in called and name not in triggers.pipelines
    ]


def _all_steps(steps: Sequence[GraphStep]) -> Iterator[GraphStep]:
    for step in steps:
        yield step
        for inside in step.branches.values():
            yield from _all_steps(inside)
