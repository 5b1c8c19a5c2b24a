"""Who may do what: identities with the actions of their roles, and what each request needs.

Without roles everybody may do everything. An action of a role may hold wildcards, as Azure's do.
"""

import json
import re
from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, cast

from aiohttp import web

from adf.simulator.arm.protocol import ArmError

EVERYBODY = "*"
_PROVIDER = "Microsoft.DataFactory/"
_REFUSAL = (
    "The client '{who}' with object id '{who}' does not have authorization to perform action"
    " '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted,"
    " please refresh your credentials."
)
_FACTORY = re.compile(r"(?i)(.*/providers/Microsoft\.DataFactory/factories/[^/]+)(.*)")
_EVENTS = "/providers/microsoft.insights/eventtypes/management/values"
_NAME = "[^/]+"
# What a request below a factory needs; the last ones let the result of a query be read.
_NEEDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("GET", "", ("read",)),
    ("GET", f"/pipelines(/{_NAME})?", ("pipelines/read",)),
    ("GET", f"/triggers(/{_NAME})?", ("triggers/read",)),
    ("GET", f"/integrationruntimes(/{_NAME})?", ("integrationruntimes/read",)),
    (
        "GET",
        "/providers/microsoft.resourcehealth/availabilitystatuses",
        ("Microsoft.ResourceHealth/AvailabilityStatuses/read",),
    ),
    (
        "GET",
        "/providers/microsoft.resourcehealth/events",
        ("Microsoft.ResourceHealth/events/read",),
    ),
    ("GET", "/datasets", ("datasets/read",)),
    ("GET", "/dataflows", ("dataflows/read",)),
    ("GET", "/linkedservices", ("linkedservices/read",)),
    ("GET", "/adfcdcs", ("adfcdcs/read",)),
    ("GET", f"/pipelineruns/{_NAME}", ("pipelineruns/read",)),
    ("POST", "/querypipelineruns", ("querypipelineruns/action", "querypipelineruns/read")),
    (
        "POST",
        f"/pipelineruns/{_NAME}/queryactivityruns",
        (
            "pipelineruns/queryactivityruns/action",
            "pipelineruns/queryactivityruns/read",
            "pipelineruns/activityruns/read",
        ),
    ),
    (
        "POST",
        "/querytriggerruns",
        ("querytriggerruns/action", "querytriggerruns/read", "triggerruns/read"),
    ),
    ("POST", f"/pipelines/{_NAME}/createrun", ("pipelines/createrun/action",)),
    ("POST", f"/pipelineruns/{_NAME}/cancel", ("pipelineruns/cancel/action",)),
    ("POST", f"/triggers/{_NAME}/start", ("triggers/start/action",)),
    ("POST", f"/triggers/{_NAME}/stop", ("triggers/stop/action",)),
    ("POST", f"/integrationruntimes/{_NAME}/getstatus", ("integrationruntimes/getstatus/read",)),
    (
        "POST",
        f"/integrationruntimes/{_NAME}/monitoringdata",
        ("integrationruntimes/monitoringdata/read",),
    ),
)

Roles = Mapping[str, Collection[str]]


def check_access(request: web.Request, identity: str, roles: Roles | None) -> None:
    """Refuse a request that the roles of an identity do not allow, in Resource Manager's words."""
    if roles is None:
        return
    held = roles.get(identity, roles.get(EVERYBODY, ()))
    scope, needed = _needed(request.method, request.path)
    missing = next((action for action in needed if not _is_held(action, held)), None)
    if missing:
        text = _REFUSAL.format(who=identity, action=missing, scope=scope)
        raise ArmError(403, "AuthorizationFailed", text)


def read_role(path: Path) -> Collection[str]:
    """The actions of a custom role as `az role definition create` takes it."""
    wire: object = json.loads(path.read_text(encoding="utf-8"))
    known = cast("dict[str, Any]", wire) if isinstance(wire, dict) else {}
    actions: object = known.get("Actions")
    found = cast("list[object]", actions) if isinstance(actions, list) else []
    if not found:
        raise ValueError(f"{path} is not a role: it has no Actions")
    return [str(one) for one in found]


def _needed(method: str, path: str) -> tuple[str, tuple[str, ...]]:
    if path.lower().endswith(_EVENTS):
        return path[: -len(_EVENTS)], ("Microsoft.Insights/eventtypes/values/read",)
    found = _FACTORY.fullmatch(path)
    if found is None:
        return path, ()
    below = found[2].rstrip("/").lower()
    for wanted, pattern, actions in _NEEDS:
        if method == wanted and re.fullmatch(pattern, below):
            return found[1], tuple(map(_whole, actions))
    return found[1], ()


def _whole(action: str) -> str:
    """An action of a factory with its provider; those of other providers are whole."""
    return action if action.startswith("Microsoft.") else f"{_PROVIDER}factories/{action}"


def _is_held(action: str, held: Collection[str]) -> bool:
    return any(fnmatchcase(action.lower(), one.lower()) for one in held)
