"""The runs of a world file: their times, who started them, their groups and their steps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from adf.simulator.dates import read_time
from adf.simulator.runs import (
    CANCELLED,
    FAILED,
    IN_PROGRESS,
    QUEUED,
    Json,
    PlannedInvoker,
    RuntimeUsed,
    SimulatedRun,
)
from adf.simulator.world.activity_runs import inner_failure
from adf.simulator.world.run_specs import (
    AUTO_RESOLVE,
    LOOP,
    ActivitySpec,
    Inner,
    RunSpec,
    StepSpec,
    inner_of,
    steps_of,
)
from adf.simulator.world.world_file import WorldFile, status_of
from adf.simulator.world.world_steps import TOLD_TARGET, StepReader

_BRIEF = timedelta(seconds=40)
_OPEN = (QUEUED, IN_PROGRESS, "Canceling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a run was queued, began and ended, with what the file left out filled in."""

    queued_at: datetime
    start: datetime | None
    end: datetime | None
    updated: datetime | None = None


class RunReader:
    """Reads the runs of one factory out of a world file."""

    def __init__(self, world: WorldFile, factory: str) -> None:
        """Read from the world the runs of that factory."""
        self._world = world
        self._factory = factory
        self._steps = StepReader(world, factory)
        self._groups = _groups(world, factory)

    def read(self) -> tuple[RunSpec, ...]:
        """Every run of the factory with its steps, in the file's order."""
        times = {run_id: self._times(run_id) for run_id in self._world.runs_in(self._factory)}
        specs = {run_id: self._steps.read(run_id, times) for run_id in times}
        steps = {run_id: steps_of(specs[run_id]) for run_id in times}
        texts = {run_id: self._message(run_id, steps, ()) for run_id in times}
        told = {run_id: _with_messages(steps[run_id], texts) for run_id in times}
        inner = self._inner(told)
        return tuple(
            RunSpec(
                run=self._run(run_id, times[run_id], specs, texts[run_id]),
                until=times[run_id].end or times[run_id].updated or self._world.now,
                steps=told[run_id],
                inner=inner[self._world.runs[run_id]["pipeline"]],
                runtime=self._runtime(self._world.runs[run_id]["pipeline"]),
            )
            for run_id in times
        )

    def _run(
        self, run_id: str, times: Times, specs: Mapping[str, tuple[ActivitySpec, ...]], text: str
    ) -> SimulatedRun:
        entry = self._world.runs[run_id]
        group, is_latest = self._groups[run_id]
        return SimulatedRun(
            run_id=run_id,
            pipeline=entry["pipeline"],
            status=status_of(entry),
            queued_at=times.queued_at,
            start=times.start,
            end=times.end,
            updated=times.updated,
            message=text,
            invoked_by=self._invoked_by(run_id, specs),
            group_id=group,
            is_latest=is_latest,
            parameters=_texts(entry.get("parameters") or {}),
            annotations=annotations_of(self._world.entry(self._factory, entry["pipeline"])),
        )

    def _times(self, run_id: str) -> Times:
        entry, now = self._world.runs[run_id], self._world.now
        queued, start = read_time(entry.get("queued_at")), read_time(entry.get("start"))
        end, status = read_time(entry.get("end")), status_of(entry)
        if status == QUEUED:
            return Times(queued_at=queued or start or now, start=None, end=None)
        if start is None and status != CANCELLED:
            start = queued or (end - _BRIEF if end else now)
        begun = start or queued or end or now
        if end is None and status not in _OPEN:
            told = self._steps.latest_end(run_id, begun)
            end = min(told, now) if told else self._usual_end(entry, status, begun)
            if status == CANCELLED:
                return Times(queued_at=queued or begun, start=start, end=None, updated=end)
        return Times(queued_at=queued or begun, start=start, end=end)

    def _usual_end(self, entry: Json, status: str, start: datetime) -> datetime:
        minutes = self._world.entry(self._factory, entry["pipeline"]).get("typical_min")
        usual = timedelta(minutes=minutes) if minutes and status != FAILED else _BRIEF
        return max(min(start + usual, self._world.now), start)

    def _invoked_by(
        self, run_id: str, specs: Mapping[str, tuple[ActivitySpec, ...]]
    ) -> PlannedInvoker:
        entry = self._world.runs[run_id]
        told = str(entry.get("invoked_by") or "manual")
        parent: str | None = entry.get("parent")
        if parent or told in self._world.pipelines:
            name: str = self._world.runs.get(parent or "", {}).get("pipeline", told)
            callers = (spec for spec in specs.get(parent or "", ()) if spec.child)
            caller = next((s for s in callers if s.child and s.child.run_id == run_id), None)
            step = caller.name if caller else name
            return PlannedInvoker(name=step, kind="PipelineActivity", pipeline=name, run_id=parent)
        if "manual" in told.lower() or "rerun" in told.lower():
            return PlannedInvoker()
        return self._trigger_that_started(entry["pipeline"], told)

    def _trigger_that_started(self, pipeline: str, told: str) -> PlannedInvoker:
        named = self._world.entry(self._factory, pipeline).get("trigger")
        name = told if told in self._world.triggers else str(named or told)
        schedule = str(self._world.triggers.get(name, {}).get("schedule") or "")
        if "tumbling" in f"{told} {schedule}".lower():
            return PlannedInvoker(name=name, kind="TumblingWindowTrigger")
        by_event = "event" in told.lower() or "blob" in told.lower()
        return PlannedInvoker(
            name=name, kind="BlobEventsTrigger" if by_event else "ScheduleTrigger"
        )

    def _message(
        self, run_id: str, steps: Mapping[str, tuple[StepSpec, ...]], above: tuple[str, ...]
    ) -> str:
        """A run's message; a broken run without one fails with its first broken step's words."""
        entry = self._world.runs[run_id]
        if entry.get("message") or status_of(entry) != FAILED or run_id in above:
            return str(entry.get("message") or "")
        for step in steps.get(run_id, ()):
            if step.spec.status == FAILED:
                text = self._error_text(step, steps, (*above, run_id))
                return TOLD_TARGET.format(step.spec.name) + text
        return ""

    def _error_text(
        self, step: StepSpec, steps: Mapping[str, tuple[StepSpec, ...]], above: tuple[str, ...]
    ) -> str:
        spec = step.spec
        if spec.error:
            return spec.error
        if spec.child and spec.child.run_id in self._world.runs:
            return self._message(spec.child.run_id, steps, above)
        broken = next((row for row in step.told if row.status == FAILED), None)
        return inner_failure(broken.name, broken.error) if broken else ""

    def _inner(
        self, told: Mapping[str, tuple[StepSpec, ...]]
    ) -> dict[str, dict[str, tuple[Inner, ...]]]:
        """What each loop of each pipeline repeats, from any of its runs."""
        found: dict[str, dict[str, tuple[Inner, ...]]] = {}
        for run_id, steps in told.items():
            loops = found.setdefault(self._world.runs[run_id]["pipeline"], {})
            for step in steps:
                if step.told and step.spec.kind == LOOP:
                    loops.setdefault(step.spec.name, inner_of(step.told))
        return found

    def _runtime(self, pipeline: str) -> RuntimeUsed:
        names = [
            name
            for name, runtime in self._world.runtimes.items()
            if pipeline in (runtime.get("used_by") or ())
            and self._world.factory_of_runtime(name) == self._factory
        ]
        if not names:
            return AUTO_RESOLVE
        return RuntimeUsed(
            name=names[0], kind=self._world.runtimes[names[0]].get("type", "Managed")
        )


def annotations_of(entry: Json) -> tuple[str, ...]:
    """The tags an owner puts on a pipeline: that it is critical, and whose it is."""
    owner = entry.get("owner")
    critical = ("critical",) if entry.get("critical") else ()
    return (*critical, f"owner: {owner}") if owner else critical


def _with_messages(steps: tuple[StepSpec, ...], texts: Mapping[str, str]) -> tuple[StepSpec, ...]:
    def known(spec: ActivitySpec) -> ActivitySpec:
        if spec.child is None:
            return spec
        text = texts.get(spec.child.run_id, spec.child.message)
        return replace(spec, child=replace(spec.child, message=text))

    return tuple(
        StepSpec(spec=known(step.spec), told=tuple(known(row) for row in step.told))
        for step in steps
    )


def _groups(world: WorldFile, factory: str) -> dict[str, tuple[str, bool]]:
    """Recovery group and whether a run is the latest of it; a rerun joins the run that broke."""
    began = {key: str(world.runs[key].get("start") or "") for key in world.runs_in(factory)}
    group: dict[str, str] = {}
    for run_id in sorted(began, key=lambda key: began[key]):
        group[run_id] = run_id
        if "rerun" in str(world.runs[run_id].get("invoked_by") or "").lower():
            earlier = [
                key
                for key in group
                if key != run_id
                and world.runs[key]["pipeline"] == world.runs[run_id]["pipeline"]
                and status_of(world.runs[key]) in (FAILED, CANCELLED)
            ]
            group[run_id] = group[earlier[-1]] if earlier else run_id
    newest = {name: run_id for run_id, name in group.items()}
    return {run_id: (name, newest[name] == run_id) for run_id, name in group.items()}


def _texts(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as the wire holds them: text, or JSON in a text."""
    return {
        key: value if isinstance(value, str) else orjson.dumps(value).decode()
        for key, value in parameters.items()
    }
