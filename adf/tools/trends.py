"""How it goes over time, and how two runs differ."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Literal

from adf.client import AdfClient
from adf.errors import AdfError, NotFound
from adf.history import TrendQuestion, compare, row_stats, run_stats
from adf.records import Comparison, Factory, PipelineRun, RunReport, RunStats, TimeRange
from adf.runs import report_run_of_id
from adf.tool import tool_within
from adf.tools.runs import checked_run_id, critical_names
from adf.tools.scope import DEEP_LIMIT, LONGEST, Adf

_DAYS = LONGEST.days


@tool_within(DEEP_LIMIT)
async def adf_run_stats(
    adf: Adf,
    pipeline: Annotated[str | None, "exact name of one pipeline; all of them when left out"] = None,
    hours: Annotated[float | None, "how far back; 48 when left out, 1080 (45 days) at most"] = None,
    bucket: Annotated[float | None, "hours of one bar of the chart"] = None,
    metric: Annotated[
        Literal["all", "failures", "duration", "rows"] | None,
        "what is asked for; all of it is shown, rows for one pipeline",
    ] = None,
    compare_hours: Annotated[float | None, "hours before that to compare the rate with"] = None,
    critical: Annotated[bool | None, "only pipelines declared critical"] = None,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> RunStats:
    """Durations, failure rates, rows and their trend, of one pipeline or of all."""
    client = await adf.factories.client(factory)
    time_range = adf.time_range(hours, None, None)
    kept = await _runs(client, time_range, pipeline, critical)
    before: Sequence[PipelineRun] = ()
    if compare_hours:
        earlier = TimeRange(
            start=time_range.start - timedelta(hours=compare_hours), end=time_range.start
        )
        before = await _runs(client, earlier, pipeline, critical)
    too_far = (f"Data Factory keeps runs for {_DAYS} days: older ones are not counted.",)
    asked = TrendQuestion(
        subject=pipeline or ("critical pipelines" if critical else "all pipelines"),
        factory=client.factory.alias,
        time_range=time_range,
        bucket=timedelta(hours=bucket) if bucket else _bucket(time_range),
        now=adf.clock(),
        limits=too_far if hours and hours > _DAYS * 24 else (),
    )
    stats = run_stats(kept, asked, client.factory.notes, before)
    if pipeline is None or metric in {"failures", "duration"}:
        return stats
    declared = client.factory.notes_for(pipeline).usual_rows
    return replace(stats, rows=await row_stats(client, kept, declared, adf.clock()))


@tool_within(DEEP_LIMIT)
async def adf_compare_runs(
    adf: Adf,
    run_id_a: Annotated[str, "full id of the run that is asked about"],
    run_id_b: Annotated[str, "full id of the run to hold it against"],
) -> Comparison:
    """Two runs side by side, also of two factories: results, durations, activities, parameters."""
    left, right = await asyncio.gather(
        _report(adf, checked_run_id(run_id_a)), _report(adf, checked_run_id(run_id_b))
    )
    return compare(left, right, adf.clock())


async def _runs(
    client: AdfClient, time_range: TimeRange, pipeline: str | None, critical: bool | None
) -> list[PipelineRun]:
    names = critical_names(client.factory) if critical else ()
    found = await client.list_runs(time_range, pipeline=pipeline, pipelines=names)
    return [run for run in found if critical in {None, _is_critical(client.factory, run)}]


def _is_critical(factory: Factory, run: PipelineRun) -> bool:
    return factory.notes_for(run.pipeline).critical


async def _report(adf: Adf, run_id: str) -> RunReport:
    """The report of a run in whichever factory has it; raises the last factory's error."""
    missing: AdfError = NotFound(f"no factory has run {run_id}")
    for alias in adf.factories.aliases:
        client = await adf.factories.client(alias)
        try:
            return await report_run_of_id(client, run_id, adf.clock(), expand_children=False)
        except NotFound as error:
            missing = error
    raise missing


def _bucket(time_range: TimeRange) -> timedelta:
    """About twelve bars: four hours for two days, a few days for six weeks."""
    hours = (time_range.end - time_range.start) / timedelta(hours=1)
    return timedelta(hours=max(1, round(hours / 12)))
