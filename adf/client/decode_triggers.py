"""JSON of triggers and trigger runs in, records out; what cannot be read counts as left out.

Definitions are read as JSON: the SDK gives every schedule trigger back as a plain one.
"""

from collections.abc import Iterator
from datetime import timedelta

from adf.client.wire_values import (
    Json,
    count_of,
    list_of,
    local_time,
    moment,
    object_of,
    objects_of,
    text_of,
    time_span,
    us_moment,
    whole_number,
)
from adf.records import (
    Factory,
    MonthlyOccurrence,
    Recurrence,
    RunStatus,
    TriggerDefinition,
    TriggerKind,
    TriggerRun,
    TumblingWindow,
    WindowDependency,
)
from adf.redaction import redact_name, redact_start

_SELF = "SelfDependencyTumblingWindowTriggerReference"
_DONE = frozenset({"", "succeeded", "ready", "none"})
_LONGEST_SOURCE = 200
_BY_THE_CLOCK = frozenset({TriggerKind.SCHEDULE, TriggerKind.TUMBLING_WINDOW})


def trigger_definition(factory: Factory, wire: Json) -> TriggerDefinition:
    """Decode one TriggerResource."""
    properties = object_of(wire.get("properties"))
    kind = TriggerKind.read(properties.get("type"))
    detail = object_of(properties.get("typeProperties"))
    return TriggerDefinition(
        factory=factory.alias,
        name=redact_name(text_of(wire.get("name"))),
        kind=kind,
        state=text_of(properties.get("runtimeState")),
        pipelines=tuple(dict.fromkeys(_pipelines(properties))),
        recurrence=_recurrence(detail) if kind is TriggerKind.SCHEDULE else None,
        window=_window(detail) if kind is TriggerKind.TUMBLING_WINDOW else None,
        source=_source(detail) if kind not in _BY_THE_CLOCK else "",
    )


def trigger_run(wire: Json) -> TriggerRun:
    """Decode one TriggerRun; the times in its properties are US dates in UTC."""
    properties = {key.lower(): one for key, one in object_of(wire.get("properties")).items()}
    started = object_of(wire.get("triggeredPipelines"))
    return TriggerRun(
        trigger=redact_name(text_of(wire.get("triggerName"))),
        run_id=text_of(wire.get("triggerRunId")),
        kind=TriggerKind.read(wire.get("triggerType")),
        status=trigger_run_status(wire.get("status")),
        fired_at=moment(wire.get("triggerRunTimestamp")),
        scheduled=us_moment(properties.get("scheduletime")),
        window_start=us_moment(properties.get("windowstarttime")),
        window_end=us_moment(properties.get("windowendtime")),
        pipeline_runs={redact_name(name): text_of(run_id) for name, run_id in started.items()},
        waits_for=tuple(_open_dependencies(object_of(wire.get("dependencyStatus")))),
    )


def trigger_run_status(wire: object) -> RunStatus:
    """The status of a trigger run; windows are recorded as Running and Waiting."""
    known = RunStatus.read(wire)
    if known is not RunStatus.UNKNOWN:
        return known
    word = text_of(wire).lower()
    if word.startswith("waiting"):
        return RunStatus.QUEUED
    return RunStatus.IN_PROGRESS if word == "running" else known


def _pipelines(properties: Json) -> Iterator[str]:
    """What it starts: several pipelines, or the one of a tumbling window."""
    for one in (properties.get("pipeline"), *list_of(properties.get("pipelines"))):
        name = object_of(object_of(one).get("pipelineReference")).get("referenceName")
        if name:
            yield redact_name(text_of(name))


def _recurrence(detail: Json) -> Recurrence:
    wire = object_of(detail.get("recurrence"))
    plan = object_of(wire.get("schedule"))
    return Recurrence(
        frequency=text_of(wire.get("frequency")),
        interval=max(1, whole_number(wire.get("interval"), 1)),
        start=local_time(wire.get("startTime")),
        end=local_time(wire.get("endTime")),
        time_zone=text_of(wire.get("timeZone")) or "UTC",
        minutes=_numbers(plan.get("minutes")),
        hours=_numbers(plan.get("hours")),
        week_days=tuple(text_of(one) for one in list_of(plan.get("weekDays"))),
        month_days=_numbers(plan.get("monthDays")),
        occurrences=tuple(map(_occurrence, objects_of(plan.get("monthlyOccurrences")))),
    )


def _occurrence(wire: Json) -> MonthlyOccurrence:
    day, number = text_of(wire.get("day")), count_of(wire.get("occurrence"))
    return MonthlyOccurrence(day=day, occurrence=number)


def _window(detail: Json) -> TumblingWindow:
    policy = object_of(detail.get("retryPolicy"))
    pause = count_of(policy.get("intervalInSeconds"))
    return TumblingWindow(
        frequency=text_of(detail.get("frequency")),
        interval=max(1, whole_number(detail.get("interval"), 1)),
        start=moment(detail.get("startTime")),
        end=moment(detail.get("endTime")),
        delay=time_span(detail.get("delay")) or timedelta(),
        max_concurrency=count_of(detail.get("maxConcurrency")),
        retries=whole_number(policy.get("count"), 0),
        retry_interval=None if pause is None else timedelta(seconds=min(pause, 10**8)),
        depends_on=tuple(map(_dependency, objects_of(detail.get("dependsOn")))),
    )


def _dependency(wire: Json) -> WindowDependency:
    named = text_of(object_of(wire.get("referenceTrigger")).get("referenceName"))
    is_own = text_of(wire.get("type")) == _SELF or not named
    return WindowDependency(
        trigger=None if is_own else named,
        offset=time_span(wire.get("offset")),
        size=time_span(wire.get("size")),
    )


def _source(detail: Json) -> str:
    """What an event trigger listens to: the place in its account, or the kinds of events."""
    path = detail.get("blobPathBeginsWith") or detail.get("blobPathEndsWith")
    topic = text_of(detail.get("scope")).rpartition("/")[2]
    events = ", ".join(text_of(one) for one in list_of(detail.get("events")))
    named = " ".join(filter(None, (topic, text_of(path) or events)))
    return redact_start(named, _LONGEST_SOURCE)[:_LONGEST_SOURCE]


def _open_dependencies(wire: Json) -> Iterator[str]:
    """The dependencies of a window that are not done, where the service names them."""
    for name, status in wire.items():
        word = object_of(status).get("status", status)
        if text_of(word).lower() not in _DONE:
            yield redact_name(name)


def _numbers(wire: object) -> tuple[int, ...]:
    found = (count_of(one) for one in list_of(wire))
    return tuple(one for one in found if one is not None)
