"""A factory after a bad night, as large as a bench needs: every chain broke two levels down."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.simulator import State, make_world, wall_clock

_WORDS = """
amber basil cedar delta ember fjord grove heron indigo juniper kestrel lotus maple nectar ocean
poplar quartz raven saffron tundra umber violet willow xenon yarrow zephyr acorn birch coral dahlia
elder falcon garnet hazel iris jasper kelp lilac mango nutmeg olive pepper quince rose sage thyme
urchin vanilla walnut yucca zinnia anise beech clover dune
"""
NOUNS = _WORDS.split()
GROUP = "rg-bench"
ERROR = (
    "ErrorCode=SqlOperationFailed,'Type=Microsoft.DataTransfer.Common.Shared.HybridDelivery"
    "Exception,Message=A database operation failed.,Source=Microsoft.DataTransfer.ClientLibrary,"
    "''Type=System.Data.SqlClient.SqlException,Message=Violation of UNIQUE KEY constraint.'"
)


def master(noun: str) -> str:
    """The outer pipeline of a chain."""
    return f"{noun.title()}Nightly"


def bad_night(name: str = "adf-bench", now: datetime | None = None) -> State:
    """Two pipelines for each noun: a nightly one, and the one it calls, where an item broke."""
    at = (now or datetime.now(UTC)).replace(microsecond=0)
    runs: dict[str, Any] = {}
    activities: dict[str, Any] = {}
    for number, noun in enumerate(NOUNS):
        _chain(noun, at - timedelta(minutes=30 + number), runs, activities)
    names = [name for noun in NOUNS for name in (master(noun), f"Load{noun.title()}")]
    document = {
        "now_utc": at.isoformat(),
        "default_factory": name,
        "factories": {name: {"rg": GROUP}},
        "pipelines": {one: [{"factory": name}] for one in names},
        "runs": runs,
        "activities": activities,
    }
    return make_world(document, wall_clock)


def declared(name: str, subscription: str) -> Mapping[str, Any]:
    """The factories file that goes with it: every nightly pipeline is critical."""
    pipelines = {master(noun): {"critical": True, "owner": "priya"} for noun in NOUNS}
    where = {"subscription": subscription, "resource_group": GROUP, "name": name}
    return {"default": name, "factories": {name: {**where, "pipelines": pipelines}}}


def _chain(noun: str, end: datetime, runs: dict[str, Any], activities: dict[str, Any]) -> None:
    outer, inner = (str(uuid.uuid5(uuid.NAMESPACE_OID, f"{noun}-{level}")) for level in (1, 2))
    load = f"Load{noun.title()}"
    loop = f"Operation on target ForEach_Table failed: {ERROR}"
    called = f"Operation on target Exec_{load} failed: {loop}"
    runs[outer] = _run(master(noun), end, called, None)
    runs[inner] = _run(load, end - timedelta(seconds=20), loop, outer)
    activities[outer] = [
        {"name": f"Exec_{load}", "type": "ExecutePipeline", "status": "Failed", "child_run": inner}
    ]
    activities[inner] = [
        _loop(12, failed=1),
        {**_copy("Copy_Table", "Failed"), "item": "Orders", "error": ERROR, "error_code": "2200"},
    ]


def _run(pipeline: str, end: datetime, message: str, parent: str | None) -> dict[str, Any]:
    return {
        "pipeline": pipeline,
        "status": "Failed",
        "start": (end - timedelta(minutes=20)).isoformat(),
        "end": end.isoformat(),
        "message": message,
        "invoked_by": "schedule" if parent is None else pipeline.replace("Load", ""),
        "parent": parent,
    }


def _loop(items: int, failed: int) -> dict[str, Any]:
    counts = {"items": items, "succeeded": items - failed, "failed": failed}
    return {"name": "ForEach_Table", "type": "ForEach", "status": "Failed", **counts}


def _copy(name: str, status: str) -> dict[str, Any]:
    return {"name": name, "type": "Copy", "status": status, "failure_type": "UserError"}
