"""Decides how sure the name of a secret is, by what stands before it and right after it.

How much the name says decides what its value must look like. All is read in lower case.
"""

import re
from enum import StrEnum

from adf.redaction.harmless import is_harmless
from adf.redaction.languages import FOREIGN
from adf.redaction.states import CMDLET, STATE

QUOTE = r"(?:`{3}|\\{0,8}[\"'`\u2018\u2019\u201c\u201d]|%22|%27|&quot;|&#3[49];|\\{1,4}u002[27])"
PASSWORD = re.compile(rf"passw|passphrase|passcode|pwd|p/?w$|{FOREIGN}")
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
# "user etl password ...": who signs in was named, so that what follows is what with.
_AFTER_USER = re.compile(
    r"\b(?:user(?:[ _-]?(?:name|id))?|login|logon|uid|kinit)(?:[ \t]{0,2}[=:][ \t]{0,2}|[ \t]{1,2})"
    r"[\"']?(?!failed|with|and|or)\w[\w.@\\-]{0,40}[\"']?(?:[ \t]{0,2}[,;/|&][ \t]{0,2}|[ \t]{1,2})"
    r"(?:(?:with|and)[ \t]{1,3})?(?:the )?$"
)
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


def stated(hit: re.Match[str], before: str) -> Strength | None:
    """How sure a value after blanks or after "is" is: quoted, after an option, or in prose."""
    name = hit["name"]
    if name == "securestring":
        return Strength.FIRM if is_quoted(hit.string, hit.end()) else None
    if name == "identified by" or _OPTION.search(before):
        return Strength.FIRM
    is_second = _AFTER_USER.search(before) and not STATE.match(hit.string, hit.end())
    if not PASSWORD.match(name) and not (name == "pass" and is_second):
        known = {"key": _KEY, "token": _TOKEN, "secret": _CLIENT}.get(name)
        is_given = (name in {"secret", "pass"} and hit["copula"]) or (
            known and known.search(before)
        )
        is_said = (
            is_given or _HEADER.search(before) or (name == "pass" and _BESIDE_USER.search(before))
        )
        return Strength.PROSE if is_said else Strength.CHANCE
    is_told = hit["copula"] and is_last_word(hit.string, hit.end())
    is_firm = is_told or is_second or is_quoted(hit.string, hit.end())
    return Strength.FIRM if is_firm else Strength.PROSE


def is_last_word(low: str, start: int) -> bool:
    """Whether one word ends the sentence that begins "the password is", and is no state."""
    return _LAST_WORD.match(low, start) is not None and not STATE.match(low, start)


def is_quoted(low: str, start: int) -> bool:
    """Whether a quote begins there around what is no state."""
    quote = _QUOTE.match(low, start)
    return quote is not None and not STATE.match(low, quote.end())


def given(hit: re.Match[str], before: str) -> Strength | None:
    """How sure a value after a sign or in the brackets of a call is; None where it is no secret."""
    if hit["comma"]:
        return Strength.PROSE
    if hit["call"]:
        is_password = PASSWORD.match(hit["name"]) or hit["name"] == "securestring"
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
    if name == "pass" and _AFTER_USER.search(before):
        return Strength.FIRM
    if _ALWAYS.match(name) or (PASSWORD.match(name) and not hit["tail"]):
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
