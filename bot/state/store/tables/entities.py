"""A value as an entity: its JSON in strings of 32 Ki characters, and a mark of the write itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.state.store.interface import Entry
from bot.state.store.keys import escape_key, unescape_key
from bot.state.store.limits import LONGEST_STRING, pack

# Whose write this is: so one whose answer was lost is known again.
WRITE = "w"
FIRST = "v"
# A character takes two UTF-16 units at most, so this many always fit.
_SAFE = LONGEST_STRING // 2


def make_entity(partition: str, key: str, value: Mapping[str, Any], write: str) -> dict[str, Any]:
    """The entity for a value; UnsupportedByTables where there is none."""
    text = pack(partition, key, value)
    names = {f"{FIRST}{index or ''}": part for index, part in enumerate(_parts(text))}
    return {**address(partition, key), WRITE: write, **names}


def address(partition: str, key: str) -> dict[str, str]:
    """Where an entity lies."""
    return {"PartitionKey": escape_key(partition), "RowKey": escape_key(key)}


def version_of(entity: Any) -> str:  # noqa: ANN401 - a TableEntity, which the SDK leaves untyped
    """The version of an entity that was read."""
    return str(entity.metadata["etag"])


def read_entry(entity: Any) -> Entry:  # noqa: ANN401 - a TableEntity, which the SDK leaves untyped
    """What was stored; what is no JSON object is set aside by whoever wanted to read it."""
    try:
        value: object = json.loads("".join(_stored_parts(entity)))
    except (KeyError, TypeError, ValueError):
        value = None
    read = cast("Mapping[str, Any]", value) if isinstance(value, dict) else {"unreadable": True}
    key = unescape_key(str(entity["RowKey"]))
    return Entry(key=key, value=read, version=version_of(entity))


def _parts(text: str) -> Sequence[str]:
    return [text[at : at + _SAFE] for at in range(0, len(text), _SAFE)]


def _stored_parts(entity: Mapping[str, Any]) -> Sequence[str]:
    parts = [entity[FIRST]]
    while (name := f"{FIRST}{len(parts)}") in entity:
        parts.append(entity[name])
    return parts
