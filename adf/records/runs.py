"""Runs as Data Factory tells them: pipeline runs, activity runs, their states and times.

Fields of PipelineRuns_QueryByFactory and ActivityRuns_QueryByPipelineRun, api-version 2018-06-01.
All times are aware UTC.
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
        return _SPELLINGS.get(str(word or "").replace(" ", "").lower(), cls.UNKNOWN)


_SPELLINGS = {
    **{status.lower(): status for status in RunStatus},
    "canceled": RunStatus.CANCELLED,
    "cancelling": RunStatus.CANCELING,
}

ACTIVE = frozenset({RunStatus.QUEUED, RunStatus.IN_PROGRESS, RunStatus.CANCELING})
BROKEN = frozenset({RunStatus.FAILED, RunStatus.TIMED_OUT})


class RangeKind(StrEnum):
    """How a time range was asked for: so much back from now, from a moment on, or between two."""

    LENGTH = "length"
    SINCE = "since"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """From `start` to `end`; run queries filter on the last update, not on the run's start."""

    start: datetime
    end: datetime
    kind: RangeKind = RangeKind.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokedBy:
    """Who started a run: a trigger, a person, or a parent pipeline run.

    Data Factory calls every person "Manual"; `person` is the caller in the activity log, where it
    was looked up.
    """

    name: str
    kind: str
    pipeline: str | None = None
    pipeline_run_id: str | None = None
    person: str | None = None

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody started it, and neither a trigger nor a pipeline."""
        return self.kind.lower() == "manual" and not self.pipeline_run_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """One execution of a pipeline. `message` is redacted.

    `start` is the moment it was queued, and stays that when it leaves the queue; older forms have
    none while it is queued. `working_since` is when its first activity began, where that was read.
    `debug` marks a trial run out of the designer, which nobody is woken for.
    """

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
    debug: bool = False
    working_since: datetime | None = None

    def lasted(self, now: datetime) -> timedelta | None:
        """How long it ran, or has been running at `now`; None while it is queued.

        The time in the queue counts (as Data Factory's own duration has it) unless it is known when
        the work began.
        """
        if self.status is RunStatus.QUEUED:
            return None
        if self.working_since:
            end = self.end or (now if self.status in ACTIVE else self.last_updated)
            return end - self.working_since if end else None
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
    rows_skipped: int | None = None
    child_run_id: str | None = None
    runtime: str | None = None
