"""The schema of a remote tool, reduced to what is understood and can do no harm.

A schema of others may refer to other addresses, nest without end, or hold patterns that take for
ever; types, names, choices and descriptions stay, and the object is closed.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

from bot.agents.untrusted import plain

MOST_ARGUMENTS = 20
MOST_CHOICES = 50
LONGEST_WORDS = 300
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})
Json = Mapping[str, Any]


def reduced(schema: Json) -> dict[str, Any]:
    """A closed object schema without references, patterns or alternatives."""
    given = _mapping(schema.get("properties"))
    properties = {
        name: _argument(_mapping(one))
        for name, one in list(given.items())[:MOST_ARGUMENTS]
        if _NAME.fullmatch(name)
    }
    required = schema.get("required")
    wanted = cast("list[object]", required) if isinstance(required, list) else []
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name in wanted],
        "additionalProperties": False,
    }


def _argument(schema: Json) -> dict[str, Any]:
    """One argument; of alternatives the first that is not null."""
    options = schema.get("anyOf") or schema.get("oneOf") or ()
    if isinstance(options, list):
        schemas = [_mapping(one) for one in cast("list[object]", options)]
        chosen = [one for one in schemas if one.get("type") != "null"]
        schema = {**schema, **(chosen[0] if chosen else schema)}
    argument: dict[str, Any] = {"type": _type(schema.get("type"))}
    if isinstance(schema.get("description"), str):
        argument["description"] = plain(schema["description"], LONGEST_WORDS)
    choices = schema.get("enum")
    if isinstance(choices, list) and argument["type"] == "string":
        argument["enum"] = [plain(one, LONGEST_WORDS) for one in cast("list[object]", choices)]
        argument["enum"] = argument["enum"][:MOST_CHOICES]
    if argument["type"] == "array":
        argument["items"] = {"type": _type(_mapping(schema.get("items")).get("type"))}
    return argument


def _type(value: object) -> str:
    """A type by its name; of several the first that is not null; text for any other."""
    names = cast("list[object]", value) if isinstance(value, list) else [value]
    return next((str(one) for one in names if one in _TYPES), "string")


def _mapping(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}
