"""What a world file says of factories, pipelines and people, as a team would write it down."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.doubles.teams import CHANNEL, object_id

# A commander leads in an incident with the rights of an operator.
ROLES = {"operator": "operator", "commander": "operator", "reader": "reader"}
GUEST = {"userRole": "guest", "userPrincipalName": "someone_elsewhere.com#EXT#@contoso.com"}
SUBSCRIPTION = "00000000-0000-0000-0000-0000000000ad"


def factories_file(world: Mapping[str, Any], folder: Path, *, second_person: bool = False) -> Path:
    """Write ADFOPS_FACTORIES for a world: where its factories are, and what owners declared.

    With `second_person`, nobody approves alone that a critical run is cancelled.
    """
    declared = {
        "default": world["default_factory"],
        "factories": {
            alias: {
                "subscription": SUBSCRIPTION,
                "resource_group": where["rg"],
                "name": alias,
                "pipelines": _pipelines(world, alias),
                "second_person_for_critical_cancel": second_person,
            }
            for alias, where in world["factories"].items()
        },
        "people": _people(world),
        "rooms": {CHANNEL: {"factory": world["default_factory"], "zone": world["channel_tz"]}},
    }
    file = folder / f"factories{'_second' if second_person else ''}.json"
    file.write_text(json.dumps(declared), encoding="utf-8")
    return file


def guests(world: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What Teams' roster tells of the guests among the people, by account."""
    return {f"29:{name}": GUEST for name, one in world["people"].items() if one["role"] == "guest"}


def _people(world: Mapping[str, Any]) -> dict[str, Any]:
    """Everybody with a role; guests are nobody's to declare."""
    ours = {name: one for name, one in world["people"].items() if one["role"] != "guest"}
    return {
        object_id(name.title()): {"name": name, "roles": _roles(world, one)}
        for name, one in ours.items()
    }


def _roles(world: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, str]:
    role = ROLES.get(person["role"])
    if role is None:
        return {world["default_factory"]: person["role"]}
    return dict.fromkeys(person["rbac"], role)


def _pipelines(world: Mapping[str, Any], alias: str) -> dict[str, Any]:
    there = (
        (name, one)
        for name, places in world["pipelines"].items()
        for one in places
        if one["factory"] == alias
    )
    return {name: _declared(one, world["lineage"].get(name, ())) for name, one in there}


def _declared(wire: Mapping[str, Any], downstream: object) -> dict[str, Any]:
    known = {
        "critical": wire.get("critical"),
        "owner": wire.get("owner"),
        "usual_minutes": wire.get("typical_min"),
        "usual_rows": wire.get("typical_rows"),
        "due_utc": wire.get("sla_utc"),
        "downstream": downstream,
    }
    return {key: value for key, value in known.items() if value}
