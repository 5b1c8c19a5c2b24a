"""The agents of a project: versions that never change, kept under names."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.foundry.schemas import check_tools
from tests.doubles.foundry.wire import Asked, Item, Json, Refused

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
MOST_VERSIONS = 1000


@dataclass(slots=True)
class Kept:
    """One agent: its versions, oldest first, and which of them its endpoint serves."""

    name: str
    versions: list[Item] = field(default_factory=list[Item])
    created: int = 0
    endpoint: Item = field(default_factory=dict[str, Any])

    @property
    def shown(self) -> Item:
        """The agent as the service shows it."""
        endpoint = {"agent_endpoint": self.endpoint} if self.endpoint else {}
        latest = {"latest": self.versions[-1]}
        return {
            "object": "agent",
            "id": self.name,
            "name": self.name,
            "versions": latest,
        } | endpoint

    def version(self, number: str) -> Item:
        """One version; Refused where it is not."""
        for one in self.versions:
            if one["version"] == number:
                return one
        raise Refused(404, "not_found", f"Agent {self.name} with version {number} not found.")


class Agents:
    """Every agent of the project, by name."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def find(self, name: str) -> Kept:
        """An agent; Refused where there is none."""
        if name not in self.kept:
            raise Refused(404, "not_found", f"Agent {name} not found.")
        return self.kept[name]

    def referred(self, reference: Json) -> Item:
        """The version that a request refers to, the latest where it names none."""
        if reference.get("type") != "agent_reference" or not reference.get("name"):
            raise Refused(400, "invalid_payload", "Invalid agent reference.", "agent_reference")
        agent = self.find(reference["name"])
        version = reference.get("version")
        return agent.version(version) if version else agent.versions[-1]

    def served(self, name: str) -> Item:
        """The version that an agent's own endpoint serves."""
        agent = self.find(name)
        rules = agent.endpoint.get("version_selector", {}).get("version_selection_rules", [])
        return agent.version(rules[0]["agent_version"]) if rules else agent.versions[-1]

    def create_version(self, asked: Asked, name: str) -> Item:
        """Keep a definition as the next version of an agent."""
        if not _NAME.fullmatch(name):
            raise Refused(400, "invalid_payload", f"Invalid agent name {name!r}.", "name")
        definition = asked.body.get("definition")
        metadata: Item = asked.body.get("metadata") or {}
        _check(definition, metadata)
        agent = self.kept.setdefault(name, Kept(name))
        if len(agent.versions) >= MOST_VERSIONS:
            raise Refused(400, "UserError", f"Agent {name} has reached {MOST_VERSIONS} versions.")
        agent.created += 1
        made: Item = {
            "object": "agent.version",
            "id": f"{name}:{agent.created}",
            "name": name,
            "version": str(agent.created),
            "description": asked.body.get("description") or "",
            "created_at": int(time.time()),
            "metadata": metadata,
            "status": "active",
            "definition": definition,
        }
        agent.versions.append(made)
        return made

    def get(self, asked: Asked, name: str) -> Item:
        """An agent with its latest version."""
        return self.find(name).shown

    def list(self, asked: Asked) -> Item:
        """All agents, a page at a time."""
        return _page(asked, [one.shown for one in self.kept.values()], lambda one: one["id"])

    def list_versions(self, asked: Asked, name: str) -> Item:
        """The versions of an agent, newest first unless asked otherwise."""
        return _page(asked, self.find(name).versions, lambda one: one["id"])

    def get_version(self, asked: Asked, name: str, version: str) -> Item:
        """One version of an agent."""
        return self.find(name).version(version)

    def delete_version(self, asked: Asked, name: str, version: str) -> Item:
        """Forget a version, and the agent with its last one."""
        agent = self.find(name)
        agent.versions.remove(agent.version(version))
        if not agent.versions:
            del self.kept[name]
        told = {"name": name, "version": version, "deleted": True}
        return {"object": "agent.version.deleted", **told}

    def delete(self, asked: Asked, name: str) -> Item:
        """Forget an agent."""
        self.find(name)
        del self.kept[name]
        return {"object": "agent.deleted", "name": name, "deleted": True}

    def update(self, asked: Asked, name: str) -> Item:
        """Merge into an agent what its endpoint serves."""
        agent = self.find(name)
        agent.endpoint |= asked.body.get("agent_endpoint") or {}
        return agent.shown


def _check(definition: Any, metadata: Json) -> None:  # noqa: ANN401 - it is whatever was sent
    if not isinstance(definition, dict) or not {"kind", "model"} <= definition.keys():
        raise Refused(400, "invalid_payload", "definition needs kind and model.", "definition")
    if len(metadata) > 16 or any(len(k) > 64 or len(v) > 512 for k, v in metadata.items()):
        raise Refused(400, "invalid_payload", "metadata is too large.", "metadata")
    told: Item = definition  # pyright: ignore[reportUnknownVariableType]
    check_tools(told.get("tools") or [])


def _page(asked: Asked, all_of: list[Item], key: Callable[[Item], str]) -> Item:
    """A page as the query asks for it; `last_id` is told only where more follows."""
    rows = list(all_of) if asked.query.get("order") == "asc" else list(reversed(all_of))
    after = asked.query.get("after")
    begin = [key(one) for one in rows].index(after) + 1 if after else 0
    limit = int(asked.query.get("limit", 20))
    page, more = rows[begin : begin + limit], len(rows) > begin + limit
    last = key(page[-1]) if more else None
    first = key(page[0]) if page else None
    return {"object": "list", "data": page, "first_id": first, "last_id": last, "has_more": more}
