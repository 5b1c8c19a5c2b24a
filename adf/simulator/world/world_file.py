"""The world file as data: where each pipeline, run, trigger and runtime of it belongs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from adf.simulator.dates import read_time
from adf.simulator.runs import Json

_NOTHING: Json = {}
_STATUSES = {"canceled": "Cancelled", "running": "InProgress", "inprogress": "InProgress"}


class WrongWorld(ValueError):
    """A world file that cannot be read; the message names the entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldFile:
    """What a world file tells about Data Factory; people and incidents are not read."""

    now: datetime
    default_factory: str
    factories: Mapping[str, Json]
    pipelines: Mapping[str, Sequence[Json]]
    runs: Mapping[str, Json]
    activities: Mapping[str, Sequence[Json]]
    triggers: Mapping[str, Json]
    runtimes: Mapping[str, Json]
    lineage: Mapping[str, Sequence[str]]
    changes: Sequence[Json] = ()

    def factory_of_run(self, run_id: str) -> str:
        """The factory a run belongs to."""
        run = self.runs[run_id]
        return run.get("factory") or self.home_of(run["pipeline"])

    def home_of(self, pipeline: str) -> str:
        """The factory meant when only a pipeline is named: the default one if it has it."""
        homes = [entry.get("factory") for entry in self.pipelines.get(pipeline, ())]
        known = [home for home in homes if home]
        return known[0] if known and self.default_factory not in known else self.default_factory

    def factory_of_trigger(self, name: str) -> str:
        """The factory a trigger belongs to: where its pipeline says it is started by it."""
        trigger = self.triggers[name]
        if trigger.get("factory"):
            return trigger["factory"]
        for pipeline in pipelines_of(trigger):
            for entry in self.pipelines.get(pipeline, ()):
                if entry.get("trigger") == name and entry.get("factory"):
                    return entry["factory"]
        return next(map(self.home_of, pipelines_of(trigger)), self.default_factory)

    def factory_of_runtime(self, name: str) -> str:
        """The factory an integration runtime belongs to: that of the pipelines that use it."""
        runtime = self.runtimes[name]
        homes = [self.home_of(pipeline) for pipeline in runtime.get("used_by") or ()]
        fallback = self.default_factory if self.default_factory in homes or not homes else homes[0]
        return runtime.get("factory") or fallback

    def entry(self, factory: str, pipeline: str) -> Json:
        """What is told of a pipeline in one factory."""
        entries = self.pipelines.get(pipeline, ())
        here = (one for one in entries if (one.get("factory") or self.default_factory) == factory)
        return next(here, _NOTHING)

    def pipelines_in(self, factory: str) -> tuple[str, ...]:
        """Every pipeline of a factory: told, run or started by a trigger there."""
        told = (name for name in self.pipelines if self.entry(factory, name))
        run = (self.runs[key]["pipeline"] for key in self.runs_in(factory))
        started = (
            pipeline
            for name, trigger in self.triggers.items()
            if self.factory_of_trigger(name) == factory
            for pipeline in pipelines_of(trigger)
        )
        return tuple(dict.fromkeys((*told, *run, *started)))

    def runs_in(self, factory: str) -> Iterator[str]:
        """The ids of a factory's runs."""
        return (run_id for run_id in self.runs if self.factory_of_run(run_id) == factory)

    def children_of(self, run_id: str) -> Iterator[str]:
        """The ids of the runs that a run started."""
        return (key for key, run in self.runs.items() if run.get("parent") == run_id)


def read_world(document: Json) -> WorldFile:
    """Read a world document; WrongWorld names what is missing."""
    now = read_time(document.get("now_utc"))
    factories = _section(document, "factories")
    if now is None or not factories:
        raise WrongWorld("a world file needs now_utc and factories")
    return WorldFile(
        now=now,
        default_factory=document.get("default_factory") or next(iter(factories)),
        factories=factories,
        pipelines=_section(document, "pipelines"),
        runs=_section(document, "runs"),
        activities=_section(document, "activities"),
        triggers=_section(document, "triggers"),
        runtimes=_section(document, "irs"),
        lineage=_section(document, "lineage"),
        changes=document.get("changes") or (),
    )


def pipelines_of(trigger: Json) -> list[str]:
    """The pipelines a trigger starts; one name or several."""
    told: object = trigger.get("pipeline") or trigger.get("pipelines") or []
    return [told] if isinstance(told, str) else list(cast("Sequence[str]", told))


def status_of(entry: Json) -> str:
    """A status as the wire spells it."""
    status = str(entry.get("status") or "Succeeded")
    return _STATUSES.get(status.lower(), status)


def _section(document: Json, name: str) -> Mapping[str, Any]:
    return document.get(name) or {}
