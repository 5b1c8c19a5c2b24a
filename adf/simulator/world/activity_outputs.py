"""What an activity run was given and what it returned, in the service's shapes."""

from datetime import datetime
from typing import Any

from adf.simulator.runs import IN_PROGRESS, SKIPPED, SUCCEEDED, Json, RuntimeUsed
from adf.simulator.world.run_specs import CALL, CONTROL, ActivitySpec

_BYTES_PER_ROW = 212


def input_of(spec: ActivitySpec) -> dict[str, Any]:
    """What the step was given; a repeated step's input names its item."""
    if spec.status == SKIPPED:
        return {}
    if spec.kind == "Copy":
        return _copy_input(spec.item)
    if spec.kind == CALL:
        called = spec.child.pipeline if spec.child else spec.calls
        parameters = {"item": spec.item} if spec.item else {}
        reference = {"referenceName": called, "type": "PipelineReference"}
        return {"pipeline": reference, "parameters": parameters, "waitOnCompletion": True}
    return {"parameters": {"item": spec.item}} if spec.item else {}


def output_of(
    spec: ActivitySpec, start: datetime | None, end: datetime | None, runtime: RuntimeUsed
) -> dict[str, Any]:
    """What the step returned; a child's run id is known as soon as the child is."""
    if spec.kind == CALL:
        child = spec.child
        return {"pipelineRunId": child.run_id, "pipelineName": child.pipeline} if child else {}
    if spec.kind in CONTROL or start is None or end is None or spec.status == IN_PROGRESS:
        return {}
    seconds = max(round((end - start).total_seconds()), 1)
    ran = _billing(spec.kind, seconds, runtime)
    if spec.kind == "Copy":
        return {**_copied(spec, seconds), **ran}
    told: dict[str, Any] = (
        {"firstRow": {}} if spec.kind == "Lookup" and spec.status == SUCCEEDED else {}
    )
    return {**told, "executionDuration": seconds, **ran}


def measures(spec: ActivitySpec) -> dict[str, int]:
    """The counts of a Copy; what was copied was also read, unless it broke."""
    counts = dict(spec.measures)
    if spec.status == SUCCEEDED and "rowsCopied" in counts:
        counts.setdefault("rowsRead", counts["rowsCopied"])
    return counts


def _copy_input(item: str | None) -> dict[str, Any]:
    source: dict[str, Any] = {"type": "AzureSqlSource", "queryTimeout": "02:00:00"}
    if item:
        source["sqlReaderQuery"] = f"SELECT * FROM {item}"  # noqa: S608
    return {"source": source, "sink": {"type": "ParquetSink"}, "enableStaging": False}


def _copied(spec: ActivitySpec, seconds: int) -> dict[str, Any]:
    counts = measures(spec)
    size = counts.get("rowsCopied", 0) * _BYTES_PER_ROW
    moved: dict[str, Any] = {
        "dataRead": counts.get("rowsRead", 0) * _BYTES_PER_ROW,
        "dataWritten": size,
        "sourcePeakConnections": 1,
        "sinkPeakConnections": 2,
        "copyDuration": seconds,
        "throughput": round(size / 1024 / seconds, 3),
        "errors": [],
        "usedDataIntegrationUnits": 4,
        "usedParallelCopies": 1,
        "executionDetails": [],
    }
    return {**moved, **counts}


def _billing(kind: str, seconds: int, runtime: RuntimeUsed) -> Json:
    place = f" ({runtime.location})" if runtime.kind == "Managed" else ""
    meter = "AzureIR" if runtime.kind == "Managed" else "SelfhostedIR"
    activity_type = {"Copy": "DataMovement", "Lookup": "PipelineActivity"}.get(
        kind, "ExternalActivity"
    )
    duration = {"meterType": meter, "duration": round(seconds / 3600, 6), "unit": "Hours"}
    return {
        "effectiveIntegrationRuntime": runtime.name + place,
        "billingReference": {"activityType": activity_type, "billableDuration": [duration]},
        "durationInQueue": {"integrationRuntimeQueue": 0},
    }
