"""Finds the names that secrets are given under, and where the value after such a name begins.

Names follow the connection-string keywords of Azure SQL, Storage, Service Bus, Event Hubs and ODBC,
the query parameters of SAS and function addresses, HTTP headers, JSON, XML, and SQL statements.
Every pattern is bounded, so that no text takes longer than its length.
"""

import re
from dataclasses import dataclass

QUOTE = r"(?:\\{0,8}[\"'`\u2018\u2019\u201c\u201d]|%22|%27|&quot;|&#3[49];|\\{1,4}u002[27])"
_SIGN = r"(?P<sign>[:=]?=>?|:|%3d|%3a)(?:[ \t]|%20){0,8}(?:\\?[\r\n]\s{0,8})?"
_PAIR = (
    rf"(?P<pair>(?:{QUOTE})?\s{{0,4}},?\s{{0,4}}(?:{QUOTE})?\bvalue(?:{QUOTE})?\s{{0,4}}[:=]"
    rf"\s{{0,8}}(?={QUOTE}))"
)
_NAME = re.compile(
    r"(?P<name>passw(?:or)?ds?|passphrases?|passcode|securestring|pwd|secret|credential|token"
    r"|signature|sig|key|authorization|cookie|code|connection[ _-]?string\w{0,24}|identified by)s?"
    rf"(?:(?P<closed>{QUOTE})?\s{{0,8}}{_SIGN}|{_PAIR}"
    rf"|(?P<space>\s{{1,4}}(?:n?(?={QUOTE}))?))"
)
_ALWAYS = re.compile(r"pass|pwd|authorization|cookie|securestring|connection|identified")
_KEY = re.compile(
    r"(?:(?:account|shared[ _-]?access|access|api|encryption|storage|functions?|subscription|host"
    r"|signing|private|master)[ _-]?|(?:primary|secondary)[_-]?|[?&]|%26|%3f)$"
)
_TOKEN = re.compile(r"(?:access|refresh|id|auth|bearer|sas)[ _-]?$")
_CLIENT = re.compile(r"client[ _-]?$")
_OPTION = re.compile(r"(?:^|[\s\"'])--[\w-]{0,30}$")
_QUERY = re.compile(r"(?:[?&]|%3f|%26|&amp;)$")
_BEFORE = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSecret:
    """A secret's name; its value begins at `value`, after a `sign` such as "=" or "" for none."""

    name: str
    sign: str
    value: int


def next_named(low: str, start: int) -> NamedSecret | None:
    """The next name of a secret in a lower-case text."""
    for hit in _NAME.finditer(low, start):
        before = low[max(0, hit.start() - _BEFORE) : hit.start()]
        if _leads_to_value(hit, before) and _is_secret(hit, before):
            return NamedSecret(name=hit["name"], sign=hit["sign"] or "", value=hit.end())
    return None


def is_secret_name(key: str) -> bool:
    """Whether a field of this name holds a secret."""
    low = f'"{lowered(key)}"='
    named = next_named(low, 0)
    return named is not None and named.value == len(low)


def lowered(text: str) -> str:
    """The text in lower case, every character at its place."""
    return text.replace("\u0130", "I").lower()


def _leads_to_value(hit: re.Match[str], before: str) -> bool:
    """Whether what follows the name is a way to give a value, and no prose."""
    if hit["space"]:
        quoted = re.match(QUOTE, hit.string[hit.end() : hit.end() + 10])
        name = hit["name"]
        stated = name == "identified by" or (name.startswith(("pass", "pwd")) and quoted)
        return bool(stated or _OPTION.search(before))
    return True


def _is_secret(hit: re.Match[str], before: str) -> bool:
    """Whether the name is that of a secret; weak names need a sign that prose has not."""
    name = hit["name"]
    if _ALWAYS.match(name) or hit["space"]:
        return True
    if name in {"code", "key"}:
        return bool((_QUERY if name == "code" else _KEY).search(before))
    if name == "sig" and before[-1:].isalpha():
        return False
    told = {"token": _TOKEN, "secret": _CLIENT}.get(name)
    firm = hit["closed"] or hit["pair"] or hit["sign"] not in {":", "%3a"}
    return bool(firm or (told and told.search(before)))
