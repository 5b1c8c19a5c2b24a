"""The timeline of an incident: what happened, in order, the newest kept where it grows too long."""

from dataclasses import replace
from datetime import datetime

from adf.redaction import redact_start
from bot.alerts.incidents.incident import (
    Incident,
    IncidentEvent,
    Participant,
    TimelineEvent,
    TimelineKind,
)

MOST_EVENTS = 40
LONGEST_NOTE = 200


def entry(
    kind: TimelineKind,
    at: datetime,
    *,
    by: Participant | None = None,
    to: Participant | None = None,
    subject: str = "",
    note: str = "",
    until: datetime | None = None,
) -> TimelineEvent:
    """One event; a note is what a person wrote, without secrets."""
    words = " ".join(redact_start(note, LONGEST_NOTE).split())[:LONGEST_NOTE]
    return TimelineEvent(kind=kind, at=at, by=by, to=to, subject=subject, note=words, until=until)


def noted(incident: Incident, event: TimelineEvent) -> Incident:
    """The incident with one more event; the first one, that opened it, always stays."""
    events = (*incident.timeline, event)
    if len(events) > MOST_EVENTS:
        events = (events[0], *events[-MOST_EVENTS + 1 :])
    return replace(incident, timeline=events)


def by_person(event: IncidentEvent) -> Participant:
    """Who an event was done by."""
    return Participant(person_id=event.person_id, name=event.name)
