"""The life of a failure as pure steps: it opens, repeats, is acknowledged, and ends.

         a failure of the same root or group        somebody resolves it, or each
                .------.                            of its pipelines is well again
                |      v
failure ---->  OPEN ---- acknowledged ----> ACKNOWLEDGED ----> RESOLVED
                '------------------------------------------------^
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from adf.records import Failure, PipelineRun
from bot.alerts.incidents.incident import (
    BrokenRun,
    EarlierIncident,
    Ending,
    Incident,
    IncidentEvent,
    TimelineKind,
)
from bot.alerts.incidents.timeline import by_person, entry, noted
from cards.records import IncidentState

MOST_PIPELINES = 500
MOST_ROOTS = 500


def opened(
    failure: Failure,
    incident_id: str,
    earlier: EarlierIncident | None = None,
    at: datetime | None = None,
) -> Incident:
    """A failure that belongs to no open incident; `at` is when it was seen."""
    head = _broken(failure)
    return Incident(
        incident_id=incident_id,
        factory=failure.factory,
        group=failure.group,
        signature=failure.signature,
        since=head.at,
        last_seen=head.at,
        broken=(head,),
        roots=(failure.root_run_id,),
        activity_name=_activity_name(failure),
        earlier=earlier,
        detected=at,
        timeline=(entry(TimelineKind.OPENED, head.at, subject=head.run_id),),
    )


def matching(open_ones: Sequence[Incident], failure: Failure) -> Incident | None:
    """The open incident a failure belongs to: that of its root run, else that of its group."""
    same_root = (one for one in open_ones if failure.root_run_id in one.roots)
    same_group = (one for one in open_ones if one.group == failure.group)
    return next(same_root, None) or next(same_group, None)


def continued(incident: Incident, failure: Failure) -> Incident:
    """The incident after one more failure of its own: a repeat, or what broke above it."""
    head = _broken(failure)
    if failure.root_run_id not in incident.roots:
        roots = (*incident.roots, failure.root_run_id)[-MOST_ROOTS:]
        return replace(_joined(incident, failure, head), count=incident.count + 1, roots=roots)
    return _joined(incident, failure, head) if _stands_above(incident, failure) else incident


def _joined(incident: Incident, failure: Failure, head: BrokenRun) -> Incident:
    return replace(
        incident,
        broken=_with(incident.broken, head),
        last_seen=max(incident.last_seen, head.at),
        activity_name=_activity_name(failure) or incident.activity_name,
        revision=incident.revision + 1,
    )


def _stands_above(incident: Incident, failure: Failure) -> bool:
    """Whether a failure below a known root tells more than what is known of that root."""
    known = [one for one in incident.broken if one.root_run_id == failure.root_run_id]
    covered = {run.run_id for run in failure.runs if run.run_id != failure.run.run_id}
    if any(one.run_id in {failure.run.run_id, failure.root_run_id} for one in known):
        return False
    is_root = failure.run.run_id == failure.root_run_id
    return not known or is_root or any(one.run_id in covered for one in known)


def acknowledged(incident: Incident, deed: IncidentEvent, note: str = "") -> Incident:
    """Somebody has it; repeats do not take that away."""
    after = replace(
        incident,
        state=IncidentState.ACKNOWLEDGED,
        acknowledged=deed,
        revision=incident.revision + 1,
    )
    return noted(after, entry(TimelineKind.ACKNOWLEDGED, deed.at, by=by_person(deed), note=note))


def resolved(incident: Incident, ending: Ending, note: str = "") -> Incident:
    """It is over."""
    after = replace(
        incident, state=IncidentState.RESOLVED, ending=ending, revision=incident.revision + 1
    )
    kind = TimelineKind.CLOSED if ending.by else TimelineKind.RECOVERED
    by = by_person(ending.by) if ending.by else None
    return noted(after, entry(kind, ending.at, by=by, subject=ending.run_id, note=note))


def is_helped(incident: Incident, run: PipelineRun) -> bool:
    """Whether a good run makes anything well that stands still."""
    return any(not one.well_by and _heals(run, one) for one in incident.broken)


def recovered(incident: Incident, run: PipelineRun) -> Incident:
    """The incident after a good run; over when each of its pipelines had one since it broke."""
    broken = tuple(
        replace(one, well_by=run.run_id) if not one.well_by and _heals(run, one) else one
        for one in incident.broken
    )
    if broken == incident.broken:
        return incident
    after = replace(incident, broken=broken)
    if all(one.well_by for one in broken):
        return resolved(after, Ending(at=_ended(run) or incident.last_seen, run_id=run.run_id))
    return replace(after, revision=incident.revision + 1)


def _heals(run: PipelineRun, broken: BrokenRun) -> bool:
    """A run that began after the failure; or the root itself, that went on and ended well."""
    if run.run_id == broken.root_run_id:
        return True
    began = run.start
    return run.pipeline == broken.pipeline and began is not None and began >= broken.at


def _with(broken: tuple[BrokenRun, ...], head: BrokenRun) -> tuple[BrokenRun, ...]:
    """The newest broken run of each pipeline; what lies below the same root makes way for it."""
    if any(one.pipeline == head.pipeline and one.at > head.at for one in broken):
        return broken
    kept = (
        one
        for one in broken
        if one.root_run_id != head.root_run_id and one.pipeline != head.pipeline
    )
    return (*kept, head)[-MOST_PIPELINES:]


def _broken(failure: Failure) -> BrokenRun:
    run = failure.run
    return BrokenRun(
        pipeline=run.pipeline,
        run_id=run.run_id,
        root_run_id=failure.root_run_id,
        at=_ended(run) or failure.report.as_of,
    )


def _ended(run: PipelineRun) -> datetime | None:
    return run.end or run.last_updated


def _activity_name(failure: Failure) -> str:
    cause = failure.report.cause
    return cause.path[-1].activity if cause and cause.path else ""
