"""Which time range a question means: "last 24 hours", "since midnight", "between 2 and 3"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.agents.understanding.entities.clock_times import (
    CLOCK,
    DAYS,
    HOUR,
    NUMBER,
    TAGE,
    clock_of,
    date_of,
    days_back,
    hours_in,
    last,
    mended,
    number_of,
    weekday_back,
    zone_in,
)

UNIT = (
    r"(minutes?|mins?|minuten|hours?|hrs?|h|stunden?|std|days?|d|tage?n?|weeks?|wks?|w|wochen?"
    r"|months?|monate?n?)"
)
WEEKDAYS = "|".join(DAYS + TAGE)
FEW = rf"({NUMBER})?"
LENGTH = re.compile(
    r"(?i)\b(?:(?:in |over |for |within |during )?(?:the |den |der |dem )?"
    r"(?:last|past|previous|recent|letzte[nrm]?|vergangenen))\s*"
    rf"{FEW}\s*{UNIT}\b"
)
BARE_LENGTH = re.compile(
    rf"(?i)(?<!for )(?<!for about )(?<!took )(?<!takes )\b(?:in |over |within )?(\d+)\s?{UNIT}"
    r"(?=\s*(?:[?.!,)]|$))"
)
AGO = re.compile(rf"(?i)\b(?:since |seit |vor |about )?({NUMBER})\s*{UNIT} ago\b")
VOR = re.compile(rf"(?i)\bvor ({NUMBER})\s*{UNIT}\b")
DAY_BEFORE = r"(?:(yesterday|gestern|last night|heute nacht|today|heute)\s+)?"
BETWEEN = re.compile(
    rf"(?i)\b{DAY_BEFORE}(?:between|zwischen|from|von)\s+{CLOCK}\s*(?:and|und|to|till|until|-|–|bis)"
    rf"\s*{CLOCK}(?:\s+(yesterday|gestern|last night|this morning)(?![\w-]))?"
)
SINCE_CLOCK = re.compile(
    rf"(?i)\b(?:since|seit|ab)\b[^.?!\d]{{0,40}}?\(?{CLOCK}\)?"
    rf"|\bfrom\s+{CLOCK}\s+on(?:wards?)?\b"
    rf"|\bafter\s+{CLOCK}(?!\s+(?:retries|runs|attempts|tries|failures|errors|steps|rows|minutes|hours|times"
    r"|days)\b)"
)
AT_CLOCK = re.compile(
    rf"(?i)\b(?:at|around|um|gegen)\s+(?:about |around )?{HOUR}"
    r"(?:\s+(?:this morning|today|last night|tonight))?"
)
BEFORE_CLOCK = re.compile(rf"(?i)\b(?:before|vor)\s+{CLOCK}(?=\s*(?:[?.!,)]|$|today|this morning))")
MONTHS = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?"
    r"|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
DATE = re.compile(
    r"(?i)\b(since |seit(?: dem)? |after )?(?:on |am |the )*(?:"
    r"(\d{4})-(\d\d)-(\d\d)"
    rf"|(\d{{1,2}})(?:st|nd|rd|th|\.)? ?(?:of )?({MONTHS})\b(?: (\d{{4}}))?"
    rf"|({MONTHS}) (\d{{1,2}})(?:st|nd|rd|th)?\b)"
)
SINCE_DAY = re.compile(
    r"(?i)\b(?P<since>since |seit )?(?:all day |the whole day |den ganzen tag )?"
    r"(?P<day>midnight|mitternacht|noon|mittag|this afternoon|heute nachmittag|this morning"
    r"|heute (?:fr[uü]h|morgen)|today|heute(?! (?:nacht|abend))|the day before yesterday|vorgestern"
    r"|yesterday|gestern|yday|yesterdays|last night|last nite|tonight|overnight|heute nacht"
    r"|letzte nacht|over night|this evening|(?:during|in) the night|nachts|über nacht"
    r"|in der nacht|over the weekend|(?:the|last|this) weekend"
    rf"|(?:am )?wochenende|this week|diese woche|this month|diesen monat"
    rf"|(?:last |on |am |letzten )?(?:{WEEKDAYS}))s?"
    r"(?: (?P<part>night|evening|afternoon|morning|abend|nachmittag|nacht|fr[uü]h))?\b"
)

KEPT_DAYS = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """The time range of a question, UTC, and the text without the words that said it.

    `hours` is set for a length back from now, `start` (and perhaps `end`) for moments; `zone` is
    the one the question names. `beyond` tells that it goes back further than runs are kept.
    """

    text: str
    hours: float | None = None
    start: datetime | None = None
    end: datetime | None = None
    zone: ZoneInfo | None = None
    beyond: bool = False

    @property
    def given(self) -> bool:
        """Whether a time range was asked for."""
        return self.hours is not None or self.start is not None

    @property
    def arguments(self) -> dict[str, object]:
        """The range as arguments of a tool; nothing when none was asked for."""
        given = {"hours": self.hours, "from": self.start, "to": self.end}
        return {name: _plain(value) for name, value in given.items() if value is not None}


_FROM_MIDNIGHT = frozenset(
    {"midnight", "mitternacht", "today", "heute", "this morning", "heute früh", "heute morgen"}
)
Span = tuple[datetime | None, datetime | None]
Reader = Callable[[re.Match[str], datetime], float | Span | None]


def read_time(text: str, now: datetime, zone: ZoneInfo) -> TimeMention:
    """Find the time range a text asks for; the text comes back unchanged when there is none."""
    asked_in, plain = zone_in(mended(text))
    local = now.astimezone(asked_in or zone)
    for pattern, reader in _READERS:
        match = pattern.search(plain)
        found = reader(match, local) if match else None
        if match and found:
            rest = f"{plain[: match.start()]} {plain[match.end() :]}"
            return _asked(rest, found, local, asked_in)
    return TimeMention(text=plain, zone=asked_in)


def _asked(rest: str, found: float | Span, now: datetime, zone: ZoneInfo | None) -> TimeMention:
    oldest = now - timedelta(days=KEPT_DAYS, minutes=1)
    if not isinstance(found, tuple):
        return TimeMention(text=rest, hours=found, zone=zone, beyond=found > KEPT_DAYS * 24)
    start, end = found
    beyond = start is not None and start < oldest
    return TimeMention(text=rest, start=_utc(start), end=_utc(end), zone=zone, beyond=beyond)


def _length(match: re.Match[str], _now: datetime) -> float | None:
    number, unit = match.groups()
    if number is None and unit.lower().startswith("mi"):
        return None
    return round(number_of(number or "1") * hours_in(unit), 2)


def _ago(match: re.Match[str], now: datetime) -> Span:
    hours = number_of(match.group(1)) * hours_in(match.group(2))
    return now - timedelta(hours=hours), None


def _between(match: re.Match[str], now: datetime) -> Span | None:
    before, *clocks, after = match.groups()
    start, end = clock_of(*clocks[:3]), clock_of(*clocks[3:])
    if start is None or end is None:
        return None
    day = (before or after or "").lower()
    if day in {"yesterday", "gestern"}:
        until = datetime.combine(days_back(now, 1).date(), end, now.tzinfo)
    else:
        until = last(end, now)
    since = datetime.combine(until.date(), start, until.tzinfo)
    return since if since < until else last(start, until - timedelta(minutes=1)), until


def _since_clock(match: re.Match[str], now: datetime) -> Span | None:
    said = match.groups()
    hour, minute, half = next(said[i : i + 3] for i in (0, 3, 6) if said[i])
    moment = clock_of(hour, minute, half)
    return (last(moment, now), None) if moment else None


def _at_clock(match: re.Match[str], now: datetime) -> Span | None:
    """What was at that time: half an hour around it."""
    moment = clock_of(*match.groups())
    if moment is None:
        return None
    middle = last(moment, now)
    return middle - timedelta(minutes=30), min(now, middle + timedelta(minutes=30))


def _before_clock(match: re.Match[str], now: datetime) -> Span | None:
    moment = clock_of(*match.groups())
    if moment is None:
        return None
    end = last(moment, now)
    return days_back(end, 0), end


def _date(match: re.Match[str], now: datetime) -> Span | None:
    since, year, month, day, d2, m2, y2, m3, d3 = match.groups()
    start = date_of(day or d2 or d3, month or m2 or m3, year or y2, now)
    if start is None or start > now:
        return None
    return start, None if since else days_back(start, -1)


def _since_day(match: re.Match[str], now: datetime) -> Span:
    word, open_end = match["day"].lower(), match["since"] is not None
    if match["part"] and not word.startswith(("heute", "today")):
        return _part_of_day(match, now)
    if word in {"noon", "mittag", "this afternoon", "heute nachmittag"}:
        return last(time(12), now), None
    if word in _FROM_MIDNIGHT:
        return days_back(now, 0), None
    if word in {"the day before yesterday", "vorgestern"}:
        return days_back(now, 2), None if open_end else days_back(now, 1)
    if word in {"yesterday", "yesterdays", "gestern", "yday"}:
        return days_back(now, 1), None if open_end else days_back(now, 0)
    return _longer_ago(word, now, open_end)


def _longer_ago(word: str, now: datetime, open_end: bool) -> Span:
    if any(night in word for night in ("nite", "night", "nacht", "evening")):
        return days_back(now, 0 if now.hour >= 20 else 1, hour=18), None
    if "month" in word or "monat" in word:
        return days_back(now, now.day - 1), None
    if "week" in word or "woche" in word:
        return days_back(now, _week_start(word, now)), None
    back = weekday_back(word.split()[-1], now)
    return days_back(now, back), None if open_end else days_back(now, back - 1)


def _part_of_day(match: re.Match[str], now: datetime) -> Span:
    """An evening or night from 18 to 6, a morning from midnight to noon."""
    word, part = match["day"].lower().split()[-1], (match["part"] or "").lower()
    back = weekday_back(word, now) if word in DAYS + TAGE else 1
    if part in {"morning", "früh", "fruh"}:
        return days_back(now, back), days_back(now, back, hour=12)
    if part in {"afternoon", "nachmittag"}:
        return days_back(now, back, hour=12), days_back(now, back, hour=18)
    evening = part in {"evening", "abend"}
    until = None if match["since"] else days_back(now, back - 1, hour=0 if evening else 6)
    return days_back(now, back, hour=18), until if until is None or until <= now else None


def _week_start(word: str, now: datetime) -> int:
    """Days back to Monday for a week, to Saturday for a weekend."""
    return (now.weekday() + 2) % 7 if "end" in word else now.weekday()


_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (LENGTH, _length),
    (AGO, _ago),
    (VOR, _ago),
    (BETWEEN, _between),
    (DATE, _date),
    (SINCE_CLOCK, _since_clock),
    (BEFORE_CLOCK, _before_clock),
    (SINCE_DAY, _since_day),
    (AT_CLOCK, _at_clock),
    (BARE_LENGTH, _length),
)


def _utc(when: datetime | None) -> datetime | None:
    if when is None:
        return None
    try:
        return when.astimezone(UTC)
    except OverflowError:
        # Year 1 or 9999, which somebody typed: as far away as any run can be.
        return datetime(1970 if when.year < 1970 else 2200, 1, 1, tzinfo=UTC)


def _plain(value: float | datetime) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
