"""A stand-in for the wire of one subscription: what it should answer is put in, in wire form."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from adf.client.operations import ArmOperation
from adf.errors import AdfError, NotFound
from adf.records import Factory

Json = Mapping[str, Any]


class FakeWire:
    """Answers from dictionaries; an AdfError put in the place of an answer is raised."""

    def __init__(self) -> None:
        self.run_pages: list[list[Json]] = [[]]
        self.runs: dict[str, Json | AdfError] = {}
        self.activity_pages: dict[str, list[list[Json]] | AdfError] = {}
        self.pipelines: dict[str, Json | AdfError] = {}
        self.triggers: dict[str, Json | AdfError] = {}
        self.trigger_run_pages: list[list[Json]] = [[]]
        self.datasets: dict[str, Json | AdfError] = {}
        self.data_flows: dict[str, Json | AdfError] = {}
        self.linked_services: dict[str, Json | AdfError] = {}
        self.runtimes: dict[str, Json | AdfError] = {}
        self.runtime_statuses: dict[str, Json | AdfError] = {}
        self.runtime_loads: dict[str, Json | AdfError] = {}
        self.queries: list[Json] = []
        self.calls: Counter[str] = Counter()

    async def call(self, operation: ArmOperation, factory: Factory, /, *arguments: object) -> Json:
        """By the name of the operation, so that a test can put another answer in one place."""
        self.calls[operation.name] += 1
        return await getattr(self, operation.name)(factory, *arguments)

    async def list_activity_log(self, *_: object) -> Json:
        """Nobody changed anything."""
        return {"value": []}

    async def query_runs(self, factory: Factory, query: Json) -> Json:
        self.queries.append(query)
        page = _page(self.run_pages, query)
        return {**page, "value": _fitting(page["value"], query)}

    async def get_run(self, factory: Factory, run_id: str) -> Json:
        return _found(self.runs.get(run_id), run_id)

    async def query_activity_runs(self, factory: Factory, run_id: str, query: Json) -> Json:
        self.queries.append(query)
        pages = self.activity_pages.get(run_id, [[]])
        if isinstance(pages, AdfError):
            raise pages
        return _page(pages, query)

    async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
        return {"value": [_found(one, "") for one in self.pipelines.values()]}

    async def get_pipeline(self, factory: Factory, name: str) -> Json:
        return _found(self.pipelines.get(name), name)

    async def list_triggers(self, factory: Factory, next_link: str | None) -> Json:
        return {"value": [_found(one, "") for one in self.triggers.values()]}

    async def get_trigger(self, factory: Factory, name: str) -> Json:
        return _found(self.triggers.get(name), name)

    async def query_trigger_runs(self, factory: Factory, query: Json) -> Json:
        self.queries.append(query)
        page = _page(self.trigger_run_pages, query)
        wanted = {name for one in query["filters"] for name in one["values"]}
        first, last = (query[key] for key in ("lastUpdatedAfter", "lastUpdatedBefore"))
        rows = [
            row
            for row in page["value"]
            if not wanted or row["triggerName"] in wanted
            if first <= row["triggerRunTimestamp"] <= last
        ]
        return {**page, "value": rows}

    async def list_datasets(self, factory: Factory, next_link: str | None) -> Json:
        return {"value": [_found(one, "") for one in self.datasets.values()]}

    async def list_data_flows(self, factory: Factory, next_link: str | None) -> Json:
        return {"value": [_found(one, "") for one in self.data_flows.values()]}

    async def list_linked_services(self, factory: Factory, next_link: str | None) -> Json:
        return {"value": [_found(one, "") for one in self.linked_services.values()]}

    async def list_runtimes(self, factory: Factory, next_link: str | None) -> Json:
        return {"value": [_found(one, "") for one in self.runtimes.values()]}

    async def get_runtime_status(self, factory: Factory, name: str) -> Json:
        return _found(self.runtime_statuses.get(name), name)

    async def get_runtime_load(self, factory: Factory, name: str) -> Json:
        return _found(self.runtime_loads.get(name), name)

    async def close(self) -> None:
        self.calls["close"] += 1


def _fitting(rows: list[Json], query: Json) -> list[Json]:
    """The rows whose status and pipeline are asked for."""
    fields = {"Status": "status", "PipelineName": "pipelineName"}
    wanted = [(fields[one["operand"]], one["values"]) for one in query["filters"]]
    return [row for row in rows if all(row[field] in values for field, values in wanted)]


def _page(pages: list[list[Json]], query: Json) -> Json:
    number = int(query.get("continuationToken") or 0)
    more = {"continuationToken": str(number + 1)} if number + 1 < len(pages) else {}
    return {"value": pages[number], **more}


def _found(answer: Json | AdfError | None, name: str) -> Json:
    if isinstance(answer, AdfError):
        raise answer
    if answer is None:
        raise NotFound(f"{name} does not exist")
    return answer
