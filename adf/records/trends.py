"""How it goes over time, and how two runs differ."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adf.records.base import BaseRecord
from adf.records.runs import PipelineRun, RunStatus, TimeRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How the runs of a stretch of time ended; from `start`; `label` is relative: "-8 h".

    `others` neither succeeded nor failed: cancelled or skipped.
    """

    label: str
    start: datetime | None = None
    succeeded: int = 0
    failed: int = 0
    others: int = 0
    slow: timedelta | None = None

    @property
    def ended(self) -> int:
        """Every run that ended then."""
        return self.succeeded + self.failed + self.others


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStats:
    """How many runs of a pipeline ended and failed, how long they took, what is remarkable."""

    pipeline: str
    runs: int
    failed: int
    last: RunStatus
    usual: timedelta | None = None
    durations: tuple[float | None, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStats:
    """How many rows the newest good runs of a pipeline copied, oldest first."""

    copied: tuple[int, ...]
    usual: int | None = None

    @property
    def last(self) -> int:
        """What the newest of them copied."""
        return self.copied[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStats(BaseRecord):
    """A trend: the sentence it proves, its buckets, the pipelines behind it, limits of the data."""

    subject: str
    factory: str
    time_range: TimeRange
    finding: str
    buckets: tuple[Bucket, ...]
    pipelines: tuple[PipelineStats, ...] = ()
    before: float | None = None
    rows: RowStats | None = None
    limits: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """Whose trend it is."""
        return f"trend {self.factory} {self.subject}"

    def one_line(self, zone: ZoneInfo) -> str:
        """What it proves."""
        del zone
        return self.finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that two runs do not share."""

    what: str
    left: str
    right: str
    matters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(BaseRecord):
    """Two runs side by side: what differs, the important first."""

    left: PipelineRun
    right: PipelineRun
    differences: tuple[Difference, ...]
    same: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """Those of both runs."""
        return tuple(dict.fromkeys((self.left.factory, self.right.factory)))

    @property
    def identity(self) -> str:
        """Both runs."""
        return f"runs {self.left.run_id} {self.right.run_id}"
