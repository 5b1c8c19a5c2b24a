"""The reads behind one preview: definitions of all called pipelines, runs, activity runs."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

from adf.client import AdfClient
from adf.client.operations import GET_PIPELINE
from adf.client.transport import Json
from adf.client.wire_values import object_of, thawed
from adf.errors import AdfError
from adf.previews.activity_graph import CALL, PublishedGraph, read_graph, walk
from adf.previews.earlier_run import EarlierRun, earlier_run
from adf.records import ACTIVE, ActivityRun, PipelineRun, TimeRange

MOST_PIPELINES = 40
MOST_CHILDREN = 40
AT_ONCE = 8
# A run may be weeks old; later runs of its pipeline are looked for this far back.
LOOK_BACK = timedelta(days=3)
_NOT_CONTENT = frozenset({"lastPublishTime"})


@dataclass(slots=True, kw_only=True)
class PipelineReads:
    """Definitions by name, and what could not be read."""

    graphs: dict[str, PublishedGraph] = field(default_factory=dict[str, PublishedGraph])
    contents: dict[str, str] = field(default_factory=dict[str, str])
    gaps: list[str] = field(default_factory=list[str])

    @property
    def digest(self) -> str:
        """Equal while none of the pipelines has been published anew with other content."""
        text = "\n".join(f"{name} {one}" for name, one in sorted(self.contents.items()))
        return hashlib.sha256(text.encode()).hexdigest()


class PreviewReader:
    """Reads for one preview as of `now`; below the first level an error becomes a gap."""

    def __init__(self, client: AdfClient, now: datetime) -> None:
        """Borrow the client."""
        self.now = now
        self.client = client
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def pipelines(self, name: str) -> PipelineReads:
        """A pipeline and all that it leads to; raises what the first one raises."""
        found = PipelineReads()
        _keep(found, name, await self.client.read(GET_PIPELINE, name))
        waiting = _called(found.graphs[name])
        while waiting:
            names = sorted(waiting)[: max(MOST_PIPELINES - len(found.graphs), 0)]
            if not names:
                found.gaps.append("more pipelines are called than were read")
                break
            waiting = set[str]().union(*await self._level(found, names)) - found.contents.keys()
        return found

    async def children(self, run: EarlierRun, since: datetime | None) -> Mapping[str, EarlierRun]:
        """What the runs below an earlier run did, by their ids."""
        found: dict[str, EarlierRun] = {}
        waiting = _child_ids(run)
        while waiting and len(found) < MOST_CHILDREN:
            ids = waiting[: MOST_CHILDREN - len(found)]
            rows = await asyncio.gather(*(self._rows_or_none(one, since) for one in ids))
            read = {one: earlier_run(some) for one, some in zip(ids, rows, strict=True)}
            found |= read
            waiting = [one for below in read.values() for one in _child_ids(below)]
        return found

    async def later_runs(self, run: PipelineRun) -> tuple[Sequence[PipelineRun], tuple[str, ...]]:
        """Runs of the same pipeline that came after a run or are under way, the newest first."""
        begun = run.start or run.last_updated or self.now
        since = max(begun, self.now - LOOK_BACK)
        runs, gaps = await self.recent(run.pipeline, since)
        others = [one for one in runs if one.run_id != run.run_id]
        found = [one for one in others if one.status in ACTIVE or (one.start or since) > begun]
        days = LOOK_BACK.days
        gap = f"other runs of {run.pipeline} were read for the last {days} days only"
        return found, (*gaps, *((gap,) if since > begun else ()))

    async def recent(
        self, pipeline: str, since: datetime
    ) -> tuple[Sequence[PipelineRun], tuple[str, ...]]:
        """The runs of a pipeline that were last updated since then, or why they are not known."""
        try:
            time_range = TimeRange(start=since, end=self.now)
            return await self.client.list_runs(time_range, pipeline=pipeline), ()
        except AdfError as error:
            return (), (f"could not read the other runs of {pipeline} ({error.said})",)

    async def run_or_gap(
        self, run_id: str, what: str
    ) -> tuple[PipelineRun | None, tuple[str, ...]]:
        """One run, or why it is not known."""
        try:
            async with self._at_once:
                return await self.client.get_run(run_id), ()
        except AdfError as error:
            return None, (f"could not read {what} ({error.said})",)

    async def rows(self, run: PipelineRun) -> Sequence[ActivityRun]:
        """The activity runs of a run."""
        since = run.start or run.last_updated
        return await self.client.list_activity_runs(run.run_id, since, self.now)

    async def _level(self, found: PipelineReads, names: Sequence[str]) -> list[set[str]]:
        read = await asyncio.gather(*(self._definition(found, name) for name in names))
        return [_called(one) for one in read if one is not None]

    async def _definition(self, found: PipelineReads, name: str) -> PublishedGraph | None:
        try:
            async with self._at_once:
                _keep(found, name, await self.client.read(GET_PIPELINE, name))
        except AdfError as error:
            found.contents[name] = ""
            found.gaps.append(f"could not read the definition of {name} ({error.said})")
        return found.graphs.get(name)

    async def _rows_or_none(self, run_id: str, since: datetime | None) -> Sequence[ActivityRun]:
        try:
            async with self._at_once:
                return await self.client.list_activity_runs(run_id, since, self.now)
        except AdfError:
            return ()


def _keep(found: PipelineReads, name: str, definition: Json) -> None:
    graph = read_graph(definition)
    found.graphs[name] = graph
    properties = object_of(definition.get("properties"))
    content = {key: one for key, one in properties.items() if key not in _NOT_CONTENT}
    text = orjson.dumps(thawed(content), option=orjson.OPT_SORT_KEYS)
    found.contents[name] = hashlib.sha256(text).hexdigest()
    calls = (node for node in walk(graph.activities) if node.kind == CALL and not node.marked)
    if not all(node.calls for node in calls):
        found.gaps.append(f"{name} calls a pipeline whose name only a run knows")


def _called(graph: PublishedGraph) -> set[str]:
    return {node.calls for node in walk(graph.activities) if node.calls}


def _child_ids(run: EarlierRun) -> list[str]:
    return [one for ids in run.children.values() for one in ids]
