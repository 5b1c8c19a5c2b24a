"""Triggers: what they are set to, when they fired, and how each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from adf.records.base import PlainRecord
from adf.records.glossary import counted
from adf.records.moments import moment_said
from adf.records.runs import RunStatus, TimeRange


class TriggerKind(StrEnum):
    """What starts a trigger; OTHER for a type that is not known here."""

    SCHEDULE = "ScheduleTrigger"
    TUMBLING_WINDOW = "TumblingWindowTrigger"
    BLOB_EVENTS = "BlobEventsTrigger"
    CUSTOM_EVENTS = "CustomEventsTrigger"
    OTHER = "Other"

    @classmethod
    def read(cls, word: object) -> "TriggerKind":
        """Read the type of a definition or of a trigger run."""
        return _KINDS.get(str(word or "").lower(), cls.OTHER)


_KINDS = {kind.lower(): kind for kind in TriggerKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyOccurrence:
    """The nth weekday of a month (-1 is the last); every one of them without a number."""

    day: str
    occurrence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """The recurrence of a schedule trigger, as published.

    `start` and `end` without a zone are wall-clock times of `time_zone`, a Windows name as a rule.
    """

    frequency: str
    interval: int = 1
    start: datetime | None = None
    end: datetime | None = None
    time_zone: str = "UTC"
    minutes: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    week_days: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    occurrences: tuple[MonthlyOccurrence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowDependency:
    """Windows that have to be done first; without a trigger, earlier windows of the same one."""

    trigger: str | None
    offset: timedelta | None = None
    size: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TumblingWindow:
    """The windows of a tumbling window trigger, as published."""

    frequency: str
    interval: int = 1
    start: datetime | None = None
    end: datetime | None = None
    delay: timedelta = timedelta()
    max_concurrency: int | None = None
    retries: int = 0
    retry_interval: timedelta | None = None
    depends_on: tuple[WindowDependency, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerDefinition:
    """A trigger as published; `source` is what an event trigger listens to."""

    factory: str
    name: str
    kind: TriggerKind
    state: str
    pipelines: tuple[str, ...] = ()
    recurrence: Recurrence | None = None
    window: TumblingWindow | None = None
    source: str = ""

    @property
    def is_started(self) -> bool:
        """Whether it fires at all."""
        return self.state.lower() == "started"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRun:
    """One firing of a trigger; `waits_for` names the dependencies that are not done yet."""

    trigger: str
    run_id: str
    kind: TriggerKind
    status: RunStatus
    fired_at: datetime | None
    scheduled: datetime | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    pipeline_runs: Mapping[str, str] = field(default_factory=dict[str, str])
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWindow:
    """A window that has closed and is not done: what it waits for, or whether it failed."""

    start: datetime
    end: datetime
    waits_for: tuple[str, ...] = ()
    status: RunStatus = RunStatus.QUEUED


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerStatus:
    """How a trigger stands: `missed` are starts that were due and did not come, oldest first.

    `late` was due a moment ago and may still come. `stopped_after` and `stopped_before` enclose the
    moment it was stopped; `stopped_at` and `stopped_by` are set where that is known, `stopped_with`
    is a deployment of the same actor about then. Nothing about the future is said of a trigger that
    is not `predictable`: an event starts it. `due` is when the owners want the data.
    """

    factory: str
    name: str
    kind: TriggerKind
    state: str
    pipelines: tuple[str, ...]
    schedule: str
    due: str | None = None
    predictable: bool = True
    last_fired: datetime | None = None
    next_start: datetime | None = None
    ended: datetime | None = None
    missed: tuple[datetime, ...] = ()
    late: datetime | None = None
    failed: tuple[datetime, ...] = ()
    waiting: tuple[WaitingWindow, ...] = ()
    stopped_at: datetime | None = None
    stopped_by: str = ""
    stopped_with: str = ""
    stopped_after: datetime | None = None
    stopped_before: datetime | None = None

    @property
    def is_started(self) -> bool:
        """Whether it fires at all."""
        return self.state.lower() == "started"

    @property
    def subject(self) -> str:
        """What it starts, or its own name where it starts nothing."""
        return self.pipelines[0] if self.pipelines else self.name

    @property
    def has_problem(self) -> bool:
        """Whether somebody should look: a missed start, a failed one, a window that waits."""
        return bool(self.missed or self.failed or self.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerReport(PlainRecord):
    """The triggers that fit a question, those with a problem first, and what the question was.

    Starts are compared with trigger runs within `time_range`; `gaps` say what could not be read.
    """

    factory: str
    as_of: datetime
    time_range: TimeRange
    triggers: tuple[TriggerStatus, ...]
    trigger: str | None = None
    pipeline: str | None = None
    state: str | None = None
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory, and which of its triggers."""
        question = " ".join(one or "-" for one in (self.trigger, self.pipeline, self.state))
        return f"triggers {self.factory} {question}"

    def one_line(self, zone: ZoneInfo) -> str:
        """What did not run, else how many triggers there are."""
        missed = [one for one in self.triggers if one.missed]
        if len(missed) == 1:
            due = moment_said(missed[0].missed[-1], zone)
            return f"{missed[0].subject} did not run at {due}"
        if missed:
            return f"{counted(len(missed), 'pipeline')} did not run"
        if len(self.triggers) == 1:
            return f"{self.triggers[0].name}: {self.triggers[0].state.lower()}"
        return f"{counted(len(self.triggers), 'trigger')}, no missed starts"
