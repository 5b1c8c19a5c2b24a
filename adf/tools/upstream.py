"""Whether a green pipeline is as good as it looks: what starts, holds back or feeds it broke.

A run says nothing of what should have come after it. So the newest run of a pipeline is held
against the newest runs of those it depends on, as definitions and owners have it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from adf.client import AdfClient
from adf.errors import AdfError
from adf.lineage import LineageGraph, Reached, declared_lineage, lineage_of
from adf.records import (
    BROKEN,
    BrokenUpstream,
    Certainty,
    Doubt,
    DoubtKind,
    LineageKind,
    PipelineRun,
    RunCheck,
    RunList,
    RunStatus,
    TimeRange,
    UpstreamEffect,
    held_up_said,
)

# A status is shown in time, also where definitions come slowly.
PATIENCE = 1.0
# How many names one filter takes is documented nowhere.
MOST_QUERIED = 40
MOST_LISTED = 3
LOOK_BACK = timedelta(hours=48)
FURTHEST = timedelta(days=8)
_STOPPED = BROKEN | {RunStatus.CANCELLED}
# What comes one after the other in a caller hands on no data.
_ORDER = frozenset({LineageKind.CALL, LineageKind.SEQUENCE, LineageKind.START})
_RANKS = {one: place for place, one in enumerate(UpstreamEffect)}


async def with_upstream(client: AdfClient, listed: RunList) -> RunList:
    """The newest run of one pipeline that is well, or that none was, with what broke upstream."""
    newest = listed.runs[0] if listed.runs else None
    if listed.pipeline is None or (newest and newest.status is not RunStatus.SUCCEEDED):
        return listed
    try:
        found = await _broken_upstream(client, listed, newest)
    except AdfError as error:
        gap = f"could not read what {listed.pipeline} depends on ({error.said})"
        return replace(listed, gaps=(*listed.gaps, gap))
    return replace(listed, upstream=found)


async def with_held_up(client: AdfClient, listed: RunList) -> RunList:
    """The newest runs of all pipelines, with a doubt of each green one that is not what it seems.

    It was kept from running since, or ran with old data, because another one of the list broke.
    """
    latest = {run.pipeline.lower(): run for run in listed.runs}
    if listed.pipeline is not None or not any(one.status in _STOPPED for one in listed.runs):
        return listed
    try:
        graph = await client.work_out_soon(lineage_of, PATIENCE)
    except AdfError as error:
        gap = f"could not read which pipelines depend on others ({error.said})"
        return replace(listed, gaps=(*listed.gaps, gap))
    known = graph or declared_lineage(client.factory)
    return replace(listed, checks=await asyncio.to_thread(_doubted, known, latest))


def _doubted(graph: LineageGraph, latest: Mapping[str, PipelineRun]) -> tuple[RunCheck, ...]:
    """What speaks against the green ones among what the broken ones start, hold back or feed."""
    broken = [run.pipeline for run in latest.values() if run.status in _STOPPED][:MOST_QUERIED]
    names = dict.fromkeys(name for one in broken for name in _beyond(graph, one))
    found: list[RunCheck] = []
    for name in list(names)[:MOST_QUERIED]:
        run = latest.get(name.lower())
        if run is None or run.status is not RunStatus.SUCCEEDED:
            continue
        worst = _worst(_Upstream(graph=graph, pipeline=run.pipeline, newest=run).broken(latest))
        if worst and worst[0].effect is not UpstreamEffect.NEXT_LACKS:
            doubt = Doubt(kind=DoubtKind.HELD_UP, said=held_up_said(worst))
            found.append(RunCheck(pipeline=run.pipeline, run_id=run.run_id, doubts=(doubt,)))
    return tuple(found)


def _beyond(graph: LineageGraph, pipeline: str) -> Sequence[str]:
    """All that a pipeline feeds, holds back or starts."""
    return [*(one.name for one in graph.downstream(pipeline)), *graph.called(pipeline)]


async def _broken_upstream(
    client: AdfClient, listed: RunList, newest: PipelineRun | None
) -> tuple[BrokenUpstream, ...]:
    graph = await client.work_out_soon(lineage_of, PATIENCE) or declared_lineage(client.factory)
    of_one = _Upstream(graph=graph, pipeline=str(listed.pipeline), newest=newest)
    names = of_one.names[:MOST_QUERIED]
    if not names:
        return ()
    runs = await client.list_runs(_range(listed, newest), pipelines=names)
    latest: dict[str, PipelineRun] = {}
    for run in runs:
        latest.setdefault(run.pipeline.lower(), run)
    return _worst(of_one.broken(latest))


def _range(listed: RunList, newest: PipelineRun | None) -> TimeRange:
    """Far enough back for what broke before the newest run, and for all that came after it."""
    now = listed.as_of
    since = min(listed.time_range.start if newest is None else newest.start or now, now - LOOK_BACK)
    return TimeRange(start=max(since, now - FURTHEST), end=now)


def _worst(found: Sequence[BrokenUpstream]) -> tuple[BrokenUpstream, ...]:
    """Those of the worst effect; a child that broke is told with the run that called it."""
    children = {
        one.run.invoked_by.pipeline_run_id: one.run.pipeline
        for one in found
        if one.run.invoked_by and one.run.invoked_by.pipeline_run_id
    }
    ids = {one.run.run_id for one in found}
    apart = [
        replace(one, inside=children.get(one.run.run_id, ""))
        for one in found
        if not (one.run.invoked_by and one.run.invoked_by.pipeline_run_id in ids)
    ]
    ranked = sorted(apart, key=lambda one: _RANKS[one.effect])
    return tuple(one for one in ranked if one.effect is ranked[0].effect)[:MOST_LISTED]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upstream:
    """What one pipeline depends on, nearest first, and its newest run."""

    graph: LineageGraph
    pipeline: str
    newest: PipelineRun | None

    @property
    def names(self) -> list[str]:
        """Every pipeline upstream that is surely or likely one; its own callees are none."""
        below = {one.name.lower() for one in self._reached if self._is_below(one.name)}
        named = dict.fromkeys([*self._starters, *(one.name for one in self._reached)])
        return [one for one in named if one.lower() not in below]

    def broken(self, latest: Mapping[str, PipelineRun]) -> list[BrokenUpstream]:
        """Each whose newest run broke, with what that did."""
        found: list[BrokenUpstream] = []
        edges = {one.name.lower(): one.edge.kind for one in self._reached if one.distance == 1}
        for name in self.names:
            run = latest.get(name.lower())
            if run is None or run.status not in _STOPPED:
                continue
            effect = self._effect(run, edges.get(name.lower()))
            if effect is not None:
                found.append(BrokenUpstream(run=run, effect=effect))
        return found

    @property
    def _reached(self) -> Sequence[Reached]:
        reached = self.graph.upstream(self.pipeline)
        return [one for one in reached if one.certainty is not Certainty.POSSIBLE]

    @property
    def _starters(self) -> list[str]:
        """Who starts it: by its definition, and by the run that called the newest one."""
        by = self.newest.invoked_by if self.newest else None
        called = [by.pipeline] if by and by.pipeline_run_id and by.pipeline else []
        return [*called, *sorted(self.graph.callers(self.pipeline))]

    @property
    def _starts_by_itself(self) -> bool:
        own = self.pipeline.lower()
        return any(own in {name.lower() for name in one.pipelines} for one in self.graph.triggers)

    def _is_below(self, name: str) -> bool:
        own = self.pipeline.lower()
        return name.lower() == own or own in {one.lower() for one in self.graph.callers(name)}

    def _effect(self, run: PipelineRun, kind: LineageKind | None) -> UpstreamEffect | None:
        """What a broken run upstream did to the pipeline; `kind` is of the edge between the two."""
        newest, ended = self.newest, run.end or run.last_updated or run.start
        is_starter = run.pipeline.lower() in {one.lower() for one in self._starters}
        is_started = self._starts_by_itself
        if newest is None or newest.start is None:
            is_told = is_starter or kind is LineageKind.DECLARED
            return UpstreamEffect.NOT_STARTED if is_told and not is_started else None
        if ended is None or run.start is None:
            return None
        is_before = is_starter or kind in {LineageKind.DECLARED, LineageKind.SEQUENCE}
        if newest.start < run.start and is_before and not is_started:
            return UpstreamEffect.NOT_STARTED
        if kind is LineageKind.WINDOW:
            return UpstreamEffect.WAITS if newest.start < ended else None
        if is_starter or kind in _ORDER:
            return None
        return UpstreamEffect.OLD_DATA if newest.start >= ended else UpstreamEffect.NEXT_LACKS
