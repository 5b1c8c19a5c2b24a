"""When a mute ends: after a length ("for 2 hours"), or at a moment ("till 8", "tonight")."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.agents.understanding.entities.time.ahead import UNTIL, moment_after
from bot.agents.understanding.entities.time_ranges import TimeMention

_NUMBERS = {
    **dict.fromkeys(("a", "an", "one", "ein", "eine", "einen", "una", "uno", "un", "une", "um"), 1),
    **dict.fromkeys(("two", "couple", "couple of", "a couple of", "zwei", "dos", "deux", "due"), 2),
    **dict.fromkeys(("three", "few", "a few", "drei", "tres", "trois", "tre"), 3),
    **dict.fromkeys(("four", "vier", "cuatro", "quatre", "quattro", "quatro"), 4),
    "five": 5,
    "six": 6,
    "eight": 8,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "sixty": 60,
    "ninety": 90,
}
_UNITS = {
    "m": r"m|mins?|minutes?|minuten?|minutos?|minuti",
    "h": r"h|hrs?|hours?|std|stunden?|horas?|heures?|ore|ora|uur|uren",
    "d": r"d|days?|tage?n?|d[ií]as?|jours?|giorni?|dagen",
    "w": r"w|wks?|weeks?|wochen?|semanas?|semaines?|settiman[ae]|weken",
}
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
_LENGTH = re.compile(
    rf"(?i)(?<![\w:.-])(?:(?P<digits>\d+(?:[.,]\d+)?)\s?|(?P<words>{_WORDS})\s+)"
    rf"(?:more |other )?(?:{_UNIT})(?![\w-])"
    r"(?P<half>\s+and\s+a\s+half)?"
)
_HALF = re.compile(
    r"(?i)\b(?:half(?: an?)?[ -](?:hour|hr|h)|halbe stunde|media hora|demi[ -]heure|mezz'?ora)\b"
)
_MIXED = re.compile(r"(?i)(?<![\w:.-])(\d+)\s?h\s?(\d{1,2})\s?(?:m|min)?(?![\w-])")
_HALVES = re.compile(r"(?i)\b(\d+|one|two|three|an?)\s+and\s+a\s+half\s+(hours?|days?)")
_LENGTH_AND_HALF = re.compile(r"(?i)\band a half\b")
_UNTIL = r"(?:un)?till?|'til|bis|hasta|jusqu['’]?\s?(?:à|a|au)|até|fino a(?:lle)?|tot"
_SAYS_UNTIL = re.compile(rf"(?i)\b(?:{_UNTIL})\b")
_DAY = re.compile(
    r"(?i)\b(?:tomorrow|tmrw|tmr|mon|tue|wed|thu|fri|sat|sun|\w+day|next|morgen|montag|\w+tag"
    r"|ma[ñn]ana|demain|domani|amanh[ãa]|lunes|lundi|luned[iì])\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\s+\d{1,2}\b|\b\d{4}-\d\d-\d\d\b"
    r"|\b\d{1,2}(?:\.\d{1,2}\.|/\d{1,2}\b)"
)
_MORNING = re.compile(r"(?i)\b(?:morning|fr[üu]h|matin|mattina)\b")
_TONIGHT = re.compile(
    r"(?i)\b(?:tonight|overnight|for the night|over ?night|heute nacht|esta noche|cette nuit"
    r"|stanotte|hoje à noite)\b"
)
_TODAY = re.compile(
    r"(?i)\b(?:today|(?:rest|remainder) of the day|heute|hoy|aujourd['’]hui|oggi|hoje)\b"
)
_WEEKEND = re.compile(r"(?i)\b(?:weekend|wochenende|fin de semana|week-end)\b")
# A morning begins here where nothing else was said.
MORNING = time(8)
MONDAY = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteEnd:
    """For how many minutes; `is_unread` tells that an end was said which is none we can read.

    `at` is the moment where one was said, and no length.
    """

    minutes: int | None = None
    at: datetime | None = None
    is_unread: bool = False


def mute_end_in(text: str, mention: TimeMention, now: datetime, zone: ZoneInfo) -> MuteEnd:
    """Read the end of a mute; none where none was said."""
    length = _length_in(text)
    if length is not None:
        return MuteEnd(minutes=max(1, math.ceil(length)))
    end = _moment_in(text, mention, now, mention.zone or zone)
    if end is not None and end > now:
        return MuteEnd(minutes=math.ceil((end - now) / timedelta(minutes=1)), at=end)
    return MuteEnd(is_unread=_SAYS_UNTIL.search(text) is not None)


def _length_in(text: str) -> float | None:
    """A length in minutes."""
    mixed, halves = _MIXED.search(text), _HALVES.search(text)
    if mixed:
        return int(mixed[1]) * 60 + int(mixed[2])
    if halves:
        return (_number(halves[1]) + 0.5) * (60 if halves[2].lower().startswith("h") else 1440)
    if _HALF.search(text) and not _LENGTH_AND_HALF.search(text):
        return 30
    found = _LENGTH.search(text)
    if found is None:
        return None
    unit = next(name for name in _UNITS if found.group(name))
    number = _number(found["digits"] or found["words"]) + (0.5 if found["half"] else 0)
    return number * _MINUTES[unit]


def _number(words: str) -> float:
    known = _NUMBERS.get(" ".join(words.lower().split()))
    return float(known) if known is not None else float(words.replace(",", "."))


def _moment_in(text: str, mention: TimeMention, now: datetime, zone: ZoneInfo) -> datetime | None:
    here = now.astimezone(zone)
    clock = None if _DAY.search(text) else moment_after(UNTIL, text, now, zone)
    if clock is not None:
        return clock
    if mention.deadline is not None:
        return _in_the_morning(text, mention.deadline, zone)
    if _WEEKEND.search(text):
        return _at(here, MONDAY - here.weekday(), time())
    if _TONIGHT.search(text):
        days = 0 if here.time() < MORNING else 1
        return _at(here, days, MORNING)
    return _at(here, 1, time()) if _TODAY.search(text) else None


def _in_the_morning(text: str, deadline: datetime, zone: ZoneInfo) -> datetime:
    """A morning is more than the first moment of its day."""
    there = deadline.astimezone(zone)
    if there.time() == time() and _MORNING.search(text):
        return there.replace(hour=MORNING.hour)
    return deadline


def _at(here: datetime, days: int, clock: time) -> datetime:
    return datetime.combine(here.date() + timedelta(days=days), clock, here.tzinfo)
