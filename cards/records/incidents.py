"""An incident's life, and what people are subscribed to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adf.records import BaseRecord


class IncidentState(StrEnum):
    """Where an incident is in its life."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """A person to be called by name in a new message; `person_id` is the Entra object id."""

    name: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport(BaseRecord):
    """The life of a failure: one cause, however often it repeats.

    `history` and `waiting` are sentences; `error` is
    redacted; `people` are those it can be given to, as (name, id); `call` is set for a first alert.
    `offers` are the acts that this installation can carry out, beside acknowledging.
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
    owner: str = ""
    assignee: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None
    resolved_by_run: str = ""
    muted_until: datetime | None = None
    run_id: str | None = None
    people: tuple[tuple[str, str], ...] = ()
    call: tuple[Mentioned, ...] = ()
    offers: frozenset[str] = frozenset({"resolve", "rerun", "mute"})
    revision: int = 1
    said: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The incident."""
        return f"incident {self.incident_id}"


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
    """What the asker is subscribed to; `said` says what was just changed.

    `past` says how often that would have been posted, `offers` are (title, question) to change it.
    """

    subscriptions: tuple[Subscription, ...]
    said: str = ""
    past: str = ""
    offers: tuple[tuple[str, str], ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """None: it is about no factory."""
        return ()
