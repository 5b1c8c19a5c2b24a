"""What Data Factory told us, as frozen values: runs, activity runs, pipelines, their sums.

Field sources: PipelineRuns_QueryByFactory, ActivityRuns_QueryByPipelineRun and Pipelines_Get of the
Data Factory REST API, api-version 2018-06-01. All times are aware UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class RunStatus(StrEnum):
    """The state of a pipeline run or an activity run, under one spelling each."""

    QUEUED = "Queued"
    IN_PROGRESS = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELING = "Canceling"
    CANCELLED = "Cancelled"
    SKIPPED = "Skipped"
    TIMED_OUT = "TimedOut"
    UNKNOWN = "Unknown"

    @classmethod
    def read(cls, word: object) -> "RunStatus":
        """Read any spelling seen on the wire ("Inprogress", "Canceled"); UNKNOWN for the rest."""
        plain = str(word or "").replace(" ", "").lower()
        plain = {"canceled": "cancelled", "cancelling": "canceling"}.get(plain, plain)
        return next((status for status in cls if status.lower() == plain), cls.UNKNOWN)


ACTIVE = frozenset({RunStatus.QUEUED, RunStatus.IN_PROGRESS, RunStatus.CANCELING})
BROKEN = frozenset({RunStatus.FAILED, RunStatus.TIMED_OUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """From `start` to `end`; run queries filter on the last update, not on the run's start."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineNotes:
    """What the owners declared about a pipeline in our settings, because Azure does not know it."""

    critical: bool = False
    owner: str | None = None
    usual: timedelta | None = None
    due: str | None = None
    downstream: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Factory:
    """Where a data factory is, under the alias people call it by."""

    alias: str
    subscription: str
    resource_group: str
    name: str
    notes: Mapping[str, PipelineNotes] = field(default_factory=dict[str, PipelineNotes])

    def notes_for(self, pipeline: str) -> PipelineNotes:
        """What was declared about a pipeline; empty notes for an undeclared one."""
        return self.notes.get(pipeline) or PipelineNotes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """One pipeline of a factory's inventory."""

    factory: str
    name: str
    folder: str | None = None
    annotations: tuple[str, ...] = ()
    concurrency: int | None = None
    notes: PipelineNotes = PipelineNotes()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDefinition:
    """One activity as published; `inner` are the activities a container holds."""

    name: str
    kind: str
    after: tuple[str, ...] = ()
    calls: str | None = None
    inner: tuple["ActivityDefinition", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineDefinition:
    """A pipeline as published, read as JSON because the SDK loses the activity types."""

    name: str
    activities: tuple[ActivityDefinition, ...] = ()
    concurrency: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokedBy:
    """Who started a run: a trigger, a person, or a parent pipeline run."""

    name: str
    kind: str
    pipeline: str | None = None
    pipeline_run_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """One execution of a pipeline. `message` is redacted; `start` is missing while it is queued."""

    factory: str
    run_id: str
    pipeline: str
    status: RunStatus
    start: datetime | None = None
    end: datetime | None = None
    duration: timedelta | None = None
    message: str = ""
    invoked_by: InvokedBy | None = None
    last_updated: datetime | None = None
    group_id: str | None = None
    is_latest: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])

    def lasted(self, now: datetime) -> timedelta | None:
        """How long it ran, or has been running at `now`; None while it is queued."""
        if self.duration is not None and self.status not in ACTIVE:
            return self.duration
        end = self.end or (now if self.status in ACTIVE else self.last_updated)
        return end - self.start if self.start and end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityError:
    """The error of an activity run, redacted. `code` is the outer code, for instance 2200."""

    code: str
    message: str
    failure_type: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRun:
    """One execution of one activity; `item` names the ForEach item it worked on, where it shows."""

    activity_run_id: str
    run_id: str
    pipeline: str
    name: str
    kind: str
    status: RunStatus
    start: datetime | None = None
    end: datetime | None = None
    duration: timedelta | None = None
    retry_attempt: int | None = None
    iteration: str = ""
    item: str | None = None
    error: ActivityError | None = None
    rows_read: int | None = None
    rows_copied: int | None = None
    child_run_id: str | None = None
    runtime: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseStep:
    """One level on the way down to the cause: which activity of which pipeline run."""

    pipeline: str
    run_id: str
    activity: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCount:
    """How the items of a ForEach ended; `names` are the failed ones, where they show."""

    total: int
    succeeded: int
    failed: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The first thing that really broke: the way down to it, the activity runs, the real error.

    `failed` holds every activity run that broke at that place (one for each ForEach item).
    """

    path: tuple[CauseStep, ...]
    failed: tuple[ActivityRun, ...]
    error: ActivityError
    items: ItemCount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What an error means, from the catalogue: a plain cause, next steps, whether a rerun helps.

    `rerun` is yes, no, depends, only_if_transient, after_upstream, after_ir_online, after_change or
    after_overlap_ends; `page` is a Microsoft Learn address that we built.
    """

    code: str | None
    cause: str
    next_steps: tuple[str, ...]
    rerun: str | None
    page: str | None
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """An earlier run that broke with the same error, and the next good run after it."""

    run: PipelineRun
    recovered: PipelineRun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorHistory:
    """How often the same error broke a pipeline within so many days before, newest first."""

    occurrences: tuple[Occurrence, ...]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A pipeline run with its activity runs, its children and, if it broke, the cause.

    `gaps` are sentences about what could not be read; `notes` were declared by the owners.
    `newer` is the pipeline's newest run, when that is another one (has it recovered since?);
    `history` is set when it was asked whether the error occurred before.
    """

    run: PipelineRun
    as_of: datetime
    activity_runs: tuple[ActivityRun, ...] = ()
    children: tuple["RunReport", ...] = ()
    cause: Cause | None = None
    gaps: tuple[str, ...] = ()
    notes: PipelineNotes = PipelineNotes()
    meaning: Meaning | None = None
    newer: PipelineRun | None = None
    history: ErrorHistory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTable:
    """The activity runs of a run, all of them or `only` some states, children's items included."""

    report: RunReport
    only: tuple[RunStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunList:
    """The runs that fit a question, newest first, and what the question was.

    `pipeline` is set when one pipeline was asked for, `statuses` when only some states were.
    """

    factory: str
    runs: tuple[PipelineRun, ...]
    time_range: TimeRange
    as_of: datetime
    pipeline: str | None = None
    statuses: tuple[RunStatus, ...] = ()
    latest_only: bool = False
    notes: Mapping[str, PipelineNotes] = field(default_factory=dict[str, PipelineNotes])


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineList:
    """The pipelines of a factory that fit `match` (all of them without one)."""

    factory: str
    pipelines: tuple[Pipeline, ...]
    as_of: datetime
    match: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How the runs of a stretch of time ended; `label` is relative, like "-8 h"."""

    label: str
    succeeded: int = 0
    failed: int = 0
    slow: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStats:
    """How often a pipeline ran and failed, how long it took, and why it is left out of alerts."""

    pipeline: str
    runs: int
    failed: int
    last: RunStatus
    usual: timedelta | None = None
    durations: tuple[float | None, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStats:
    """A trend: the sentence it proves, its buckets, the pipelines behind it, limits of the data."""

    subject: str
    factory: str
    time_range: TimeRange
    finding: str
    buckets: tuple[Bucket, ...]
    pipelines: tuple[PipelineStats, ...] = ()
    before: float | None = None
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that two runs do not share."""

    what: str
    left: str
    right: str
    matters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs side by side: what differs, the important first."""

    left: PipelineRun
    right: PipelineRun
    differences: tuple[Difference, ...]
    same: tuple[str, ...] = ()
