"""What does not change, kept for some minutes: runs that have ended, pipelines as published."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from adf.records import ACTIVE, PipelineDefinition, PipelineRun, RunStatus

RUNS_LAST = 300.0
MOST_RUNS = 5_000
# Just as long as people ask about one failure; after a publish the next run may differ.
DEFINITIONS_LAST = 60.0
MOST_DEFINITIONS = 200

T = TypeVar("T")
_OPEN = ACTIVE | {RunStatus.UNKNOWN}


class BoundedCache(Generic[T]):
    """Things by key, each for so long and so many of them."""

    def __init__(self, monotonic: Callable[[], float], lasting: float, most: int) -> None:
        """Begin empty."""
        self._monotonic = monotonic
        self._lasting = lasting
        self._most = most
        self._things: OrderedDict[tuple[str, str], tuple[T, float]] = OrderedDict()

    def find(self, resource: str, key: str) -> T | None:
        """The thing that was put there, unless it is too old."""
        thing, put_at = self._things.get((resource, key.lower()), (None, 0.0))
        return thing if self._monotonic() - put_at < self._lasting else None

    def put(self, resource: str, key: str, thing: T) -> None:
        """Keep a thing; the one kept longest makes room."""
        place = (resource, key.lower())
        self._things[place] = (thing, self._monotonic())
        self._things.move_to_end(place)
        if len(self._things) > self._most:
            self._things.popitem(last=False)


class RunCache:
    """Ended runs and published pipelines, shared by all clients of a subscription."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin with nothing known."""
        self._runs: BoundedCache[PipelineRun] = BoundedCache(monotonic, RUNS_LAST, MOST_RUNS)
        self.definitions: BoundedCache[PipelineDefinition] = BoundedCache(
            monotonic, DEFINITIONS_LAST, MOST_DEFINITIONS
        )

    def run(self, resource: str, run_id: str) -> PipelineRun | None:
        """A run that had ended when it was seen."""
        return self._runs.find(resource, run_id)

    def keep(self, resource: str, runs: Iterable[PipelineRun]) -> None:
        """Keep those of the runs that have ended: nothing of them changes any more."""
        for run in runs:
            if run.status not in _OPEN:
                self._runs.put(resource, run.run_id, run)
