"""Whether the newest run took long or only waited long; its activity runs tell."""

import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.client import AdfClient
from adf.errors import AdfError
from adf.history.metrics import NOTICEABLE, seconds_of, seconds_of_good
from adf.records import ACTIVE, PipelineRun
from adf.runs.waiting import with_wait


async def without_wait_of_newest(
    client: AdfClient, runs: Sequence[PipelineRun], usual: timedelta | None, now: datetime
) -> list[PipelineRun]:
    """One pipeline's runs, newest first; the newest ended one without its wait, if it looks long.

    Reading that of every run would cost a call each; what is usual is a median, which a few long
    waits do not move.
    """
    newest = next((run for run in runs if run.status not in ACTIVE), None)
    if newest is None or not _looks_long(newest, runs, usual, now):
        return list(runs)
    try:
        rows = await client.list_activity_runs(newest.run_id, newest.start, now)
    except AdfError:
        return list(runs)
    working = with_wait(newest, rows)
    return [working if run is newest else run for run in runs]


def _looks_long(
    newest: PipelineRun, runs: Sequence[PipelineRun], usual: timedelta | None, now: datetime
) -> bool:
    took = seconds_of(newest, now)
    others = seconds_of_good([run for run in runs if run is not newest], now)
    declared = usual.total_seconds() if usual else 0.0
    middle = statistics.median(others) if others else declared
    return took is not None and middle > 0 and took > (1 + NOTICEABLE) * middle
