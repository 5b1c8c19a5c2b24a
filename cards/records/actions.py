"""Acts that wait for a press, acts that were done, and what was written down about them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from adf.records import (
    ActionPreview,
    ActionTarget,
    BaseRecord,
    PipelineNotes,
    PipelineRun,
    RunReport,
    RuntimeStatus,
    TriggerStatus,
)


class ProposalState(StrEnum):
    """What became of a proposal; `SENT` until Data Factory has answered."""

    WAITING = "waiting"
    SENT = "sent"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFacts:
    """What speaks for and against an act beside its preview, read at the same time.

    `report` is the run it is about with the cause of its failure and how often that went away;
    `queued` are runs that wait behind it, `runtimes` those it needs that have a problem.
    """

    report: RunReport | None = None
    queued: tuple[PipelineRun, ...] = ()
    runtimes: tuple[RuntimeStatus, ...] = ()
    notes: PipelineNotes = field(default_factory=PipelineNotes)
    trigger: TriggerStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEvent:
    """Who asked for an act or approved it, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalReport(BaseRecord):
    """An act that waits for an authorized press, or what became of it.

    What it may do is stored on the server under its id. `run` is the run that it began or ended;
    `said` is what Data Factory or we had to say about it; `reason` why somebody approved alone what
    needs a `second_person`, which `break_glass` allows.
    """

    proposal_id: str
    target: ActionTarget
    requested: ActionEvent
    expires_at: datetime
    state: ProposalState = ProposalState.WAITING
    preview: ActionPreview | None = None
    facts: ActionFacts = field(default_factory=ActionFacts)
    second_person: bool = False
    break_glass: bool = False
    reason: str = ""
    decided: ActionEvent | None = None
    run: PipelineRun | None = None
    said: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it changes."""
        return (self.target.factory,)

    @property
    def identity(self) -> str:
        """The proposal."""
        return f"proposal {self.proposal_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf(BaseRecord):
    """What an act would do, for somebody who asked and wants nothing done yet.

    `obstacle` is why it can not be done as it stands, in a sentence.
    """

    question: str
    preview: ActionPreview
    facts: ActionFacts = field(default_factory=ActionFacts)
    obstacle: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it would change."""
        return (self.preview.target.factory,)

    @property
    def identity(self) -> str:
        """The question."""
        return f"what if {self.question}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One thing that somebody did or was refused, and what came of it."""

    at: datetime
    who: str
    what: str
    result: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport(BaseRecord):
    """Who did what, newest first: acts, proposals, refusals, and runs that people started."""

    factory: str
    about: str
    since: datetime
    as_of: datetime
    lines: tuple[AuditLine, ...]

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is about."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory, and what was asked about."""
        return f"audit {self.factory} {self.about}"
