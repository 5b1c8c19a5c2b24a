"""Knows secrets that need no name by their form: tokens, keys, sign-ins in addresses."""

import re

from adf.redaction.checksums import REACH, is_checksum
from adf.redaction.hex_keys import hide_hex
from adf.redaction.key_names import strength_of
from adf.redaction.likeness import hide_random
from adf.redaction.shapes import hide_shapes
from adf.redaction.token_forms import PREFIXED, TOKEN

_LONG = re.compile(r"[\w~.+/=%:!-]{18,}")
_NUMBER = re.compile(r"\d")
_DOTTED = re.compile(r"(?<![\w-])[\w-]{11,}+\.[\w.-]*+")
_PEM = re.compile(
    r"-{4,5} ?BEGIN[A-Z0-9 +%]{1,60}-{4,5}(?:(?!-{4,5} ?END)[\s\S])*"
    r"(?:-{4,5} ?END[A-Z0-9 +%]{1,60}-{4,5})?"
)
# Words between < and > without a = are no element: "<token-identified principal>".
_ELEMENT = re.compile(
    r"(?P<open><(?:[\w.-]{1,20}:)?(?P<tag>[\w.-]{1,60})\b"
    r"(?![^<>=]{0,200}\s[^<>=\s/][^<>=]{0,200}>)(?P<rest>[^<>]{0,200})(?<!/)>(?:<!\[CDATA\[)?)"
    r"(?!\[redacted\])(?P<value>[^<\]]{1,4096})"
)
_NAMED = re.compile(r"(?i)\b(?:name|key)\s{0,2}=\s{0,2}[\"'](?P<name>[\w.-]{1,60})[\"']")
_SCHEME = re.compile(r"(?i)\b(bearer|basic)((?:\s|%20|\+){1,4})([\w.~+/=%-]{6,})")
_ADDRESS = re.compile(r"[^\s\"'<>]+")
_SIGN_IN = re.compile(
    r"(?P<before>[\s\S]*?(?::|%3a)(?://|%2f%2f))[^/?#@:]*(?::|%3a)[\s\S]+(?P<at>@|%40)",
    re.IGNORECASE,
)
# So long is the name of a checksum that is joined to it: "sha-256=".
_PREFIX = 10


def hide_forms(text: str, hidden: str) -> str:
    """Put `hidden` in the place of everything that looks like a secret by itself."""
    if "---" in text:
        text = _PEM.sub(hidden, text)
    if "<" in text:
        text = _ELEMENT.sub(lambda match: _without_value(match, hidden), text)
    if "@" in text or "%40" in text:
        text = _ADDRESS.sub(lambda match: _without_sign_in(match.group(), hidden), text)
    low = text.lower()
    if "bearer" in low or "basic" in low:
        text = _SCHEME.sub(lambda match: _without_token(match, hidden), text)
    text = hide_shapes(text, hidden)
    return _LONG.sub(lambda match: _without_tokens(match, hidden), text)


def _without_value(match: re.Match[str], hidden: str) -> str:
    """An element named as a secret, by its tag or by an attribute, without what it holds."""
    named = _NAMED.search(match["rest"])
    is_secret = strength_of(match["tag"]) or (named and strength_of(named["name"]))
    return f"{match['open']}{hidden}" if is_secret and match["value"].strip() else match.group()


def _without_tokens(match: re.Match[str], hidden: str) -> str:
    text = match.group()
    if not _NUMBER.search(text) and "hf_" not in text:
        return text
    if "eyJ" in text:
        text = _DOTTED.sub(lambda match: _without_jwt(match.group(), hidden), text)
    before = match.string[max(0, match.start() - REACH) : match.start()]
    if is_checksum(f"{before}{text[:_PREFIX]}") and not PREFIXED.search(text):
        return text
    return hide_hex(hide_random(TOKEN.sub(hidden, text), hidden), hidden, before)


def _without_jwt(dotted: str, hidden: str) -> str:
    """A JSON Web Token begins with the header {" in base64 and goes on to the end of the word."""
    begin = dotted.partition(".")[0].find("eyJ")
    return f"{dotted[:begin]}{hidden}" if begin >= 0 else dotted


def _without_sign_in(address: str, hidden: str) -> str:
    found = _SIGN_IN.match(address) if "@" in address or "%40" in address else None
    return f"{found['before']}{hidden}{address[found.start('at') :]}" if found else address


def _without_token(match: re.Match[str], hidden: str) -> str:
    """Hide what follows "Bearer"; "basic authentication" and the like are words, no tokens."""
    token = match.group(3)
    mixed = token[1:] != token[1:].lower() and token != token.upper()
    is_token = mixed or len(token) > 20 or any(one.isdigit() for one in token)
    return f"{match.group(1)}{match.group(2)}{hidden}" if is_token else match.group()
