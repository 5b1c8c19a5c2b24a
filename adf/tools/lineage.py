"""Who waits for a pipeline, and what it depends on itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from adf.client import AdfClient
from adf.errors import AdfError, NotFound
from adf.history import deadline_odds
from adf.lineage import LineageGraph, Reached, lineage_of
from adf.records import (
    Factory,
    LineageEffect,
    LineageReport,
    PipelineRun,
    RelatedPipeline,
    TimeRange,
)
from adf.schedule import next_due, next_starts
from adf.tool import tool
from adf.tools.scope import DEEP_LIMIT, Adf

# Two weeks show how far durations are spread; older ones tell of another pipeline.
SAMPLE = timedelta(days=14)
MOST_RELATED = 60


@tool(
    progress="Looking who waits for whom",
    reads=True,
    help="Who waits: “who waits for <pipeline>”, “what does <pipeline> depend on”",
    limit=DEEP_LIMIT,
)
async def adf_lineage(
    adf: Adf,
    pipeline: Annotated[str, "exact name of the pipeline"],
    direction: Annotated[
        Literal["downstream", "upstream"], "who depends on it, or what it depends on"
    ] = "downstream",
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> LineageReport:
    """Who waits for a pipeline or breaks with it, with next starts, deadlines and the odds.

    Use when asked who is affected.
    """
    client = await adf.factories.client(factory)
    now, upstream = adf.clock(), direction == "upstream"
    graph = await client.work_out(lineage_of)
    name = published_name(client, graph, pipeline)
    reached = graph.upstream(name) if upstream else graph.downstream(name)
    related = related_pipelines(client.factory, graph, reached, now)
    notes = client.factory.notes_for(name)
    report = LineageReport(
        factory=client.factory.alias,
        pipeline=name,
        upstream=upstream,
        as_of=now,
        related=related[:MOST_RELATED],
        left_out=max(0, len(related) - MOST_RELATED),
        owner=notes.owner,
        due=notes.due,
        unknown=graph.unknown,
        gaps=graph.gaps,
    )
    return report if upstream else await _with_odds(client, report, now)


def published_name(client: AdfClient, graph: LineageGraph, pipeline: str) -> str:
    """The name as it is published; NotFound for a pipeline that is not there."""
    known = graph.name_of(pipeline)
    if known is None:
        raise NotFound(
            f"{client.factory.alias} has no pipeline {pipeline}",
            asked="find a pipeline",
            what="pipeline",
        )
    return known


def related_pipelines(
    factory: Factory, graph: LineageGraph, reached: Sequence[Reached], now: datetime
) -> tuple[RelatedPipeline, ...]:
    """What was reached, each with its owner, its deadline and its next start."""
    starts = next_starts(graph.triggers, now)
    return tuple(_related(factory, graph, one, starts, now) for one in reached)


def _related(
    factory: Factory,
    graph: LineageGraph,
    one: Reached,
    starts: Mapping[str, datetime],
    now: datetime,
) -> RelatedPipeline:
    name = graph.name_of(one.name)
    notes = factory.notes_for(name or one.name)
    starter, at = _next_start(graph, name or one.name, starts)
    return RelatedPipeline(
        name=name or one.name,
        edge=replace(one.edge, certainty=one.certainty),
        distance=one.distance,
        owner=notes.owner,
        critical=notes.critical,
        starts_next=at,
        starter=starter,
        due=notes.due,
        due_at=next_due(notes.due, now),
        published=name is not None,
    )


def _next_start(
    graph: LineageGraph, name: str, starts: Mapping[str, datetime]
) -> tuple[str | None, datetime | None]:
    """When a pipeline starts by the clock: by its own trigger, else with one that calls it."""
    own = starts.get(name.lower())
    if own:
        return None, own
    above = [(at, one) for one in graph.callers(name) if (at := starts.get(one.lower()))]
    at, starter = min(above, default=(None, None))
    return starter, at


async def _with_odds(client: AdfClient, report: LineageReport, now: datetime) -> LineageReport:
    """The report with whether a run started now would be in time, where there is a deadline."""
    deadlines = [*_deadlines(report, now)][:2]
    if not deadlines:
        return report
    try:
        runs = await recent_runs(client, report.pipeline, now)
    except AdfError as error:
        gap = f"could not read how long it takes ({error.said})"
        return replace(report, gaps=(*report.gaps, gap))
    usual = client.factory.notes_for(report.pipeline).usual
    odds = tuple(deadline_odds(what, at, runs, now, usual) for what, at in deadlines)
    return replace(report, odds=odds)


def _deadlines(report: LineageReport, now: datetime) -> Iterable[tuple[str, datetime]]:
    """When it has to be done itself, and when the first that needs its data starts."""
    own = next_due(report.due, now)
    if own:
        yield report.pipeline, own
    first = min(
        (
            (one.starts_next, one.name)
            for one in report.related
            if one.starts_next and one.edge.effect in {LineageEffect.WAITS, LineageEffect.STALE}
        ),
        default=None,
    )
    if first:
        yield first[1], first[0]


async def recent_runs(client: AdfClient, pipeline: str, now: datetime) -> Sequence[PipelineRun]:
    """The runs of two weeks, newest first."""
    return await client.list_runs(TimeRange(start=now - SAMPLE, end=now), pipeline=pipeline)
