"""What is said about an incident, a mute or a person beside the card."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adf.records.moments import moment_said
from cards.records import ActionResult, Choice, IncidentReport, IncidentState, Mentioned, Problem
from cards.text import duration


def since_text(name: str, at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """Who acknowledged it, and when."""
    since = f" at {moment_said(at, zone, now)}" if at else ""
    return f"by {name}{since}"


def outcome_text(
    verdict: ActionResult, report: IncidentReport, person: str, now: datetime, zone: ZoneInfo
) -> str:
    """Why nothing was changed; blank where the card says it all."""
    if verdict is ActionResult.OVER:
        return "It's already closed, so nothing changed."
    if verdict is not ActionResult.ALREADY or report.state is not IncidentState.ACKNOWLEDGED:
        return ""
    who = report.acknowledged_by or "somebody"
    said = since_text(who, report.acknowledged_at, now, zone)
    return (
        f"You already have it, acknowledged {said}."
        if who == person
        else f"Already acknowledged {said}."
    )


def unknown_incident(question: str, incident_id: str, others: Sequence[str]) -> Problem:
    """No such incident is known here."""
    choices = tuple(Choice(title=one, question=f"status of {one}") for one in others)
    return Problem(
        area="name",
        asked=question,
        happened=f"There is no incident {incident_id} here.",
        fix="Ask “what is open” to see the open ones.",
        who="",
        choices=choices,
    )


def unknown_person(
    question: str, incident_id: str, name: str, known: Sequence[Mentioned]
) -> Problem:
    """Nobody of that name is known here."""
    choices = tuple(
        Choice(title=one.name, question=f"assign {incident_id} to {one.name}") for one in known
    )
    return Problem(
        area="name",
        asked=question,
        happened=f"I don't know anyone called {name} who can take {incident_id}.",
        fix="Pick a person, or type the name as it is in the settings.",
        who="",
        choices=choices,
    )


def mute_length(length: timedelta) -> str:
    """How long, rounded to minutes."""
    return duration(timedelta(minutes=round(length.total_seconds() / 60)))
