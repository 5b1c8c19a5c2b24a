"""What happened to an incident, each event as a sentence."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from adf.records.moments import moment_said
from bot.alerts.incidents import Participant, TimelineEvent, TimelineKind
from cards.records import TimelineLine

_DONE_TO = {
    TimelineKind.SPLIT: "split",
    TimelineKind.MERGED: "merged it with",
    TimelineKind.TICKETED: "opened the ticket",
}


def timeline_lines(events: Sequence[TimelineEvent], zone: ZoneInfo) -> tuple[TimelineLine, ...]:
    """Each event as a sentence."""
    return tuple(TimelineLine(at=one.at, text=_event_text(one, zone)) for one in events)


def _event_text(event: TimelineEvent, zone: ZoneInfo) -> str:
    who = _name_of(event.by)
    note = f": {event.note}" if event.note else ""
    match event.kind:
        case TimelineKind.OPENED:
            text = f"Failed, run {event.subject[:8]}"
        case TimelineKind.ASSIGNED:
            text = f"{who} assigned it to {_name_of(event.to)}"
        case TimelineKind.ESCALATED:
            text = f"Escalated to {_name_of(event.to)}"
        case TimelineKind.MUTED:
            until = f" until {moment_said(event.until, zone, event.at)}" if event.until else ""
            text = f"{who} muted it{until}"
        case TimelineKind.RECOVERED:
            text = f"Recovered by run {event.subject[:8]}"
        case _ if event.kind in _DONE_TO:
            text = f"{who} {_DONE_TO[event.kind]} {event.subject}"
        case _:
            text = f"{who} {event.kind} it"
    return f"{text}{note}"


def _name_of(person: Participant | None) -> str:
    return (person.name if person else "") or "Somebody"
