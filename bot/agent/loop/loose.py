"""Reads objects whose class is not to be trusted: an SDK makes something of whatever it is sent.

JSON is told by `dict`: asking an abstract class about a class it has not met walks all it knows,
which held up the event loop for most of a tenth of a second.
"""

from collections.abc import Mapping
from typing import Any, cast


def field(thing: object, name: str) -> object:
    """An attribute, or the value of a key; None where there is none."""
    if isinstance(thing, dict):
        return cast("Mapping[str, object]", thing).get(name)
    return getattr(thing, name, None)


def told(thing: object, name: str) -> str:
    """A field that is text; empty where it is anything else."""
    value = field(thing, name)
    return value if isinstance(value, str) else ""


def number(thing: object, name: str) -> int:
    """A field that is a whole number; 0 where it is anything else."""
    value = field(thing, name)
    return value if isinstance(value, int) else 0


def listed(value: object) -> list[object]:
    """A list; empty where it is anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def as_json(thing: object) -> Mapping[str, Any]:
    """The thing as it came over the wire."""
    if isinstance(thing, dict):
        return cast("Mapping[str, Any]", thing)
    to_dict = getattr(thing, "to_dict", None)
    return cast("Mapping[str, Any]", to_dict()) if callable(to_dict) else {}
