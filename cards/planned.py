"""Records of Data Factory that its own reading will bring: made here so that their cards exist.

When adf/records.py gets one of them, it is deleted here and imported from there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from adf.records import ActivityRun, PipelineRun, TimeRange


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport:
    """Why runs of a pipeline wait: how many may run at once and what runs now."""

    pipeline: str
    factory: str
    concurrency: int | None
    queued: tuple[tuple[str, datetime], ...]
    running: PipelineRun | None = None
    at_work: ActivityRun | None = None
    usual: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerReport:
    """A trigger: whether it is started, what it should have started, who stopped it."""

    name: str
    factory: str
    pipeline: str
    started: bool
    schedule: str
    last_fired: datetime | None = None
    next_fire: datetime | None = None
    missed: tuple[datetime, ...] = ()
    changed_at: datetime | None = None
    changed_by: str = ""
    release: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerList:
    """Triggers that fit a question, those with missed starts first."""

    factory: str
    as_of: datetime
    triggers: tuple[TriggerReport, ...]
    asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeNode:
    """One machine of a self-hosted integration runtime."""

    name: str
    online: bool
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeReport:
    """An integration runtime: online or not, since when, who needs it, who uses it right now."""

    name: str
    factory: str
    kind: str
    online: bool
    state: str
    as_of: datetime
    last_connect: datetime | None = None
    nodes: tuple[RuntimeNode, ...] = ()
    used_by: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """Somebody downstream: what waits, whose it is, when it starts and is due."""

    name: str
    owner: str = ""
    starts: datetime | None = None
    due: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Who waits for a pipeline and who should be told."""

    pipeline: str
    factory: str
    finding: str
    waiting: tuple[Dependent, ...]
    plain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the factory, from the activity log."""

    at: datetime
    what: str
    by: str
    touched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLog:
    """What was changed in a factory, newest first."""

    factory: str
    time_range: TimeRange
    changes: tuple[Change, ...]
    about: str = ""
