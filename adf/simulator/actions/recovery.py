"""What a rerun from a failure or an activity repeats, by the rules that Data Factory documents.

What lies before the point of the start keeps its output where it succeeded: data and other outside
activities are not run again. Conditions are read again, loops go over their items again; Wait,
Filter and variables do what they did before; a pipeline is called again, by the same rules.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep, PipelineGraph
from adf.simulator.gitfolder.execution.results import PartialRerun
from adf.simulator.runs import CANCELLED, FAILED, SUCCEEDED, SimulatedActivityRun

_BROKEN = frozenset({FAILED, CANCELLED, "TimedOut"})
Rows = tuple[SimulatedActivityRun, ...]


def recovery_of(
    graph: PipelineGraph,
    rows: Rows,
    start_activity: str | None,
    rows_of_run: Callable[[str], Rows],
) -> PartialRerun:
    """The recovery of a run with those activity runs, from an activity or from what broke."""
    last = _last_attempts(rows)
    broken = {row.name for row in last if row.status in _BROKEN}
    begins = (
        {start_activity}
        if start_activity
        else {step.name for step in graph.steps if step.name in broken}
    )
    repeats = downstream(graph.steps, begins)
    return replace(_replayed(last, rows_of_run), repeats=repeats)


def downstream(steps: Sequence[GraphStep], begins: Iterable[str]) -> frozenset[str]:
    """These steps of a sequence and all that wait for them, directly or not."""
    found = set(begins)
    while more := {
        step.name
        for step in steps
        if step.name not in found and any(name in found for name, _ in step.waits_for)
    }:
        found |= more
    return frozenset(found)


def _replayed(rows: Rows, rows_of_run: Callable[[str], Rows]) -> PartialRerun:
    """A run of which everything that succeeded is kept; so for the runs it called."""
    names = {row.name for row in rows}
    unsettled = {row.name for row in rows if row.status != SUCCEEDED}
    called: dict[str, list[str]] = {}
    for row in rows:
        if row.output.get("pipelineRunId"):
            called.setdefault(row.name, []).append(str(row.output["pipelineRunId"]))

    def below(name: str) -> PartialRerun:
        inner = tuple(row for run_id in called.get(name, ()) for row in rows_of_run(run_id))
        return _replayed(_last_attempts(inner), rows_of_run)

    return PartialRerun(repeats=frozenset(), succeeded=frozenset(names - unsettled), below=below)


def _last_attempts(rows: Iterable[SimulatedActivityRun]) -> Rows:
    """Each activity run once, as its last attempt left it."""
    last: dict[tuple[str, str, str], SimulatedActivityRun] = {}
    for row in rows:
        last[(row.run_id, row.name, row.iteration)] = row
    return tuple(last.values())
