"""A run said by its place beside another: "the one before", "an hour earlier", "the latest again".

Which run that is, is known only with the runs: a step is a direction, a count and maybe a length.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.agents.understanding.entities.limits import LENGTH, length_of


class Way(Enum):
    """Where a step leads, seen from the run that is talked about, or the newest of all."""

    BACK = "back"
    ON = "on"
    NEWEST = "newest"
    BEFORE_NEWEST = "before newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """A step from one run to another: `count` runs far, or to the run nearest to `away` from it."""

    way: Way
    count: int = 1
    away: timedelta | None = None


_RUN = (
    r"(?:run|one|execution|attempt|try|go|load|job|time|lauf|ejecuci[oó]n|execu[cç][aã]o"
    r"|exécution|esecuzione|uitvoering)"
)
_NIGHT = (
    r"(?:night|nite|day|evening|morning|tag|nacht|día|dia|noche|noite|jour|nuit|giorno|notte|dag)"
)
_WEEK = r"(?:week|woche|semana|semaine|settimana)"
_PART = rf"(?:{_NIGHT}|{_WEEK}|hour|hr|stunde|hora|heure|ora|uur)"
_JUST = r"(?:(?:right|just|immediately|directly|straight|shortly)\s+)?"
_BEFORE = (
    r"(?:before(?:hand)?|b4|bfore|befor|prior(?:\s+to)?|preceding|earlier|davor|vorher|zuvor|avant"
    r"|antes|prima|ervoor|daarvoor)"
)
_AFTER = r"(?:after(?:wards?)?|later|following|danach|après|después|depois|dopo|daarna)"
_THAT = r"(?:that|it|this|then|these|those)(?:\s+(?:one|run))?"
_VERB = (
    r"(?:was|is|did|do|take|took|run|ran|go|went|finish\w*|end\w*|have|had|bring|brought|copy"
    r"|copied|look\w*|fail\w*|succeed\w*|work\w*|break|broke|get|got|load\w*|last\w*|move\w*)"
)
_END = rf"(?=\W*$|\s*[,;.?!:]|\s+(?:please|pls|then|again|how|why|what|{_VERB})\b)"
_PREVIOUS = (
    r"(?:previous|prev|preceding|prior|earlier|vorherige\w*|vorige\w*|voorgaande|précédent\w*"
    r"|anterior|precedente)"
)
# Before or after what: said ("that"), or the run itself is said ("the one before").
_STEP = (
    rf"(?:\b(?P<noun>{_RUN}|{_PART})\s+{_JUST}{{}}(?:\s+{_THAT})?{_END}"
    rf"|\b{_JUST}{{}}\s+{_THAT}{_END})"
)
_BACK = re.compile(
    rf"(?i){_STEP.format(_BEFORE, _BEFORE)}|\b{_PREVIOUS}\s+(?P<adjective>{_RUN}|{_PART})\b"
)
_BARE = re.compile(
    rf"(?i)^\W*(?:(?:and|n|ok|so|what about|how about|the|und|y|et)\W+)*"
    rf"(?:{_BEFORE}|{_PREVIOUS})\W*$"
)
_ON = re.compile(
    rf"(?i)\b(?P<noun>{_RUN}|{_PART})\s+{_JUST}{_AFTER}(?:\s+{_THAT})?{_END}"
    rf"|\b(?:following|subsequent)\s+(?P<adjective>{_RUN}|{_PART})\b"
)
_LENGTH = re.compile(
    rf"(?i)\b{LENGTH}\s+{_JUST}(?:(?P<back>{_BEFORE})|(?P<on>{_AFTER}))(?:\s+{_THAT})?{_END}"
)
_RUNS = re.compile(
    rf"(?i)\b(?P<count>two|three|four|five|[2-9])(?:\s+runs?|\s+times)?\s+{_JUST}"
    rf"(?:(?P<back>{_BEFORE})|(?P<on>{_AFTER}))(?:\s+{_THAT})?{_END}"
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
_NEWEST = re.compile(
    r"(?i)\b(?:latest|newest|most recent|current|last)\b(?!\s+(?:two|three|\d|week|month|night"
    r"|good|successful|green|failed|error))"
)
_SECOND = re.compile(
    rf"(?i)\b(?:the|that|its|this)\s+(?:second|2nd|next|repeat(?:ed)?)\s+{_RUN}\b|\b(?:the|that)\s+re-?run\b"
)
_BEFORE_NEWEST = re.compile(
    rf"(?i)\b{_RUN}\s+before\s+(?:the\s+)?last\b|\b(?:second|next)[- ]to[- ](?:the[- ])?last\b"
    r"|\blast but one\b|\bpenultimate\b|\bvorletzte\w*|\bavant-derni\w+|\bpenúltim\w+"
    r"|\bvoorlaatste\b"
)


def step_in(text: str, *, is_elsewhere: bool = False, is_first: bool = False) -> RunStep | None:
    """The step that a text says; None without one.

    Back to the newest run leads only where another one is talked about (`is_elsewhere`), and to
    the second one where a run is that had to be run again (`is_first`).
    """
    if is_first and _SECOND.search(text):
        return RunStep(way=Way.ON)
    if _BEFORE_NEWEST.search(text):
        return RunStep(way=Way.BEFORE_NEWEST)
    found = _LENGTH.search(text)
    if found is not None:
        way = Way.BACK if found["back"] else Way.ON
        return RunStep(way=way, away=length_of(found.group(1), found.group(2)))
    counted = _RUNS.search(text)
    if counted is not None:
        count = counted["count"].lower()
        way = Way.BACK if counted["back"] else Way.ON
        return RunStep(way=way, count=_COUNTS.get(count) or int(count))
    return _one_step(text, is_elsewhere=is_elsewhere)


def _one_step(text: str, *, is_elsewhere: bool) -> RunStep | None:
    for pattern, way in ((_BACK, Way.BACK), (_ON, Way.ON)):
        found = pattern.search(text)
        if found is not None:
            return RunStep(way=way, away=_length(found["noun"] or found["adjective"] or ""))
    if _BARE.search(text):
        return RunStep(way=Way.BACK)
    if is_elsewhere and _NEWEST.search(text):
        return RunStep(way=Way.NEWEST)
    return None


def _length(noun: str) -> timedelta | None:
    """How far back "the night before" is; None for "the run before"."""
    said = noun.lower()
    if re.fullmatch(_WEEK, said):
        return timedelta(weeks=1)
    if re.fullmatch(_NIGHT, said):
        return timedelta(days=1)
    return timedelta(hours=1) if re.fullmatch(_PART, said) else None
