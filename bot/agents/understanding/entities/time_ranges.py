"""Which time a question means: a range that was, a moment by which something is due, or a habit."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.agents.understanding.entities.time.calendar import first_instant
from bot.agents.understanding.entities.time.corrections import corrected
from bot.agents.understanding.entities.time.points import LocalNow
from bot.agents.understanding.entities.time.reader import find_time
from bot.agents.understanding.entities.time.readings import TimeReading
from bot.agents.understanding.entities.time.zones import ZoneMention, zone_of
from cards.ranges import range_label

KEPT_DAYS = 45
_OLDEST = timedelta(days=KEPT_DAYS, minutes=1)
Span = tuple[int, int]


# What people have at a clock time, and pipelines do not: "before the 04:30 call".
_EVENTS = (
    r"(?:calls?|meetings?|stand-?ups?|syncs?|reviews?|demos?|briefings?|boards?|committees?"
    r"|presentations?|appointments?|sessions?|dashboards?|reports?|e?mails?|besprechung|termin"
    r"|reuni[oó]n|r[eé]union|riunione|llamada|appel)"
)
_AT_A_CLOCK = (
    r"(?:\d{1,2}(?:[:.h]\d{2})?\s*(?:am|pm|h|uhr)?|noon|midnight|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve)"
)
_ENGAGEMENT = re.compile(
    r"(?i)\b(?:the|my|our|an?|this|der|die|das|den|dem|el|la|le|il|o|a)\s+"
    rf"(?P<clock>{_AT_A_CLOCK})\s+(?:(?:o\W?clock|am|pm)\s+)?(?:\w+\s+)?{_EVENTS}\b"
)
# "I have a stand-up at eight": reports and mails come from pipelines, and do have a time.
_ENGAGED_AT = re.compile(
    r"(?i)\b(?:have|got|ha[vb]e|tengo|j['’]ai|ho|tenho|in|for|before|with|into|join\w*)\s+"
    r"(?:\w+\s+){0,4}?(?:call|meeting|stand-?up|sync|review|demo|briefing|board|committee"
    rf"|presentation|appointment|session)\s+(?:starts?\s+)?(?:at|@|um|a las|às|à)\s+"
    rf"(?P<clock>{_AT_A_CLOCK})\b"
)
# Longer than the runs of two nights.
WIDE = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """The time that a question names, in UTC, and the text without the words that said it.

    `hours` is set for a length back from now, `start` (and perhaps `end`) for moments; `zone` is
    the one the question names. `beyond` tells that it goes back further than runs are kept.
    `deadline` is a moment to come, `recurring` a wish for each day or week: both are no range.
    `other` are the ends of a second range ("today's run with yesterday's").
    `spans` are the places in the text that were read as time, `said` their words.
    """

    text: str
    hours: float | None = None
    start: datetime | None = None
    end: datetime | None = None
    zone: ZoneInfo | None = None
    beyond: bool = False
    deadline: datetime | None = None
    recurring: bool = False
    other: tuple[datetime, datetime | None] | None = None
    spans: tuple[Span, ...] = ()
    said: str = ""

    @property
    def given(self) -> bool:
        """Whether a time range was asked for."""
        return self.hours is not None or self.start is not None

    def kind(self, now: datetime) -> str:
        """What sort of time it is: a question about a week is another than one about tonight."""
        if self.recurring:
            return "recurring"
        if self.deadline is not None:
            return "deadline"
        if not self.given:
            return "zone" if self.zone else "time"
        start = self.start or now - timedelta(hours=self.hours or 0)
        return "wide" if (self.end or now) - start > WIDE else "time"

    @property
    def arguments(self) -> dict[str, object]:
        """The range as arguments of a tool; nothing when none was asked for."""
        given = {"hours": self.hours, "from": self.start, "to": self.end}
        return {name: _plain(value) for name, value in given.items() if value is not None}

    def label(self, zone: ZoneInfo, now: datetime) -> str:
        """How a card names the range; nothing when none was asked for."""
        if self.hours is not None:
            return range_label(now - timedelta(hours=self.hours), None, now, zone, length=True)
        return range_label(self.start, self.end, now, zone) if self.start else ""


@lru_cache(maxsize=16)
def read_time(text: str, now: datetime, zone: ZoneInfo) -> TimeMention:
    """Find the time a text asks for; the text comes back unchanged when there is none.

    In one question it is read before the names are known and after: the same, where it names none.
    """
    named = zone_of(text)
    here = LocalNow(now=now, zone=named.zone if named and named.reads else zone)
    said = named.without(text) if named else text
    for engagement in (_ENGAGEMENT, _ENGAGED_AT):
        said = engagement.sub(_without_clock, said)
    last = corrected(said, here)
    found = find_time(last.text, here)
    spans = _merged([*found.spans, *([(named.start, named.end)] if named else [])])
    length, start, end = _range(found.chosen, here)
    length = length * last.factor if length else length
    return TimeMention(
        text=_without(text, spans),
        hours=length,
        start=start,
        end=end,
        zone=named.display if named else None,
        beyond=_is_beyond(length, start, now),
        deadline=_deadline(found.deadline, here),
        recurring=found.recurring,
        other=_ends(found.other, here),
        spans=spans,
        said=" ".join(text[begin:stop].strip() for begin, stop in spans),
    )


def _without_clock(found: re.Match[str]) -> str:
    """The words of an engagement with blanks for its clock time."""
    start, end = (place - found.start() for place in found.span("clock"))
    return found[0][:start] + " " * (end - start) + found[0][end:]


def _range(
    chosen: TimeReading | None, here: LocalNow
) -> tuple[float | None, datetime | None, datetime | None]:
    """The length, or the beginning and end in UTC; never an empty range."""
    if chosen is None or chosen.opens is None:
        return (chosen.hours if chosen else None), None, None
    start = chosen.opens.opens(here.zone)
    if chosen.closes is None:
        return None, start, None
    end = chosen.closes.closes(here.zone)
    if end <= start:
        start = chosen.opens.wall.replace(tzinfo=here.zone).astimezone(UTC)
        end = start + (chosen.closes.wall - chosen.opens.wall)
    return None, start, end if end < here.now else None


def _ends(reading: TimeReading | None, here: LocalNow) -> tuple[datetime, datetime | None] | None:
    length, start, end = _range(reading, here)
    begin = here.now - timedelta(hours=length) if length is not None else start
    return (begin, end) if begin is not None else None


def _is_beyond(length: float | None, start: datetime | None, now: datetime) -> bool:
    if length is not None:
        return length > KEPT_DAYS * 24
    return start is not None and start < now - _OLDEST


def _deadline(due: TimeReading | None, here: LocalNow) -> datetime | None:
    return first_instant(due.deadline, here.zone) if due and due.deadline else None


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """The places in order, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _without(text: str, spans: tuple[Span, ...]) -> str:
    """The text with a blank in each of the places."""
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return text


def _plain(value: float | datetime) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


__all__ = ["KEPT_DAYS", "TimeMention", "ZoneMention", "read_time"]
