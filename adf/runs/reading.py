"""The calls behind one report: so many at once, and none beyond the time the report has."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from adf.client import AdfClient
from adf.errors import Reach, Unavailable
from adf.records import ActivityRun, PipelineDefinition, PipelineNotes, PipelineRun

# Of the 15 s of a deep question: what has not come by then is a gap, and the rest is told.
PATIENCE = 12.0
# Azure lets 1,000 monitoring queries a minute through for everybody; four children at a time.
AT_ONCE = 8

T = TypeVar("T")


class ReportReader:
    """Reads for one report as of `now`; each call raises an AdfError, Unavailable when too late."""

    def __init__(
        self,
        client: AdfClient,
        now: datetime,
        patience: float = PATIENCE,
        at_once: int = AT_ONCE,
    ) -> None:
        """Borrow the client; the time begins to run."""
        self.now = now
        self._client = client
        self._gate = asyncio.Semaphore(at_once)
        self._patience = patience
        self._ends = asyncio.get_running_loop().time() + patience

    def notes_for(self, pipeline: str) -> PipelineNotes:
        """What the owners declared about a pipeline."""
        return self._client.factory.notes_for(pipeline)

    async def run(self, run_id: str) -> PipelineRun:
        """One run by its id."""
        return await self._in_time(lambda: self._client.get_run(run_id))

    async def activity_runs(self, run_id: str, since: datetime | None) -> tuple[ActivityRun, ...]:
        """Every activity run of a run that began after `since`."""
        return await self._in_time(lambda: self._client.list_activity_runs(run_id, since, self.now))

    async def definition(self, pipeline: str) -> PipelineDefinition:
        """A pipeline as published."""
        return await self._in_time(lambda: self._client.get_definition(pipeline))

    async def _in_time(self, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout_at(self._ends), self._gate:
                return await ask()
        except TimeoutError:
            said = f"no answer within {self._patience:g} s"
            raise Unavailable(said, reach=Reach.SILENCE) from None
