"""Values of expressions, and those that are unknown."""

from collections.abc import Mapping, Sequence
from typing import Any, cast


class Unknown(Exception):
    """A value that only a real run could tell."""


class Opaque:
    """Stands where something is that cannot be looked into."""


OPAQUE = Opaque()


def known_value(value: Any) -> Any:  # noqa: ANN401
    """The value itself; Unknown for an opaque one."""
    if value is OPAQUE:
        raise Unknown
    return value


def get_part(value: Any, key: Any, *, lenient: bool) -> Any:  # noqa: ANN401
    """A property or an element by its name in any case, or by its place."""
    known_value(value)
    if value is None and lenient:
        return None
    if isinstance(value, Mapping):
        return _property(cast("Mapping[str, Any]", value), str(key), lenient=lenient)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(key, int):
        rows = cast("Sequence[Any]", value)
        if 0 <= key < len(rows):
            return known_value(rows[key])
    if lenient:
        return None
    raise Unknown


def _property(value: Mapping[str, Any], key: str, *, lenient: bool) -> Any:  # noqa: ANN401
    if key in value:
        return known_value(value[key])
    found = [one for name, one in value.items() if name.lower() == key.lower()]
    if found:
        return known_value(found[0])
    if lenient:
        return None
    raise Unknown
