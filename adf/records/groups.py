"""Runs grouped as a list shows them: by pipeline, a child under its parent, the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass

from adf.records.runs import PipelineRun, RunStatus

_WORST_FIRST = (
    RunStatus.FAILED,
    RunStatus.TIMED_OUT,
    RunStatus.CANCELLED,
    RunStatus.CANCELING,
    RunStatus.IN_PROGRESS,
    RunStatus.QUEUED,
)
_BADNESS = {status: place for place, status in enumerate(_WORST_FIRST)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunGroup:
    """The runs of one pipeline, newest first, and the child runs they caused."""

    pipeline: str
    runs: tuple[PipelineRun, ...]
    caused: tuple[PipelineRun, ...]


def grouped_runs(runs: Sequence[PipelineRun]) -> list[RunGroup]:
    """The groups in the order in which a list shows them."""
    known = {one.run_id for one in runs}
    parents = {one.run_id: _parent(one, known) for one in runs}
    own: dict[str, list[PipelineRun]] = {}
    for one in runs:
        if parents[one.run_id] is None:
            own.setdefault(one.pipeline, []).append(one)
    pipeline_of: dict[str | None, str] = {
        one.run_id: pipeline for pipeline, mine in own.items() for one in mine
    }
    caused: dict[str | None, list[PipelineRun]] = {}
    for one in runs:
        caused.setdefault(pipeline_of.get(_root(one.run_id, parents)), []).append(one)
    groups = [
        RunGroup(pipeline=pipeline, runs=tuple(mine), caused=tuple(caused.get(pipeline, ())))
        for pipeline, mine in own.items()
    ]
    return sorted(groups, key=lambda group: min(map(badness, group.runs)))


def _parent(run: PipelineRun, known: set[str]) -> str | None:
    caller = run.invoked_by.pipeline_run_id if run.invoked_by else None
    return caller if caller in known and caller != run.run_id else None


def _root(run_id: str, parents: dict[str, str | None]) -> str | None:
    """The run on top of a child run; None for a run that is no child of another."""
    at, seen = parents[run_id], {run_id}
    while at and parents.get(at) and at not in seen:
        seen.add(at)
        at = parents[at]
    return at


def badness(run: PipelineRun) -> int:
    """The place of a run among others: the lower, the worse."""
    return badness_of(run.status)


def badness_of(status: RunStatus) -> int:
    """The same of a state."""
    return _BADNESS.get(status, len(_BADNESS))
