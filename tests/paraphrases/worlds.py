"""The two worlds as documents the simulator loads; every run is told relative to a moment."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SPACE = uuid.UUID("5f0c9c1e-6c1a-4b8e-9f5e-0d6f1f6f2b11")
OUTCOMES = {"S": "Succeeded", "F": "Failed", "R": "InProgress", "C": "Cancelled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A pipeline of a world: how its last runs ended (newest first), every so many hours."""

    name: str
    factory: str
    outcomes: str
    every: float = 24.0
    age: float = 2.0
    minutes: float = 14.0
    critical: bool = False
    parent: str = ""
    error: str = "Login failed for user 'etl_reader'."
    code: str = "2200"
    wordy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a world."""

    run_id: str
    pipeline: str
    factory: str
    status: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An invented company: its factories, its pipelines, its zone, the moments it is asked at.

    `strangers` are names it does not have, `baits` are questions for others that use its words.
    """

    name: str
    zone: ZoneInfo
    moments: tuple[datetime, ...]
    factories: tuple[str, ...]
    pipelines: tuple[Told, ...]
    strangers: tuple[str, ...]
    baits: tuple[str, ...]
    spoken: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def names(self, factories: Sequence[str]) -> list[str]:
        """Every pipeline name in some of the factories, once."""
        found = (one.name for one in self.pipelines if one.factory in factories)
        return list(dict.fromkeys(found))

    def homes(self, name: str) -> frozenset[str]:
        """The factories that have a pipeline."""
        return frozenset(one.factory for one in self.pipelines if one.name == name)

    def runs(self, now: datetime) -> list[Run]:
        """Every run, as it stands at a moment."""
        return [run for told in self.pipelines for run in _runs(told, now)]

    def document(self, now: datetime) -> Mapping[str, Any]:
        """The world file."""
        runs = self.runs(now)
        return {
            "now_utc": now.isoformat(),
            "channel_tz": self.zone.key,
            "default_factory": self.factories[0],
            "factories": {alias: {"rg": f"rg-{alias}"} for alias in self.factories},
            "pipelines": {name: self._places(name) for name in self.names(self.factories)},
            "runs": {run.run_id: self._run_wire(run, runs) for run in runs},
            "activities": {run.run_id: self._steps(run, runs) for run in runs},
        }

    def told(self, run: Run) -> Told:
        """The pipeline of a run, as told."""
        fits = (one for one in self.pipelines if _key(one) == (run.pipeline, run.factory))
        return next(fits)

    def _places(self, name: str) -> list[Mapping[str, Any]]:
        return [
            {"factory": one.factory, "critical": one.critical, "typical_min": one.minutes}
            for one in self.pipelines
            if one.name == name
        ]

    def _run_wire(self, run: Run, runs: Sequence[Run]) -> Mapping[str, Any]:
        parent = self._parent(run, runs)
        failed = run.status == "Failed"
        message = f"Operation on target Copy_{run.pipeline} failed: {self.told(run).error}"
        return {
            "pipeline": run.pipeline,
            "factory": run.factory,
            "start": run.start.isoformat(),
            "end": run.end.isoformat() if run.end else None,
            "status": run.status,
            "message": message if failed else "",
            "invoked_by": parent.pipeline if parent else "schedule",
            "parent": parent.run_id if parent else None,
        }

    def _parent(self, run: Run, runs: Sequence[Run]) -> Run | None:
        wanted = (self.told(run).parent, run.factory)
        fits = (one for one in runs if (one.pipeline, one.factory) == wanted)
        near = (one for one in fits if abs(one.start - run.start) < timedelta(hours=1))
        return next(near, None)

    def _steps(self, run: Run, runs: Sequence[Run]) -> list[Mapping[str, Any]]:
        children = [one for one in runs if self.told(one).parent and self._parent(one, runs) is run]
        if children:
            return [_call(one) for one in children]
        return [_copy(run, self.told(run))]


def _runs(told: Told, now: datetime) -> Iterator[Run]:
    for number, letter in enumerate(told.outcomes):
        # The running newest one began a moment ago, whatever the pipeline's age says.
        start = now - timedelta(hours=told.age + told.every * number)
        lasts = timedelta(minutes=told.minutes + number % 3)
        running = letter == "R"
        yield Run(
            run_id=str(uuid.uuid5(SPACE, f"{told.factory}/{told.name}/{number}")),
            pipeline=told.name,
            factory=told.factory,
            status=OUTCOMES[letter],
            start=start.astimezone(UTC),
            end=None if running else start.astimezone(UTC) + lasts,
        )


def _key(told: Told) -> tuple[str, str]:
    return told.name, told.factory


def _call(child: Run) -> Mapping[str, Any]:
    return {
        "name": f"Call_{child.pipeline}",
        "type": "ExecutePipeline",
        "status": child.status,
        "child_run": child.run_id,
    }


def _copy(run: Run, told: Told) -> Mapping[str, Any]:
    failed = run.status == "Failed"
    trouble = {"error": told.error, "error_code": told.code, "failure_type": "UserError"}
    return {
        "name": f"Copy_{run.pipeline}",
        "type": "Copy",
        "status": run.status,
        "rowsRead": 1200,
        "rowsCopied": 0 if failed else 1200,
        **(trouble if failed else {}),
    }
