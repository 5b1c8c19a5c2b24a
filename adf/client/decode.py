"""JSON of the Data Factory REST API in, records out; foreign text is redacted on the way.

Field names as in PipelineRun, ActivityRun and PipelineResource, api-version 2018-06-01. Anything
missing or of an odd type becomes None, since the service's own examples leave fields out.
"""

import re
from collections.abc import Iterable, Iterator

from adf.client.wire_values import (
    Json,
    count_of,
    list_of,
    milliseconds,
    moment,
    object_of,
    text_of,
)
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
from adf.redaction import redact, redact_json, redact_name, redact_start

_ITEM_KEYS = ("item", "table", "tablename", "object", "entity", "file", "filename", "source")
_LONGEST_LABEL = 400
_FROM_TABLE = re.compile(r"(?i)\bfrom\s+([\w.\[\]\"]+)")


def pipeline_run(factory: Factory, wire: Json) -> PipelineRun:
    """Decode one PipelineRun."""
    return PipelineRun(
        factory=factory.alias,
        run_id=text_of(wire.get("runId")),
        pipeline=name_of(wire.get("pipelineName")),
        status=RunStatus.read(wire.get("status")),
        start=moment(wire.get("runStart")),
        end=moment(wire.get("runEnd")),
        duration=milliseconds(wire.get("durationInMs")),
        message=redact(wire.get("message") or ""),
        invoked_by=_invoked_by(object_of(wire.get("invokedBy"))),
        last_updated=moment(wire.get("lastUpdated")),
        group_id=wire.get("runGroupId"),
        is_latest=wire.get("isLatest") is not False,
        parameters=redact_json(object_of(wire.get("parameters"))),
        debug=bool(wire.get("debugRunId")),
    )


def activity_run(wire: Json) -> ActivityRun:
    """Decode one ActivityRun."""
    output = object_of(wire.get("output"))
    return ActivityRun(
        activity_run_id=text_of(wire.get("activityRunId")),
        run_id=text_of(wire.get("pipelineRunId")),
        pipeline=name_of(wire.get("pipelineName")),
        name=name_of(wire.get("activityName")),
        kind=text_of(wire.get("activityType")),
        status=RunStatus.read(wire.get("status")),
        start=moment(wire.get("activityRunStart")),
        end=moment(wire.get("activityRunEnd")),
        duration=milliseconds(wire.get("durationInMs")),
        retry_attempt=count_of(wire.get("retryAttempt")),
        iteration=text_of(wire.get("iterationHash")),
        item=_item(wire),
        error=_error(object_of(wire.get("error"))),
        rows_read=count_of(output.get("rowsRead")),
        rows_copied=count_of(output.get("rowsCopied")),
        rows_skipped=count_of(output.get("rowsSkipped")),
        child_run_id=output.get("pipelineRunId") or None,
        runtime=_runtime(wire),
    )


def name_of(wire: object) -> str:
    """A name without what is surely a secret."""
    return redact_name(text_of(wire))


def _folder(properties: Json) -> str | None:
    named = object_of(properties.get("folder")).get("name")
    return redact_name(named) if isinstance(named, str) else None


def _runtime(wire: Json) -> str | None:
    """The integration runtime as it is written; the list of names has it in lower case only."""
    used = list_of(object_of(wire.get("executionDetails")).get("integrationRuntime"))
    named = [name_of(object_of(one).get("name")) for one in used]
    named += [name_of(name) for name in list_of(wire.get("integrationRuntimeNames"))]
    return next(filter(None, named), None)


def pipeline(factory: Factory, wire: Json) -> Pipeline:
    """Decode one PipelineResource of a list as an entry of the inventory."""
    name, properties = name_of(wire.get("name")), object_of(wire.get("properties"))
    return Pipeline(
        factory=factory.alias,
        name=name,
        folder=_folder(properties),
        annotations=tuple(_label(word) for word in properties.get("annotations") or ()),
        concurrency=count_of(properties.get("concurrency")),
        calls=tuple(dict.fromkeys(_called(_activities(properties.get("activities"))))),
        notes=factory.notes_for(name),
    )


def pipeline_definition(wire: Json) -> PipelineDefinition:
    """Decode one PipelineResource with its activities, containers included."""
    properties = object_of(wire.get("properties"))
    return PipelineDefinition(
        name=name_of(wire.get("name")),
        activities=_activities(properties.get("activities")),
        concurrency=count_of(properties.get("concurrency")),
    )


def _label(wire: object) -> str:
    """A word or two that somebody wrote, however long it is."""
    return redact_start(text_of(wire), _LONGEST_LABEL)[:_LONGEST_LABEL]


def _activities(wire: object) -> tuple[ActivityDefinition, ...]:
    return tuple(_activity_definition(object_of(one)) for one in list_of(wire))


def _activity_definition(wire: Json) -> ActivityDefinition:
    properties = object_of(wire.get("typeProperties"))
    called = object_of(properties.get("pipeline")).get("referenceName")
    cases = (object_of(case).get("activities") for case in list_of(properties.get("cases")))
    inside = [properties.get("activities"), properties.get("ifTrueActivities")]
    inside += [properties.get("ifFalseActivities"), properties.get("defaultActivities"), *cases]
    return ActivityDefinition(
        name=name_of(wire.get("name")),
        kind=text_of(wire.get("type")),
        after=tuple(name_of(object_of(d).get("activity")) for d in list_of(wire.get("dependsOn"))),
        calls=name_of(called) if isinstance(called, str) else None,
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
        name=name_of(wire.get("name")),
        kind=text_of(wire.get("invokedByType")),
        pipeline=name_of(wire.get("pipelineName")) or None,
        pipeline_run_id=wire.get("pipelineRunId") or None,
    )


def _error(wire: Json) -> ActivityError | None:
    code, message = text_of(wire.get("errorCode")), redact(wire.get("message") or "")
    if not code and not message:
        return None
    kind, target = name_of(wire.get("failureType")), name_of(wire.get("target"))
    return ActivityError(code=_label(code), message=message, failure_type=kind, target=target)


def _item(wire: Json) -> str | None:
    """Name the ForEach item: the authors' user properties first, else what the input names."""
    if not wire.get("iterationHash"):
        return None
    properties = object_of(wire.get("userProperties"))
    known = _first_named(properties) or next(iter(properties.values()), None)
    named = known or _named_in(object_of(wire.get("input")))
    return redact_start(named, 120)[:120] if isinstance(named, str) and named else None


def _first_named(values: Json) -> object:
    lowered = {key.lower(): value for key, value in values.items()}
    return next((lowered[key] for key in _ITEM_KEYS if isinstance(lowered.get(key), str)), None)


def _named_in(wire: Json) -> object:
    source = object_of(wire.get("source"))
    queries = (source.get(key) for key in ("query", "sqlReaderQuery", "SOQLQuery"))
    tables = (_FROM_TABLE.search(query) for query in queries if isinstance(query, str))
    found = next((match.group(1) for match in tables if match), None)
    return _first_named(wire) or _first_named(object_of(wire.get("parameters"))) or found
