"""One factory's REST operations as methods: all pages read, JSON decoded, records out."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.client import decode
from adf.client.wire import Json, Wire
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

MOST_PAGES = 100
_FAR = timedelta(days=1)


class AdfClient:
    """What can be asked of one factory; every method may raise an AdfError."""

    def __init__(self, factory: Factory, wire: Wire) -> None:
        """Borrow the wire of the factory's subscription."""
        self.factory = factory
        self._wire = wire

    async def list_runs(
        self,
        time_range: TimeRange,
        *,
        pipeline: str | None = None,
        statuses: Iterable[RunStatus] = (),
    ) -> tuple[PipelineRun, ...]:
        """Every run last updated within the range, newest first, each once."""
        filters = _filter("PipelineName", [pipeline] if pipeline else [])
        filters += _filter("Status", [str(status) for status in statuses])
        query = _query(time_range, filters, order_by="RunStart")
        rows = await _all_pages(query, lambda q: self._wire.query_runs(self.factory, q))
        return _newest_first(decode.pipeline_run(self.factory, row) for row in rows)

    async def get_run(self, run_id: str) -> PipelineRun:
        """One run by its id; NotFound for an unknown one."""
        return decode.pipeline_run(self.factory, await self._wire.get_run(self.factory, run_id))

    async def list_activity_runs(
        self, run_id: str, since: datetime | None, now: datetime
    ) -> tuple[ActivityRun, ...]:
        """Every activity run of a pipeline run, in the order they started.

        The time range begins a day before the run did (`since`); a fixed one would miss older runs.
        """
        time_range = TimeRange(start=(since or now) - _FAR, end=now + _FAR)
        query = _query(time_range, [], "ActivityRunStart")
        rows = await _all_pages(
            query, lambda q: self._wire.query_activity_runs(self.factory, run_id, q)
        )
        found = (decode.activity_run(row) for row in rows)
        return tuple(sorted(found, key=lambda one: (one.start is None, one.start or now)))

    async def list_pipelines(self) -> tuple[Pipeline, ...]:
        """The factory's inventory, by name."""
        rows: list[Json] = []
        link: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._wire.list_pipelines(self.factory, link)
            rows += page.get("value") or ()
            link = page.get("nextLink")
            if not link:
                found = (decode.pipeline(self.factory, row) for row in rows)
                return tuple(sorted(found, key=lambda one: one.name.lower()))
        raise Unavailable("the list of pipelines has no end", asked="list the pipelines")

    async def get_definition(self, pipeline: str) -> PipelineDefinition:
        """A pipeline as published now; NotFound for an unknown name."""
        return decode.pipeline_definition(await self._wire.get_pipeline(self.factory, pipeline))


def _query(time_range: TimeRange, filters: list[Json], order_by: str) -> dict[str, Any]:
    """RunFilterParameters; the order is always asked for, since no default is documented."""
    order = {"orderBy": order_by, "order": "DESC"}
    return {
        "lastUpdatedAfter": _wire_time(time_range.start),
        "lastUpdatedBefore": _wire_time(time_range.end),
        "filters": filters,
        "orderBy": [order],
    }


def _filter(operand: str, values: list[str]) -> list[Json]:
    if not values:
        return []
    operator = "Equals" if len(values) == 1 else "In"
    return [{"operand": operand, "operator": operator, "values": values}]


def _wire_time(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def _all_pages(query: dict[str, Any], ask: Callable[[Json], Awaitable[Json]]) -> list[Json]:
    """Read page after page; the token goes back in the body (elsewhere it repeats page 1)."""
    rows: list[Json] = []
    for _ in range(MOST_PAGES):
        page = await ask(query)
        rows += page.get("value") or ()
        token = page.get("continuationToken")
        if not token:
            return rows
        query = {**query, "continuationToken": token}
    raise Unavailable(f"more than {MOST_PAGES} pages", asked="read all pages of a query")


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
