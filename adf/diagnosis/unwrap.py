"""Takes an error text apart: the levels around it, the chain of what was said, and the root.

A pipeline's message repeats its child's, level by level ("Operation on target X failed: ..."); a
copy error nests exceptions as the connector wrapped them. Every pattern is bounded, so that no text
takes longer than its length.
"""

import re
from dataclasses import dataclass

from adf.diagnosis.layers import EDGES, layers_of

_PREFIX = re.compile(
    r"\s*(?:Operation on target (?P<target>.{1,260}?) failed:|ActionFailed:"
    r"|Activity .{1,260}? failed:"
    r"|Activity failed because an inner activity failed"
    r"(?:; Inner activity name: .{1,260}?, Error:|[;.]?(?=\s))"
    r"|Copy (?:activity )?(?:failed with|encountered a (?:user|system)) error(?: at \w+ side)?:"
    r"|File is skipped after read \d{1,20} bytes:|(?:Error|Details):"
    r"|Failure happened on (?:the )?'(?P<side>Source|Sink)' side\.?)\s*",
    re.IGNORECASE | re.DOTALL,
)
_SIDE = re.compile(r"(?i)\bat (source|sink) ['\[]|happened on (?:the )?'(source|sink)' side")
_CODE = re.compile(
    r"(?i)(?:error_?code|status_?code|\bcode)\\?[\"'”“]?\s{0,4}[=:]\s{0,4}\\?[\"'”“]?"
    r"((?:DF-)?[a-z][\w-]{1,80})"
    r"|(?i:error_?code)\W{1,8}(\d{4})\b"
)
# What says only that something failed, and not what.
_EMPTY = re.compile(
    r"(?i)(?:(?:One or more errors occurred|An error occurred|Error|Failed|See (?:the )?inner "
    r"exception.{0,80}|(?:The )?(?:remote )?(?:server )?(?:returned )?(?:an )?(?:error: )?"
    r"\(?(?:\d{3}\)? ?)?(?:Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Conflict"
    r"|Gone|Method Not Allowed|Precondition Failed|Internal Server Error|Bad Gateway"
    r"|Service Unavailable|Server Unavailable|Gateway Time-?out|Too Many Requests|Request Timeout)"
    r"|\(?\d{3}\)?"
    r"|No such file|Failure|Page not found|(?:\w{1,24} ){1,3}operation failed"
    r"|(?:Upload|Download|Create|Delete|Read|Write|Copy) file failed(?: at path .{1,200})?"
    r"|String was not recognized as a valid DateTime|Input string was not in a correct format"
    r"|Specified cast is not valid|Value was either too large or too small for an? \w{1,20}"
    r"|Exception of type .{1,200} was thrown|Operation returned an invalid status code '\w{1,40}'"
    r"|The server responded with a \w{1,40} status|A database operation failed.{0,80}"
    r"|Execution fail against sql server|(?:The )?creator of this fault did not specify a Reason"
    r"|\S*[/\\]\S*|null|None|(?-i:[a-z_]{2,40}))?)\W*"
)
_HALF = 4_000
_LONGEST_EMPTY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Peeled:
    """An error text taken apart; `codes` and `layers` stand inner first.

    `target` is the innermost activity that the text names as failed.
    """

    text: str
    codes: tuple[str, ...]
    side: str | None
    root: str
    layers: tuple[str, ...]
    target: str | None = None


def peel(message: str) -> Peeled:
    """Take an error text apart; any text at all gives a result."""
    start, side, target = 0, None, None
    while prefix := _PREFIX.match(message, start):
        start = prefix.end()
        side = prefix["side"] or side
        target = prefix["target"] or target
    whole = _cut(message[start:].strip() or message.strip())
    at = _SIDE.search(whole, 0, 400)
    side = side or (at and (at.group(1) or at.group(2)))
    found = tuple(reversed([named or number for named, number in _CODE.findall(whole)]))
    layers = layers_of(whole)
    return Peeled(
        text=whole,
        codes=found,
        side=side.lower() if side else None,
        root=_root(whole, layers),
        layers=layers,
        target=target,
    )


def _cut(text: str) -> str:
    """The beginning and the end of a long text: the code stands in front, the root at the end."""
    return text if len(text) <= 2 * _HALF else f"{text[:_HALF]} … {text[-_HALF:]}"


def _is_empty(said: str) -> bool:
    return len(said) <= _LONGEST_EMPTY and _EMPTY.fullmatch(said) is not None


def _root(text: str, layers: tuple[str, ...]) -> str:
    """The innermost message that says something; else the innermost of all."""
    telling = (one for one in layers if not _is_empty(one))
    return next(telling, None) or next(iter(layers), "") or text.strip(EDGES) or text
