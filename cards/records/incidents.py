"""An incident's life, and what people are subscribed to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from adf.records import BaseRecord, PlainRecord
from cards.records.tickets import TicketLink


class IncidentState(StrEnum):
    """Where an incident is in its life."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class ActionResult(StrEnum):
    """What came of what somebody wanted to do with an incident."""

    DONE = "done"
    ALREADY = "already"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """A person to be called by name in a new message; `person_id` is the Entra object id."""

    name: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    """One event of an incident as a sentence without its time."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTimes:
    """How long it took from the failure until it was detected, acknowledged and over."""

    detect: timedelta | None = None
    acknowledge: timedelta | None = None
    resolve: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport(BaseRecord):
    """The life of a failure: one cause, however often it repeats.

    `history` is "2nd time", `earlier_at` when the last one was, `earlier` its id and how it ended;
    `waiting` are sentences; `next_step` is the first thing to do; `error` is redacted; `people` are
    those it can be given to, as (name, id); `call` is set for a first alert, and for who it is
    given to. `offers` are the acts that this installation can carry out, beside acknowledging.
    `acknowledged_by` stays known once it is over, `changed_by` is who did the last step.
    `explained` tells that the cause is what the error means, and not its own words.
    """

    incident_id: str
    title: str
    factory: str
    cause: str
    since: datetime
    pipelines: tuple[str, ...]
    state: IncidentState = IncidentState.OPEN
    count: int = 1
    last_seen: datetime | None = None
    error: str = ""
    waiting: tuple[str, ...] = ()
    history: str = ""
    earlier: str = ""
    earlier_at: datetime | None = None
    next_step: str = ""
    owner: str = ""
    assignee: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None
    resolved_by_run: str = ""
    merged_into: str = ""
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    assigned_by: str = ""
    escalated_to: tuple[str, ...] = ()
    escalated_at: datetime | None = None
    muted_until: datetime | None = None
    muted_by: str = ""
    timeline: tuple[TimelineLine, ...] = ()
    times: IncidentTimes | None = None
    run_id: str | None = None
    ticket: TicketLink | None = None
    people: tuple[tuple[str, str], ...] = ()
    call: tuple[Mentioned, ...] = ()
    offers: frozenset[str] = frozenset({"resolve", "rerun", "mute", "split"})
    revision: int = 1
    said: str = ""
    explained: bool = False

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The incident."""
        return f"incident {self.incident_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEntry:
    """One incident of a list, by names and times alone; `person` has it, `recovered` is its end."""

    incident_id: str
    factory: str
    pipelines: tuple[str, ...]
    state: IncidentState
    since: datetime
    count: int = 1
    person: str = ""
    person_since: datetime | None = None
    assignee: str = ""
    muted_until: datetime | None = None
    muted_by: str = ""
    held_back: int = 0
    recovered: datetime | None = None
    recovered_by: str = ""
    critical: bool = False
    is_mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentList(PlainRecord):
    """Incidents of some factories; `thread` is the one whose thread the question came from.

    `state` and `mine` say what was asked for, `others` how many more are not over.
    """

    places: tuple[str, ...]
    as_of: datetime
    entries: tuple[IncidentEntry, ...]
    state: str = ""
    mine: bool = False
    thread: str = ""
    others: int = 0
    said: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """Those that were looked at."""
        return self.places


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What nobody is alerted of until then, who asked for that and why.

    `held_back` is how many alerts it kept from being posted; `known_issue` that another error of
    the same pipeline is posted all the same.
    """

    target: str
    factory: str
    until: datetime
    by: str
    reason: str = ""
    held_back: int = 0
    known_issue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteList(PlainRecord):
    """What is muted now; `said` says what was just changed."""

    places: tuple[str, ...]
    mutes: tuple[Mute, ...]
    said: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """Those that were looked at."""
        return self.places


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a subscriber is notified of, where, and whether it ends after the first time.

    `stop` are the words that end it.
    """

    target: str
    events: str
    where: str
    once: bool = False
    stop: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionList(BaseRecord):
    """What the asker is subscribed to, and what is muted; `said` says what was just changed.

    `past` says how often that would have been posted, `offers` are (title, question) to change it.
    """

    subscriptions: tuple[Subscription, ...]
    said: str = ""
    past: str = ""
    offers: tuple[tuple[str, str], ...] = ()
    mutes: tuple[Mute, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """Those of what is muted; a subscription is its reader's own."""
        return tuple(dict.fromkeys(one.factory for one in self.mutes))
