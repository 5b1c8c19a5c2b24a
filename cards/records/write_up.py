"""The write-up of an incident: facts alone, put together from what was recorded of it."""

from dataclasses import dataclass
from datetime import datetime

from adf.records import PlainRecord
from cards.records.incidents import IncidentState, IncidentTimes, TimelineLine


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWriteUp(PlainRecord):
    """What happened, to whom it mattered, what was done about it and how it ended.

    `cause` may hold words of an error; `affected` are who waited for it, `earlier` how often it
    happened before and how that ended, `next_step` what is known to help. `ended_by` is a person
    or a run; `open_points` are what nobody recorded, so that a reader does not take it for nothing.
    """

    incident_id: str
    title: str
    factory: str
    pipelines: tuple[str, ...]
    cause: str
    state: IncidentState
    since: datetime
    as_of: datetime
    count: int = 1
    ended: datetime | None = None
    ended_by: str = ""
    acknowledged_by: str = ""
    owner: str = ""
    ticket: str = ""
    affected: tuple[str, ...] = ()
    earlier: str = ""
    next_step: str = ""
    times: IncidentTimes | None = None
    timeline: tuple[TimelineLine, ...] = ()
    open_points: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The incident."""
        return f"write-up {self.incident_id}"
