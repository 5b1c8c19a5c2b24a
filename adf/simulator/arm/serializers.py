"""Runs and resources in the words of the wire, field by field as api-version 2018-06-01 has."""

import hashlib
import uuid
from datetime import datetime
from typing import Any

import orjson

from adf.simulator.dates import wire_time
from adf.simulator.runs import QUEUED, Json, PlannedInvoker, SimulatedActivityRun, SimulatedRun
from adf.simulator.state import DataFactory

_TYPE = "Microsoft.DataFactory/factories"
# What resolves itself is called otherwise where it has run.
AUTO_RESOLVE, DEFAULT_RUNTIME = "AutoResolveIntegrationRuntime", "DefaultIntegrationRuntime"


def factory_id(subscription: str, factory: DataFactory) -> str:
    """The resource id of a factory."""
    group = f"/subscriptions/{subscription}/resourceGroups/{factory.resource_group}"
    return f"{group}/providers/{_TYPE}/{factory.name}"


def factory_body(subscription: str, factory: DataFactory) -> dict[str, Any]:
    """A Factory."""
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, factory_id("", factory)))
    return {
        "name": factory.name,
        "id": factory_id(subscription, factory),
        "type": _TYPE,
        "properties": {
            "provisioningState": "Succeeded",
            "createTime": wire_time(factory.created),
            "version": "2018-06-01",
        },
        "eTag": f'"{_etag([factory.name, factory.resource_group])}"',
        "location": factory.location,
        "identity": {"type": "SystemAssigned", "principalId": identity, "tenantId": identity},
        "tags": {},
    }


def resource_body(parent: str, kind: str, name: str, properties: Json) -> dict[str, Any]:
    """A resource inside a factory: a pipeline, a trigger, an integration runtime."""
    return {
        "id": f"{parent}/{kind.lower()}/{name}",
        "name": name,
        "type": f"{_TYPE}/{kind.lower()}",
        "properties": properties,
        "etag": _etag([name, properties]),
    }


def pipeline_run_body(parent: str, run: SimulatedRun) -> dict[str, Any]:
    """A PipelineRun."""
    return {
        "id": f"{parent.upper()}/pipelineruns/{run.run_id}",
        "runId": run.run_id,
        "debugRunId": None,
        "runGroupId": run.group_id,
        "pipelineName": run.pipeline,
        "parameters": dict(run.parameters),
        "invokedBy": _invoked_by(run.run_id, run.invoked_by),
        "runStart": wire_time(run.run_start),
        "runEnd": wire_time(run.end),
        "durationInMs": _milliseconds(run.run_start, run.end),
        "status": run.status,
        "message": None if run.status == QUEUED else run.message,
        "lastUpdated": wire_time(run.last_updated),
        "annotations": list(run.annotations),
        "runDimension": {},
        "isLatest": run.is_latest,
    }


def activity_run_body(parent: str, one: SimulatedActivityRun) -> dict[str, Any]:
    """An ActivityRun; one that broke nothing still carries an error with empty texts."""
    return {
        "activityRunEnd": wire_time(one.end),
        "activityName": one.name,
        "activityRunStart": wire_time(one.start),
        "activityType": one.kind,
        "durationInMs": _milliseconds(one.start, one.end),
        "retryAttempt": one.attempt,
        "error": _error(one),
        "activityRunId": one.activity_run_id,
        "iterationHash": one.iteration,
        "input": one.input,
        "linkedServiceName": "",
        "output": one.output,
        "userProperties": {**one.properties, **({"item": one.item} if one.item else {})},
        "pipelineName": one.pipeline,
        "pipelineRunId": one.run_id,
        "status": one.status,
        "recoveryStatus": "None",
        "integrationRuntimeNames": _runtime_names(one),
        "executionDetails": _execution(one),
        "id": f"{parent.upper()}/pipelineruns/{one.run_id}/activityruns/{one.activity_run_id}",
    }


def _invoked_by(run_id: str, who: PlannedInvoker) -> dict[str, Any]:
    made = {"id": uuid.uuid5(uuid.NAMESPACE_OID, f"{run_id}/{who.name}").hex, "name": who.name}
    made["invokedByType"] = who.kind
    if who.pipeline:
        made["pipelineName"] = who.pipeline
    if who.run_id:
        made["pipelineRunId"] = who.run_id
    return made


def _error(one: SimulatedActivityRun) -> dict[str, Any]:
    error = one.error
    return {
        "errorCode": error.code if error else "",
        "message": error.message if error else "",
        "failureType": error.failure_type if error else "",
        "target": one.name,
        "details": [] if error else "",
    }


def _runtime_names(one: SimulatedActivityRun) -> list[str] | None:
    """In lower case, as recorded; only the execution details have the name as it is written."""
    if one.runtime is None:
        return None
    name = DEFAULT_RUNTIME if one.runtime.name == AUTO_RESOLVE else one.runtime.name
    return [name.lower()]


def _execution(one: SimulatedActivityRun) -> dict[str, Any] | None:
    used = one.runtime
    if used is None:
        return None
    place = {"location": used.location} if used.kind == "Managed" else {}
    name = DEFAULT_RUNTIME if used.name == AUTO_RESOLVE else used.name
    runtime = {"name": name, "type": used.kind, **place, "nodes": None}
    return {"integrationRuntime": [runtime]}


def _milliseconds(start: datetime | None, end: datetime | None) -> int | None:
    return round((end - start).total_seconds() * 1000) if start and end else None


def _etag(parts: list[Any]) -> str:
    digest = hashlib.blake2b(orjson.dumps(parts), digest_size=16).hexdigest()
    return str(uuid.UUID(hex=digest))
