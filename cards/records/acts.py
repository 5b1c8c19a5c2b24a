"""What is proposed, decided and written down about acts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProposalState(StrEnum):
    """What became of a proposal."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An act that waits for an authorised press, or what became of it.

    `will` says what happens, `keeps` what stays, `warnings` what speaks against it. What it may do
    is kept on the server.
    """

    proposal_id: str
    title: str
    subject: str
    factory: str
    button: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    will: tuple[str, ...]
    keeps: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    state: ProposalState = ProposalState.WAITING
    decided_by: str = ""
    decided_at: datetime | None = None
    outcome: str = ""
    danger: bool = False
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, and what came of it."""

    at: datetime
    who: str
    what: str
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """Acts and refusals, newest first."""

    about: str
    entries: tuple[AuditEntry, ...]
