"""What the watch over a factory tells: a run broke or is well again, or something stands wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from adf.records.reports import RunReport
from adf.records.runs import PipelineRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A broken pipeline run, told once for each run id and status, with the cause below it.

    `report` is that of the topmost broken run known so far; `runs` are all broken runs it covers,
    children included. `root_run_id` is the topmost run above them, which may still be in progress.
    `signature` names the error without what changes between runs; failures of one `group` have one
    cause (the same error of the same pipeline, or one runtime, server, login or limit that is
    broken). Errors that are `alike` say the same in other pipelines; blank where `group` says it.
    """

    factory: str
    report: RunReport
    runs: tuple[PipelineRun, ...]
    root_run_id: str
    signature: str
    group: str
    alike: str = ""

    @property
    def run(self) -> PipelineRun:
        """The topmost broken run."""
        return self.report.run


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A pipeline run that ended well; whether anything waited for it, the reader knows."""

    factory: str
    run: PipelineRun


Signal = Failure | Recovery


class ConditionKind(StrEnum):
    """What can be wrong without a run that failed."""

    MISSED = "missed"
    OVERLONG = "overlong"
    DEADLINE = "deadline"
    ZERO_ROWS = "zero_rows"
    RUNTIME = "runtime"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What somebody counts on: of the pipelines that `covers` says, and by which limit.

    Without `longest` or `deadline` a run is held against its own usual, or against what its owners
    declared; `limit` is what names the limit. `is_named`: it was asked for by name.
    """

    kind: ConditionKind
    covers: Callable[[str], bool]
    limit: str = ""
    longest: timedelta | None = None
    deadline: Callable[[datetime], datetime | None] | None = None
    is_named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that stands as it should not; it is the same one as long as its `key` is.

    `subject` is a pipeline or an integration runtime, `trigger` the one that did not fire, `count`
    how many starts were missed or runs are queued, `usual` how long a run usually takes.
    """

    factory: str
    kind: ConditionKind
    key: str
    subject: str
    since: datetime
    pipelines: tuple[str, ...] = ()
    limit: str = ""
    run_id: str = ""
    trigger: str = ""
    is_stopped: bool = False
    count: int = 0
    usual: timedelta | None = None
    retrying: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionOver:
    """When a condition ended, and the run that ended it, where that is known."""

    key: str
    at: datetime
    run_id: str = ""
