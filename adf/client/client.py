"""One factory's REST operations as methods: all pages read, JSON decoded, records out."""

import time
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.client import decode
from adf.client.operations import (
    GET_PIPELINE,
    GET_RUN,
    LIST_PIPELINES,
    QUERY_ACTIVITY_RUNS,
    QUERY_RUNS,
)
from adf.client.paging import MOST_PAGES, all_pages, all_slices, within
from adf.client.run_cache import RunCache
from adf.client.transport import Json, Wire
from adf.errors import Unavailable
from adf.records import (
    ActivityRun,
    Factory,
    Pipeline,
    PipelineDefinition,
    PipelineRun,
    RunStatus,
    TimeRange,
)

_FAR = timedelta(days=1)


class AdfClient:
    """What can be asked of one factory; every method may raise an AdfError."""

    def __init__(self, factory: Factory, wire: Wire, run_cache: RunCache | None = None) -> None:
        """Borrow the wire of the factory's subscription, and the cache of its runs."""
        self.factory = factory
        self._wire = wire
        self._run_cache = run_cache or RunCache(time.monotonic)

    async def list_runs(
        self,
        time_range: TimeRange,
        *,
        pipeline: str | None = None,
        pipelines: Collection[str] = (),
        statuses: Iterable[RunStatus] = (),
    ) -> tuple[PipelineRun, ...]:
        """Every run last updated within the range, newest first, each once."""
        filters = _filter("PipelineName", [pipeline] if pipeline else pipelines)
        filters += _filter("Status", [str(status) for status in statuses])
        query = _query(time_range, filters, order_by="RunStart")
        rows = await all_slices(
            query, time_range, lambda one: self._wire.call(QUERY_RUNS, self.factory, one)
        )
        runs = _newest_first(decode.pipeline_run(self.factory, row) for row in rows)
        self._run_cache.keep_ended(self.factory.resource_id, runs)
        return runs

    async def get_run(self, run_id: str) -> PipelineRun:
        """One run by its id; NotFound for an unknown one."""
        known = self.known_run(run_id)
        if known:
            return known
        run = decode.pipeline_run(
            self.factory, await self._wire.call(GET_RUN, self.factory, run_id)
        )
        self._run_cache.keep_ended(self.factory.resource_id, [run])
        return run

    def known_run(self, run_id: str) -> PipelineRun | None:
        """A run that had ended when it was read some minutes ago: it is still as it was."""
        return self._run_cache.find_run(self.factory.resource_id, run_id)

    async def list_activity_runs(
        self, run_id: str, since: datetime | None, now: datetime
    ) -> tuple[ActivityRun, ...]:
        """Every activity run of a pipeline run, in the order they started.

        The time range begins a day before the run did (`since`); a fixed one would miss older runs.
        """
        time_range = TimeRange(start=(since or now) - _FAR, end=now + _FAR)
        query = _query(time_range, [], "ActivityRunStart")
        rows = await all_pages(
            query, lambda one: self._wire.call(QUERY_ACTIVITY_RUNS, self.factory, run_id, one)
        )
        found = (decode.activity_run(row) for row in rows)
        return tuple(sorted(found, key=lambda one: (one.start is None, one.start or now)))

    async def list_pipelines(self) -> tuple[Pipeline, ...]:
        """The factory's inventory, by name."""
        rows: list[Json] = []
        link: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._wire.call(LIST_PIPELINES, self.factory, link)
            rows += page.get("value") or ()
            link = page.get("nextLink")
            if not link:
                found = (decode.pipeline(self.factory, row) for row in rows)
                return tuple(sorted(found, key=lambda one: one.name.lower()))
        raise Unavailable("the list of pipelines has no end", asked="list the pipelines")

    async def get_definition(self, pipeline: str) -> PipelineDefinition:
        """A pipeline as published within the last minute; NotFound for an unknown name."""
        resource = self.factory.resource_id
        known = self._run_cache.find_definition(resource, pipeline)
        if known is None:
            read = await self._wire.call(GET_PIPELINE, self.factory, pipeline)
            known = decode.pipeline_definition(read)
            self._run_cache.keep_definition(resource, pipeline, known)
        return known


def _query(time_range: TimeRange, filters: list[Json], order_by: str) -> dict[str, Any]:
    """RunFilterParameters; the order is always asked for, since no default is documented."""
    order = {"orderBy": order_by, "order": "DESC"}
    return {**within(time_range), "filters": filters, "orderBy": [order]}


def _filter(operand: str, values: Collection[str]) -> list[Json]:
    if not values:
        return []
    operator = "Equals" if len(values) == 1 else "In"
    return [{"operand": operand, "operator": operator, "values": list(values)}]


def _newest_first(runs: Iterable[PipelineRun]) -> tuple[PipelineRun, ...]:
    """Each run once, in its newest form: rows can change place between two pages."""
    newest: dict[str, PipelineRun] = {}
    for run in runs:
        known = newest.get(run.run_id)
        if known is None or _updated(run) >= _updated(known):
            newest[run.run_id] = run
    return tuple(sorted(newest.values(), key=_began, reverse=True))


def _updated(run: PipelineRun) -> datetime:
    return run.last_updated or datetime.min.replace(tzinfo=UTC)


def _began(run: PipelineRun) -> datetime:
    return run.start or _updated(run)
