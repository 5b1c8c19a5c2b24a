"""What starts pipelines: the triggers of a folder, events, and people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from adf.simulator.gitfolder.execution.results import PipelineStart
from adf.simulator.gitfolder.execution.seeded_random import SeededRandom, id_of
from adf.simulator.gitfolder.expressions.evaluate import resolve_each
from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.gitfolder.folder import GitFolder
from adf.simulator.gitfolder.json_values import LONGEST, object_in, objects_in
from adf.simulator.gitfolder.triggers.recurrence import firings
from adf.simulator.gitfolder.triggers.tumbling_windows import KIND as TUMBLING
from adf.simulator.gitfolder.triggers.tumbling_windows import (
    Tumbling,
    Window,
    outputs_of,
    read_tumbling,
)
from adf.simulator.runs import Json, PlannedInvoker

PEOPLE = (
    *("Ada Lindqvist", "Bruno Okafor", "Carla Jensen", "Deniz Moreau", "Elif Sandberg"),
    *("Farid Novak", "Greta Amadi", "Hugo Petrov"),
)
_DAY = timedelta(days=1)
# What is later, with the longest delay, would leave the calendar.
_LAST = datetime.max.replace(tzinfo=UTC) - 2 * LONGEST
_FILES = ("orders", "invoices", "returns", "stock", "contacts", "claims")
_STARTED = "Started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A start that is due, with its window if it belongs to one."""

    start: PipelineStart
    window: Window | None = None


class Triggers:
    """Everything that starts a pipeline of a folder, each as an endless row of starts."""

    def __init__(self, folder: GitFolder, seed: int) -> None:
        """Read the triggers that are started, but for those that start nothing."""
        self._seed = seed
        self._stopped = {
            name: wire
            for name, wire in folder.triggers.items()
            if wire.get("runtimeState") != _STARTED and any(_references(wire))
        }
        self._started = {
            name: wire
            for name, wire in folder.triggers.items()
            if name not in self._stopped and any(_references(wire))
        }
        known = {
            name: read_tumbling(name, wire)
            for name, wire in self._started.items()
            if wire.get("type") == TUMBLING
        }
        self.tumbling: Mapping[str, Tumbling] = {
            name: one for name, one in known.items() if one is not None
        }

    @property
    def pipelines(self) -> set[str]:
        """The pipelines that are started by a trigger."""
        return {name for wire in self._started.values() for name, _ in _references(wire)}

    def rows(self, after: datetime) -> Iterator[Iterator[Due]]:
        """The starts of each trigger later than a moment."""
        for name, wire in self._started.items():
            if name in self.tumbling:
                yield self._windows(name, wire, after)
            elif wire.get("type") == "ScheduleTrigger":
                yield self._schedule(name, wire, after)
            elif str(wire.get("type")).endswith("EventsTrigger"):
                yield self._events(name, wire, after)

    def start(self, name: str, after: datetime) -> Iterator[Due]:
        """The starts of a trigger that was stopped; once, and not of one with windows."""
        wire = self._stopped.pop(name, None)
        if wire and wire.get("type") == "ScheduleTrigger":
            yield from self._schedule(name, wire, after)
        elif wire and str(wire.get("type")).endswith("EventsTrigger"):
            yield from self._events(name, wire, after)

    def by_hand(self, pipelines: Sequence[str], a_day: float, after: datetime) -> Iterator[Due]:
        """Starts of these pipelines by people, about so many a day in all."""
        if not pipelines:
            return
        for day in _days(after):
            dice = SeededRandom(self._seed, "people", day)
            for at in _moments(dice, day, a_day):
                pipeline = dice.one_of(pipelines)
                by = PlannedInvoker(name=dice.one_of(PEOPLE), kind="Manual")
                if at > after:
                    run_id = id_of(self._seed, "people", pipeline, at)
                    yield Due(
                        start=PipelineStart(pipeline=pipeline, run_id=run_id, due=at, invoked_by=by)
                    )

    def _schedule(self, name: str, wire: Json, after: datetime) -> Iterator[Due]:
        recurrence = object_in(object_in(wire.get("typeProperties")).get("recurrence"))
        for when in firings(recurrence, after):
            if when > _LAST:
                return
            told = {"scheduledTime": when.isoformat(), "startTime": when.isoformat()}
            yield from self._starts(name, wire, when, told)

    def _windows(self, name: str, wire: Json, after: datetime) -> Iterator[Due]:
        trigger = self.tumbling[name]
        for window in trigger.windows(after - trigger.delay):
            if window.end > _LAST:
                return
            told = {"outputs": outputs_of(window)}
            for due in self._starts(name, wire, window.end + trigger.delay, told):
                by = replace(due.start.invoked_by, window=(window.start, window.end))
                yield Due(start=replace(due.start, invoked_by=by), window=window)

    def _events(self, name: str, wire: Json, after: datetime) -> Iterator[Due]:
        usual = SeededRandom(self._seed, "events", name).between(2, 30)
        for day in _days(after):
            dice = SeededRandom(self._seed, "events", name, day)
            for number, at in enumerate(_moments(dice, day, usual)):
                file = f"{dice.one_of(_FILES)}_{day:%Y%m%d}_{number:02}.csv"
                body = {"fileName": file, "folderPath": "landing"}
                if at > after:
                    yield from self._starts(name, wire, at, {"outputs": {"body": body}})

    def _starts(
        self, name: str, wire: Json, at: datetime, told: Mapping[str, Any]
    ) -> Iterator[Due]:
        by = PlannedInvoker(name=name, kind=str(wire.get("type")))
        scene = ExpressionScope(trigger=told, now=at)
        for number, (pipeline, parameters) in enumerate(_references(wire)):
            run_id = id_of(self._seed, name, number, pipeline, at)
            late = timedelta(seconds=SeededRandom(self._seed, "late", run_id).between(0.2, 3))
            start = PipelineStart(
                pipeline=pipeline,
                run_id=run_id,
                due=at + late,
                invoked_by=by,
                parameters=resolve_each(parameters, scene),
                trigger=told,
            )
            yield Due(start=start)


def _references(wire: Json) -> Iterator[tuple[str, Json]]:
    one = wire.get("pipeline")
    for started in objects_in([one] if one else wire.get("pipelines")):
        name = object_in(started.get("pipelineReference")).get("referenceName")
        if name:
            yield str(name), object_in(started.get("parameters"))


def _days(after: datetime) -> Iterator[date]:
    day = after.date()
    while True:
        yield day
        day += _DAY


def _moments(dice: SeededRandom, day: date, usual: float) -> list[datetime]:
    """About as many moments of a day as usual."""
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    count = round(dice.around(usual, 0.15))
    return sorted(midnight + _DAY * dice.share() for _ in range(count))
