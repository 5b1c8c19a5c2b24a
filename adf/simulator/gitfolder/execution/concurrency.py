"""How many runs of a pipeline may go on at a time, and who has to wait for whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from adf.simulator.gitfolder.execution.results import PipelineStart

_SECOND = timedelta(seconds=1)

Taken = tuple[dict[str, datetime], dict[str, list[datetime]]]


class ConcurrencySlots:
    """Gives each run of a pipeline with a limit the moment at which it may begin."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        """Keep to these limits, by pipeline."""
        self._limits = limits
        self._begins: dict[str, datetime] = {}
        self._ends: dict[str, list[datetime]] = {name: [] for name in limits}

    def begin(self, start: PipelineStart) -> datetime:
        """When a run begins; one that is played again begins as it did."""
        soon = start.due + _SECOND
        limit = self._limits.get(start.pipeline)
        if limit is None:
            return soon
        if start.run_id not in self._begins:
            ends = self._ends[start.pipeline]
            free = ends[0] + _SECOND if len(ends) == limit else soon
            self._begins[start.run_id] = max(soon, free)
        return self._begins[start.run_id]

    def end(self, start: PipelineStart, end: datetime) -> None:
        """Free the slot of a run at its end; only the ends that are last still hold anybody up."""
        limit = self._limits.get(start.pipeline)
        if limit is not None and end not in self._ends[start.pipeline]:
            ends = sorted([*self._ends[start.pipeline], end])
            self._ends[start.pipeline] = ends[-limit:]

    def move(self, pipeline: str, old: datetime, new: datetime) -> None:
        """Free a slot at another moment than was planned."""
        ends = self._ends.get(pipeline, [])
        if old in ends:
            ends[ends.index(old)] = new
            ends.sort()

    def kept(self) -> Taken:
        """How it stands, so that what comes now can be taken back."""
        return dict(self._begins), {name: list(ends) for name, ends in self._ends.items()}

    def take_back(self, kept: Taken) -> None:
        """Undo what came since."""
        self._begins, self._ends = kept
