"""Finds where a secret ends: at its closing quote or brace, at the next field, or at the blank."""

import re

from adf.redaction.key_names import NamedSecret
from adf.redaction.references import is_endpoint
from adf.redaction.strength import QUOTE, Strength

_OPEN = re.compile(rf"[Nn]?(?P<open>{QUOTE})", re.IGNORECASE)
_COMMAND = re.compile(r"\$\([^)\r\n]{1,200}\)")
_BRACED = re.compile(r"\{[^}]{0,2000}\}{1,8}")
_SCHEME = re.compile(
    r"(?:bearer|basic|negotiate|digest|sharedaccesssignature)\s{1,4}", re.IGNORECASE
)
# The scheme of a header may be anybody's own: one word, and after a blank what is no word.
_OWN_SCHEME = re.compile(
    r"[A-Za-z][\w.-]{1,30}[ \t]{1,2}(?:(?=[\w.~+/=:-]{0,200}\d)(?=\S{12})|(?=\[redacted\]))"
)
# Known to all, where only letters and dashes are in it.
_SCHEME_NAME = re.compile(r"[A-Za-z][A-Za-z-]{1,30}[ \t]{1,2}(?=\S)")
# Or several fields: Digest username="x", response="y".
_FIELDS = re.compile(
    r"[A-Za-z][\w.-]{1,30}[ \t]{1,2}"
    r"(?:[\w-]{1,40}=(?:\"[^\"\r\n]{0,2000}\"|[^\s,\"]{1,2000})[ \t]*,?[ \t]*){2,20}"
)
_FIELD = re.compile(r"[^;]{0,300}(?=;\s{0,8}(?:[A-Za-z][\w ]{1,40}=|[\"'\\]|$))")
_TO_SEMICOLON = re.compile(r"[^;\r\n\"'&<]{1,200}(?=;)")
_ENCODED = re.compile(r"(?:(?!%(?:25)?(?:26|3b|22|27))[^\s&;\"'<>,}\]])*", re.IGNORECASE)
_RUN = re.compile(
    r"[}\])]?(?:[^\s;,\"'`&}\])<>\\]"
    r"|,(?=[^\s\"'\\])(?!\w{2,40}=)|&(?![\w.$%-]{1,40}=|amp;)|[}\])](?=[^\s,;.:\"'}\])])"
    r"|[\"'`](?=[^\s,;.:)\]}\"'`])|\\(?![\"'nrt]|u00))*"
)
_MORE = re.compile(r"(?:\\?\r?\\?\n\s{0,8}[A-Za-z0-9+/]{6,200}={1,2}(?![\w=])){1,40}")
_CONNECTION = re.compile(
    r"(?:[\w .]{1,60}=[^;\r\n\"']{0,500};){1,20}(?:\s?[\w ]{2,40}=[^;\s\"']{1,500})?"
    r"|[^\s\"']{1,500}"
)
# What leads to a database and opens it to nobody.
_HARMLESS_FIELD = re.compile(
    r"[ \t]{0,2}(?:server|data[ ]?source|address|addr|host(?:name)?|port|network address|protocol"
    r"|database|initial[ ]?catalog|db(?:name)?|encrypt|integrated security|trusted_connection"
    r"|trust ?server ?certificate|authentication|user(?: id|name)?|uid|driver|provider"
    r"|application name|connect(?:ion)? timeout|defaultendpointsprotocol|accountname|endpointsuffix"
    r"|multipleactiveresultsets|persist security info|ssl[ ]?mode|endpoint|sharedaccesskeyname"
    r"|entitypath|accountendpoint)\s?=\s?[^;=\r\n\"'{}]{0,120}(?:;|(?=[\"'\r\n]|$))",
    re.IGNORECASE,
)
# An address says where; what is asked of it may be secret.
_ADDRESS = re.compile(r"(?P<address>h(?:tt|xx)ps?://[^\s?\"'<>@]{3,300})\?")
_AFTER_FIELD = re.compile(r";[ \t]{0,2}[\w .-]{0,40}[=:][ \t]{0,2}$")
_LONGEST_NAME = 60
_WORD = re.compile(r"[^\s;,\"'`)\]}<>]{1,400}")
_LINE = re.compile(r"[^\r\n]*")
_COOKIE = re.compile(r"[\w.-]{1,60}=(?=[^\s;])")
_COOKIES = re.compile(r"[^\s;]{1,4000}(?:;\s{0,2}[\w.-]{1,60}=[^\s;]{0,4000}){0,60}")
_TO_FIELD = re.compile(r"[^;\r\n]*")
_BEFORE = 16
_BLOCK = re.compile(
    r"[|>][+-]?\d?[ \t]*\r?\n(?P<indent>[ \t]{1,16})[^\r\n]+(?:\r?\n(?P=indent)[^\r\n]*){0,80}"
)
LONGEST = 16_000


def value_of(text: str, named: NamedSecret) -> tuple[int, int]:
    """From where to where the secret after a name stands; what quotes it stays outside."""
    start, end = _value_of(text, named)
    address = _ADDRESS.match(text, start, end)
    if address and is_endpoint(address["address"]):
        start = address.end()
    if named.name.startswith("connection"):
        while start < end and (field := _HARMLESS_FIELD.match(text, start, end)):
            start = max(field.end(), start + 1)
    return start, end


def _value_of(text: str, named: NamedSecret) -> tuple[int, int]:
    start = named.value
    around = _BLOCK.match(text, start) or _COMMAND.match(text, start)
    if around:
        return start, around.end()
    opened = _OPEN.match(text, start)
    if opened:
        return opened.end(), _closing(text, opened.end(), opened["open"])
    if text.startswith("{", start):
        braced = _BRACED.match(text, start)
        return start, braced.end() if braced else _end(_LINE, text, start)
    return _undelimited(text, start, named)


def _undelimited(text: str, start: int, named: NamedSecret) -> tuple[int, int]:
    if named.strength in {Strength.PROSE, Strength.CHANCE}:
        return start, _end(_WORD, text, start)
    if named.name == "cookie":
        return _cookie(text, start)
    if named.name.startswith("connection"):
        return start, _end(_CONNECTION, text, start)
    if named.name == "authorization":
        return _header(text, start, named.sign)
    return start, _unquoted(text, start, named.sign)


def _cookie(text: str, start: int) -> tuple[int, int]:
    """Of what is set, one value; of what was sent, all after the first name."""
    name = _COOKIE.match(text, start)
    is_set = "set-" in text[max(0, start - _BEFORE) : start].lower()
    return name.end() if name else start, _end(_TO_FIELD if is_set else _COOKIES, text, start)


def _header(text: str, start: int, sign: str) -> tuple[int, int]:
    """Its scheme stays; the end of a scheme's fields, or of its one value."""
    fields = _FIELDS.match(text, start)
    own = _OWN_SCHEME.match(text, start)
    end = fields.end() if fields else _unquoted(text, own.end() if own else start, sign)
    scheme = _SCHEME_NAME.match(text, start, end)
    return (scheme.end() if scheme else start), end


def _unquoted(text: str, start: int, sign: str) -> int:
    scheme = _SCHEME.match(text, start)
    begin = scheme.end() if scheme else start
    if sign.startswith("%"):
        return _end(_ENCODED, text, begin)
    found = _field(text, begin, sign)
    end = max(found.end() if found else begin, _end(_RUN, text, begin))
    return _end(_MORE, text, end)


def _field(text: str, start: int, sign: str) -> re.Match[str] | None:
    """Up to the semicolon: with blanks in it only among the fields of a connection string."""
    field = _FIELD.match(text, start) if sign == "=" else None
    if field is None:
        field = _TO_SEMICOLON.match(text, start)
    is_one_word = field and not re.search(r"\s", field.group().strip())
    if field is None or is_one_word:
        return field
    before = text[max(0, start - _LONGEST_NAME) : start]
    is_among = _AFTER_FIELD.search(before) or _HARMLESS_FIELD.match(text, field.end() + 1)
    return field if is_among else None


def _closing(text: str, start: int, quote: str) -> int:
    """Where the quoted value ends; a quote that is doubled, escaped or inside a word is part of it.

    Without a closing quote the value ends with its line.
    """
    mark = re.escape(quote)
    for after in (r"[\w\"']", rf"\w|{mark}"):
        found = re.compile(rf"(?<!\\){mark}(?!{after}|\[redacted\])").search(
            text, start, start + LONGEST
        )
        if found:
            return found.start()
    return _end(_LINE, text, start)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
