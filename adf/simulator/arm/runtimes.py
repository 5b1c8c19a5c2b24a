"""Integration runtimes as the service describes them and reports their status."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adf.simulator.dates import wire_time
from adf.simulator.state import Runtime

_VERSION = "5.50.9171.1"


def managed(factory: str, state: str = "Online") -> Runtime:
    """An Azure integration runtime."""
    definition = {
        "type": "Managed",
        "typeProperties": {"computeProperties": {"location": "AutoResolve"}},
    }
    details: dict[str, Any] = {"nodes": [], "otherErrors": [], "lastOperation": None}
    status = {"dataFactoryName": factory, "state": state, "type": "Managed"}
    return Runtime(definition=definition, status={**status, "typeProperties": details})


def self_hosted(
    factory: str,
    state: str,
    nodes: Sequence[tuple[str, str]],
    last_connect: datetime | None,
) -> Runtime:
    """An integration runtime on machines of the owner's; `nodes` are names with their status."""
    machines = [_node(node, status, last_connect) for node, status in nodes]
    details: dict[str, Any] = {
        "version": _VERSION,
        "latestVersion": _VERSION,
        "versionStatus": "UpToDate",
        "autoUpdate": "On",
        "internalChannelEncryption": "NotEncrypted",
        "capabilities": {},
        "serviceUrls": [],
        "links": [],
        "nodes": machines,
    }
    status = {"dataFactoryName": factory, "state": state, "type": "SelfHosted"}
    loads = [_load(node) for node, answer in nodes if answer == "Online"]
    return Runtime(
        # As recorded: a self-hosted one has no properties of its type.
        definition={"type": "SelfHosted"},
        status={**status, "typeProperties": details},
        load={"nodes": loads} if loads else {},
    )


def _load(name: str) -> dict[str, Any]:
    """The load of a machine: steady by its name, since nothing here depends on it."""
    busy = sum(name.encode()) % 40
    return {
        "nodeName": name,
        "availableMemoryInMB": 16_384 - 100 * busy,
        "cpuUtilization": 5 + busy,
        "concurrentJobsLimit": 20,
        "concurrentJobsRunning": busy % 5,
        "maxConcurrentJobs": 56,
        "sentBytes": 0.0,
        "receivedBytes": 0.0,
    }


def _node(name: str, status: str, last_connect: datetime | None) -> dict[str, Any]:
    return {
        "nodeName": name,
        "machineName": name,
        "status": status,
        "version": _VERSION,
        "versionStatus": "UpToDate",
        "capabilities": {},
        "lastConnectTime": wire_time(last_connect),
        "isActiveDispatcher": True,
        "concurrentJobsLimit": 20,
        "maxConcurrentJobs": 56,
    }
