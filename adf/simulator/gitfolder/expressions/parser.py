"""Reads the expression language of pipelines, each text once."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.gitfolder.expressions.functions import FUNCTIONS
from adf.simulator.gitfolder.expressions.logic_functions import LAZY
from adf.simulator.gitfolder.expressions.values import Unknown, get_part, known_value

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\?\.|\?\[|[()\[\].,]))"
)
# Without a way to read a text twice: `''` inside it could otherwise be two texts or one.
_INSIDE = re.compile(r"@\{((?:[^{}']|'[^']*')*)\}")
# Deeper ones would overflow when they are worked out.
_DEEPEST = 60
_CONSTANTS: Mapping[str, object] = {"true": True, "false": False, "null": None}

Node = Callable[[ExpressionScope], Any]


@lru_cache(maxsize=8192)
def compiled(text: str) -> Node:
    """What works an expression out; an `@` sets it apart from plain text."""
    plain = text.strip()
    if plain.startswith("@@"):
        return lambda _: plain[1:]
    if plain.startswith("@") and not plain.startswith("@{"):
        return _ExpressionReader(plain[1:]).read()
    return _interpolated(text)


def _interpolated(text: str) -> Node:
    pieces = _INSIDE.split(text)
    nodes = [_ExpressionReader(one).read() if at % 2 else None for at, one in enumerate(pieces)]

    def join(scene: ExpressionScope) -> str:
        values = (node(scene) if node else one for node, one in zip(nodes, pieces, strict=True))
        return "".join(FUNCTIONS["string"]([known_value(one)]) for one in values)

    return join


def _unknown(_: ExpressionScope) -> Any:  # noqa: ANN401
    raise Unknown


class _ExpressionReader:
    """Reads one expression; one that cannot be read is unknown."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def read(self) -> Node:
        try:
            node = self._expression()
        except (IndexError, Unknown, RecursionError):
            return _unknown
        return node if self._at == len(self._tokens) else _unknown

    def _next(self) -> tuple[str, str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _is_next(self, *signs: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] in [
            ("sign", sign) for sign in signs
        ]

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unknown
        node = self._parts_of(self._first())
        self._depth -= 1
        return node

    def _parts_of(self, node: Node) -> Node:
        while self._is_next(".", "?.", "[", "?["):
            sign = self._next()[1]
            key = self._expression() if sign.endswith("[") else self._name()
            if sign.endswith("["):
                self._pass("]")
            node = _part(node, key, lenient=sign.startswith("?"))
        return node

    def _name(self) -> Node:
        name = self._next()[1]
        return lambda _: name

    def _first(self) -> Node:
        kind, text = self._next()
        if kind == "text":
            value: object = text[1:-1].replace("''", "'")
            return lambda _: value
        if kind == "number":
            number = float(text) if "." in text else int(text)
            return lambda _: number
        if kind == "name" and self._is_next("("):
            return _call(text.lower(), self._arguments())
        if kind == "name" and text.lower() in _CONSTANTS:
            constant = _CONSTANTS[text.lower()]
            return lambda _: constant
        raise Unknown

    def _arguments(self) -> list[Node]:
        self._next()
        found: list[Node] = []
        while not self._is_next(")"):
            if found:
                self._pass(",")
            found.append(self._expression())
        self._next()
        return found

    def _pass(self, sign: str) -> None:
        if not self._is_next(sign):
            raise Unknown
        self._next()


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            return [("sign", "")]
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _part(node: Node, key: Node, *, lenient: bool) -> Node:
    return lambda scene: get_part(node(scene), key(scene), lenient=lenient)


def _call(name: str, arguments: Sequence[Node]) -> Node:
    seen = _SEEN.get(name)
    if seen is not None:
        return lambda scene: seen(scene, [one(scene) for one in arguments])
    lazy = LAZY.get(name)
    if lazy is not None:
        return lambda scene: lazy([lambda node=one: known_value(node(scene)) for one in arguments])
    known = FUNCTIONS.get(name)
    if known is None:
        return _unknown

    def compute(scene: ExpressionScope) -> Any:  # noqa: ANN401
        try:
            return known([known_value(one(scene)) for one in arguments])
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise Unknown from error

    return compute


def _pipeline(scene: ExpressionScope, _: Sequence[Any]) -> Any:  # noqa: ANN401
    return {"parameters": scene.parameters, **scene.system}


def _now(scene: ExpressionScope, given: Sequence[Any]) -> Any:  # noqa: ANN401
    return FUNCTIONS["formatdatetime"]([scene.now, *map(known_value, given)])


_SEEN: Mapping[str, Callable[[ExpressionScope, Sequence[Any]], Any]] = {
    "pipeline": _pipeline,
    "variables": lambda scene, given: get_part(scene.variables, given[0], lenient=False),
    "item": lambda scene, _: known_value(scene.item),
    "activity": lambda scene, given: get_part(scene.activities, given[0], lenient=False),
    "trigger": lambda scene, _: known_value(scene.trigger),
    "triggerbody": lambda scene, _: get_part(
        get_part(scene.trigger, "outputs", lenient=False), "body", lenient=False
    ),
    "utcnow": _now,
}
