"""The lines of an incident card that say who did what, and its timeline on demand."""

from collections.abc import Iterator

from cards import extension as x
from cards.components.blocks import note, text
from cards.components.buttons import toggle
from cards.components.layout import SizeLimit
from cards.context import CardContext
from cards.records import IncidentReport, IncidentState
from cards.text import Md, bold, duration, md, names, say, sentence, when

PLACE = "timeline"


def state_lines(incident: IncidentReport, reader: CardContext) -> Iterator[Md]:
    """How it stands with people: who has it, whom it was given, until when it is muted."""
    if incident.state is IncidentState.RESOLVED:
        yield _ended(incident, reader)
    elif incident.state is IncidentState.ACKNOWLEDGED:
        at = _at(incident, reader)
        by = bold(incident.changed_by, 60) if incident.changed_by else Md("the bot")
        yield say("Acknowledged by {}{}.", by, at)
    if incident.state is not IncidentState.RESOLVED:
        yield from _standing(incident, reader)


def timeline(incident: IncidentReport, reader: CardContext, room: SizeLimit) -> list[x.Element]:
    """What happened so far, hidden until somebody wants it."""
    if len(incident.timeline) < 2 or not room.extras:
        return []
    hidden: list[x.Element] = [
        text(
            say("{}  {}", when(one.at, reader.now, reader.zone), sentence(one.text, 200)),
            space="Small",
        )
        for one in incident.timeline[-room.rows :]
    ]
    times = _times(incident)
    lines = [note(times)] if times else []
    return [
        x.ActionSet(actions=[toggle("Timeline", PLACE)], spacing="Small"),
        x.Container(items=[*hidden, *lines], id=PLACE, is_visible=False, spacing="Small"),
    ]


def _standing(incident: IncidentReport, reader: CardContext) -> Iterator[Md]:
    if incident.assignee:
        by = say(" by {}", md(incident.assigned_by, 60)) if incident.assigned_by else Md("")
        yield say("Assigned to {}{}.", bold(incident.assignee, 60), by)
    if incident.escalated_at:
        at = when(incident.escalated_at, reader.now, reader.zone)
        yield say("Escalated to {} at {}.", names(incident.escalated_to, 3) or Md("nobody"), at)
    if incident.muted_until:
        until = when(incident.muted_until, reader.now, reader.zone)
        by = say(" by {}", md(incident.muted_by, 60)) if incident.muted_by else Md("")
        yield say("Muted until {}{}.", until, by)


def _ended(incident: IncidentReport, reader: CardContext) -> Md:
    """What ended it, after how long; and who had it."""
    at, taken = _at(incident, reader), incident.times.resolve if incident.times else None
    after = say(" after {}", duration(taken)) if taken else Md("")
    if incident.merged_into:
        return say("Merged into {}{}, which goes on.", bold(incident.merged_into, 30), at)
    if incident.resolved_by_run:
        ended = say("Recovered{} by run {}{}.", at, incident.resolved_by_run[:8], after)
    elif incident.changed_by:
        ended = say("Closed by {}{},{}.", md(incident.changed_by, 60), after, at)
    else:
        ended = say("Resolved{}{}.", at, after)
    return say("{} {}", ended, _had(incident, reader)) if incident.acknowledged_by else ended


def _had(incident: IncidentReport, reader: CardContext) -> Md:
    since = incident.acknowledged_at
    at = say(" at {}", when(since, reader.now, reader.zone)) if since else Md("")
    return say("{} had acknowledged it{}.", bold(incident.acknowledged_by, 60), at)


def _at(incident: IncidentReport, reader: CardContext) -> Md:
    changed = incident.changed_at
    return say(" at {}", when(changed, reader.now, reader.zone)) if changed else Md("")


def _times(incident: IncidentReport) -> Md:
    """How long each step took, from the failure on."""
    times = incident.times
    if times is None:
        return Md("")
    steps = (
        ("detected", times.detect),
        ("acknowledged", times.acknowledge),
        ("resolved", times.resolve),
    )
    lasted = [f"{name} after {duration(span)}" for name, span in steps if span is not None]
    return md(f"From the failure: {', '.join(lasted)}.") if lasted else Md("")
