"""Finds the names that secrets are given under, and where the value after such a name begins.

A name is known by its shape: it ends in the noun for a secret (key, password, token, cert ...), in
whatever way its words are joined; `harmless` lists what ends so and is none. How much the name says
decides what its value must look like. Every pattern is bounded, so that no text takes longer than
its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from adf.redaction.harmless import is_harmless
from adf.redaction.languages import (
    BEGINNINGS,
    FOREIGN,
    FOREIGN_COPULA,
    OTHER_BEGINNINGS,
)
from adf.redaction.states import ATTRIBUTE, CMDLET, STATE

QUOTE = r"(?:`{3}|\\{0,8}[\"'`\u2018\u2019\u201c\u201d]|%22|%27|&quot;|&#3[49];|\\{1,4}u002[27])"
_SIGN = (
    r"(?P<sign>[:=]?=>?|:=?|-{1,2}>|\u2192|%(?:25)?3[da]|&#(?:61|58|x3[da]);|\\{1,4}u003[da])"
    r"(?:[ \t]|%20){0,8}(?:\\?[\r\n]\s{0,8})?"
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
_PASSWORD = re.compile(rf"passw|passphrase|passcode|pwd|p/?w$|{FOREIGN}")
_ALWAYS = re.compile(r"authorization|cookie|securestring|connection|identified")
_WEAK = frozenset({"token", "secret", "signature", "sig", "credential"})
_KEY = re.compile(
    r"(?:(?:account|shared[ _-]?access|access|api|encryption|storage|functions?|subscription|host"
    r"|signing|private|master)[ _-]?|(?:primary|secondary)[_-]?|[?&]|%26|%3f"
    r"|(?:principal|app|admin|auth|ssh|shared|secret|hmac|consumer|workspace|machine|license|crypt"
    r"|webhook|client|symmetric|aes|service|sas|token)[_.-]?)$"
)
_TOKEN = re.compile(r"(?:access|refresh|id|auth|bearer|sas)[ _-]?$")
_CLIENT = re.compile(r"client[ _-]?$")
_OPTION = re.compile(
    r"(?:^|[\s\"'])--[\w-]{0,30}$|(?:^|\n)[ \t]{0,8}(?:env|arg|setx)[ \t]{1,4}\w{1,40}_$"
)
_QUERY = re.compile(r"(?:[?&]|%3f|%26|&amp;)$")
# "login etl, pass ...": as a verb it is no name.
_BESIDE_USER = re.compile(
    r"(?:user|login|logon|account|uid)\b[^\r\n]{0,40}[,;|/&][ \t]{0,3}(?:and )?$"
)
_BEFORE = 48
_QUOTE = re.compile(QUOTE)
# Verbs and adjectives say how it is.
_LAST_WORD = re.compile(
    r"(?![\w-]{1,30}(?:ed|ing|able|ible|ful|less|ly|ive)(?!\w))"
    r"[^\s\"'=:/\\]{6,40}[ \t]{0,4}(?:$|[\r\n])"
)
_GETTER = re.compile(r"(?:get|read|load|fetch|find)_?\w{0,12}$")
_USER_OF_ADDRESS = re.compile(r"://[\w.-]{0,30}$")
_HEADER = re.compile(r"(?:^|[\s\"'])x-[\w-]{0,30}$")
# Its resource stays: the signature is found by its own name.
_SIGNED = re.compile(r"sharedaccesssignature\s{1,4}[^\r\n]{0,400}?\bsig=")
# How names begin, found much faster one by one than by a pattern with all of them.
_BEGINNINGS = (
    *("pass", "pwd", "p/w", "pw", "secu", "secr", "cred", "token", "sig", "key", "pat", "cert"),
    *("pfx", "sas", "jwt", "bearer", "auth", "cookie", "code", "session", "connection"),
    *("identified", *BEGINNINGS),
)


class Strength(StrEnum):
    """How sure a name is: firm hides any value; the others those of a certain look.

    A field is hidden unless its value is a number, a date or the like; weak and in prose, a value
    is hidden when it looks like a secret; by chance, when it is long and no name.
    """

    FIRM = "firm"
    FIELD = "field"
    WEAK = "weak"
    PROSE = "prose"
    CHANCE = "chance"


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
        strength = _given(hit, before) if hit["space"] is None else _stated(hit, before)
        if strength is not None:
            done = hit.end()
            sign = hit["sign"] or ""
            yield NamedSecret(name=hit["name"], sign=sign, value=hit.end(), strength=strength)
        if strength is Strength.PROSE or strength is Strength.CHANCE:
            yield from _further(low, hit, strength)


def _further(low: str, hit: re.Match[str], strength: Strength) -> Iterator[NamedSecret]:
    """Of a secret whose value stands after the words that say whose it is."""
    whose = _WHOSE.match(low, hit.end("name"))
    if whose:
        is_said = _is_last_word(low, whose.end()) or _is_quoted(low, whose.end())
        given = Strength.FIRM if is_said and _PASSWORD.match(hit["name"]) else strength
        yield NamedSecret(name=hit["name"], sign="", value=whose.end(), strength=given)


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


def _stated(hit: re.Match[str], before: str) -> Strength | None:
    """Of a value after blanks, or after "is": quoted, after an option, or in prose."""
    name = hit["name"]
    if name == "securestring":
        return Strength.FIRM if _is_quoted(hit.string, hit.end()) else None
    if name == "identified by" or _OPTION.search(before):
        return Strength.FIRM
    if not _PASSWORD.match(name):
        known = {"key": _KEY, "token": _TOKEN, "secret": _CLIENT}.get(name)
        is_given = (name == "secret" and hit["copula"]) or (known and known.search(before))
        is_said = (
            is_given or _HEADER.search(before) or (name == "pass" and _BESIDE_USER.search(before))
        )
        return Strength.PROSE if is_said else Strength.CHANCE
    is_told = hit["copula"] and _is_last_word(hit.string, hit.end())
    is_firm = is_told or _is_quoted(hit.string, hit.end())
    return Strength.FIRM if is_firm else Strength.PROSE


def _is_last_word(low: str, start: int) -> bool:
    """Whether one word ends the sentence that begins "the password is", and is no state."""
    return _LAST_WORD.match(low, start) is not None and not STATE.match(low, start)


def _is_quoted(low: str, start: int) -> bool:
    """Whether a quote begins there around what is no state."""
    quote = _QUOTE.match(low, start)
    return quote is not None and not STATE.match(low, quote.end())


def _given(hit: re.Match[str], before: str) -> Strength | None:
    """Of a value after a sign, or in the brackets of a call."""
    if hit["comma"]:
        return Strength.PROSE
    if hit["call"]:
        is_password = _PASSWORD.match(hit["name"]) or hit["name"] == "securestring"
        return Strength.FIRM if is_password and not _GETTER.search(before) else None
    if _is_found_otherwise(hit, before):
        return None
    return Strength.PROSE if _is_said(hit, before) else _signed(hit, before)


def _is_found_otherwise(hit: re.Match[str], before: str) -> bool:
    """Whether it signs in within an address, or the signature has a name of its own."""
    if hit["sign"] == ":" and _USER_OF_ADDRESS.search(before):
        return True
    is_header = hit["name"] == "authorization"
    return is_header and _SIGNED.match(hit.string, hit.end()) is not None


def _signed(hit: re.Match[str], before: str) -> Strength | None:
    """Of a value right after a sign."""
    name = hit["name"]
    if _ALWAYS.match(name) or (_PASSWORD.match(name) and not hit["tail"]):
        return Strength.FIRM
    if name in {"code", "auth"}:
        return Strength.FIRM if _QUERY.search(before) else None
    if is_harmless(name, before):
        return None
    return _key(hit, before) if name == "key" and not hit["tail"] else _noun(hit, before)


def _key(hit: re.Match[str], before: str) -> Strength | None:
    """Of a key, which a table has too."""
    if _KEY.search(before):
        return Strength.FIRM
    return _noun(hit, before) if _is_compound(before) else None


def _noun(hit: re.Match[str], before: str) -> Strength:
    name = hit["name"]
    if name in _WEAK and not hit["tail"] and _is_firm(hit, before):
        return Strength.FIRM
    joined = name == "pass" and (before[-1:].isalpha() or before.endswith(("_", "-", ".")))
    return Strength.FIELD if hit["closed"] or hit["pair"] or joined else Strength.WEAK


def _is_said(hit: re.Match[str], before: str) -> bool:
    """Whether a colon begins a sentence: how the secret stands, or why a command failed."""
    if hit["sign"] != ":" or hit["closed"]:
        return False
    is_failure = CMDLET.search(before) and hit.string[hit.end("name")] == " "
    return bool(is_failure or STATE.match(hit.string, hit.end()))


def _is_compound(before: str) -> bool:
    """Whether a letter is joined on: "sshkey" and "ssh-key", not "a key"."""
    joined = before.rstrip("abcdefghijklmnopqrstuvwxyz0123456789_.-")
    return any(one.isalpha() for one in before[len(joined) :])


def _is_firm(hit: re.Match[str], before: str) -> bool:
    """Whether a noun that prose has too is given the way a value is."""
    if hit["name"] == "sig" and before[-1:].isalpha():
        return False
    known = {"token": _TOKEN, "secret": _CLIENT}.get(hit["name"])
    joined = before[-1:].isalnum() or before.endswith(("_", "-", "."))
    firm = joined or hit["closed"] or hit["pair"] or hit["sign"] not in {":", "%3a"}
    return bool(firm or (known and known.search(before)))
