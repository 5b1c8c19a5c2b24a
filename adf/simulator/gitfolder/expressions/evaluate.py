"""The values of expressions, as far as they are known without running anything.

What depends on the output of a source is `Unknown`; the seed decides then.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard, cast

from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.gitfolder.expressions.parser import compiled
from adf.simulator.gitfolder.expressions.values import OPAQUE, Unknown, known_value


def value_of(wire: object, scene: ExpressionScope) -> Any:  # noqa: ANN401
    """The value of a property of a definition; or Unknown."""
    plain = _unwrapped(wire)
    return known_value(compiled(plain)(scene) if is_expression(plain) else plain)


def is_expression(wire: object) -> TypeGuard[str]:
    """Whether a text has to be worked out."""
    return isinstance(wire, str) and "@" in wire


def _unwrapped(wire: object) -> object:
    if not isinstance(wire, dict):
        return wire
    holder = cast("dict[str, object]", wire)
    return holder.get("value") if holder.get("type") == "Expression" else holder


def resolve(wire: object, scene: ExpressionScope) -> Any:  # noqa: ANN401
    """A part of a definition with its expressions worked out; what is unknown is left out."""
    wire = _unwrapped(wire)
    if is_expression(wire):
        return value_of(wire, scene)
    if isinstance(wire, dict):
        return resolve_each(cast("dict[str, object]", wire), scene)
    if isinstance(wire, list):
        rows = (_resolved(one, scene) for one in cast("list[object]", wire))
        return [one for one in rows if one is not OPAQUE]
    return wire


def resolve_each(parts: Mapping[str, object], scene: ExpressionScope) -> dict[str, Any]:
    """Named parts of a definition, each worked out where it can be."""
    known = ((key, _resolved(part, scene)) for key, part in parts.items())
    return {key: part for key, part in known if part is not OPAQUE}


def _resolved(wire: object, scene: ExpressionScope) -> Any:  # noqa: ANN401
    try:
        return resolve(wire, scene)
    except Unknown:
        return OPAQUE
