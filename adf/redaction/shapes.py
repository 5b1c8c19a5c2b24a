"""Knows by their shape what passwords are kept as, keys in groups, and codes for an emergency."""

import re

# $scheme$parameters$salt$hash, {SCHEME}hash, and hashes of Windows beside each other.
_HASH = re.compile(
    r"(?:\bSCRAM-SHA-\d{1,3}|\baccess_token)?\$[\w-]{1,16}(?:\$[\w=,./+-]{1,60}){0,3}"
    r"\$[\w./+=:$-]{20,600}|\bSCRAM-SHA-\d{1,3}\$[\w=+/:$]{30,300}"
)
_LDAP_HASH = re.compile(r"\{[A-Z0-9]{3,9}\}[\w+/=.$]{20,200}")
_HASHES = re.compile(r":[0-9a-fA-F]{32}:[0-9a-fA-F]{32}(?!\w)")
_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KEY_WORDS = ("sdk", "api", "pat", "key", "access", "secret", "token", "sk", "auth")
_KEY_NAMES = tuple(f"{word}{join}" for word in _KEY_WORDS for join in "-_")
_PREFIXED_GUID = re.compile(
    rf"(?i)(?<![a-z0-9])(?:{'|'.join(_KEY_WORDS)})[-_](?:[a-z0-9]{{1,12}}[-_]){{0,2}}{_GUID}(?![\w-])"
)
# Groups of a license or a recovery key; those of a GUID are not of one length.
_GROUPS = re.compile(
    r"(?<![\w-])(?:[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}(?:-[A-Z0-9]{4}){1,12}"
    r"|[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}(?:-[A-Z0-9]{5}){1,12}"
    r"|\d{6}-\d{6}-\d{6}(?:-\d{6}){3,12})(?![\w-])"
)
_LONGEST_NUMBER = 40
_CODE_WORDS = ("backup", "recovery", "scratch", "rescue", "emergency", "otp", "mfa", "one")
_GROUP = r"[a-z0-9]{2,12}"
_CODES = re.compile(
    rf"(?i)\b((?:{'|'.join(_CODE_WORDS[:-1])}|one[ -]time)[ _-](?:code|key|pin)s?"
    r"(?:\s{1,3}(?:is|are))?\W{1,4})"
    rf"({_GROUP}(?:[ -]?{_GROUP}){{0,11}}"
    rf"(?:\W{{1,3}}{_GROUP}-{_GROUP}(?:-{_GROUP}){{0,5}}){{0,20}})"
)


def hide_shapes(text: str, hidden: str) -> str:
    """Put `hidden` in their place."""
    low = text.lower()
    if "$" in text:
        text = _HASH.sub(hidden, text)
    if "}" in text:
        text = _LDAP_HASH.sub(hidden, text)
    if ":" in text:
        text = _HASHES.sub(f":{hidden}", text)
    if "-" in text:
        text = _GROUPS.sub(lambda match: _without_groups(match.group(), hidden), text)
    if any(name in low for name in _KEY_NAMES):
        text = _PREFIXED_GUID.sub(hidden, text)
    if any(word in low for word in _CODE_WORDS):
        text = _CODES.sub(lambda match: _without_codes(match, hidden), text)
    return text


def _without_groups(groups: str, hidden: str) -> str:
    """Groups of one length with digits in them; with letters too, or very many of them."""
    letters = any(map(str.isalpha, groups))
    is_key = any(map(str.isdigit, groups)) and (letters or len(groups) > _LONGEST_NUMBER)
    return hidden if is_key else groups


def _without_codes(match: re.Match[str], hidden: str) -> str:
    is_code = any(map(str.isdigit, match.group(2)))
    return f"{match.group(1)}{hidden}" if is_code else match.group()
