"""The life of a failure: one incident for each cause, from the first broken run to the good one."""

from bot.alerts.incidents.incident import (
    BrokenRun,
    EarlierIncident,
    Ending,
    Incident,
    IncidentEvent,
    Participant,
    TimelineEvent,
    TimelineKind,
)
from bot.alerts.incidents.lifecycle import is_helped
from bot.alerts.incidents.repository import partition_of
from bot.alerts.incidents.service import ActionOutcome, IncidentService
from bot.outbox.entry import EntryStage, OutboxEntry, mark_of
from cards.records import ActionResult

__all__ = [
    "ActionOutcome",
    "ActionResult",
    "BrokenRun",
    "EarlierIncident",
    "Ending",
    "EntryStage",
    "Incident",
    "IncidentEvent",
    "IncidentService",
    "OutboxEntry",
    "Participant",
    "TimelineEvent",
    "TimelineKind",
    "is_helped",
    "mark_of",
    "partition_of",
]
