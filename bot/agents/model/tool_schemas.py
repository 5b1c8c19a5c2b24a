"""The tools that are declared to a model: those that only read, and a canary that none needs.

The first step of a question that code is not sure of chooses among all of them, declared in short;
the steps that word an answer have those that look further into what was found.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adf.tool import Tool

RUN = "run_id"
# What these mean is said once, in the instructions.
EXPLAINED = frozenset(
    {"pipeline", "factory", "run_id", "run_id_a", "run_id_b", "hours", "from", "to", "days"}
)
# What looks further into a failure or a figure; whatever else is asked for is chosen by routing.
LOOKS_FURTHER = frozenset(
    {
        "adf_change_log",
        "adf_compare_runs",
        "adf_error_history",
        "adf_ir_status",
        "adf_lineage",
        "adf_pipeline_activity_runs",
        "adf_pipeline_runs",
        "adf_propose_action",
        "adf_queue_status",
        "adf_run_stats",
        "learn_docs_search",
    }
)
# The arguments that choose an answer, beside those that are required.
CHOOSING = frozenset(
    {
        *("pipeline", "trigger", "hours", "status", "latest_only", "match", "name", "direction"),
        *("action", "by", "state", "metric"),
    }
)
# What a question that code is not sure of cannot mean: it is asked for in words of its own.
NOT_ROUTED = frozenset({"adf_compare_runs", "bot_usage", "itsm_propose_ticket", "ops_handover"})
NO_TOOL = "no_tool_fits"
_NO_TOOL: Mapping[str, Any] = {
    "type": "function",
    "name": NO_TOOL,
    "description": "Use when none of the other functions can answer the question.",
    "parameters": {"type": "object", "properties": {}},
    "strict": False,
}
MOST_NAMED_VALUES = 6
_DETAILS = re.compile(r"[,:;]\s")
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
    """An MCP server that the service asks by itself; the tools named `free` need no approval.

    Only those in `only` are the model's to call, without it all of them.
    """

    label: str
    url: str
    free: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def declared(self) -> Mapping[str, Any]:
        """As the wire has it: whatever is not free waits for a person."""
        approval: object = {"never": {"tool_names": list(self.free)}} if self.free else "always"
        return {
            "type": "mcp",
            "server_label": self.label,
            "server_url": self.url,
            "require_approval": approval,
            **({"allowed_tools": list(self.only)} if self.only else {}),
        }


def readable(tools: Iterable[Tool]) -> tuple[Tool, ...]:
    """The tools a model may call, in a fixed order: an equal beginning is cached by the service.

    What proposes is among them: it shows a card, where the person's own words ask for it.
    """
    callable_ones = (one for one in tools if one.reads or one.proposes)
    return tuple(sorted(callable_ones, key=lambda one: one.name))


def declared(tools: Iterable[Tool], remote: Sequence[RemoteServer] = ()) -> list[dict[str, Any]]:
    """The declarations of the steps that word an answer, the canary, remote servers.

    Not strict: that would need every argument, and its null, in the schema, which Foundry refuses.
    """
    further = (one for one in readable(tools) if one.name in LOOKS_FURTHER)
    own = [function_of(one.name, one.description, compact(one.schema)) for one in further]
    return [*own, dict(_CANARY), *(dict(one.declared()) for one in remote)]


def routed(tools: Iterable[Tool]) -> list[dict[str, Any]]:
    """The declarations of the routing step: the tools with the arguments that choose an answer."""
    chosen = (one for one in readable(tools) if one.name not in NOT_ROUTED)
    own = [function_of(one.name, _in_brief(one.description), short(one)) for one in chosen]
    return [*own, dict(_NO_TOOL)]


def _in_brief(description: str) -> str:
    """What it is, without its details, and when to use it."""
    what, _, when = description.partition("\n\n")
    return f"{_DETAILS.split(what, maxsplit=1)[0].rstrip('.')}. {when}".strip()


def short(tool: Tool) -> dict[str, Any]:
    """The schema of a tool for its choice alone: what else it takes is left to its defaults.

    A run is asked for by its pipeline, since no id is known before anything was looked up.
    """
    given: Mapping[str, Any] = tool.schema["properties"]
    chosen = [one for one in given if one in CHOOSING or one in tool.schema["required"]]
    properties = {name: _bare(given[name]) for name in chosen}
    if RUN in tool.schema["required"]:
        properties = {"pipeline": {"type": "string"}, **properties}
    return {"type": "object", "properties": properties}


def _bare(argument: Mapping[str, Any]) -> dict[str, Any]:
    """Its type, and the values it may have where they are few; a list may have one member."""
    if argument["type"] == "array":
        return _bare(argument["items"])
    values = argument.get("enum", ())
    few = {"enum": values} if 0 < len(values) <= MOST_NAMED_VALUES else {}
    return {"type": argument["type"], **few}


def compact(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without what the instructions say of every tool, and without notes on an enum."""
    properties = {
        name: _compact(one, is_known=name in EXPLAINED)
        for name, one in schema["properties"].items()
    }
    needed = {"required": schema["required"]} if schema["required"] else {}
    closed = {"additionalProperties": False}
    return {"type": "object", "properties": properties, **needed, **closed}


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
        "description": " ".join(description.split()),
        "parameters": dict(schema),
        "strict": False,
    }
