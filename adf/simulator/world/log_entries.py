"""The activity log of a world: the changes that are told, and the triggers that were stopped."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from adf.simulator.activity_log import STARTED, LogEntry, steady_id
from adf.simulator.dates import read_time
from adf.simulator.world.world_file import WorldFile

_ADF = "Microsoft.DataFactory/factories"
_DEPLOYMENT = re.compile(r"(?i)\bdeployment\s+(\S+)")
_BY_HAND = re.compile(r"(?i)\b(?:manual|rerun)\b[^(]*\((?:by )?([^()]+)\)")
_TOOK = timedelta(seconds=2)
_SOMEBODY = "unknown"


def log_entries(world: WorldFile, factory: str) -> tuple[LogEntry, ...]:
    """What was done to a factory; a change belongs to the factory of what it touched."""
    mine = (one for one in world.changes if _factory_of(world, one) == factory)
    events = [event for one in mine for event in _of_change(world, factory, one)]
    return (*events, *_of_triggers(world, factory), *_of_runs(world, factory))


def _factory_of(world: WorldFile, change: Mapping[str, Any]) -> str:
    """The factory that is named, or that of the first thing it touched."""
    homes = (
        world.factory_of_trigger(name) if name in world.triggers else world.home_of(name)
        for name in change.get("touched") or ()
    )
    return str(change.get("factory") or next(homes, world.default_factory))


def _of_change(world: WorldFile, factory: str, change: Mapping[str, Any]) -> Iterator[LogEntry]:
    at = read_time(change.get("at"))
    if at is None:
        return
    who, what = str(change.get("by") or _SOMEBODY), str(change.get("what") or "")
    act = steady_id(at, who, what)
    deployment = _DEPLOYMENT.search(what)
    if deployment:
        place = f"Microsoft.Resources/deployments/{deployment[1]}"
        yield from _ended(at, who, "Microsoft.Resources/deployments/write", place, act)
    said = "" if deployment else what
    places = [_place(world, factory, str(name)) for name in change.get("touched") or ()]
    for place in places or ([] if deployment else [f"{_ADF}/{factory}"]):
        kind = "/".join((_ADF, *place.split("/")[3::2]))
        yield from _ended(at, who, f"{kind}/write", place, act, said)


def _of_triggers(world: WorldFile, factory: str) -> Iterator[LogEntry]:
    for name, trigger in world.triggers.items():
        at = read_time(trigger.get("stopped_at"))
        if at is None or world.factory_of_trigger(name) != factory:
            continue
        who = str(trigger.get("stopped_by") or _SOMEBODY)
        place = f"{_ADF}/{factory}/triggers/{name}"
        act = steady_id(at, who, name)
        yield from _ended(at, who, f"{_ADF}/triggers/stop/action", place, act)


def _of_runs(world: WorldFile, factory: str) -> Iterator[LogEntry]:
    """Runs that somebody started by hand: "manual rerun (priya)"."""
    for run_id in world.runs_in(factory):
        run = world.runs[run_id]
        by, at = str(run.get("invoked_by") or ""), read_time(run.get("start"))
        who = _BY_HAND.search(by)
        if who is None or at is None:
            continue
        place = f"{_ADF}/{factory}/pipelines/{run['pipeline']}"
        act = steady_id(at, who[1], run_id)
        yield from _ended(at, who[1], f"{_ADF}/pipelines/createrun/action", place, act)


def _ended(
    at: datetime, who: str, operation: str, place: str, act: str, said: str = ""
) -> Iterator[LogEntry]:
    """The two events of one operation: begun, and done at that time."""
    done = LogEntry(
        at=at, caller=who, operation=operation, resource=place, correlation=act, description=said
    )
    yield LogEntry(
        at=at - _TOOK,
        caller=who,
        operation=operation,
        resource=place,
        correlation=act,
        status=STARTED,
    )
    yield done


def _place(world: WorldFile, factory: str, name: str) -> str:
    """What has that name: a trigger, a runtime, a pipeline, else a linked service."""
    kind = "linkedservices"
    if name in world.triggers:
        kind = "triggers"
    elif name in world.runtimes:
        kind = "integrationruntimes"
    elif name in world.pipelines_in(factory):
        kind = "pipelines"
    return f"{_ADF}/{factory}/{kind}/{name}"
