"""The steps of a world file's runs, told or to be concluded from messages, rows and children."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, cast

from adf.simulator.dates import time_of_day
from adf.simulator.runs import FAILED, IN_PROGRESS, QUEUED, SKIPPED, SUCCEEDED, Json
from adf.simulator.world.run_specs import CALL, LOOP, ActivitySpec, ChildRun
from adf.simulator.world.world_file import WorldFile, status_of

TOLD_TARGET = "Operation on target {} failed: "
_TARGET = re.compile(r"Operation on target (?P<name>.+?) failed:\s*(?P<rest>.*)", re.DOTALL)
_INNER = "inner activity failed"
_MEASURES = ("rowsRead", "rowsCopied", "rowsSkipped", "dataRead", "dataWritten")
_SECOND = timedelta(seconds=1)


class KnownTimes(Protocol):
    """When a run was queued, began and ended."""

    @property
    def queued_at(self) -> datetime: ...
    @property
    def start(self) -> datetime | None: ...
    @property
    def end(self) -> datetime | None: ...


class StepReader:
    """Reads the steps of one factory's runs."""

    def __init__(self, world: WorldFile, factory: str) -> None:
        """Read from the world the steps of that factory's runs."""
        self._world = world
        self._factory = factory

    def read(self, run_id: str, times: Mapping[str, KnownTimes]) -> tuple[ActivitySpec, ...]:
        """The steps of a run, each with the child it called."""
        entry, here = self._world.runs[run_id], times[run_id]
        if status_of(entry) == QUEUED:
            return ()
        begun = here.start or here.queued_at
        told = [self._spec(entry, row, begun, times) for row in self._rows(run_id)]
        called = {spec.child.run_id for spec in told if spec.child}
        for child in self._world.children_of(run_id):
            if child not in called:
                self._add_call(told, entry, child, times)
        return tuple(told) or tuple(self._concluded(entry))

    def latest_end(self, run_id: str, start: datetime) -> datetime | None:
        """Shortly after the last time told of a run's steps."""
        told = [self._times(row, start) for row in self._rows(run_id)]
        known = [end or begin for begin, end in told if end or begin]
        ends = [moment for moment in known if moment is not None]
        return max(ends) + _SECOND if ends else None

    def _rows(self, run_id: str) -> Iterator[Json]:
        return iter(self._world.activities.get(run_id) or ())

    def _times(self, row: Json, begun: datetime) -> tuple[datetime | None, datetime | None]:
        start = time_of_day(row.get("start"), begun)
        return start, time_of_day(row.get("end"), start or begun)

    def _spec(
        self, run: Json, row: Json, begun: datetime, times: Mapping[str, KnownTimes]
    ) -> ActivitySpec:
        start, end = self._times(row, begun)
        items, names = _items(row.get("items"))
        kind, name = str(row.get("type") or "Copy"), str(row["name"])
        child = self._child(row.get("child_run"), name, run, times)
        return ActivitySpec(
            name=name,
            kind=kind,
            status=status_of(row),
            start=start,
            end=end,
            error=str(row.get("error") or ""),
            error_code=str(row.get("error_code") or ""),
            failure_type=str(row.get("failure_type") or ""),
            measures={key: row[key] for key in _MEASURES if row.get(key) is not None},
            calls=self._called_by(name, run) if kind == CALL and child is None else None,
            child=child,
            item=row.get("item"),
            items=items,
            item_names=names,
            succeeded=row.get("succeeded"),
            failed=row.get("failed"),
        )

    def _child(
        self, run_id: str | None, step: str, parent: Json, times: Mapping[str, KnownTimes]
    ) -> ChildRun | None:
        if not run_id:
            return None
        run, known = self._world.runs.get(run_id), times.get(run_id)
        if run is None:
            return ChildRun(run_id=run_id, pipeline=self._called_by(step, parent) or step)
        start, end = (known.start, known.end) if known else (None, None)
        return ChildRun(run_id=run_id, pipeline=run["pipeline"], start=start, end=end)

    def _called_by(self, step: str, run: Json) -> str | None:
        """The pipeline a calling step names: the longest one whose name is in the step's."""
        plain = _plain(step)
        names = [name for name in self._world.pipelines_in(self._factory) if _plain(name) in plain]
        downstream = self._world.lineage.get(run["pipeline"], ())
        best = [name for name in names if name in downstream] or names
        without_verb = re.sub(r"^(?i:exec(ute)?|run|call|start|invoke)[\s_-]*", "", step)
        return max(best, key=len, default=without_verb)

    def _add_call(
        self, told: list[ActivitySpec], entry: Json, child_id: str, times: Mapping[str, KnownTimes]
    ) -> None:
        """Give a child to the step that calls its pipeline, or tell of a step that does."""
        pipeline = self._world.runs[child_id]["pipeline"]
        child = self._child(child_id, pipeline, entry, times)
        for place, spec in enumerate(told):
            free = spec.kind == CALL and spec.child is None and spec.status != SKIPPED
            if free and spec.calls == pipeline:
                told[place] = replace(spec, child=child, calls=None)
                return
        status = status_of(self._world.runs[child_id])
        target = _TARGET.match(str(entry.get("message") or ""))
        known = {spec.name for spec in told}
        name = f"Exec_{pipeline}"
        if target and status == FAILED and target["name"] not in known:
            name = target["name"]
        status = IN_PROGRESS if status == QUEUED else status
        if status == IN_PROGRESS and status_of(entry) == SUCCEEDED:
            status = SUCCEEDED
        told.append(ActivitySpec(name=name, kind=CALL, status=status, child=child))

    def _concluded(self, entry: Json) -> Iterator[ActivitySpec]:
        """The one step a run without any told must have had."""
        target = _TARGET.match(str(entry.get("message") or ""))
        if status_of(entry) == FAILED and target:
            yield self._broken_step(entry, target["name"], target["rest"])
        elif entry.get("rows") is not None:
            rows = entry["rows"]
            counts = {"rowsRead": rows, "rowsCopied": rows}
            name, status = f"Copy_{entry['pipeline']}", status_of(entry)
            yield ActivitySpec(name=name, kind="Copy", status=status, measures=counts)

    def _broken_step(self, entry: Json, name: str, rest: str) -> ActivitySpec:
        """The step a message names, of the kind it has in other runs or that the words imply."""
        nothing: Json = {}
        alike = next(self._alike(entry["pipeline"], name), nothing)
        kind = str(alike.get("type") or self._kind_of(rest))
        broken = alike.get("status") == FAILED
        loop = kind == LOOP
        return ActivitySpec(
            name=name,
            kind=kind,
            status=FAILED,
            error=rest,
            error_code=str(alike.get("error_code") or "") if broken else "",
            failure_type=str(alike.get("failure_type") or "") if broken else "",
            calls=self._called_by(name, entry) if kind == CALL else None,
            items=1 if loop else None,
            succeeded=0 if loop else None,
            failed=1 if loop else None,
        )

    def _kind_of(self, rest: str) -> str:
        if rest.startswith("Operation on target"):
            return CALL
        return LOOP if _INNER in rest[:80] else "Copy"

    def _alike(self, pipeline: str, name: str) -> Iterator[Json]:
        """Rows of that name in other runs of the pipeline, broken ones first."""
        rows = [
            row
            for run_id in self._world.runs
            if self._world.runs[run_id]["pipeline"] == pipeline
            for row in self._rows(run_id)
            if row["name"] == name
        ]
        return iter(sorted(rows, key=lambda row: row.get("status") != FAILED))


def _items(told: object) -> tuple[int | None, tuple[str, ...]]:
    """How many items a loop has, and their names where the file gives a list of them."""
    if isinstance(told, list):
        names = tuple(str(name) for name in cast("list[object]", told))
        return len(names), names
    return (told if isinstance(told, int) else None), ()


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
