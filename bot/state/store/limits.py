"""What Azure Tables could not hold or do: every store refuses it alike, so a move is no surprise.

Limits of the service: a string of 32 Ki characters (UTF-16), an entity of 1 MiB, keys of 1 KiB
without / \\ # ? and control characters, a batch of 100 operations and 4 MiB in one partition.
https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
"""

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import cast

import orjson

from bot.state.store.interface import Delete, Operation, UnsupportedByTables, Value
from bot.state.store.keys import escape_key

# What a store says of itself lies beside what is kept in it.
ITSELF = "~store"
LONGEST_STRING = 32 * 1024
# Of the 1 MiB of an entity some belongs to its keys and to the names of its properties.
LARGEST_ENTITY = 1024 * 1024 - 16 * 1024
LONGEST_KEY = 512
LARGEST_BATCH = 100
# Of the 4 MiB of a batch each operation takes some for its headers, and its keys stand there twice,
# in a URL of nine bytes for each character at most.
LARGEST_BATCH_BYTES = 4 * 1024 * 1024
_HEADERS = 1536
# What orjson reads back as it was written: 64 bits, with a sign or without one.
LEAST_INTEGER, LARGEST_INTEGER = -(2**63), 2**64 - 1
_PLAIN = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_ARRAY = (list, tuple)
_HOLDS = (dict, *_ARRAY)
_FORBIDDEN = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def pack(partition: str, key: str, value: Value) -> str:
    """The value as JSON text; Refused when Azure Tables could not hold it under that key."""
    check_key(partition)
    check_key(key)
    place = f"{partition}/{key}"
    if not isinstance(value, dict):
        raise UnsupportedByTables("a value is a JSON object", place)
    plain = _plain_text(value)
    return plain if plain is not None and _is_short(plain) else _checked_text(value, place)


def unpack(text: str) -> object:
    """What a store holds as JSON text; raises ValueError."""
    return orjson.loads(text)


def _plain_text(value: Value) -> str | None:
    """The JSON text where orjson can vouch for every part of it, in a fifth of the time."""
    try:
        text = orjson.dumps(value, option=_PLAIN)
    except TypeError:
        return None
    # It writes null for what is no number, which then is not what was written.
    is_sure = b"null" not in text or orjson.loads(text) == value
    return text.decode() if is_sure else None


def _checked_text(value: Value, place: str) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        size = len(text.encode("utf-16-le"))
    except (TypeError, ValueError) as error:
        raise UnsupportedByTables(f"not plain JSON ({error})", place) from None
    _check_names(value, place)
    if not _is_short(text):
        _check_strings(value, place)
    if size > LARGEST_ENTITY:
        raise UnsupportedByTables(f"{size} bytes, the most is {LARGEST_ENTITY}", place)
    return text


@lru_cache(maxsize=2048)
def check_key(key: str) -> None:
    """Refused for a partition or key that Azure Tables does not take."""
    if _FORBIDDEN.search(key):
        raise UnsupportedByTables("a key has no / \\ # ? and no control characters", repr(key[:40]))
    if not key or len(escape_key(key)) > LONGEST_KEY:
        raise UnsupportedByTables(f"a key has 1 to {LONGEST_KEY} characters", key[:40])


def check_batch(partition: str, operations: Sequence[Operation]) -> None:
    """Refused for a batch that Azure Tables could not do at once."""
    if not 0 < len(operations) <= LARGEST_BATCH:
        raise UnsupportedByTables(f"a batch has 1 to {LARGEST_BATCH} operations")
    if len({one.key for one in operations}) != len(operations):
        raise UnsupportedByTables("a batch names each key once")
    size = sum(wire_bytes(partition, one) for one in operations)
    if size > LARGEST_BATCH_BYTES:
        raise UnsupportedByTables(f"a batch of {size} bytes, the most is {LARGEST_BATCH_BYTES}")


def wire_bytes(partition: str, operation: Operation) -> int:
    """What an operation takes of a batch at most: JSON in a JSON string, all of it in ASCII."""
    check_key(partition)
    check_key(operation.key)
    bare = _HEADERS + 18 * (len(partition) + len(operation.key))
    if isinstance(operation, Delete):
        return bare
    return bare + len(json.dumps(pack(partition, operation.key, operation.value)))


def _check_names(value: Iterable[object], place: str) -> None:
    """JSON would silently make a string of a name that is none."""
    inside = value
    if isinstance(value, dict):
        names = cast("dict[object, object]", value)
        if not all(isinstance(name, str) for name in names):
            raise UnsupportedByTables("names in a value are strings", place)
        inside = names.values()
    for inner in inside:
        if isinstance(inner, int) and not LEAST_INTEGER <= inner <= LARGEST_INTEGER:
            raise UnsupportedByTables("an integer has at most 64 bits", place)
        if isinstance(inner, _HOLDS):
            _check_names(cast("Iterable[object]", inner), place)


def _check_strings(value: object, place: str) -> None:
    if isinstance(value, str):
        _check_length(value, place)
    elif isinstance(value, dict):
        for inner in cast("dict[str, object]", value).values():
            _check_strings(inner, place)
    elif isinstance(value, _ARRAY):
        for inner in cast("Sequence[object]", value):
            _check_strings(inner, place)


def _check_length(text: str, place: str) -> None:
    if not _is_short(text) and len(text.encode("utf-16-le")) > 2 * LONGEST_STRING:
        raise UnsupportedByTables(f"a string has at most {LONGEST_STRING} characters", place)


def _is_short(text: str) -> bool:
    """Whether nothing in a text needs counting: a character takes two units at most."""
    return 2 * len(text) <= LONGEST_STRING
