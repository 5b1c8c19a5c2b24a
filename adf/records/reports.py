"""What runs add up to: the report of one with its cause, the runs that fit a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adf.records.base import BaseRecord
from adf.records.changes import ChangeLog
from adf.records.deadlines import DeadlineReport
from adf.records.health import AzureHealth
from adf.records.integration_runtimes import RuntimeReport
from adf.records.lineage import LineageReport, RelatedPipeline
from adf.records.one_line import run_in_one_line, runs_in_one_line
from adf.records.pipelines import PipelineNotes
from adf.records.published import OwnerReport, PipelineDescription, PipelineList, UseReport
from adf.records.quality import RunCheck
from adf.records.queues import QueueReport
from adf.records.runs import ActivityError, ActivityRun, PipelineRun, RunStatus, TimeRange
from adf.records.trends import Comparison, RunStats
from adf.records.triggers import TriggerReport
from adf.records.upstream import HELD_UP, BrokenUpstream

FEWEST_RERUNS = 3


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
    after_overlap_ends; `page` is a Microsoft Learn address that we built. `confidence` is known or
    likely; `candidates` are other causes that fit; `actor` is who can fix it.
    """

    code: str | None
    cause: str
    next_steps: tuple[str, ...]
    rerun: str | None
    page: str | None
    signature: str
    confidence: str = "known"
    candidates: tuple[str, ...] = ()
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorExplanation(BaseRecord):
    """What an error text means that somebody asked about: its innermost message and its meaning.

    `meaning` is None where nothing is known but what the text says itself.
    """

    root: str
    category: str | None
    side: str | None
    meaning: Meaning | None

    @property
    def factories(self) -> tuple[str, ...]:
        """None: it tells of the text that somebody brought along."""
        return ()

    @property
    def identity(self) -> str:
        """The innermost message."""
        return f"error {self.root}"


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
class RerunOdds:
    """How reruns of a pipeline ended after it broke with the same error, in so many days.

    `low` and `high` enclose the true rate with 90 %: wide for a few reruns. `median` is how long
    after the failure the good ones were green. `left_alone` counts failures without a rerun whose
    next run came by itself, `healed` those of them that were good.
    """

    days: int
    reruns: int
    green: int
    low: float
    high: float
    median: timedelta | None = None
    left_alone: int = 0
    healed: int = 0

    @property
    def is_sample(self) -> bool:
        """Whether there were enough reruns to say more than how they ended."""
        return self.reruns >= FEWEST_RERUNS


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport(BaseRecord):
    """A pipeline run with its activity runs, its children and, if it broke, the cause.

    `gaps` are sentences about what could not be read; `notes` were declared by the owners.
    `newer` is the pipeline's newest run, when that is another one (has it recovered since?);
    `history` is set when it was asked whether the error occurred before. `check` is what a look at
    a run that succeeded found; `waiting` are the pipelines that wait for it, where looked up;
    `odds` say how reruns after the same error ended, where that was looked up.
    """

    run: PipelineRun
    as_of: datetime
    activity_runs: tuple[ActivityRun, ...] = ()
    children: tuple["RunReport", ...] = ()
    cause: Cause | None = None
    gaps: tuple[str, ...] = ()
    notes: PipelineNotes = field(default_factory=PipelineNotes)
    meaning: Meaning | None = None
    newer: PipelineRun | None = None
    history: ErrorHistory | None = None
    check: RunCheck | None = None
    waiting: tuple[RelatedPipeline, ...] = ()
    odds: RerunOdds | None = None

    @property
    def factories(self) -> tuple[str, ...]:
        """That of the run, and those of its child runs."""
        below = (alias for child in self.children for alias in child.factories)
        return tuple(dict.fromkeys((self.run.factory, *below)))

    @property
    def identity(self) -> str:
        """The run, and whether its error was looked for in the past."""
        return f"run {self.run.run_id}{' history' if self.history else ''}"

    def one_line(self, zone: ZoneInfo) -> str:
        """How the run is, and where it broke."""
        path = self.cause.path if self.cause else ()
        return run_in_one_line(self.run, zone) + (f", at {path[-1].activity}" if path else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTable(BaseRecord):
    """The activity runs of a run, all of them or `only` some states, children's items included."""

    report: RunReport
    only: tuple[RunStatus, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """Those of its report."""
        return self.report.factories

    @property
    def identity(self) -> str:
        """The run, and which of its activity runs."""
        return f"inside run {self.report.run.run_id} {','.join(self.only)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunList(BaseRecord):
    """The runs that fit a question, newest first, and what the question was.

    `pipeline` is set when one pipeline was asked for, `statuses` when only some states were.
    `checks` are what a look into newest runs that succeeded found, `gaps` say what was not
    looked into, `unread` which runs could not be read: what failed may be among them. Of the one
    pipeline whose newest run it is, `last_good` is the last that succeeded where the newest did
    not, `in_progress` and `queued` count its runs that are at work or wait. `upstream` is
    what broke of all that it depends on, where that run is well.
    """

    factory: str
    runs: tuple[PipelineRun, ...]
    time_range: TimeRange
    as_of: datetime
    pipeline: str | None = None
    statuses: tuple[RunStatus, ...] = ()
    latest_only: bool = False
    checks: tuple[RunCheck, ...] = ()
    gaps: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    notes: Mapping[str, PipelineNotes] = field(default_factory=dict[str, PipelineNotes])
    last_good: PipelineRun | None = None
    in_progress: int = 0
    queued: int = 0
    upstream: tuple[BrokenUpstream, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The newest run where that one alone is shown, else whose runs, and of which days."""
        if self.pipeline and self.latest_only:
            newest = self.runs[0].run_id if self.runs else ""
            return f"newest {self.factory} {self.pipeline} {newest}"
        days = f"{self.time_range.start:%F} {self.time_range.end:%F}"
        return f"list {self.factory} {self.pipeline or ''} {','.join(self.statuses)} {days}"

    def check_of(self, run_id: str) -> RunCheck | None:
        """What the look into a run found, if there was one."""
        return next((one for one in self.checks if one.run_id == run_id), None)

    @property
    def is_held_up(self) -> bool:
        """Whether the one pipeline should have run since its newest run, and was kept from it."""
        return any(one.effect in HELD_UP for one in self.upstream)

    @property
    def doubtful(self) -> tuple[RunCheck, ...]:
        """The runs that succeeded and should be looked at all the same."""
        return tuple(one for one in self.checks if one.doubts)

    def one_line(self, zone: ZoneInfo) -> str:
        """The newest run of the one pipeline, or what matters most of all."""
        if not self.runs:
            return "no runs" if self.pipeline is None else f"{self.pipeline}: no runs"
        return run_in_one_line(self.runs[0], zone) if self.pipeline else runs_in_one_line(self.runs)


# Whoever matches on records leaves out none of these: the type checker proves it.
FactoryRecord = (
    RunReport
    | RunList
    | PipelineList
    | ActivityTable
    | RunStats
    | Comparison
    | ErrorExplanation
    | TriggerReport
    | RuntimeReport
    | QueueReport
    | LineageReport
    | UseReport
    | PipelineDescription
    | OwnerReport
    | ChangeLog
    | AzureHealth
    | DeadlineReport
)
