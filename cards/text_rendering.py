"""Reads a card aloud: what a person sees on it as lines of text, for the terminal and for checks.

DATE and TIME macros are rendered in a zone, markdown escapes are taken back, buttons are left out
of the text and listed apart. Text in code blocks is kept apart too: it is quoted, not said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

Json = Mapping[str, Any]

HELP = "all_questions"
_MACRO = re.compile(r"\{\{(DATE|TIME)\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?:, ?(\w+))?\)\}\}")
_ESCAPED = re.compile(r"\\([*_\[\])])")
_BOLD = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_CHILDREN = ("items", "columns", "cells", "rows", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardButton:
    """A button of a card: its title and what it sends or opens."""

    title: str
    verb: str | None = None
    data: Json | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """A card as read: what it says, what it quotes, what can be pressed."""

    text: str
    quoted: str
    buttons: tuple[CardButton, ...]


def read_card(content: Json, zone: ZoneInfo) -> CardText:
    """Read a card from top to bottom, as shown to a reader in `zone`."""
    lines = [line for line in _lines(content, zone) if line.strip()]
    quoted = [_clean(one) for one in _code(content)]
    return CardText(
        text="\n".join(lines),
        quoted="\n".join(quoted),
        buttons=tuple(_buttons(content)),
    )


def _lines(node: Json, zone: ZoneInfo) -> Iterator[str]:
    # Plain text cannot be unfolded, and there the help is read rather than pressed.
    folded = node.get("isVisible") is False and node.get("id") != HELP
    if folded or node.get("type") == "CodeBlock":
        return
    match node.get("type"):
        case "TextBlock":
            yield _said(node.get("text", ""), zone)
        case "RichTextBlock":
            yield _clean("".join(_run(one) for one in node.get("inlines", ())))
        case "Badge":
            yield _clean(node.get("text", ""))
        case "FactSet":
            for fact in node.get("facts", ()):
                yield f"{_said(fact['title'], zone)}: {_said(fact['value'], zone)}"
        case "ColumnSet" | "TableRow":
            parts = [" ".join(_below(one, zone)) for one in _inner(node)]
            yield "  ".join(part for part in parts if part)
        case _:
            yield from _below(node, zone)


def _below(node: Json, zone: ZoneInfo) -> list[str]:
    return [line for one in _inner(node) for line in _lines(one, zone)]


def _inner(node: Json) -> Iterator[Json]:
    for key in _CHILDREN:
        yield from cast("Sequence[Json]", node.get(key) or ())


def _code(node: Json) -> Iterator[str]:
    if node.get("type") == "CodeBlock":
        yield str(node.get("codeSnippet", ""))
    for one in _inner(node):
        yield from _code(one)


def _buttons(node: Json) -> Iterator[CardButton]:
    actions = [*(node.get("actions") or ())]
    if isinstance(node.get("selectAction"), Mapping):
        actions.append(node["selectAction"])
    for one in actions:
        if one.get("type") in {"Action.Execute", "Action.Submit", "Action.OpenUrl"}:
            yield CardButton(
                title=str(one.get("title", "")),
                verb=one.get("verb"),
                data=one.get("data"),
                url=one.get("url"),
            )
        elif isinstance(one.get("card"), Mapping):
            yield from _buttons(one["card"])
    for one in _inner(node):
        yield from _buttons(one)


def _run(inline: object) -> str:
    return str(cast("Json", inline).get("text", "")) if isinstance(inline, Mapping) else str(inline)


def _said(text: str, zone: ZoneInfo) -> str:
    plain = _BOLD.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", _clean(_MACRO.sub(lambda macro: _moment(macro, zone), plain)))


def _clean(text: str) -> str:
    return _INVISIBLE.sub("", text).replace("\u00a0", " ").replace("\u02cb", "`")


def _moment(macro: re.Match[str], zone: ZoneInfo) -> str:
    kind, when, _ = macro.groups()
    local = datetime.fromisoformat(when).astimezone(zone)
    return f"{local:%Y-%m-%d}" if kind == "DATE" else f"{local:%H:%M}"
