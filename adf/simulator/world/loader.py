"""Loads a world file: factories frozen at a moment, or going on from it on another clock."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from adf.simulator.arm.runtimes import managed, self_hosted
from adf.simulator.clock import Clock, frozen_clock
from adf.simulator.dates import read_time
from adf.simulator.runs import Json, SimulatedRun
from adf.simulator.state import DataFactory, Runtime, State
from adf.simulator.trigger_runs import TUMBLING
from adf.simulator.world.activity_runs import plan_run
from adf.simulator.world.definitions import DefinedStep, pipeline_properties, shapes_of
from adf.simulator.world.firings import ScheduledFirings, window_at
from adf.simulator.world.log_entries import log_entries
from adf.simulator.world.run_specs import RunSpec
from adf.simulator.world.schedules import UnknownSchedule, interval_of, trigger_properties
from adf.simulator.world.world_file import WorldFile, WrongWorld, pipelines_of, read_world
from adf.simulator.world.world_runs import RunReader, annotations_of

_PUBLISHED = timedelta(days=90)


def load_world(path: str | Path, clock: Clock | None = None) -> State:
    """The factories of a world file; without a clock, time stands still at its now_utc."""
    return make_world(orjson.loads(Path(path).read_bytes()), clock)


def world_now(path: str | Path) -> datetime:
    """The moment a world file describes."""
    return read_world(orjson.loads(Path(path).read_bytes())).now


def make_world(document: Json, clock: Clock | None = None) -> State:
    """The factories of a world document; WrongWorld for one that cannot be read."""
    world = read_world(document)
    names = dict.fromkeys((*world.factories, *map(world.factory_of_run, world.runs)))
    factories = tuple(_factory(world, name) for name in names)
    return State(clock=clock or frozen_clock(world.now), factories=factories)


def _factory(world: WorldFile, name: str) -> DataFactory:
    entry = world.factories.get(name, {})
    told = RunReader(world, name).read()
    triggers = _triggers(world, name, [spec.run for spec in told])
    firings = ScheduledFirings(triggers, world.triggers)
    factory = DataFactory(
        name=name,
        resource_group=entry.get("rg") or "rg-data",
        location=entry.get("location") or "westeurope",
        pipelines=_pipelines(world, name, told),
        triggers=triggers,
        runtimes=_runtimes(world, name),
        other_firings=firings,
        has_undescribed_pipelines=True,
        on_trigger_started=firings.resume,
        cause_stands=lambda run, _now: _breaks_again(world, name, run),
        log=log_entries(world, name),
    )
    for spec in told:
        factory.add(plan_run(_with_window(spec, triggers)))
    return factory


def _breaks_again(world: WorldFile, factory: str, run: SimulatedRun) -> bool:
    """Whether the file says of a pipeline that a rerun fails; else it goes well."""
    planned = world.entry(factory, run.pipeline).get("rerun")
    return str(planned or "").lower() == "failed"


def _with_window(spec: RunSpec, triggers: Mapping[str, Any]) -> RunSpec:
    """A run that a tumbling trigger started, with its window."""
    by = spec.run.invoked_by
    definition = triggers.get(by.name)
    if definition is None or by.kind != TUMBLING:
        return spec
    window = window_at(definition, spec.run.queued_at)
    return replace(spec, run=replace(spec.run, invoked_by=replace(by, window=window)))


def _pipelines(world: WorldFile, factory: str, told: Iterable[RunSpec]) -> dict[str, Any]:
    by_pipeline: dict[str, list[RunSpec]] = {}
    for spec in told:
        by_pipeline.setdefault(spec.run.pipeline, []).append(spec)
    made: dict[str, Any] = {}
    for name in world.pipelines_in(factory):
        entry = world.entry(factory, name)
        shapes = shapes_of(by_pipeline.get(name, ()))
        made[name] = pipeline_properties(
            shapes or (DefinedStep(name=f"Copy_{name}", kind="Copy"),),
            concurrency=entry.get("concurrency"),
            annotations=annotations_of(entry),
            parameters=_parameters(world, factory, name),
        )
    return made


def _parameters(world: WorldFile, factory: str, pipeline: str) -> dict[str, Any]:
    """What a pipeline declares, judging by what its runs were given."""
    given: dict[str, Any] = {}
    for run_id in world.runs_in(factory):
        if world.runs[run_id]["pipeline"] == pipeline:
            given = {**(world.runs[run_id].get("parameters") or {}), **given}
    return {name: {"type": _type_of(value)} for name, value in given.items()}


def _type_of(value: object) -> str:
    kinds = ((bool, "Bool"), (int, "Int"), (float, "Float"), (list, "Array"), (dict, "Object"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "String")


def _triggers(world: WorldFile, factory: str, runs: Iterable[SimulatedRun]) -> dict[str, Any]:
    seen = tuple(runs)
    made: dict[str, Any] = {}
    for name, entry in world.triggers.items():
        if world.factory_of_trigger(name) != factory:
            continue
        schedule = str(entry.get("schedule") or "")
        try:
            made[name] = trigger_properties(
                schedule,
                pipelines_of(entry),
                started=str(entry.get("state") or "Started").lower() == "started",
                first=_first_day(world.now),
                phase=_phase(schedule, entry, name, seen, _first_day(world.now)),
            )
        except UnknownSchedule as error:
            raise WrongWorld(f"trigger {name!r}: {error}") from error
    return made


def _first_day(now: datetime) -> datetime:
    return (now - _PUBLISHED).replace(hour=0, minute=0, second=0, microsecond=0)


def _phase(
    schedule: str,
    entry: Mapping[str, Any],
    name: str,
    runs: Iterable[SimulatedRun],
    first: datetime,
) -> timedelta:
    """How long after midnight a plain interval counts from: as most of its runs did."""
    interval = interval_of(schedule)
    if interval is None:
        return timedelta()
    fired = read_time(entry.get("last_fired"))
    started = [run for run in runs if run.invoked_by.name == name]
    moments = [fired] if fired else [run.queued_at for run in started]
    phases = [(moment.replace(second=0, microsecond=0) - first) % interval for moment in moments]
    counted = Counter(sorted(phases)).most_common(1)
    return counted[0][0] if counted else timedelta()


def _runtimes(world: WorldFile, factory: str) -> dict[str, Runtime]:
    names = (name for name in world.runtimes if world.factory_of_runtime(name) == factory)
    return {name: _runtime(world.runtimes[name], factory, name) for name in names}


def _runtime(entry: Json, factory: str, name: str) -> Runtime:
    state = str(entry.get("state") or "Online")
    if str(entry.get("type") or "Managed") == "Managed":
        return managed(factory, state)
    nodes = _nodes(entry.get("nodes"), name, state)
    return self_hosted(factory, state, nodes, read_time(entry.get("last_connect")))


def _nodes(told: object, name: str, state: str) -> list[tuple[str, str]]:
    """Node names with their status; of a limited runtime only the first one answers."""
    if isinstance(told, int) or told is None:
        count = told if isinstance(told, int) else 1
        others = "Offline" if state == "Limited" else state
        first = "Online" if state == "Limited" else state
        return [(f"{name}-node{at + 1}", others if at else first) for at in range(count)]
    raise WrongWorld(f"integration runtime {name!r}: nodes is a number")
