"""Finds the names that secrets are given under, and where the value after such a name begins.

A name is known by its shape: it ends in the noun for a secret (key, password, token, cert ...), in
whatever way its words are joined; `harmless` lists what ends so and is none. How much the name says
decides what its value must look like. Every pattern is bounded, so that no text takes longer than
its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from adf.redaction.languages import (
    BEGINNINGS,
    FOREIGN,
    FOREIGN_COPULA,
    OTHER_BEGINNINGS,
)
from adf.redaction.states import ATTRIBUTE
from adf.redaction.strength import (
    PASSWORD,
    QUOTE,
    Strength,
    given,
    is_last_word,
    is_quoted,
    stated,
)

_SIGN = (
    r"(?P<sign>[:=]?=>?|:=?|-{1,2}>|\u2192|%(?:25)?3[da]|&#(?:61|58|x3[da]);|\\{1,4}u003[da])"
    r"(?:[ \t]|%20){0,8}(?:(?:\\?[\r\n]|\\{1,4}n(?=\s))\s{0,8})?"
)
_PAIR = (
    rf"(?P<pair>(?:{QUOTE})?\s{{0,4}},?\s{{0,4}}(?:{QUOTE})?\bvalue(?:{QUOTE})?\s{{0,4}}[:=]"
    rf"\s{{0,8}}(?={QUOTE})|[ \t]{{0,4}}\r?\n[ \t]{{1,16}}value:[ \t]{{1,8}})"
)
# Other attributes of the same object may stand between a name and its value.
_ATTRIBUTES = (
    rf"(?:{QUOTE}\s{{0,4}},?\s{{0,4}}(?:{QUOTE})?\w{{1,30}}(?:{QUOTE})?\s{{0,4}}[:=]\s{{0,4}}"
    rf"{QUOTE}[^\"'\\{{}}<>]{{0,60}}(?={QUOTE})){{0,4}}"
)
_COMMA = rf"(?P<comma>{QUOTE}\s{{0,4}},\s{{0,4}}n?(?={QUOTE}))"
# Emphasis of Markdown, and the bracket of an index, around a name and its sign.
_MARKS = r"[*~_]{0,3}"
_NOUN = (
    r"passw(?:or)?d|passphrase|passcode|pass|securestring|pwd|secret|credential|creds?|token"
    r"|signature|sig|key|pat|cert(?:ificate)?|pfx|sas|jwt|bearer|authorization|auth|cookie|code|session[_-]?id"
    r"|connection[ _-]?string\w{0,24}|identified by"
)
_TAIL = (
    r"(?P<tail>[_-]?(?:(?:file)?content|data|string|text|value|base64|b64|pem|plain|body|ur[il]|\d{1,2})"
    r"|\.[\w-]{1,40}\.(?:dfs|blob)\.[\w.-]{1,40})"
)
_BLANKS = r"[ \t]{0,4}"
# "Set to" what is quoted and has several words.
_TO = rf"to[ \t]{{1,4}}(?={QUOTE}[^\s\"']{{1,40}} [^\"'\r\n]{{1,80}}{QUOTE})"
_COPULA = (
    r"(?P<copula>(?:is|was|ist|war|lautet|est|es|[eéè]|jest|это|は)(?:\s{1,4}|:\s{0,4})"
    rf"|{_TO})"
)
_BETWEEN = (
    rf"\s{{1,4}}{_COPULA}|(?(foreign)(?:\w{{0,3}}\s{{1,4}}|\s{{0,4}})"
    rf"(?:{FOREIGN_COPULA}\s{{0,4}})?|\s{{1,4}})"
)
_NAME = re.compile(
    rf"(?P<name>{_NOUN}|(?P<foreign>{FOREIGN})|p/?w)s?{_TAIL}?"
    rf"(?:(?P<closed>{QUOTE})?[\])]?{_MARKS}\s{{0,8}}{_SIGN}(?:{_MARKS}[ \t]{{1,4}})?"
    rf"|{_ATTRIBUTES}{_PAIR}|{_COMMA}"
    rf"|(?P<call>\({_BLANKS}n?(?={QUOTE}))|(?P<space>{_BETWEEN}(?:n?(?={QUOTE}))?))"
)
# "The password for sa is still ..." and "pwd etl: ...": whose it is stands between.
_WHOSE = re.compile(
    rf"(?![ \t]{{1,4}}{ATTRIBUTE}\b)(?:[ \t]{{1,4}}[^\s:=;,.\"'()]{{1,40}}){{1,5}}?"
    r"(?:[ \t]{0,2}[:=][ \t]{1,4}|[ \t]{1,4}(?:is|was|(?:re)?set to|changed to|"
    rf"{FOREIGN_COPULA[3:]}"
    r"(?:[ \t]{1,4}(?:still|now|set|to|again|currently|just)){0,3}[ \t]{1,4})"
)
_BEFORE = 72
# How names begin, found much faster one by one than by a pattern with all of them.
_BEGINNINGS = (
    *("pass", "pwd", "p/w", "pw", "secu", "secr", "cred", "token", "sig", "key", "pat", "cert"),
    *("pfx", "sas", "jwt", "bearer", "auth", "cookie", "code", "session", "connection"),
    *("identified", *BEGINNINGS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSecret:
    """A secret's name; its value begins at `value`, after a `sign` such as "=" or "" for none."""

    name: str
    sign: str
    value: int
    strength: Strength = Strength.FIRM


def names_in(low: str) -> Iterator[NamedSecret]:
    """The names of secrets in a lower-case text, in their order."""
    done = 0
    for start in _starts(low):
        hit = _NAME.match(low, start) if start >= done else None
        if hit is None:
            continue
        before = low[max(0, start - _BEFORE) : start]
        strength = given(hit, before) if hit["space"] is None else stated(hit, before)
        if strength is not None:
            done = hit.end()
            sign = hit["sign"] or ""
            yield NamedSecret(name=hit["name"], sign=sign, value=hit.end(), strength=strength)
        if strength is Strength.PROSE or strength is Strength.CHANCE:
            yield from _further(low, hit, strength)
        elif strength is Strength.FIRM and hit["space"] is not None:
            yield from _further(low, hit, Strength.PROSE)


def _further(low: str, hit: re.Match[str], strength: Strength) -> Iterator[NamedSecret]:
    """Of a secret whose value stands after the words that say whose it is."""
    whose = _WHOSE.match(low, hit.end("name"))
    if whose:
        is_said = is_last_word(low, whose.end()) or is_quoted(low, whose.end())
        if hit["name"] == "secret" and whose.group().strip().startswith("value"):
            strength = Strength.PROSE
        is_firm = is_said and PASSWORD.match(hit["name"])
        sure = Strength.FIRM if is_firm else strength
        yield NamedSecret(name=hit["name"], sign="", value=whose.end(), strength=sure)


def _starts(low: str) -> list[int]:
    """Where a name may begin."""
    beginnings = _BEGINNINGS if low.isascii() else _BEGINNINGS + OTHER_BEGINNINGS
    starts: list[int] = []
    for one in beginnings:
        found = low.find(one)
        while found >= 0:
            starts.append(found)
            found = low.find(one, found + len(one))
    starts.sort()
    return starts


@lru_cache(maxsize=4096)
def strength_of(key: str) -> Strength | None:
    """Whether a field of this name holds a secret, and how sure that is."""
    low = f'"{lowered(key)}"='
    return next((one.strength for one in names_in(low) if one.value == len(low)), None)


def lowered(text: str) -> str:
    """The text in lower case, every character at its place."""
    return text.replace("\u0130", "I").lower()
