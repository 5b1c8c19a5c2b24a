"""How it goes over time: trends, how two runs differ, whether an error occurred before."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Literal

from adf.client import AdfClient
from adf.diagnosis import meaning_of, read_cause_ahead
from adf.errors import AdfError, BadArguments, NotFound
from adf.history import (
    TrendQuestion,
    compare,
    error_history,
    look_inside,
    rerun_odds,
    row_stats,
    run_stats,
    without_wait_of_newest,
)
from adf.records import BROKEN, Comparison, Factory, PipelineRun, RunReport, RunStats, TimeRange
from adf.runs import report_run, report_run_of_id
from adf.tool import tool
from adf.tools.runs import checked_run_id, critical_names
from adf.tools.scope import DEEP_LIMIT, LONGEST, Adf
from adf.tools.waiting import with_waiting

_DAYS = LONGEST.days


@tool(
    progress="Reckoning how it went over time",
    reads=True,
    help="Over time: “trend of <pipeline> in the last 7 days”",
    limit=DEEP_LIMIT,
)
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
    """Durations, failure rates, rows and their trend, of one pipeline or of all.

    Use for usual, slower, how often.
    """
    client = await adf.factories.client(factory)
    time_range = adf.time_range(hours, None, None)
    runs = await _runs(client, time_range, pipeline, critical)
    if pipeline:
        usual = client.factory.notes_for(pipeline).usual
        runs = await without_wait_of_newest(client, runs, usual, adf.clock())
    earlier = _before(time_range, compare_hours)
    before = await _runs(client, earlier, pipeline, critical) if earlier else ()
    too_far = (f"Data Factory keeps runs for {_DAYS} days: older ones are not counted.",)
    asked = TrendQuestion(
        subject=pipeline or ("critical pipelines" if critical else "all pipelines"),
        factory=client.factory.alias,
        time_range=time_range,
        bucket=timedelta(hours=bucket) if bucket else _bucket(time_range),
        now=adf.clock(),
        limits=too_far if hours and hours > _DAYS * 24 else (),
    )
    stats = run_stats(runs, asked, client.factory.notes, before)
    if pipeline is None or metric in {"failures", "duration"}:
        return stats
    declared = client.factory.notes_for(pipeline).usual_rows
    return replace(stats, rows=await row_stats(client, runs, declared, adf.clock()))


def _before(time_range: TimeRange, hours: float | None) -> TimeRange | None:
    """So many hours before a range, to compare with."""
    if not hours:
        return None
    return TimeRange(start=time_range.start - timedelta(hours=hours), end=time_range.start)


@tool(
    progress="Comparing two runs",
    reads=True,
    help="Over time: “compare with yesterday's run”",
    limit=DEEP_LIMIT,
)
async def adf_compare_runs(
    adf: Adf,
    run_id_a: Annotated[str, "full id of the run that is asked about"],
    run_id_b: Annotated[str, "full id of the run to hold it against"],
) -> Comparison:
    """Two runs side by side, also of two factories: results, durations, activities, parameters.

    Use when asked what differs.
    """
    left, right = await asyncio.gather(
        _report(adf, checked_run_id(run_id_a)), _report(adf, checked_run_id(run_id_b))
    )
    return compare(left, right, adf.clock())


@tool(
    progress="Looking whether it happened before",
    reads=True,
    help="Over time: “has this error occurred before”",
    limit=DEEP_LIMIT,
)
async def adf_error_history(
    adf: Adf,
    pipeline: Annotated[str | None, "exact name of the pipeline that broke"] = None,
    run_id: Annotated[str | None, "full id of the broken run; the newest one when left out"] = None,
    days: Annotated[int, "how far back, 45 at most"] = LONGEST.days,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> RunReport:
    """Whether the same error broke a pipeline before, when, and which run was good after it.

    Use when asked if it is known.
    """
    client = await adf.factories.client(factory)
    back = max(1, min(days, LONGEST.days))
    named = pipeline
    if run_id:
        named = (await client.get_run(checked_run_id(run_id))).pipeline
    if named is None:
        raise BadArguments("name a pipeline or a run", asked="look for an error")
    runs = await client.list_runs(adf.time_range(back * 24.0, None, None), pipeline=named)
    failed = [one for one in runs if one.status in BROKEN and run_id in {None, one.run_id}]
    if not failed:
        raise NotFound(f"{named} has no failed run in the last {back} days", asked="find an error")
    now = adf.clock()
    report, (inside, left_out) = await asyncio.gather(
        with_waiting(client, report_run(client, failed[0], now), now),
        look_inside(client, runs, failed[0], now),
    )
    await read_cause_ahead(report.cause)
    return replace(
        report,
        meaning=meaning_of(report.cause),
        history=error_history(runs, report, back, inside),
        odds=rerun_odds(runs, report, back, inside),
        gaps=(*report.gaps, *left_out),
    )


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
    """About eight bars, whose labels are not cut: six hours for two days, a day for a week."""
    hours = max(1, round((time_range.end - time_range.start) / timedelta(hours=8)))
    return timedelta(hours=hours) if hours < 12 else timedelta(days=max(1, round(hours / 24)))
