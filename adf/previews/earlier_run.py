"""What an earlier run did, as far as a rerun in part goes by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adf.records import ActivityRun, RunStatus
from adf.runs.report import last_attempts

_BROKEN = frozenset({RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """How the last attempts of each activity ended, and which runs it called."""

    statuses: Mapping[str, frozenset[RunStatus]]
    children: Mapping[str, tuple[str, ...]]

    @property
    def broken(self) -> frozenset[str]:
        """The activities that failed, timed out or were cancelled."""
        return frozenset(name for name, known in self.statuses.items() if known & _BROKEN)

    def is_reusable(self, name: str) -> bool:
        """Whether an activity succeeded each time it ran, so that its output stands."""
        return self.statuses.get(name) == frozenset({RunStatus.SUCCEEDED})

    def status(self, name: str) -> RunStatus | None:
        """How an activity ended, the worst first; None where it never began."""
        known = self.statuses.get(name, frozenset())
        return min(known, key=_rank, default=None)


NOTHING_EARLIER = EarlierRun(statuses={}, children={})


def earlier_run(rows: Sequence[ActivityRun]) -> EarlierRun:
    """What the activity runs of one run say."""
    statuses: dict[str, set[RunStatus]] = {}
    children: dict[str, list[str]] = {}
    for row in last_attempts(rows):
        statuses.setdefault(row.name, set()).add(row.status)
        if row.child_run_id:
            children.setdefault(row.name, []).append(row.child_run_id)
    return EarlierRun(
        statuses={name: frozenset(known) for name, known in statuses.items()},
        children={name: tuple(ids) for name, ids in children.items()},
    )


def merged(runs: Sequence[EarlierRun]) -> EarlierRun:
    """Several runs of one pipeline as one, such as those that a loop called."""
    statuses: dict[str, frozenset[RunStatus]] = {}
    children: dict[str, tuple[str, ...]] = {}
    for run in runs:
        for name, known in run.statuses.items():
            statuses[name] = statuses.get(name, frozenset()) | known
        for name, ids in run.children.items():
            children[name] = children.get(name, ()) + ids
    return EarlierRun(statuses=statuses, children=children)


def _rank(status: RunStatus) -> int:
    order = (*_BROKEN, RunStatus.CANCELING, RunStatus.IN_PROGRESS, RunStatus.SUCCEEDED)
    return order.index(status) if status in order else len(order)
