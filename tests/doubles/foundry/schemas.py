"""What the service refuses about declared tools, before any model sees them."""

import re
from collections.abc import Iterator
from typing import Any

from tests.doubles.foundry.wire import Item, Refused

MOST_TOOLS = 128
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check_tools(tools: list[Item]) -> None:
    """Refused where the service would not take these tools."""
    if len(tools) > MOST_TOOLS:
        raise Refused(400, "array_above_max_length", f"At most {MOST_TOOLS} tools.", "tools")
    for number, tool in enumerate(tools):
        _check_tool(tool, f"tools[{number}]")


def _check_tool(tool: Item, place: str) -> None:
    kind = tool.get("type")
    if kind == "mcp":
        if not tool.get("server_label") or not tool.get("server_url"):
            raise Refused(400, "missing_required_parameter", "MCP needs label and url.", place)
        return
    if kind != "function":
        raise Refused(400, "invalid_value", f"Invalid value: {kind!r}.", f"{place}.type")
    name = tool.get("name", "")
    if not _NAME.fullmatch(name):
        raise Refused(400, "invalid_value", f"Invalid function name {name!r}.", f"{place}.name")
    if "strict" not in tool:
        raise Refused(400, "missing_required_parameter", "strict is required.", f"{place}.strict")
    _check_schema(name, tool.get("parameters") or {}, tool["strict"], place)


def _check_schema(name: str, schema: Item, strict: bool | None, place: str) -> None:
    problem = None if schema.get("type") == "object" else "schema must be of type 'object'"
    if strict and not problem:
        problem = next(_loose_ends(schema), None)
    if problem:
        message = f"Invalid schema for function {name!r}: {problem}."
        raise Refused(400, "invalid_function_parameters", message, f"{place}.parameters")


def _loose_ends(schema: Item, path: str = "()") -> Iterator[str]:
    """What a strict schema may not leave open, at any depth."""
    properties: Item = schema.get("properties") or {}
    if schema.get("type") == "object" or properties:
        if schema.get("additionalProperties") is not False:
            yield f"In context={path}, 'additionalProperties' is required to be supplied and false"
        missing = properties.keys() - set(schema.get("required") or ())
        if missing:
            yield f"In context={path}, 'required' must include every key. Missing {min(missing)!r}"
    for key, inner in properties.items():
        yield from _loose_ends(inner, f"{path}.{key}")
    inner: Any = schema.get("items")
    if isinstance(inner, dict):
        yield from _loose_ends(inner, f"{path}.items")  # pyright: ignore[reportUnknownArgumentType]
    for option in schema.get("anyOf") or ():
        yield from _loose_ends(option, path)
