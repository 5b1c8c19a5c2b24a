"""What people do about an incident beside acknowledging it, as pure steps."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.alerts.incidents.incident import (
    BrokenRun,
    Escalation,
    Incident,
    IncidentEvent,
    Participant,
    TimelineKind,
)
from bot.alerts.incidents.lifecycle import MOST_PIPELINES, MOST_ROOTS
from bot.alerts.incidents.timeline import entry, noted
from cards.records import IncidentState


def assigned(incident: Incident, to: Participant, by: Participant, at: datetime) -> Incident:
    """It is somebody's now; who takes it for themselves has acknowledged it."""
    after = replace(incident, assigned=to, revision=incident.revision + 1)
    if to.person_id == by.person_id and incident.acknowledged is None:
        taken = IncidentEvent(person_id=by.person_id, name=by.name, at=at)
        after = replace(after, state=IncidentState.ACKNOWLEDGED, acknowledged=taken)
    return noted(after, entry(TimelineKind.ASSIGNED, at, by=by, to=to))


def muted(
    incident: Incident, by: Participant, at: datetime, until: datetime, reason: str
) -> Incident:
    """Nothing new is posted of it until then; its messages say so.

    The same mute asked for once more, as after a crash, is one event with the newer end.
    """
    event = entry(TimelineKind.MUTED, at, by=by, note=reason, until=until)
    last = incident.timeline[-1] if incident.timeline else None
    if last and (last.kind, last.by, last.note) == (event.kind, event.by, event.note):
        incident = replace(incident, timeline=incident.timeline[:-1])
    return noted(replace(incident, revision=incident.revision + 1), event)


def is_noted_as_muted(incident: Incident, now: datetime) -> bool:
    """Whether the last that its timeline says of a mute is that it goes on."""
    kinds = {TimelineKind.MUTED, TimelineKind.UNMUTED}
    last = next((one for one in reversed(incident.timeline) if one.kind in kinds), None)
    return bool(last and last.until and last.until > now)


def unmuted(incident: Incident, by: Participant, at: datetime) -> Incident:
    """It is posted again."""
    event = entry(TimelineKind.UNMUTED, at, by=by)
    return noted(replace(incident, revision=incident.revision + 1), event)


def reopened(incident: Incident, by: Participant, at: datetime) -> Incident:
    """It was not over: open again, with nobody on it; what was well is taken for broken again."""
    after = replace(
        incident,
        state=IncidentState.OPEN,
        ending=None,
        acknowledged=None,
        escalated=None,
        # Only a run that begins from now on can make it well: the last good one did not.
        broken=tuple(replace(one, well_by="", at=at) for one in incident.broken),
        revision=incident.revision + 1,
    )
    return noted(after, entry(TimelineKind.REOPENED, at, by=by))


def escalated(incident: Incident, escalation: Escalation) -> Incident:
    """Nobody had acknowledged it, so more people are called; once."""
    after = replace(incident, escalated=escalation, revision=incident.revision + 1)
    for person in escalation.people:
        after = noted(after, entry(TimelineKind.ESCALATED, escalation.at, to=person))
    return after


def without_pipeline(
    incident: Incident, pipeline: str, new_id: str, by: Participant, at: datetime
) -> Incident:
    """The incident without one pipeline, whose cause is another."""
    left = tuple(one for one in incident.broken if one.pipeline != pipeline)
    gone = {one.root_run_id for one in incident.broken if one.pipeline == pipeline}
    roots = tuple(one for one in incident.roots if one not in gone)
    after = replace(incident, broken=left, roots=roots, revision=incident.revision + 1)
    return noted(after, entry(TimelineKind.SPLIT, at, by=by, subject=f"{pipeline} to {new_id}"))


def split_off(
    incident: Incident, pipeline: str, new_id: str, group: str, by: Participant, at: datetime
) -> Incident:
    """The incident of that one pipeline, open and nobody's yet."""
    broken = tuple(one for one in incident.broken if one.pipeline == pipeline)
    return Incident(
        incident_id=new_id,
        factory=incident.factory,
        group=group,
        signature=incident.signature,
        since=broken[0].at,
        last_seen=broken[-1].at,
        broken=broken,
        roots=tuple(one.root_run_id for one in broken),
        detected=at,
        timeline=(
            entry(TimelineKind.SPLIT, at, by=by, subject=f"{pipeline} from {incident.incident_id}"),
        ),
    )


def merged(incident: Incident, other: Incident, by: Participant, at: datetime) -> Incident:
    """The incident with all that another one was about: both have the same cause."""
    after = replace(
        incident,
        broken=_joined(incident.broken, other.broken),
        roots=tuple(dict.fromkeys((*incident.roots, *other.roots)))[-MOST_ROOTS:],
        since=min(incident.since, other.since),
        last_seen=max(incident.last_seen, other.last_seen),
        count=incident.count + other.count,
        hushed=incident.hushed + other.hushed,
        revision=incident.revision + 1,
    )
    return noted(after, entry(TimelineKind.MERGED, at, by=by, subject=other.incident_id))


def ticketed(incident: Incident, by: Participant, number: str, at: datetime) -> Incident:
    """It has a ticket in another system; said once for each."""
    if any(
        one.kind is TimelineKind.TICKETED and one.subject == number for one in incident.timeline
    ):
        return incident
    after = replace(incident, revision=incident.revision + 1)
    return noted(after, entry(TimelineKind.TICKETED, at, by=by, subject=number))


def _joined(ours: Sequence[BrokenRun], theirs: Sequence[BrokenRun]) -> tuple[BrokenRun, ...]:
    """The newest broken run of each pipeline."""
    newest: dict[str, BrokenRun] = {}
    for one in sorted((*ours, *theirs), key=lambda run: run.at):
        newest[one.pipeline] = one
    return tuple(newest.values())[-MOST_PIPELINES:]


__all__ = [
    "assigned",
    "escalated",
    "is_noted_as_muted",
    "merged",
    "muted",
    "reopened",
    "split_off",
    "ticketed",
    "unmuted",
    "without_pipeline",
]
