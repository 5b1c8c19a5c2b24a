"""JSON of the Data Factory REST API in, records out; foreign text is redacted on the way.

Field names as in PipelineRun, ActivityRun and PipelineResource, api-version 2018-06-01. Anything
missing or of an odd type becomes None, since the service's own examples leave fields out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from adf.records import (
    ActivityDefinition,
    ActivityError,
    ActivityRun,
    Factory,
    InvokedBy,
    Pipeline,
    PipelineDefinition,
    PipelineRun,
    RunStatus,
)
from adf.redaction import redact, redact_json

Json = Mapping[str, Any]

_EMPTY: Json = {}
_ITEM_KEYS = ("item", "table", "tablename", "object", "entity", "file", "filename", "source")
_FROM_TABLE = re.compile(r"(?i)\bfrom\s+([\w.\[\]\"]+)")


def pipeline_run(factory: Factory, wire: Json) -> PipelineRun:
    """Decode one PipelineRun."""
    return PipelineRun(
        factory=factory.alias,
        run_id=_text(wire.get("runId")),
        pipeline=_text(wire.get("pipelineName")),
        status=RunStatus.read(wire.get("status")),
        start=moment(wire.get("runStart")),
        end=moment(wire.get("runEnd")),
        duration=_milliseconds(wire.get("durationInMs")),
        message=redact(wire.get("message") or ""),
        invoked_by=_invoked_by(_object(wire.get("invokedBy"))),
        last_updated=moment(wire.get("lastUpdated")),
        group_id=wire.get("runGroupId"),
        is_latest=wire.get("isLatest") is not False,
        parameters=redact_json(_object(wire.get("parameters"))),
        debug=bool(wire.get("debugRunId")),
    )


def activity_run(wire: Json) -> ActivityRun:
    """Decode one ActivityRun."""
    output = _object(wire.get("output"))
    return ActivityRun(
        activity_run_id=_text(wire.get("activityRunId")),
        run_id=_text(wire.get("pipelineRunId")),
        pipeline=_text(wire.get("pipelineName")),
        name=_text(wire.get("activityName")),
        kind=_text(wire.get("activityType")),
        status=RunStatus.read(wire.get("status")),
        start=moment(wire.get("activityRunStart")),
        end=moment(wire.get("activityRunEnd")),
        duration=_milliseconds(wire.get("durationInMs")),
        retry_attempt=_count(wire.get("retryAttempt")),
        iteration=_text(wire.get("iterationHash")),
        item=_item(wire),
        error=_error(_object(wire.get("error"))),
        rows_read=_count(output.get("rowsRead")),
        rows_copied=_count(output.get("rowsCopied")),
        child_run_id=output.get("pipelineRunId") or None,
        runtime=_runtime(wire),
    )


def _runtime(wire: Json) -> str | None:
    """The integration runtime as it is written; the list of names has it in lower case only."""
    used = _list(_object(wire.get("executionDetails")).get("integrationRuntime"))
    named = [_text(_object(one).get("name")) for one in used]
    named += [_text(name) for name in _list(wire.get("integrationRuntimeNames"))]
    return next(filter(None, named), None)


def pipeline(factory: Factory, wire: Json) -> Pipeline:
    """Decode one PipelineResource of a list as an entry of the inventory."""
    name, properties = _text(wire.get("name")), _object(wire.get("properties"))
    return Pipeline(
        factory=factory.alias,
        name=name,
        folder=_object(properties.get("folder")).get("name"),
        annotations=tuple(_text(word) for word in properties.get("annotations") or ()),
        concurrency=_count(properties.get("concurrency")),
        calls=tuple(dict.fromkeys(_called(_activities(properties.get("activities"))))),
        notes=factory.notes_for(name),
    )


def pipeline_definition(wire: Json) -> PipelineDefinition:
    """Decode one PipelineResource with its activities, containers included."""
    properties = _object(wire.get("properties"))
    return PipelineDefinition(
        name=_text(wire.get("name")),
        activities=_activities(properties.get("activities")),
        concurrency=_count(properties.get("concurrency")),
    )


def moment(wire: object) -> datetime | None:
    """Read a .NET round-trip date; years before 2000 stand for "not yet"."""
    try:
        when = datetime.fromisoformat(str(wire))
    except ValueError:
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return when if when.year >= 2000 else None


def wire_time(when: datetime) -> str:
    """A time as queries have it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _activities(wire: object) -> tuple[ActivityDefinition, ...]:
    return tuple(_activity_definition(_object(one)) for one in _list(wire))


def _activity_definition(wire: Json) -> ActivityDefinition:
    properties = _object(wire.get("typeProperties"))
    called = _object(properties.get("pipeline")).get("referenceName")
    cases = (_object(case).get("activities") for case in _list(properties.get("cases")))
    inside = [properties.get("activities"), properties.get("ifTrueActivities")]
    inside += [properties.get("ifFalseActivities"), properties.get("defaultActivities"), *cases]
    return ActivityDefinition(
        name=_text(wire.get("name")),
        kind=_text(wire.get("type")),
        after=tuple(_text(_object(d).get("activity")) for d in _list(wire.get("dependsOn"))),
        calls=called if isinstance(called, str) else None,
        inner=tuple(inner for one in inside for inner in _activities(one)),
    )


def _called(activities: Iterable[ActivityDefinition]) -> Iterator[str]:
    """The pipelines that activities start, those inside containers too."""
    for one in activities:
        if one.calls:
            yield one.calls
        yield from _called(one.inner)


def _invoked_by(wire: Json) -> InvokedBy | None:
    if not wire:
        return None
    return InvokedBy(
        name=_text(wire.get("name")),
        kind=_text(wire.get("invokedByType")),
        pipeline=wire.get("pipelineName") or None,
        pipeline_run_id=wire.get("pipelineRunId") or None,
    )


def _error(wire: Json) -> ActivityError | None:
    code, message = _text(wire.get("errorCode")), redact(wire.get("message") or "")
    if not code and not message:
        return None
    kind, target = _text(wire.get("failureType")), _text(wire.get("target"))
    return ActivityError(code=redact(code), message=message, failure_type=kind, target=target)


def _item(wire: Json) -> str | None:
    """Name the ForEach item: the authors' user properties first, else what the input names."""
    if not wire.get("iterationHash"):
        return None
    properties = _object(wire.get("userProperties"))
    known = _first_named(properties) or next(iter(properties.values()), None)
    named = known or _named_in(_object(wire.get("input")))
    return redact(named)[:120] if isinstance(named, str) and named else None


def _first_named(values: Json) -> object:
    lowered = {key.lower(): value for key, value in values.items()}
    return next((lowered[key] for key in _ITEM_KEYS if isinstance(lowered.get(key), str)), None)


def _named_in(wire: Json) -> object:
    source = _object(wire.get("source"))
    queries = (source.get(key) for key in ("query", "sqlReaderQuery", "SOQLQuery"))
    tables = (_FROM_TABLE.search(query) for query in queries if isinstance(query, str))
    found = next((match.group(1) for match in tables if match), None)
    return _first_named(wire) or _first_named(_object(wire.get("parameters"))) or found


def _object(wire: object) -> Json:
    return cast("Json", wire) if isinstance(wire, Mapping) else _EMPTY


def _list(wire: object) -> Iterable[object]:
    return cast("list[object]", wire) if isinstance(wire, list) else ()


def _text(wire: object) -> str:
    return "" if wire is None else str(wire)


def _count(wire: object) -> int | None:
    return int(wire) if isinstance(wire, int | float) and not isinstance(wire, bool) else None


def _milliseconds(wire: object) -> timedelta | None:
    count = _count(wire)
    return None if count is None else timedelta(milliseconds=count)
