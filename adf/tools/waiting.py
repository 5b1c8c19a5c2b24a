"""Who waits for a pipeline that broke: one source for its card and for the question about it."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime

from adf.client import AdfClient
from adf.errors import AdfError
from adf.lineage import LineageGraph, declared_lineage, lineage_of
from adf.records import (
    BROKEN,
    Certainty,
    LineageKind,
    RelatedPipeline,
    RunReport,
)
from adf.tools.lineage import related_pipelines

# A failure is shown in time, also where definitions come slowly; then declared links have to do.
PATIENCE = 2.0


async def with_waiting(
    client: AdfClient, reading: Awaitable[RunReport], now: datetime
) -> RunReport:
    """The report of a broken run with who waits for it; both are read at the same time."""
    drawing = asyncio.create_task(_graph(client))
    try:
        report = await reading
        if report.run.status not in BROKEN and report.cause is None:
            return report
        waiting = _waiting_in(await drawing, client, report.run.pipeline, now)
        return replace(report, waiting=waiting)
    finally:
        drawing.cancel()


async def waiting_for(
    client: AdfClient, pipeline: str, now: datetime
) -> tuple[RelatedPipeline, ...]:
    """Who waits for a pipeline, fails with it or is skipped: those next to it, possible ones not.

    What it starts itself is no news on its failure, unless the owners say that it waits.
    """
    return _waiting_in(await _graph(client), client, pipeline, now)


def _waiting_in(
    graph: LineageGraph, client: AdfClient, pipeline: str, now: datetime
) -> tuple[RelatedPipeline, ...]:
    declared = {one.lower() for one in client.factory.notes_for(pipeline).downstream}
    near = [
        one
        for one in graph.downstream(graph.name_of(pipeline) or pipeline)
        if one.distance == 1 and one.certainty is not Certainty.POSSIBLE
        if one.edge.kind is not LineageKind.START or one.name.lower() in declared
    ]
    return related_pipelines(client.factory, graph, near, now)


async def _graph(client: AdfClient) -> LineageGraph:
    """The whole graph, or what is declared where it cannot be had soon."""
    try:
        known = await client.work_out_soon(lineage_of, PATIENCE)
    except AdfError:
        known = None
    return known or declared_lineage(client.factory)
