"""One factory's REST operations as methods: all pages read, JSON decoded, records out."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from adf.client import decode, decode_runtimes, decode_triggers
from adf.client.definitions import Definitions, DefinitionsCache, read_definitions
from adf.client.newest import newest_firings, newest_first
from adf.client.off_loop import has_long_text, read_off_loop
from adf.client.operations import (
    GET_PIPELINE,
    GET_RUN,
    GET_RUNTIME_LOAD,
    GET_RUNTIME_STATUS,
    GET_TRIGGER,
    LIST_PIPELINES,
    LIST_RUNTIMES,
    LIST_TRIGGERS,
    QUERY_ACTIVITY_RUNS,
    QUERY_RUNS,
    QUERY_TRIGGER_RUNS,
    ArmOperation,
)
from adf.client.paging import MOST_PAGES, UnreadRange, all_pages, slices_that_answer, within
from adf.client.run_cache import RunCache
from adf.client.transport import Json, Wire
from adf.client.wire_values import frozen
from adf.errors import Unavailable
from adf.records import (
    ActivityRun,
    Factory,
    Pipeline,
    PipelineDefinition,
    PipelineRun,
    RunStatus,
    RuntimeStatus,
    TimeRange,
    TriggerDefinition,
    TriggerRun,
)
from adf.redaction import redact_json

_FAR = timedelta(days=1)
# Rows of activities may come a moment after their run has ended.
_SETTLED = timedelta(minutes=2)
T = TypeVar("T")
# A run takes about 20 microseconds to decode.
_AT_A_TIME = 400
_MOST_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableRuns:
    """The runs that could be read, newest first, and the parts of the range that could not."""

    runs: tuple[PipelineRun, ...]
    unread: Sequence[UnreadRange] = ()


class AdfClient:
    """What can be asked of one factory; every method may raise an AdfError."""

    def __init__(
        self,
        factory: Factory,
        wire: Wire,
        run_cache: RunCache | None = None,
        published: DefinitionsCache | None = None,
    ) -> None:
        """Borrow the wire of the factory's subscription, and the caches of its runs and pipelines.

        What is not given is this client's own.
        """
        self.factory = factory
        self._wire = wire
        self._run_cache = run_cache or RunCache(time.monotonic)
        self._published = published or DefinitionsCache(time.monotonic)

    async def list_runs(
        self,
        time_range: TimeRange,
        *,
        pipeline: str | None = None,
        pipelines: Collection[str] = (),
        statuses: Iterable[RunStatus] = (),
    ) -> tuple[PipelineRun, ...]:
        """Every run last updated within the range, newest first, each once."""
        found = await self.list_readable_runs(
            time_range, pipeline=pipeline, pipelines=pipelines, statuses=statuses
        )
        if found.unread:
            raise found.unread[0].error
        return found.runs

    async def list_readable_runs(
        self,
        time_range: TimeRange,
        *,
        pipeline: str | None = None,
        pipelines: Collection[str] = (),
        statuses: Iterable[RunStatus] = (),
    ) -> ReadableRuns:
        """The same as far as it can be read, and which parts of the range are missing."""
        filters = _filter("PipelineName", [pipeline] if pipeline else pipelines)
        filters += _filter("Status", [str(status) for status in statuses])
        query = _query(time_range, filters, order_by="RunStart")
        found = await slices_that_answer(
            query, time_range, lambda one: self._wire.call(QUERY_RUNS, self.factory, one)
        )
        runs = await self._decoded(found.rows)
        # The newest are those that are asked about next.
        self._run_cache.keep_ended(self.factory.resource_id, runs[:_MOST_REMEMBERED])
        await asyncio.sleep(0)
        return ReadableRuns(runs=runs, unread=found.unread)

    async def _decoded(self, rows: Sequence[Json]) -> tuple[PipelineRun, ...]:
        """The runs of many pages, decoded so that others have their turn in between."""
        decoded: list[PipelineRun] = []
        for begin in range(0, len(rows), _AT_A_TIME):
            part = rows[begin : begin + _AT_A_TIME]
            if has_long_text(part):
                decoded += await asyncio.to_thread(self._decoded_part, part)
            else:
                decoded += self._decoded_part(part)
            await asyncio.sleep(0)
        return newest_first(decoded)

    def _decoded_part(self, rows: Sequence[Json]) -> list[PipelineRun]:
        return [decode.pipeline_run(self.factory, row) for row in rows]

    async def get_run(self, run_id: str) -> PipelineRun:
        """One run by its id; NotFound for an unknown one."""
        known = self.known_run(run_id)
        if known:
            return known
        read = await self._wire.call(GET_RUN, self.factory, run_id)
        run = await read_off_loop(lambda: decode.pipeline_run(self.factory, read), read)
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
        Those of a run that ended some time ago are read once.
        """
        known = self._run_cache.find_activity_runs(self.factory.resource_id, run_id)
        if known is not None:
            return known
        found = await self._activity_runs(run_id, since, now)
        run = self.known_run(run_id)
        if run and run.end and now - run.end >= _SETTLED:
            self._run_cache.keep_activity_runs(self.factory.resource_id, run_id, found)
        return found

    async def _activity_runs(
        self, run_id: str, since: datetime | None, now: datetime
    ) -> tuple[ActivityRun, ...]:
        time_range = TimeRange(start=(since or now) - _FAR, end=now + _FAR)
        query = _query(time_range, [], "ActivityRunStart")
        rows = await all_pages(
            query, lambda one: self._wire.call(QUERY_ACTIVITY_RUNS, self.factory, run_id, one)
        )
        found = await read_off_loop(lambda: [decode.activity_run(row) for row in rows], rows)
        return tuple(sorted(found, key=lambda one: (one.start is None, one.start or now)))

    async def list_pipelines(self) -> tuple[Pipeline, ...]:
        """The factory's inventory, by name."""
        rows = await self._listed(LIST_PIPELINES)
        found = (decode.pipeline(self.factory, row) for row in rows)
        return tuple(sorted(found, key=lambda one: one.name.lower()))

    async def get_definition(self, pipeline: str) -> PipelineDefinition:
        """A pipeline as published within the last minute; NotFound for an unknown name."""
        resource = self.factory.resource_id
        known = self._run_cache.find_definition(resource, pipeline)
        if known is None:
            read = await self._wire.call(GET_PIPELINE, self.factory, pipeline)
            known = decode.pipeline_definition(read)
            self._run_cache.keep_definition(resource, pipeline, known)
        return known

    async def remembered(self, what: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What was made of many days of this factory, kept for some minutes; errors are not."""
        return await self._published.get((self.factory.resource_id, what), make)

    async def work_out(self, make: Callable[[Definitions], T]) -> T:
        """What a function makes of everything published, in a thread; kept for some minutes."""
        key, made = self._worked_out(make)
        return await self._published.get(key, made)

    async def work_out_soon(self, make: Callable[[Definitions], T], seconds: float) -> T | None:
        """The same within a time, else None; whoever asks later finds it."""
        key, made = self._worked_out(make)
        return await self._published.soon(key, made, seconds)

    def _worked_out(
        self, make: Callable[[Definitions], T]
    ) -> tuple[Hashable, Callable[[], Awaitable[T]]]:
        async def made() -> T:
            return await asyncio.to_thread(make, await self.get_definitions())

        return (self.factory.resource_id, make), made

    async def get_definitions(self) -> Definitions:
        """Everything published, as of some minutes ago at most; raises when pipelines cannot be."""
        return await self._published.get(
            self.factory.resource_id, lambda: read_definitions(self.factory, self._listed)
        )

    async def list_triggers(self) -> tuple[TriggerDefinition, ...]:
        """Every trigger as published, by name."""
        rows = await self._listed(LIST_TRIGGERS)
        found = (decode_triggers.trigger_definition(self.factory, row) for row in rows)
        return tuple(sorted(found, key=lambda one: one.name.lower()))

    async def get_trigger(self, name: str) -> TriggerDefinition:
        """One trigger as published; NotFound for an unknown name."""
        read = await self._wire.call(GET_TRIGGER, self.factory, name)
        return decode_triggers.trigger_definition(self.factory, read)

    async def list_trigger_runs(
        self, time_range: TimeRange, triggers: Collection[str] = ()
    ) -> tuple[TriggerRun, ...]:
        """Every firing within the range, newest first, of all triggers or of some."""
        query = _query(time_range, _filter("TriggerName", triggers), "TriggerRunTimestamp")
        rows = await all_pages(
            query, lambda one: self._wire.call(QUERY_TRIGGER_RUNS, self.factory, one)
        )
        return newest_firings(map(decode_triggers.trigger_run, rows))

    async def list_latest_trigger_runs(
        self, time_range: TimeRange, triggers: Collection[str]
    ) -> tuple[TriggerRun, ...]:
        """The newest firings of some triggers, one page of them, newest first."""
        query = _query(time_range, _filter("TriggerName", triggers), "TriggerRunTimestamp")
        page = await self._wire.call(QUERY_TRIGGER_RUNS, self.factory, query)
        return newest_firings(map(decode_triggers.trigger_run, page.get("value") or ()))

    async def list_runtimes(self) -> tuple[RuntimeStatus, ...]:
        """Every integration runtime by name, without its status."""
        rows = await self._listed(LIST_RUNTIMES)
        found = (decode_runtimes.runtime_definition(self.factory, row) for row in rows)
        return tuple(sorted(found, key=lambda one: one.name.lower()))

    async def get_runtime_status(self, name: str) -> RuntimeStatus:
        """How an integration runtime is, without the load of its nodes; NotFound for none."""
        read = await self._wire.call(GET_RUNTIME_STATUS, self.factory, name)
        return decode_runtimes.runtime_status(self.factory, read)

    async def get_runtime_load(self, runtime: RuntimeStatus) -> RuntimeStatus:
        """The same runtime with the load of each node that answers."""
        load = await self._wire.call(GET_RUNTIME_LOAD, self.factory, runtime.name)
        return decode_runtimes.with_load(runtime, load)

    async def read(self, operation: ArmOperation, *arguments: object) -> Json:
        """One answer of an operation without a method here: redacted, and nobody can change it."""
        read = await self._wire.call(operation, self.factory, *arguments)
        return await read_off_loop(lambda: frozen(redact_json(read)), read)

    async def read_list(self, operation: ArmOperation, *filters: object) -> tuple[Json, ...]:
        """Every row of a list without a method here: redacted, and nobody can change it."""
        rows = await self._listed(operation, *filters)
        return await read_off_loop(lambda: frozen(redact_json(rows)), rows)

    async def _listed(self, operation: ArmOperation, *filters: object) -> list[Json]:
        """All pages of a list, each by the link of the one before."""
        rows: list[Json] = []
        link: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._wire.call(operation, self.factory, link, *filters)
            rows += page.get("value") or ()
            link = page.get("nextLink")
            if not link:
                return rows
        raise Unavailable("the list never ends", asked=operation.purpose)


def _query(time_range: TimeRange, filters: list[Json], order_by: str) -> dict[str, Any]:
    """RunFilterParameters; the order is always asked for, since no default is documented."""
    order = {"orderBy": order_by, "order": "DESC"}
    return {**within(time_range), "filters": filters, "orderBy": [order]}


def _filter(operand: str, values: Collection[str]) -> list[Json]:
    if not values:
        return []
    operator = "Equals" if len(values) == 1 else "In"
    return [{"operand": operand, "operator": operator, "values": list(values)}]
