"""Knows secrets that need no name by their form: tokens, keys, sign-ins in addresses."""

import re

from adf.redaction.key_names import strength_of
from adf.redaction.likeness import hide_random
from adf.redaction.token_forms import TOKEN

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
    r"(?![^<>=]{0,200}\s[^<>=\s/][^<>=]{0,200}>)(?P<rest>[^<>]{0,200})>(?:<!\[CDATA\[)?)"
    r"(?!\[redacted\])(?P<value>[^<\]]{1,4096})"
)
_NAMED = re.compile(r"(?i)\b(?:name|key)\s{0,2}=\s{0,2}[\"'](?P<name>[\w.-]{1,60})[\"']")
# What passwords are kept as: $scheme$parameters$salt$hash, and hashes of Windows beside each other.
_HASH = re.compile(
    r"[\w{}-]{0,40}\$[\w-]{1,16}(?:\$[\w=,./+-]{1,60}){0,3}\$[\w./+=:$-]{20,600}"
    r"|SCRAM-SHA-\d{1,3}\$[\w=+/:$]{30,300}|\{[A-Z0-9]{3,9}\}[\w+/=.$]{20,200}"
)
_HASHES = re.compile(r"(?<!\w)[0-9a-fA-F]{32}:[0-9a-fA-F]{32}(?!\w)")
# A key of so many digits in hex; what follows words like these is known to all.
_HEX_KEY = re.compile(r"(?<![\w-])(?:[0-9a-f]{32,}|[0-9A-F]{32,})(?![\w-])")
_CHECKSUM = re.compile(
    r"(?i)(?:sha-?\d{0,3}|md5|crc\w*|hash\w*|digest|etag|commit\w*|checksum|fingerprint|thumbprint"
    r"|rev(?:ision)?|blob|tree|merge|version|image|uuid|guid|\w*id|trace\w*|serial\w*|head)"
    r"\W{0,4}(?:\w{1,12}\W{1,3})?$"
)
_KEY_BEFORE = re.compile(r"(?i)(?:secret|api[ _-]?key|token|password|credential)\W{1,6}$")
_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_PREFIXED_GUID = re.compile(
    r"(?i)(?<![\w-])(?:[a-z0-9]{1,12}[-_]){0,2}(?:sdk|api|pat|key|access|secret|token|sk|auth)[-_]"
    rf"(?:[a-z0-9]{{1,12}}[-_]){{0,2}}{_GUID}(?![\w-])"
)
# Groups of a license or a recovery key; those of a GUID are not of one length.
_GROUPS = re.compile(
    r"(?<![\w-])(?:(?=[\dA-Z-]{0,40}[A-Z])(?=[\dA-Z-]{0,40}\d)[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3,}"
    r"|(?=[\dA-Z-]{0,40}[A-Z])(?=[\dA-Z-]{0,40}\d)[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3,}"
    r"|\d{6}(?:-\d{6}){5,})(?![\w-])"
)
_CODES = re.compile(
    r"(?i)\b((?:backup|recovery|scratch|rescue|emergency|one[ -]time|otp|mfa)[ _-](?:code|key|pin)s?"
    r"(?:\s{1,3}(?:is|are))?\W{1,4})"
    r"([a-z0-9]{2,12}(?:[ -]?[a-z0-9]{2,12}){0,11}(?:\W{1,3}[a-z0-9]{2,12}-[a-z0-9]{2,12}(?:-[a-z0-9]{2,12}){0,5}){0,20})"
)
_SCHEME = re.compile(r"(?i)\b(bearer|basic)((?:\s|%20|\+){1,4})([\w.~+/=%-]{6,})")
_ADDRESS = re.compile(r"[^\s\"'<>]+")
_SIGN_IN = re.compile(
    r"(?P<before>[\s\S]*?(?::|%3a)(?://|%2f%2f))[^/?#@:]*(?::|%3a)[\s\S]+(?P<at>@|%40)",
    re.IGNORECASE,
)
_BEFORE = 32
_GUID_DIGITS = 32


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
    if "$" in text or "}" in text:
        text = _HASH.sub(hidden, text)
    if "-" in text:
        text = _GROUPS.sub(hidden, _PREFIXED_GUID.sub(hidden, text))
    if "code" in low or "key" in low or "pin" in low:
        text = _CODES.sub(lambda match: _without_codes(match, hidden), text)
    text = _LONG.sub(lambda match: _without_tokens(match.group(), hidden), _HASHES.sub(hidden, text))
    return _HEX_KEY.sub(lambda match: _without_key(match, hidden), text)


def _without_codes(match: re.Match[str], hidden: str) -> str:
    is_code = any(one.isdigit() for one in match.group(2))
    return f"{match.group(1)}{hidden}" if is_code else match.group()


def _without_key(match: re.Match[str], hidden: str) -> str:
    """A number in hex is a key unless it is said to be a checksum; of 32 digits, if it is said."""
    number = match.group()
    before = match.string[max(0, match.start() - _BEFORE) : match.start()]
    is_mixed = any(map(str.isdigit, number)) and any(map(str.isalpha, number))
    is_key = len(number) > _GUID_DIGITS or _KEY_BEFORE.search(before)
    return hidden if is_mixed and is_key and not _CHECKSUM.search(before) else number


def _without_value(match: re.Match[str], hidden: str) -> str:
    """An element named as a secret, by its tag or by an attribute, without what it holds."""
    named = _NAMED.search(match["rest"])
    is_secret = strength_of(match["tag"]) or (named and strength_of(named["name"]))
    return f"{match['open']}{hidden}" if is_secret and match["value"].strip() else match.group()


def _without_tokens(text: str, hidden: str) -> str:
    if not _NUMBER.search(text) and "hf_" not in text:
        return text
    if "eyJ" in text:
        text = _DOTTED.sub(lambda match: _without_jwt(match.group(), hidden), text)
    return hide_random(TOKEN.sub(hidden, text), hidden)


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
