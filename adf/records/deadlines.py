"""Deadlines: by when data is due, and whether it is in or will be."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from adf.records.base import PlainRecord
from adf.records.glossary import counted
from adf.records.lineage import DeadlineOdds


class DeadlineState(StrEnum):
    """How a pipeline stands before its deadline; `ahead` has its start still before it."""

    MISSED = "missed"
    FAILED = "failed"
    NOT_STARTED = "not started"
    RUNNING = "running"
    AHEAD = "ahead"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineStatus:
    """One pipeline before its deadline.

    `done_at` is when the run that counts ended, `starts` when that run starts by schedule, `odds`
    how many past runs would be in time, counted from the run that is going on, the next start, or
    now. `declared` is False where the asker named the time.
    """

    pipeline: str
    deadline: datetime
    state: DeadlineState
    declared: bool = True
    done_at: datetime | None = None
    starts: datetime | None = None
    odds: DeadlineOdds | None = None
    owner: str | None = None
    critical: bool = False

    @property
    def is_at_risk(self) -> bool:
        """Whether somebody should look: missed, broken, not started, or seldom in time."""
        if self.state in {DeadlineState.DONE, DeadlineState.MISSED}:
            return self.state is DeadlineState.MISSED
        if self.state in {DeadlineState.FAILED, DeadlineState.NOT_STARTED}:
            return True
        return self.odds is not None and (not self.odds.runs or self.odds.made < self.odds.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineReport(PlainRecord):
    """The deadlines that fit a question, those at risk first; `undeclared` pipelines have none."""

    factory: str
    as_of: datetime
    pipeline: str | None = None
    deadlines: tuple[DeadlineStatus, ...] = ()
    undeclared: int = 0
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory, the pipeline, and the times."""
        times = " ".join(f"{one.deadline:%F %H:%M}" for one in self.deadlines[:3])
        return f"deadlines {self.factory} {self.pipeline or ''} {times}"

    def one_line(self, zone: ZoneInfo) -> str:
        """How many are at risk."""
        del zone
        risky = sum(one.is_at_risk for one in self.deadlines)
        return f"{counted(len(self.deadlines), 'deadline')}, {risky} at risk"
