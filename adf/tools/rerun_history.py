"""Whether a rerun helped before, for the report of a broken run."""

import asyncio
from dataclasses import replace
from datetime import datetime

from adf.client import AdfClient
from adf.errors import AdfError
from adf.history import rerun_odds
from adf.records import BROKEN, RunReport, TimeRange
from adf.tools.scope import LONGEST

# The cause is shown in time, also where a pipeline has thousands of runs to look through.
PATIENCE = 4.0


async def with_odds(client: AdfClient, report: RunReport, now: datetime) -> RunReport:
    """The report of a broken run with how reruns after the same error ended, where that is read."""
    if report.run.status not in BROKEN:
        return report
    whole = TimeRange(start=now - LONGEST, end=now)
    try:
        async with asyncio.timeout(PATIENCE):
            runs = await client.list_runs(whole, pipeline=report.run.pipeline)
    except (AdfError, TimeoutError):
        return report
    return replace(report, odds=rerun_odds(runs, report, LONGEST.days))
