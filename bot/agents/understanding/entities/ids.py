"""Ids in a text: of runs, whole or their first characters, of incidents, and codes of errors."""

import re
from collections.abc import Iterator, Sequence

from bot.agents.understanding.text import TextSpan

_RUN = re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
# The first eight characters, as cards show them; a digit among them tells it from a word.
_SHORT = re.compile(r"(?i)(?<![\w-])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8}(?![\w-])")
# Behind the word for it, digits alone are such an id as well.
_SHORT_SAID = re.compile(r"(?i)\brun(?:[ _-]?id)?\s*[:#]?\s*([0-9a-f]{8})(?![\w-])")
# Behind "run id" or "run number" fewer characters are meant as one as well.
_SAID = re.compile(
    r"(?i)\brun(?:[ _-]?id)?\s*[:#]?\s*((?=[\w-]*\d)[\w-]{4,})"
    r"|\brun[ _-]?(?:id|number|no\.?|nr\.?)\s*[:#]?\s*((?=[\w-]*\d)[0-9a-f][\w-]{2,})"
)
_INCIDENT = re.compile(r"(?i)\binc(?:ident)?[- #]*(\d+)\b")
# Digits with a unit, a clock or a decimal point behind them count something else.
_NUMBER = re.compile(
    r"(?i)(?<![\w:.-])#?(\d{1,7})(?![\w%]|[:.]\d|\s?(?:h|hrs?|hours?|m|mins?|minutes?|d|days?|am|pm"
    r"|s|secs?|seconds?|x|times|rows?|runs?|std|stunden|tage|uhr)\b)"
)
_CODES = re.compile(
    r"\b(?:(?:UserError|SystemError)\w+|[A-Z]\w{4,}(?:Error|Exception|Failed|Failure|Denied|NotFound)\w*"
    r"|ORA-\d{4,5}|TNS-\d{4,5}|AADSTS\d+|DF-[A-Za-z0-9-]+|SqlErrorNumber=?\s?\d+|SQLSTATE\w*)"
)
_PASTED = re.compile(
    r"(?i)(?:operation on target|errorcode=|'type=microsoft\.|failure happened on|exception:"
    r"|error code:?\s*\d+\W+(?:failure type|details|message)"
    r"|login failed for user|caused by:|message=)"
)
LONGEST_QUESTION = 400
# Of the signs of machines so many in a hundred characters, where people use one at most.
SIGNS = 2
_SIGN = re.compile(r"[:='\"{}\[\]<>\\]")


def runs_in(text: str) -> tuple[tuple[str, ...], list[TextSpan]]:
    """Full run ids, and where they stand."""
    found = list(_RUN.finditer(text))
    spans = [TextSpan(start=one.start(), end=one.end(), kind="run") for one in found]
    return tuple(dict.fromkeys(one.group() for one in found)), spans


def short_run_in(text: str) -> tuple[str | None, str | None, list[TextSpan]]:
    """The first characters of a run id, or what stands where a run id should and is none."""
    match = _SHORT.search(text)
    if match:
        return match.group().lower(), None, [_span(match, 0)]
    short = _SHORT_SAID.search(text)
    if short:
        return short.group(1).lower(), None, [_span(short, 1)]
    said = _SAID.search(text)
    if said is None:
        return None, None, []
    group = 1 if said.group(1) else 2
    return None, said.group(group), [_span(said, group)]


def incidents_in(text: str) -> tuple[tuple[str, ...], list[TextSpan]]:
    """Incidents as they are numbered, INC-3, each once, and where they stand."""
    found = list(_INCIDENT.finditer(text))
    spans = [TextSpan(start=one.start(), end=one.end(), kind="incident") for one in found]
    return tuple(dict.fromkeys(f"INC-{one.group(1)}" for one in found)), spans


def incident_numbers_in(text: str) -> tuple[str, ...]:
    """Numbers that may be those of incidents: "ack 101", "301 and #302"; no time, no length."""
    return tuple(dict.fromkeys(one.group(1) for one in _NUMBER.finditer(text)))


def errors_in(text: str) -> Sequence[str]:
    """Codes of errors, as Data Factory and the systems behind it write them."""
    return tuple(dict.fromkeys(_errors(text)))


def is_pasted_error(text: str) -> bool:
    """Whether an error message was pasted."""
    written = len(text) > LONGEST_QUESTION and len(_SIGN.findall(text)) * 100 > SIGNS * len(text)
    return written or _PASTED.search(text) is not None


def _errors(text: str) -> Iterator[str]:
    for match in _CODES.finditer(text):
        yield match.group()


def _span(match: re.Match[str], group: int) -> TextSpan:
    return TextSpan(start=match.start(group), end=match.end(group), kind="run")
