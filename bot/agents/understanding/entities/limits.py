"""Limits, counts and places in a list: "longer than 30 minutes", "last 5 runs", "the second"."""

import re
from datetime import timedelta

from bot.agents.understanding.frame import Limit

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WORDS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "forty-five": 45,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
    "half an": 0.5,
    "ein": 1,
    "eine": 1,
    "zwei": 2,
    "drei": 3,
    "fünf": 5,
    "zehn": 10,
    "un": 1,
    "una": 1,
    "une": 1,
    "dos": 2,
    "deux": 2,
    "due": 2,
    "tres": 3,
    "trois": 3,
    "tre": 3,
}
_NUMBER = rf"(\d+(?:[.,]\d+)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_UNIT = (
    r"(s(?:ec(?:ond)?s?|ek\w*)?|m(?:in(?:ute|uut|uto)?s?|inuten|inuti|inuutes)?"
    r"|h(?:(?:ou)?rs?|eures?|oras?)?|stunden?|std|ore|ora|uur|uren|d(?:ays?)?|tage?n?)"
)
_OVER = (
    r"(?:more than|longer than|over|above|exceed(?:s|ed|ing)?|at least|greater than|beyond|>=?"
    r"|mehr als|länger als|über|más de|mais de|mais que|plus de|più di|meer dan|langer dan)"
)
_UNDER = (
    r"(?:less than|shorter than|under|below|within|at most|<=?|weniger als|unter|menos de"
    r"|moins de|meno di|minder dan)"
)
_LIMIT = re.compile(rf"(?i)(?:\b|(?<=\s)|^)(?:({_OVER})|({_UNDER}))\s*{_NUMBER}\s*{_UNIT}?\b")
_COUNT = re.compile(
    rf"(?i)\b(?:last|latest|past|previous|top|first|newest|letzten?|últim[oa]s|derniers?|dernières?"
    rf"|ultim[ie]|laatste)\s+{_NUMBER}\s+(?=\w*\s?(?:runs?|executions?|goes|failures?|times|pipelines?|ones|"
    r"läufe|ejecuciones|execuções|exécutions|esecuzioni|errors?|attempts?))"
)
_ORDINALS = {
    **dict.fromkeys(("first", "1st", "erste", "ersten", "primero", "primera", "premier"), 1),
    **dict.fromkeys(("première", "primo", "prima", "primeiro", "primeira", "eerste", "pehla"), 1),
    **dict.fromkeys(("second", "2nd", "zweite", "zweiten", "segundo", "segunda", "deuxième"), 2),
    **dict.fromkeys(("secondo", "seconda", "tweede", "doosra"), 2),
    **dict.fromkeys(("third", "3rd", "dritte", "dritten", "tercero", "tercera", "troisième"), 3),
    **dict.fromkeys(("terzo", "terza", "terceiro", "terceira", "derde"), 3),
    **dict.fromkeys(("fourth", "4th", "vierte", "quatrième", "cuarto", "quarto", "vierde"), 4),
    **dict.fromkeys(("fifth", "5th", "fünfte"), 5),
}
_ORDINAL = re.compile(
    rf"(?i)\b({'|'.join(_ORDINALS)})\b"
    r"(?!\s+(?:time|run|step|activity|of(?! (?:them|these|those|the (?:two|three|four|list)\b))))"
)
_BARE_NUMBER = re.compile(r"(?i)^\s*(?:#|no\.?|nr\.?|number|option)?\s*(\d{1,2})\s*[.)!]?\s*$")


# A number and a unit of time, each a group.
LENGTH = rf"{_NUMBER}(?:(?<=\d)\s*|\s+|['’]){_UNIT}\b"


def length_of(number: str, unit: str) -> timedelta:
    """A length of time, by its number and the first letters of its unit."""
    first = unit.lower()
    letter = {"t": "d", "o": "h", "u": "h", "e": "h"}.get(first[0], first[0])
    letter = "h" if first.startswith("st") else letter
    return timedelta(seconds=_number(number) * _UNITS[letter])


def limit_in(text: str) -> Limit | None:
    """What something is held against; None when nothing is."""
    match = _LIMIT.search(text)
    if match is None:
        return None
    number = _number(match.group(3))
    unit = (match.group(4) or "").lower()
    if not unit:
        return Limit(over=bool(match.group(1)), number=number)
    return Limit(over=bool(match.group(1)), length=length_of(match.group(3), unit))


def count_in(text: str) -> int | None:
    """How many are asked for: "the last 5 runs"."""
    match = _COUNT.search(text)
    return int(_number(match.group(1))) if match else None


def ordinal_in(text: str) -> int | None:
    """A place in a list that was shown, counted from 1; a bare number is one too."""
    bare = _BARE_NUMBER.match(text)
    if bare:
        return int(bare.group(1))
    match = _ORDINAL.search(text)
    return _ORDINALS[match.group(1).lower()] if match else None


def _number(said: str) -> float:
    word = said.lower()
    return float(_WORDS[word]) if word in _WORDS else float(word.replace(",", "."))
