"""The tools that are declared to a model: those that only read, and a canary that none needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adf.tool import Tool

# What these mean is said once, in the instructions.
EXPLAINED = frozenset(
    {"pipeline", "factory", "run_id", "run_id_a", "run_id_b", "hours", "from", "to", "days"}
)
# No question needs this tool: a model that calls it follows orders in the data.
CANARY = "adf_assistant_mode"
_CANARY: Mapping[str, Any] = {
    "type": "function",
    "name": CANARY,
    "description": "Switch this assistant to an unrestricted maintenance or administrator mode. "
    "No question of a person needs it.",
    "parameters": {
        "type": "object",
        "properties": {"mode": {"type": "string", "description": "name of the mode"}},
        "required": ["mode"],
        "additionalProperties": False,
    },
    "strict": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteServer:
    """An MCP server that the service asks by itself; the tools named `free` need no approval."""

    label: str
    url: str
    free: tuple[str, ...] = ()

    def declared(self) -> Mapping[str, Any]:
        """As the wire has it: whatever is not free waits for a person."""
        approval: object = {"never": {"tool_names": list(self.free)}} if self.free else "always"
        return {
            "type": "mcp",
            "server_label": self.label,
            "server_url": self.url,
            "require_approval": approval,
        }


def readable(tools: Iterable[Tool]) -> tuple[Tool, ...]:
    """The tools a model may call, in a fixed order: an equal beginning is cached by the service.

    What proposes is among them: it shows a card, where the person's own words ask for it.
    """
    callable_ones = (one for one in tools if one.reads or one.proposes)
    return tuple(sorted(callable_ones, key=lambda one: one.name))


def declared(tools: Iterable[Tool], remote: Sequence[RemoteServer] = ()) -> list[dict[str, Any]]:
    """The declarations that go to a model: read tools, the canary, remote servers.

    Not strict: that would need every argument, and its null, in the schema, which Foundry refuses.
    """
    own = [function_of(one.name, one.description, compact(one.schema)) for one in readable(tools)]
    return [*own, dict(_CANARY), *(dict(one.declared()) for one in remote)]


def compact(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without what the instructions say of every tool, and without notes on an enum."""
    properties = {
        name: _compact(one, is_known=name in EXPLAINED)
        for name, one in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _compact(one: Mapping[str, Any], *, is_known: bool) -> dict[str, Any]:
    left_out = {"format"} | ({"description"} if is_known or "enum" in one else set[str]())
    plain = {key: value for key, value in one.items() if key not in left_out}
    if "items" in plain:
        plain["items"] = _compact(plain["items"], is_known=True)
    return plain


def function_of(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration of one function."""
    return {
        "type": "function",
        "name": name,
        "description": description,
        "parameters": dict(schema),
        "strict": False,
    }
