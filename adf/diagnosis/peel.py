"""Peels an error text: the codes it carries, the side it names and its innermost message.

Data Factory nests: `Operation on target X failed:` for each level, `Activity failed because an
inner activity failed; ... Error:` for containers, and for what a connector wrapped
`ErrorCode=...,'Type=...,Message=...,Source=...,''Type=`. The last segment is the root.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PREFIXES = re.compile(
    r"^\s*(?:Operation on target .+? failed:|ActionFailed:|Copy failed with error:"
    r"|Activity failed because an inner activity failed(?:; Inner activity name: .+?, Error:)?"
    r"|File is skipped after read \d+ bytes:|Error:)\s*",
    re.DOTALL,
)
_SIDE = re.compile(r"(?i)failure happened on '(source|sink)' side\.?|at (source|sink) '")
_CODE = re.compile(
    r"(?i)(?:error_?code|status_?code|\bcode)[\"'”“]?\s*[=:]\s*[\"'”“]?((?:DF-)?[A-Za-z][\w-]*|\d{2,5}\b)"
)
_MESSAGE = re.compile(
    r"(?:^|[,{'])\s*\\?[\"“]?(?:Message|message)\\?[\"”“]?\s*[=:]\s*\\?[\"“”]?"
    r"(?P<said>.+?)(?=,Source=|,'Type=|,''Type=|\\?[\"”],\\?[\"“”]?\w+\\?[\"”“]?\s*:|\\?[\"”]\s*}|$)",
    re.DOTALL,
)
_EDGES = " \t\r\n,'\"“”{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peeled:
    """An error text taken apart; `codes` stand inner first."""

    text: str
    codes: tuple[str, ...]
    side: str | None
    root: str


def peel(message: str) -> Peeled:
    """Take an error text apart; any text at all gives a result."""
    plain = message.strip()
    side = None
    while True:
        shorter, found = _peel_once(plain)
        side = found or side
        if shorter == plain or not shorter:
            break
        plain = shorter
    codes = tuple(reversed(_CODE.findall(plain)))
    return Peeled(text=plain, codes=codes, side=side, root=_root(plain))


def _peel_once(text: str) -> tuple[str, str | None]:
    side = _SIDE.search(text[:400])
    named = next((one.lower() for one in side.groups() if one), None) if side else None
    start = re.match(r"(?i)\s*failure happened on '(?:source|sink)' side\.?\s*", text)
    if start:
        return text[start.end() :], named
    prefix = _PREFIXES.match(text)
    return (text[prefix.end() :] if prefix else text), named


def _root(text: str) -> str:
    messages = list(_messages(text))
    return (messages[-1] if messages else text).strip(_EDGES) or text.strip()


def _messages(text: str) -> Iterator[str]:
    for segment in re.split(r"''Type=|,'Type=", text):
        for match in _MESSAGE.finditer(segment):
            said = match.group("said").strip(_EDGES)
            if said:
                yield said
