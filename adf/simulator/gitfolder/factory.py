"""Puts a factory together from a Git folder: definitions, a past of two days, and what goes on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adf.simulator.clock import Clock, wall_clock
from adf.simulator.gitfolder.execution.error_texts import ErrorWords, read_errors
from adf.simulator.gitfolder.execution.outages import Outages, RuntimesNow
from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep, read_blueprints
from adf.simulator.gitfolder.execution.results import PipelineStart
from adf.simulator.gitfolder.execution.run_simulator import RunSimulator
from adf.simulator.gitfolder.folder import read_folder
from adf.simulator.gitfolder.initial_runs import InitialRuns
from adf.simulator.gitfolder.timeline import Timeline
from adf.simulator.gitfolder.triggers.triggers import Due, Triggers
from adf.simulator.gitfolder.triggers.tumbling_windows import Windows
from adf.simulator.state import DataFactory, State

GROUP = "rg-demo"
PAST = timedelta(hours=48)
MOST_PAST_RUNS = 4000
MOST_PAST_STEPS = 16_000
_RUNS_A_LINE, _MANY_PIPELINES = 500, 100
_PER_ROOT, _FEWEST, _MOST = 0.9, 72.0, 160.0


def quiet(_line: str) -> None:
    """For those who do not watch."""


def factory_from_folder(
    path: str | Path,
    clock: Clock = wall_clock,
    seed: int = 0,
    *,
    name: str | None = None,
    errors: Path | None = None,
    progress: Callable[[str], None] = quiet,
) -> State:
    """The factory of a Git folder, opened now by the clock; WrongFolder for another folder.

    A folder that takes long says through `progress` how far it is.
    """
    folder = read_folder(path, name)
    opened = clock().astimezone(UTC)
    outages = Outages(folder.runtimes, seed)
    words = ErrorWords(read_errors(errors) if errors else read_errors(), seed)
    simulator = RunSimulator(read_blueprints(folder, seed), words, outages, seed)
    if len(folder.pipelines) >= _MANY_PIPELINES:
        progress(f"{folder.name}: {len(folder.pipelines)} pipelines, choosing what ran lately")
    triggers = Triggers(folder, seed)
    story = _story(triggers, simulator, opened)
    factory = DataFactory(
        name=folder.name,
        resource_group=GROUP,
        pipelines=folder.pipelines,
        triggers=folder.triggers,
        runtimes=RuntimesNow(folder.name, folder.runtimes, outages, clock),
        datasets=folder.datasets,
        data_flows=folder.data_flows,
        linked_services=folder.linked_services,
        feed=story.until,
        on_run_moved=simulator.run_moved,
        on_trigger_started=lambda name, at: story.add_row(triggers.start(name, at)),
    )
    for count, planned in enumerate(story.until(opened), 1):
        factory.add(planned)
        if not count % _RUNS_A_LINE:
            progress(f"{folder.name}: {count} runs of the last two days so far")
    return State(clock=clock, factories=(factory,))


def _story(triggers: Triggers, simulator: RunSimulator, opened: datetime) -> Timeline:
    alone = _started_by_hand(simulator, triggers)
    since = _since(simulator, triggers, alone, opened)
    story = Timeline(simulator, Windows(triggers.tumbling, since), _rows(triggers, alone, since))
    for start in InitialRuns(simulator, alone or sorted(triggers.pipelines), opened).starts():
        story.add(Due(start=start))
    return story


def _rows(triggers: Triggers, alone: Sequence[str], since: datetime) -> Iterator[Iterator[Due]]:
    a_day = min(max(len(alone) * _PER_ROOT, _FEWEST), _MOST)
    yield from triggers.rows(since)
    yield triggers.by_hand(alone, a_day, since)


def _since(
    simulator: RunSimulator, triggers: Triggers, alone: Sequence[str], opened: datetime
) -> datetime:
    """How far back the past goes: two days, less where that would be too much to play.

    It is looked through in ever longer stretches, so that a hundred triggers of every minute cost
    no more than is played of them.
    """
    for stretch in (PAST / 48, PAST / 12, PAST / 4, PAST):
        cut = _cut(simulator, _starts(_rows(triggers, alone, opened - stretch), opened))
        if cut is not None:
            return cut
    return opened - PAST


def _cut(simulator: RunSimulator, starts: Sequence[PipelineStart]) -> datetime | None:
    """When the starts, newest first, become too many; None when all can be played."""
    runs = steps = 0
    for start in starts:
        runs += simulator.size(start.pipeline)
        steps += simulator.steps(start.pipeline)
        if runs > MOST_PAST_RUNS or steps > MOST_PAST_STEPS:
            return start.due
    return None


def _starts(rows: Iterator[Iterator[Due]], opened: datetime) -> list[PipelineStart]:
    """What was due by the opening, newest first."""
    starts: list[PipelineStart] = []
    for row in rows:
        for due in row:
            if due.start.due > opened:
                break
            starts.append(due.start)
    return sorted(starts, key=lambda one: one.due, reverse=True)


def _started_by_hand(simulator: RunSimulator, triggers: Triggers) -> list[str]:
    """The pipelines that nothing else starts."""
    called = {
        str(step.calls) for one in simulator.blueprints.values() for step in _all_steps(one.steps)
    }
    return [
        name
        for name in simulator.blueprints
        if name not in called and name not in triggers.pipelines
    ]


def _all_steps(steps: Sequence[GraphStep]) -> Iterator[GraphStep]:
    for step in steps:
        yield step
        for inside in step.branches.values():
            yield from _all_steps(inside)
