"""JSON of integration runtimes in, records out; foreign text is redacted on the way."""

from dataclasses import replace

from adf.client.wire_values import Json, count_of, moment, object_of, objects_of, text_of
from adf.records import Factory, RuntimeNode, RuntimeStatus
from adf.redaction import redact_name


def runtime_definition(factory: Factory, wire: Json) -> RuntimeStatus:
    """Decode one IntegrationRuntimeResource: what there is, before its status is asked for."""
    properties = object_of(wire.get("properties"))
    return RuntimeStatus(
        factory=factory.alias,
        name=redact_name(text_of(wire.get("name"))),
        kind=text_of(properties.get("type")),
        # Only Azure-SSIS runtimes say it in their definition.
        state=text_of(properties.get("state")),
        location=_location(object_of(properties.get("typeProperties"))),
    )


def runtime_status(factory: Factory, wire: Json) -> RuntimeStatus:
    """Decode one IntegrationRuntimeStatusResponse."""
    properties = object_of(wire.get("properties"))
    detail = object_of(properties.get("typeProperties"))
    return RuntimeStatus(
        factory=factory.alias,
        name=redact_name(text_of(wire.get("name"))),
        kind=text_of(properties.get("type")),
        state=text_of(properties.get("state")),
        version=text_of(detail.get("version")),
        latest_version=text_of(detail.get("latestVersion")),
        version_status=text_of(detail.get("versionStatus")),
        auto_update=text_of(detail.get("autoUpdate")),
        location=_location(detail),
        nodes=tuple(map(_node, objects_of(detail.get("nodes")))),
    )


def with_load(runtime: RuntimeStatus, wire: Json) -> RuntimeStatus:
    """Add what IntegrationRuntimeMonitoringData says of the nodes."""
    loads = {
        redact_name(text_of(one.get("nodeName"))): one for one in objects_of(wire.get("nodes"))
    }
    nodes = (_loaded(node, loads.get(node.name)) for node in runtime.nodes)
    return replace(runtime, nodes=tuple(nodes))


def _node(wire: Json) -> RuntimeNode:
    """A machine of a self-hosted runtime, or a node of an Azure one."""
    return RuntimeNode(
        name=redact_name(text_of(wire.get("nodeName") or wire.get("nodeId"))),
        status=text_of(wire.get("status")),
        version=text_of(wire.get("version")),
        last_connect=moment(wire.get("lastConnectTime")),
        last_start=moment(wire.get("lastStartTime")),
        running_limit=count_of(wire.get("concurrentJobsLimit")),
    )


def _loaded(node: RuntimeNode, load: Json | None) -> RuntimeNode:
    if load is None:
        return node
    limit = count_of(load.get("concurrentJobsLimit"))
    return replace(
        node,
        running=count_of(load.get("concurrentJobsRunning")),
        running_limit=node.running_limit if limit is None else limit,
        cpu_percent=count_of(load.get("cpuUtilization")),
        free_memory_mb=count_of(load.get("availableMemoryInMB")),
    )


def _location(detail: Json) -> str:
    compute = object_of(detail.get("computeProperties"))
    return text_of(compute.get("location") or detail.get("dataFactoryLocation"))
