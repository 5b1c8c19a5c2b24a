"""How much a pipeline copies: the rows of its newest good runs, each read by a call of its own."""

import asyncio
import statistics
from collections.abc import Sequence
from datetime import datetime

from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import PipelineRun, RowStats, RunStatus

MOST_READ = 12
AT_ONCE = 6
ENOUGH = 3


async def row_stats(
    client: AdfClient, runs: Sequence[PipelineRun], declared: int | None, now: datetime
) -> RowStats | None:
    """The rows of the newest good runs, newest first given; None when none of them tells any.

    The usual number is their median, else what the owners declared.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    good = [run for run in runs if run.status is RunStatus.SUCCEEDED][:MOST_READ]

    async def copied(run: PipelineRun) -> int | None:
        async with gate:
            return await _copied(client, run, now)

    told = await asyncio.gather(*map(copied, good))
    known = [rows for rows in reversed(told) if rows is not None]
    if not known:
        return None
    middle = round(statistics.median(known)) if len(known) >= ENOUGH else declared
    return RowStats(copied=tuple(known), usual=middle)


async def _copied(client: AdfClient, run: PipelineRun, now: datetime) -> int | None:
    """What the copies of a run moved; a run that cannot be read tells nothing."""
    try:
        rows = await client.list_activity_runs(run.run_id, run.start or run.last_updated, now)
    except AdfError:
        return None
    moved = [one.rows_copied for one in rows if one.rows_copied is not None]
    return sum(moved) if moved else None
