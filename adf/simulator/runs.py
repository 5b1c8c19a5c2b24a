"""Pipeline runs and activity runs as plans in time: what is seen of them depends on the clock.

A plan holds how a run will end; `seen_at` tells what the service would say of it at a moment. So
nothing has to tick, and a clock may stand still, run or race.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

Json = Mapping[str, Any]

QUEUED = "Queued"
IN_PROGRESS = "InProgress"
SUCCEEDED = "Succeeded"
FAILED = "Failed"
CANCELING = "Canceling"
CANCELLED = "Cancelled"
SKIPPED = "Skipped"
ACTIVE = frozenset({QUEUED, IN_PROGRESS, CANCELING})

_CANCELING_LASTS = timedelta(seconds=20)
_CHILD = ("pipelineRunId", "pipelineName")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedInvoker:
    """Who started a pipeline run: a trigger (for a window), a person, or another run's activity."""

    name: str = "Manual"
    kind: str = "Manual"
    pipeline: str | None = None
    run_id: str | None = None
    window: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedRun:
    """One execution of a pipeline, as planned or as seen at a moment."""

    run_id: str
    pipeline: str
    status: str
    queued_at: datetime
    group_id: str
    start: datetime | None = None
    end: datetime | None = None
    updated: datetime | None = None
    message: str = ""
    invoked_by: PlannedInvoker = PlannedInvoker()
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    annotations: tuple[str, ...] = ()
    is_latest: bool = True

    @property
    def run_start(self) -> datetime:
        """What the service calls the start: the moment it was queued, also once it has begun."""
        return self.queued_at

    @property
    def last_updated(self) -> datetime:
        """When the service last wrote to this run."""
        return self.end or self.updated or self.start or self.queued_at

    def seen_at(self, now: datetime) -> "SimulatedRun | None":
        """The run as the service shows it at that moment; None before it exists."""
        if self.queued_at > now:
            return None
        if self.start and self.start > now:
            return replace(self, status=QUEUED, start=None, end=None, updated=None, message="")
        if self.end and self.end > now:
            is_ending = self.status == CANCELLED and self.end - now <= _CANCELING_LASTS
            status = CANCELING if is_ending else IN_PROGRESS
            return replace(self, status=status, end=None, updated=None, message="")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedError:
    """Why an activity run broke, in the service's own fields."""

    code: str
    message: str
    failure_type: str = "UserError"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedActivityRun:
    """One execution of one step of a pipeline run, as planned or as seen at a moment."""

    activity_run_id: str
    run_id: str
    pipeline: str
    name: str
    kind: str
    status: str
    since: datetime
    start: datetime | None = None
    end: datetime | None = None
    iteration: str = ""
    item: str | None = None
    input: Json = field(default_factory=dict[str, Any])
    output: Json = field(default_factory=dict[str, Any])
    error: SimulatedError | None = None
    runtime: "RuntimeUsed | None" = None
    attempt: int | None = None
    properties: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def last_updated(self) -> datetime:
        """When the service last wrote to this row."""
        return self.end or self.start or self.since

    def shifted(self, by: timedelta) -> "SimulatedActivityRun":
        """The same row at another time."""
        start, end = self.start and self.start + by, self.end and self.end + by
        return replace(self, since=self.since + by, start=start, end=end)

    def seen_at(self, now: datetime) -> "SimulatedActivityRun | None":
        """The row as the service shows it at that moment; None before there is one."""
        if self.since > now:
            return None
        if self.end is None or self.end <= now:
            return self
        known = {key: self.output[key] for key in _CHILD if key in self.output}
        return replace(self, status=IN_PROGRESS, end=None, output=known, error=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeUsed:
    """The integration runtime an activity run went through."""

    name: str
    kind: str = "Managed"
    location: str = "West Europe"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """A pipeline run with its activity runs, which may be written out only when asked for."""

    run: SimulatedRun
    activities: tuple[SimulatedActivityRun, ...] = ()
    write_out: Callable[[], tuple[SimulatedActivityRun, ...]] | None = None

    def seen_at(self, now: datetime) -> SimulatedRun | None:
        """The run at that moment; one in progress was last updated by its newest activity run."""
        run = self.run.seen_at(now)
        if run is None or run.status not in (IN_PROGRESS, CANCELING):
            return run
        touched = [one.last_updated for one in self.activities_at(now)]
        return replace(run, updated=max(touched, default=run.last_updated))

    def activities_at(self, now: datetime) -> tuple[SimulatedActivityRun, ...]:
        """The activity runs there are at that moment."""
        rows = self.write_out() if self.write_out else self.activities
        seen = (one.seen_at(now) for one in rows)
        return tuple(one for one in seen if one is not None)

    def is_active(self, now: datetime) -> bool:
        """Whether the run is queued, under way or being cancelled at that moment."""
        run = self.run.seen_at(now)
        return run is not None and run.status in ACTIVE

    def has_ended(self, now: datetime) -> bool:
        """Whether the run is over at that moment."""
        run = self.run.seen_at(now)
        return run is not None and run.status not in ACTIVE

    def shifted(self, by: timedelta) -> "PlannedRun":
        """The same run, begun so much later (or earlier); when it was queued stays."""
        rows = self.write_out() if self.write_out else self.activities
        start, end = self.run.start, self.run.end
        run = replace(self.run, start=start and start + by, end=end and end + by)
        return PlannedRun(run=run, activities=tuple(row.shifted(by) for row in rows))
