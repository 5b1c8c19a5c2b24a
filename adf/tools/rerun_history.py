"""Whether a rerun helped before, for the report of a broken run."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime

from adf.client import AdfClient
from adf.errors import AdfError
from adf.history import rerun_odds
from adf.records import BROKEN, PipelineRun, RunReport, TimeRange
from adf.tools.scope import LONGEST

# The cause is shown in time, also where a pipeline has thousands of runs to look through.
PATIENCE = 4.0


async def with_odds(
    client: AdfClient, reading: Awaitable[RunReport], now: datetime, known: PipelineRun | None
) -> RunReport:
    """The report of a broken run with how reruns after the same error ended, where that is read.

    Where the run is `known` already, its pipeline is looked through while the report is read.
    """
    is_broken = known is not None and known.status in BROKEN
    looking = (
        asyncio.create_task(_runs(client, known.pipeline, now)) if known and is_broken else None
    )
    try:
        report = await reading
        if report.run.status not in BROKEN:
            return report
        runs = await (looking or _runs(client, report.run.pipeline, now))
        return (
            report if runs is None else replace(report, odds=rerun_odds(runs, report, LONGEST.days))
        )
    finally:
        if looking:
            looking.cancel()


async def _runs(client: AdfClient, pipeline: str, now: datetime) -> Sequence[PipelineRun] | None:
    whole = TimeRange(start=now - LONGEST, end=now)
    try:
        async with asyncio.timeout(PATIENCE):
            return await client.list_runs(whole, pipeline=pipeline)
    except (AdfError, TimeoutError):
        return None
