"""What runs and what waits: how far each run is against the usual, and why others wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from adf.records.base import PlainRecord
from adf.records.glossary import counted
from adf.records.triggers import WaitingWindow


class Pace(StrEnum):
    """How a run that is going on stands against runs that ended well; UNKNOWN without any."""

    UNKNOWN = "unknown"
    USUAL = "as usual"
    OVERLONG = "longer than usual"
    HUNG = "likely hung"


class WaitKind(StrEnum):
    """What keeps a run from starting, or from getting on."""

    CONCURRENCY = "concurrency"
    RUNTIME_OFFLINE = "runtime offline"
    RUNTIME_BUSY = "runtime busy"
    WINDOW = "tumbling window"
    THROTTLED = "throttled"
    FACTORY_LIMIT = "factory limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTime:
    """How long runs of a pipeline take: the middle one, the slow ones, and on how many that rests.

    A `sample` of 0 is what the owners declared.
    """

    middle: timedelta
    slow: timedelta | None = None
    sample: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """A run that is going on: since when it works, at which activity, when it should be done.

    `expected_end` is None where it is not known or already past. `runtime` is where the activity
    runs; `is_throttled` tells that an earlier attempt of it was refused for too many requests.
    """

    pipeline: str
    run_id: str
    since: datetime | None
    pace: Pace
    usual: UsualTime | None = None
    activity: str = ""
    activity_kind: str = ""
    activity_since: datetime | None = None
    runtime: str | None = None
    expected_end: datetime | None = None
    is_throttled: bool = False

    @property
    def is_overlong(self) -> bool:
        """Whether it takes longer than slow runs do."""
        return self.pace in {Pace.OVERLONG, Pace.HUNG}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRun:
    """A run that waits: since when, how many stand before it, when its turn should come."""

    run_id: str
    since: datetime | None
    before: int
    expected_start: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitReason:
    """Why something waits, with what shows it; `likely` where that was inferred."""

    kind: WaitKind
    evidence: str
    likely: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineQueue:
    """What runs and waits of one pipeline; the oldest waiting run first."""

    pipeline: str
    concurrency: int | None = None
    running: tuple[RunProgress, ...] = ()
    waiting: tuple[QueuedRun, ...] = ()
    windows: tuple[WaitingWindow, ...] = ()
    reasons: tuple[WaitReason, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether anything of it stands and waits."""
        return bool(self.waiting or self.windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport(PlainRecord):
    """What runs and waits now, in one pipeline or in all, those that wait first.

    `gaps` say what could not be read.
    """

    factory: str
    as_of: datetime
    queues: tuple[PipelineQueue, ...]
    pipeline: str | None = None
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory, and whose queue."""
        return f"queue {self.factory} {self.pipeline or ''}"

    @property
    def waiting(self) -> int:
        """How many runs wait."""
        return sum(len(one.waiting) for one in self.queues)

    @property
    def running(self) -> tuple[RunProgress, ...]:
        """Every run that is going on."""
        return tuple(run for one in self.queues for run in one.running)

    def one_line(self, zone: ZoneInfo) -> str:
        """How many wait and run."""
        del zone
        about = f"{self.pipeline}: " if self.pipeline else ""
        return f"{about}{counted(self.waiting, 'run')} queued, {len(self.running)} running"
