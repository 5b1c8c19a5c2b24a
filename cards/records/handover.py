"""A shift handed over: headings, and how much each matters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adf.records import PlainRecord


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
    concern: Concern
    entries: tuple[HandoverEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(PlainRecord):
    """A shift in one card: one sentence, then what is open, muted, missed, and over.

    One that is `plain` is for people who know nothing of pipelines: sentences alone. `gaps` say
    what could not be read, `notes` what else is to be said of it; `heading` is what it is called.
    """

    places: tuple[str, ...]
    hours: int
    as_of: datetime
    finding: str
    parts: tuple[HandoverPart, ...] = ()
    gaps: tuple[str, ...] = ()
    plain: bool = False
    said: str = ""
    heading: str = "Handover"
    notes: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """Those that were looked at."""
        return self.places
