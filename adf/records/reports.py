"""What runs add up to: the report of one with its cause, the runs that fit a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adf.records.pipelines import Pipeline, PipelineNotes
from adf.records.runs import ActivityError, ActivityRun, PipelineRun, RunStatus, TimeRange


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
    likely; `candidates` are other causes that fit; `actor` is who can mend it.
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
class ErrorExplanation:
    """What an error text means that somebody asked about: its innermost message and its meaning.

    `meaning` is None where nothing is known but what the text says itself.
    """

    root: str
    category: str | None
    side: str | None
    meaning: Meaning | None


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
    notes: PipelineNotes = field(default_factory=PipelineNotes)
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

    `pipeline` is set when one pipeline was asked for, `statuses` when only some states were; `rows`
    is how many rows the newest run copied, where that was looked up.
    """

    factory: str
    runs: tuple[PipelineRun, ...]
    time_range: TimeRange
    as_of: datetime
    pipeline: str | None = None
    statuses: tuple[RunStatus, ...] = ()
    latest_only: bool = False
    rows: int | None = None
    notes: Mapping[str, PipelineNotes] = field(default_factory=dict[str, PipelineNotes])


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineList:
    """The pipelines of a factory that fit `match` (all of them without one)."""

    factory: str
    pipelines: tuple[Pipeline, ...]
    as_of: datetime
    match: str | None = None
