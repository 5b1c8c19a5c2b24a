"""Marks the buttons of a card with the conversation it is sent to, so that a copy has no power.

A question may be asked by a button anywhere: it is asked in the name of whoever presses.
"""

from collections.abc import Mapping
from typing import Any, cast

from bot.messages import ASK_VERB, PLACE

_PRESSED = frozenset({"Action.Execute", "Action.Submit"})


def at_place(content: Mapping[str, Any], place: str) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """The card with the mark in the data of each button that does something."""
    return _marked(content, place)


def _marked(node: object, place: str) -> object:
    if isinstance(node, list):
        return [_marked(one, place) for one in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    parts = cast("dict[str, object]", node)
    inner = {key: _marked(one, place) for key, one in parts.items() if _may_hold(one)}
    marked = {**parts, **inner} if inner else parts
    if parts.get("type") not in _PRESSED:
        return marked
    given = parts.get("data")
    data = cast("dict[str, object]", given) if isinstance(given, dict) else {}
    verb = parts.get("verb") or data.get("verb")
    return marked if verb in {None, ASK_VERB} else {**marked, "data": {**data, PLACE: place}}


def _may_hold(one: object) -> bool:
    return isinstance(one, dict | list)
