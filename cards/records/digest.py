"""Incidents that are listed in one message, because there were too many for a message each."""

from dataclasses import dataclass
from datetime import datetime

from adf.records import BaseRecord
from cards.records.incidents import IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One incident by its pipelines and its state."""

    incident_id: str
    pipelines: tuple[str, ...]
    state: IncidentState
    since: datetime
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDigest(BaseRecord):
    """Incidents of a factory since a moment, in the place of a message each."""

    factory: str
    since: datetime
    lines: tuple[DigestLine, ...]

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory, and from when on."""
        return f"digest {self.factory} {self.since:%Y%m%dT%H%M%S}"
