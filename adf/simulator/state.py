"""Factories in memory: definitions, triggers, integration runtimes and runs, on a given clock."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.simulator.clock import Clock
from adf.simulator.queries import (
    ACTIVITY_OPERANDS,
    RUN_OPERANDS,
    Page,
    RunQuery,
    resume,
    select,
)
from adf.simulator.runs import ActivityRun, Json, PipelineRun, PlannedRun

PAGE_SIZE = 100
RETENTION = timedelta(days=45)

Feed = Callable[[datetime], Iterable[PlannedRun]]


class NotFound(Exception):
    """Something asked for by name or id that does not exist; `kind` says what."""

    def __init__(self, kind: str, name: str) -> None:
        """Tell what was looked for."""
        super().__init__(f"no {kind} {name!r}")
        self.kind = kind
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """An integration runtime: its definition, and its status as the service reports it."""

    definition: Json
    status: Json


@dataclass(slots=True, kw_only=True)
class DataFactory:
    """One factory: what is published in it, and every run it remembers."""

    name: str
    resource_group: str
    location: str = "westeurope"
    created: datetime = datetime(2023, 5, 9, 8, 30, tzinfo=UTC)
    pipelines: Mapping[str, Json] = field(default_factory=dict[str, Json])
    triggers: Mapping[str, Json] = field(default_factory=dict[str, Json])
    runtimes: Mapping[str, Runtime] = field(default_factory=dict[str, Runtime])
    feed: Feed | None = None
    _runs: dict[str, PlannedRun] = field(default_factory=dict[str, PlannedRun])

    def add(self, planned: PlannedRun) -> None:
        """Remember a run."""
        self._runs[planned.run.run_id.lower()] = planned

    def query_runs(self, query: RunQuery, now: datetime, size: int) -> Page[PipelineRun]:
        """One page of the pipeline runs that fit the query."""
        self._advance(now)
        asked = resume(query, self.name, now)
        seen = (planned.seen_at(asked.as_of) for planned in self._runs.values())
        kept = (run for run in seen if run is not None and _is_kept(run, asked.as_of))
        return select(kept, RUN_OPERANDS, asked, size)

    def get_run(self, run_id: str, now: datetime) -> PipelineRun:
        """One run by its id; NotFound for one unknown, not begun or too old."""
        self._advance(now)
        planned = self._runs.get(run_id.lower())
        run = planned.seen_at(now) if planned else None
        if run is None or not _is_kept(run, now):
            raise NotFound("pipeline run", run_id)
        return run

    def query_activity_runs(
        self, run_id: str, query: RunQuery, now: datetime, size: int
    ) -> Page[ActivityRun]:
        """One page of a run's activity runs that fit the query."""
        run = self.get_run(run_id, now)
        asked = resume(query, f"{self.name}/{run.run_id}", now)
        rows = self._runs[run.run_id.lower()].activities_at(asked.as_of)
        return select(rows, ACTIVITY_OPERANDS, asked, size)

    def _advance(self, now: datetime) -> None:
        for planned in self.feed(now) if self.feed else ():
            self.add(planned)
        forgotten = [key for key, one in self._runs.items() if not _is_kept(one.run, now)]
        for key in forgotten:
            del self._runs[key]


@dataclass(slots=True, kw_only=True)
class State:
    """All factories of a simulator and the clock they live by."""

    clock: Clock
    factories: tuple[DataFactory, ...]
    page_size: int = PAGE_SIZE

    def get_factory(self, resource_group: str, name: str) -> DataFactory:
        """A factory by resource group and name, in any case; NotFound says which is missing."""
        group = resource_group.lower()
        grouped = [one for one in self.factories if one.resource_group.lower() == group]
        if not grouped:
            raise NotFound("resource group", resource_group)
        for one in grouped:
            if one.name.lower() == name.lower():
                return one
        raise NotFound("factory", name)


def named(things: Mapping[str, Any], kind: str, name: str) -> str:
    """The key of a thing as it is written, looked up in any case; NotFound for an unknown one."""
    found = next((key for key in things if key.lower() == name.lower()), None)
    if found is None:
        raise NotFound(kind, name)
    return found


def _is_kept(run: PipelineRun, now: datetime) -> bool:
    return run.last_updated > now - RETENTION
