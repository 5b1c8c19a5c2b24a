"""What Azure's own reports say, and which errors several pipelines share within minutes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from adf.client.wire_values import Json, moment, object_of, objects_of, text_of
from adf.diagnosis import explain_error, is_silent, signature_in
from adf.records import AvailabilityState, PipelineRun, ServiceEvent, SharedError

# What is shared breaks everywhere at once; an hour apart two pipelines only have the same fault.
TOGETHER = timedelta(minutes=15)
# An event that is over stays of interest for what failed in the night.
RECENT = timedelta(hours=24)
_LONGEST = 300
_OUTAGES = frozenset({"serviceissue", "emergingissues", "plannedmaintenance", ""})


def availability_of(rows: Iterable[Json]) -> tuple[AvailabilityState, datetime | None, str]:
    """The present state of a factory, since when, and in Azure's words."""
    listed = [(text_of(row.get("name")).lower(), object_of(row.get("properties"))) for row in rows]
    current = next((one for name, one in listed if name == "current"), None)
    found = current or (listed[0][1] if listed else {})
    since = found.get("occurredTime") or found.get("occuredTime") or found.get("reportedTime")
    summary = " ".join(text_of(found.get("summary")).split())[:_LONGEST]
    return AvailabilityState.read(found.get("availabilityState")), moment(since), summary


def service_events(rows: Iterable[Json], now: datetime) -> tuple[ServiceEvent, ...]:
    """The events that are active or ended a short while ago, the newest first."""
    found = [one for row in rows if (one := _event(row, now))]
    return tuple(sorted(found, key=lambda one: (not one.is_active, -_seconds(one.started))))


def _event(row: Json, now: datetime) -> ServiceEvent | None:
    wire = object_of(row.get("properties"))
    kind = text_of(wire.get("eventType"))
    ended = moment(wire.get("impactMitigationTime"))
    is_active = text_of(wire.get("status")).lower() == "active"
    if kind.lower() not in _OUTAGES or not (is_active or (ended and now - ended <= RECENT)):
        return None
    impact = objects_of(wire.get("impact"))
    regions = (one for part in impact for one in objects_of(part.get("impactedRegions")))
    return ServiceEvent(
        tracking_id=text_of(row.get("name"))[:40],
        title=" ".join(text_of(wire.get("title")).split())[:_LONGEST],
        kind=kind,
        is_active=is_active,
        started=moment(wire.get("impactStartTime")),
        ended=None if is_active else ended,
        services=_names(text_of(one.get("impactedService")) for one in impact),
        regions=_names(text_of(one.get("impactedRegion")) for one in regions),
    )


def shared_errors(runs: Sequence[PipelineRun]) -> tuple[SharedError, ...]:
    """Errors that broke several pipelines within minutes; a caller broken by its child is one."""
    ids = {run.run_id for run in runs}
    by_error: defaultdict[str, list[PipelineRun]] = defaultdict(list)
    for run in runs:
        parent = run.invoked_by.pipeline_run_id if run.invoked_by else None
        if run.message and not is_silent(run.message) and parent not in ids and not run.debug:
            by_error[signature_in(run.message)].append(run)
    found = [one for alike in by_error.values() for one in _together(alike)]
    return tuple(sorted(found, key=lambda one: one.last, reverse=True))


def _together(alike: Sequence[PipelineRun]) -> Iterator[SharedError]:
    """Each stretch of time in which the error broke more than one pipeline."""
    timed = sorted(((when, run) for run in alike if (when := run.end or run.last_updated)), key=_at)
    stretch: list[tuple[datetime, PipelineRun]] = []
    for one in [*timed, None]:
        if one is not None and (not stretch or one[0] - stretch[-1][0] <= TOGETHER):
            stretch.append(one)
            continue
        places = {(run.factory, run.pipeline) for _, run in stretch}
        if len(places) > 1:
            yield _shared(stretch)
        stretch = [one] if one else []


def _shared(stretch: Sequence[tuple[datetime, PipelineRun]]) -> SharedError:
    meaning = explain_error(stretch[0][1].message, None).meaning
    return SharedError(
        pipelines=tuple(dict.fromkeys(run.pipeline for _, run in stretch)),
        factories=tuple(dict.fromkeys(run.factory for _, run in stretch)),
        first=stretch[0][0],
        last=stretch[-1][0],
        cause=meaning.cause if meaning else "",
    )


def _at(one: tuple[datetime, PipelineRun]) -> datetime:
    return one[0]


def _names(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word[:80] for word in words if word))[:12]


def _seconds(when: datetime | None) -> float:
    return when.timestamp() if when else 0.0
