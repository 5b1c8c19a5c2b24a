"""What was changed in a factory, by whom and when, beside the runs before and after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adf.records.base import PlainRecord
from adf.records.glossary import counted
from adf.records.moments import moment_said
from adf.records.runs import TimeRange

LOG_REACHES_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedThing:
    """One thing that was acted on: "trigger", its name, and what was done: "stopped".

    `relation` says what it has to do with what was asked about; empty for nothing that is known.
    """

    kind: str
    name: str
    done: str
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one actor did at one time: a deployment, a publish, a trigger that was stopped.

    `deployment` is the name of one, `said` what the log says in words; `succeeded` is False for
    what was tried and refused.
    """

    at: datetime
    actor: str
    things: tuple[ChangedThing, ...] = ()
    deployment: str = ""
    said: str = ""
    succeeded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenToRed:
    """A pipeline's last good run (its start) and the first that broke after it (its end).

    `differences` are sentences on what the two runs themselves did otherwise.
    """

    good_run_id: str
    good_at: datetime
    bad_run_id: str
    bad_at: datetime
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLog(PlainRecord):
    """The changes within a range, newest first: those of what was asked about, then all others.

    That a change and a failure are near in time is no proof that one led to the other.
    """

    factory: str
    as_of: datetime
    time_range: TimeRange
    changes: tuple[Change, ...]
    elsewhere: tuple[Change, ...] = ()
    pipeline: str | None = None
    trigger: str | None = None
    turned_red: GreenToRed | None = None
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory, and what was asked about in it."""
        return f"changes {self.factory} {self.pipeline or ''} {self.trigger or ''}"

    @property
    def subject(self) -> str:
        """What was asked about."""
        return self.trigger or self.pipeline or self.factory

    @property
    def between(self) -> tuple[Change, ...]:
        """The changes of what was asked about after its last good run and before the first bad."""
        red = self.turned_red
        if red is None:
            return ()
        return tuple(one for one in self.changes if red.good_at <= one.at <= red.bad_at)

    def one_line(self, zone: ZoneInfo) -> str:
        """How many there were, and the newest."""
        if not self.changes:
            return f"{self.subject}: no change found"
        newest = self.changes[0]
        found = counted(len(self.changes), "change")
        return (
            f"{self.subject}: {found}, the last at {moment_said(newest.at, zone)} by {newest.actor}"
        )
