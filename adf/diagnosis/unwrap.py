"""Peels an error text: the codes it carries, the side it names and its innermost message.

Data Factory nests: `Operation on target X failed:` for each level, `Activity failed because an
inner activity failed; ... Error:` for containers, and for what a connector wrapped
`ErrorCode=...,'Type=...,Message=...,Source=...,''Type=`. The last segment is the root. Every
pattern is bounded, so that no text takes longer than its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PREFIX = re.compile(
    r"\s*(?:Operation on target .{1,260}? failed:|ActionFailed:|Activity .{1,260}? failed:"
    r"|Activity failed because an inner activity failed"
    r"(?:; Inner activity name: .{1,260}?, Error:|[;.]?(?=\s))"
    r"|Copy (?:activity )?(?:failed with|encountered a (?:user|system)) error(?: at \w+ side)?:"
    r"|File is skipped after read \d{1,20} bytes:|(?:Error|Details):"
    r"|Failure happened on (?:the )?'(?P<side>Source|Sink)' side\.?)\s*",
    re.IGNORECASE | re.DOTALL,
)
_SIDE = re.compile(r"(?i)\bat (source|sink) '")
_CODE = re.compile(
    r"(?i)(?:error_?code|status_?code|\bcode)\\?[\"'”“]?\s{0,4}[=:]\s{0,4}\\?[\"'”“]?"
    r"((?:DF-)?[a-z][\w-]{1,80})"
    r"|(?i:error_?code)\W{1,8}(\d{4})\b"
)
_SEGMENT = re.compile(r",?'{1,2}Type=")
_TYPED = re.compile(r"(?:^|,)\s{0,4}Message=(?P<said>.*?)(?=,\s?Source=|,?'{0,4}$)", re.DOTALL)
_FIELD = re.compile(
    r"message\\{0,8}[\"“”']?\s{0,4}:\s{0,4}\\{0,8}[\"“”'](?P<said>.{1,2000}?)"
    r"(?=\\{0,8}[\"“”']\s{0,4}(?:[.,}\]]|$)|$)",
    re.IGNORECASE | re.DOTALL,
)
_EMPTY = re.compile(r"(?i)(?:One or more errors occurred|An error occurred|)\W*")
_EDGES = " \t\r\n,'\"“”{}"
_HALF = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnwrappedError:
    """An error text taken apart; `codes` stand inner first."""

    text: str
    codes: tuple[str, ...]
    side: str | None
    root: str


def peel(message: str) -> UnwrappedError:
    """Take an error text apart; any text at all gives a result."""
    start, side = 0, None
    while prefix := _PREFIX.match(message, start):
        start = prefix.end()
        side = prefix["side"] or side
    plain = _cut(message[start:].strip() or message.strip())
    at = _SIDE.search(plain, 0, 400)
    side = side or (at.group(1) if at else None)
    codes = tuple(reversed([named or number for named, number in _CODE.findall(plain)]))
    return UnwrappedError(text=plain, codes=codes, side=side and side.lower(), root=_root(plain))


def _cut(text: str) -> str:
    """The beginning and the end of a long text: the code stands in front, the root at the end."""
    return text if len(text) <= 2 * _HALF else f"{text[:_HALF]} … {text[-_HALF:]}"


def _root(text: str) -> str:
    said = (one.strip(_EDGES) for one in _messages(text))
    return next((one for one in said if not _EMPTY.fullmatch(one)), text.strip(_EDGES)) or text


def _messages(text: str) -> Iterator[str]:
    """What the exceptions and the JSON in a text say, from the innermost outwards."""
    for segment in reversed(_SEGMENT.split(text)):
        typed = _TYPED.search(segment)
        if typed:
            yield typed["said"]
    places = [match.start() for match in re.finditer("message", text.lower())]
    for place in reversed(places[-3:]):
        field = _FIELD.match(text, place)
        if field:
            yield field["said"]
