"""What a world file says of factories and pipelines, as the settings a team would write for it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SUBSCRIPTION = "00000000-0000-0000-0000-0000000000ad"


def factories_file(world: Mapping[str, Any], folder: Path) -> Path:
    """Write ADFOPS_FACTORIES for a world: where its factories are, and what owners declared."""
    declared = {
        "default": world["default_factory"],
        "factories": {
            alias: {
                "subscription": SUBSCRIPTION,
                "resource_group": where["rg"],
                "name": alias,
                "pipelines": _pipelines(world, alias),
            }
            for alias, where in world["factories"].items()
        },
    }
    file = folder / "factories.json"
    file.write_text(json.dumps(declared), encoding="utf-8")
    return file


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
        "due_utc": wire.get("sla_utc"),
        "downstream": downstream,
    }
    return {key: value for key, value in known.items() if value}
