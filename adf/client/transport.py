"""What the client needs from the SDK: the REST operations of one subscription, JSON out.

A Protocol, so that the heavy SDK behind it is imported late, in a worker thread.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from adf.records import Factory

Json = Mapping[str, Any]


class Wire(Protocol):
    """Raw REST operations; each raises an AdfError and returns decoded JSON."""

    async def query_runs(self, factory: Factory, query: Json) -> Json:
        """One page of PipelineRuns_QueryByFactory."""
        ...

    async def get_run(self, factory: Factory, run_id: str) -> Json:
        """PipelineRuns_Get."""
        ...

    async def query_activity_runs(self, factory: Factory, run_id: str, query: Json) -> Json:
        """One page of ActivityRuns_QueryByPipelineRun."""
        ...

    async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
        """One page of Pipelines_ListByFactory; `next_link` as the page before gave it."""
        ...

    async def get_pipeline(self, factory: Factory, name: str) -> Json:
        """Pipelines_Get."""
        ...

    async def close(self) -> None:
        """Close connections and the credential."""
        ...
