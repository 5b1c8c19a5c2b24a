"""What does not change, kept for some minutes: runs that have ended, what is inside, pipelines."""

from collections.abc import Callable, Iterable

from cachetools import TTLCache

from adf.records import ACTIVE, ActivityRun, PipelineDefinition, PipelineRun, RunStatus

RUNS_LAST = 300.0
MOST_RUNS = 5_000
# Just as long as people ask about one failure; after a publish the next run may differ.
DEFINITIONS_LAST = 60.0
MOST_DEFINITIONS = 200
# What is inside an ended run is asked by every look at its pipeline; about 1 KB a row.
INSIDE_LASTS = 900.0
MOST_ROWS = 20_000

_Place = tuple[str, str]
_OPEN = ACTIVE | {RunStatus.UNKNOWN}


class RunCache:
    """Ended runs and published pipelines, shared by all clients of a subscription."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin with nothing known."""
        self._runs: TTLCache[_Place, PipelineRun] = TTLCache(MOST_RUNS, RUNS_LAST, monotonic)
        self._definitions: TTLCache[_Place, PipelineDefinition] = TTLCache(
            MOST_DEFINITIONS, DEFINITIONS_LAST, monotonic
        )
        self._inside: TTLCache[_Place, tuple[ActivityRun, ...]] = TTLCache(
            MOST_ROWS, INSIDE_LASTS, monotonic, getsizeof=lambda rows: len(rows) + 1
        )

    def find_run(self, resource: str, run_id: str) -> PipelineRun | None:
        """A run that had ended when it was seen."""
        return self._runs.get(_place(resource, run_id))

    def keep_ended(self, resource: str, runs: Iterable[PipelineRun]) -> None:
        """Keep those of the runs that have ended: nothing of them changes any more."""
        for run in runs:
            if run.status not in _OPEN:
                self._runs[_place(resource, run.run_id)] = run

    def find_activity_runs(self, resource: str, run_id: str) -> tuple[ActivityRun, ...] | None:
        """What is inside a run that had ended when that was read."""
        return self._inside.get(_place(resource, run_id))

    def keep_activity_runs(
        self, resource: str, run_id: str, activity_runs: tuple[ActivityRun, ...]
    ) -> None:
        """Keep what is inside a run that has ended; the rows of a very large one are read anew."""
        if len(activity_runs) < MOST_ROWS // 2:
            self._inside[_place(resource, run_id)] = activity_runs

    def find_definition(self, resource: str, pipeline: str) -> PipelineDefinition | None:
        """A pipeline as it was published a moment ago."""
        return self._definitions.get(_place(resource, pipeline))

    def keep_definition(self, resource: str, pipeline: str, definition: PipelineDefinition) -> None:
        """Keep a pipeline as it was just read."""
        self._definitions[_place(resource, pipeline)] = definition


def _place(resource: str, name: str) -> _Place:
    return resource, name.lower()
