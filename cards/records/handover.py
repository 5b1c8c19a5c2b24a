"""A shift handed over: headings, and how much each matters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Concern(StrEnum):
    """How much a part of a handover matters to the next shift."""

    BAD = "bad"
    WATCH = "watch"
    CALM = "calm"
    FINE = "fine"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEntry:
    """One thing the next shift should know; pressing it asks `question`."""

    title: str
    detail: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPart:
    """One heading of a handover, and how much it matters."""

    heading: str
    state: Concern
    entries: tuple[HandoverEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A shift in one card: one sentence, then what is open, muted, missed, waiting."""

    factory: str
    hours: int
    as_of: datetime
    finding: str
    parts: tuple[HandoverPart, ...]
