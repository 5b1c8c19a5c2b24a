"""What is kept of a failure: ids, names, counts and times. Words are made when a card is drawn."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messages import Address
from cards.records import IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRun:
    """A pipeline that stands still: its last broken run, and the good run since, if any."""

    pipeline: str
    run_id: str
    root_run_id: str
    at: datetime
    well_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvent:
    """Who did something to an incident, and when."""

    person_id: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person by their Entra object id, with the name they had then."""

    person_id: str
    name: str


class TimelineKind(StrEnum):
    """What happened to an incident."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    ESCALATED = "escalated"
    MUTED = "muted"
    UNMUTED = "unmuted"
    RECOVERED = "recovered"
    CLOSED = "closed"
    REOPENED = "reopened"
    SPLIT = "split"
    MERGED = "merged"
    TICKETED = "ticketed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One thing that happened: who did it, to whom or what, and what they said about it.

    `subject` is a run, a pipeline, another incident or a ticket; `until` ends a mute.
    """

    kind: TimelineKind
    at: datetime
    by: Participant | None = None
    to: Participant | None = None
    subject: str = ""
    note: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """When an incident that nobody had acknowledged was brought to whom, and after how long."""

    at: datetime
    people: tuple[Participant, ...]
    after_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """When it was over, and the good run or the person that ended it.

    One that was `merged_into` another goes on there.
    """

    at: datetime
    run_id: str = ""
    by: IncidentEvent | None = None
    merged_into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierIncident:
    """The last incident of the same group: when it was, what ended it, and how many there were."""

    incident_id: str
    since: datetime
    ending: Ending
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One cause, however many runs it breaks, with everything that is told and asked about it.

    `activity_name` is where it broke; `told` are marks of the addresses that hear of it, `untold`
    addresses that did not fit into the same write. `detected` is when the bot knew of it, `hushed`
    how many of its signals a mute held back, `assigned` who it was given to.
    """

    incident_id: str
    factory: str
    group: str
    signature: str
    since: datetime
    last_seen: datetime
    broken: tuple[BrokenRun, ...]
    roots: tuple[str, ...]
    activity_name: str = ""
    count: int = 1
    state: IncidentState = IncidentState.OPEN
    revision: int = 1
    acknowledged: IncidentEvent | None = None
    ending: Ending | None = None
    earlier: EarlierIncident | None = None
    told: tuple[str, ...] = ()
    untold: tuple[Address, ...] = ()
    detected: datetime | None = None
    assigned: Participant | None = None
    escalated: Escalation | None = None
    hushed: int = 0
    timeline: tuple[TimelineEvent, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether nothing happened to it yet since it opened."""
        return self.revision == 1

    @property
    def standing(self) -> tuple[BrokenRun, ...]:
        """The pipelines that are not well again yet; all of them once it is over."""
        return tuple(one for one in self.broken if not one.well_by) or self.broken

    @property
    def pipelines(self) -> tuple[str, ...]:
        """Every pipeline it is about, the first that broke first."""
        return tuple(one.pipeline for one in self.broken)
