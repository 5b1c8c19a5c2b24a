"""Which time range a question means: "last 24 hours", "since midnight", "between 2 and 3".

Clock times and days are those of the reader's zone; English and German. What is read as time is
taken out of the text, so that "last 2 days" is never looked for among pipeline names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_UNITS = {"m": 1 / 60, "h": 1.0, "s": 1.0, "d": 24.0, "t": 24.0, "w": 168.0}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TAGE = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_CLOCK = r"(?:at |um )?(?<!\w)(\d{1,2})(?:[:.](\d\d))?\s*(am|pm|h|uhr|o'?clock)?(?![\w-])"
_LENGTH = re.compile(
    r"(?i)\b(?:(?:in |over |for |within )?(?:the |den )?(?:last|past|previous|letzten?))\s*"
    r"(\d+(?:\.\d+)?)?\s*(minutes?|mins?|minuten|hours?|hrs?|h|stunden?|days?|d|tagen?|weeks?|w"
    r"|wochen?)\b"
)
_AGO = re.compile(
    r"(?i)\b(?:since |seit )?(\d+)\s*"
    r"(minutes?|mins?|hours?|hrs?|h|stunden|days?|d|tagen|weeks?) ago\b"
)
_BETWEEN = re.compile(
    rf"(?i)\b(?:between|zwischen|from|von)\s+{_CLOCK}\s*(?:and|und|to|-|–|bis)\s*{_CLOCK}"
)
_SINCE_CLOCK = re.compile(rf"(?i)\b(?:since|after|seit|ab)\b[^.?!\d]*?\(?{_CLOCK}\)?")
_SINCE_DAY = re.compile(
    r"(?i)\b(?:since |seit )?(midnight|mitternacht|this morning|heute fr[uü]h|today|heute(?! nacht)"
    r"|yesterday|gestern|yday|last night|tonight|overnight|heute nacht|letzte nacht|over night"
    r"|over the weekend|the weekend|wochenende|this week|diese woche"
    rf"|(?:last |on |am )?(?:{'|'.join(_DAYS + _TAGE)}))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The time range of a question, UTC, and the text without the words that said it.

    `hours` is set for a length back from now, `start` (and perhaps `end`) for moments.
    """

    text: str
    hours: float | None = None
    start: datetime | None = None
    end: datetime | None = None

    @property
    def arguments(self) -> dict[str, object]:
        """The range as arguments of a tool; nothing when none was asked for."""
        given = {"hours": self.hours, "from": self.start, "to": self.end}
        return {name: _plain(value) for name, value in given.items() if value is not None}


def read_time(text: str, now: datetime, zone: ZoneInfo) -> Asked:
    """Find the time range a text asks for; the text comes back unchanged when there is none."""
    readers: tuple[
        tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Asked | None]], ...
    ] = (
        (_LENGTH, _length),
        (_AGO, _ago),
        (_BETWEEN, _between),
        (_SINCE_CLOCK, _since_clock),
        (_SINCE_DAY, _since_day),
    )
    local = now.astimezone(zone)
    for pattern, reader in readers:
        match = pattern.search(text)
        found = reader(match, local) if match else None
        if match and found:
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return Asked(text=rest, hours=found.hours, start=_utc(found.start), end=_utc(found.end))
    return Asked(text=text)


def _length(match: re.Match[str], _now: datetime) -> Asked | None:
    number, unit = match.groups()
    if number is None and not unit.lower().startswith(("h", "st", "d", "t", "w")):
        return None
    return Asked(text="", hours=round(float(number or 1) * _UNITS[unit[0].lower()], 2))


def _ago(match: re.Match[str], now: datetime) -> Asked:
    hours = float(match.group(1)) * _UNITS[match.group(2)[0].lower()]
    return Asked(text="", start=now - timedelta(hours=hours))


def _between(match: re.Match[str], now: datetime) -> Asked | None:
    start, end = _clock(*match.groups()[:3]), _clock(*match.groups()[3:])
    if start is None or end is None:
        return None
    until = _last(end, now)
    since = datetime.combine(until.date(), start, until.tzinfo)
    return Asked(text="", start=since if since < until else since - timedelta(days=1), end=until)


def _since_clock(match: re.Match[str], now: datetime) -> Asked | None:
    moment = _clock(*match.groups())
    return Asked(text="", start=_last(moment, now)) if moment else None


def _since_day(match: re.Match[str], now: datetime) -> Asked:
    word = match.group(1).lower()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if word in {"midnight", "mitternacht", "today", "heute", "this morning"} or "heute fr" in word:
        return Asked(text="", start=midnight)
    if word in {"yesterday", "gestern", "yday"}:
        since = match.group(0).lower().startswith(("since", "seit"))
        end = None if since else midnight
        return Asked(text="", start=_days_back(midnight, 1), end=end)
    if "night" in word or "nacht" in word:
        evening = midnight.replace(hour=18) if now.hour >= 20 else _days_back(midnight, 1, hour=18)
        return Asked(text="", start=evening)
    if "week" in word or "woche" in word:
        return Asked(text="", start=_days_back(midnight, _week_start(word, now)))
    return _weekday(match, midnight)


def _weekday(match: re.Match[str], midnight: datetime) -> Asked:
    word = match.group(1).lower().split()[-1]
    number = (_DAYS if word in _DAYS else _TAGE).index(word)
    back = (midnight.weekday() - number) % 7 or 7
    start = _days_back(midnight, back)
    since = match.group(0).lower().startswith(("since", "seit"))
    return Asked(text="", start=start, end=None if since else _days_back(midnight, back - 1))


def _week_start(word: str, now: datetime) -> int:
    """Days back to Monday for a week, to Saturday for a weekend."""
    return (now.weekday() + 2) % 7 if "end" in word else now.weekday()


def _days_back(midnight: datetime, days: int, hour: int = 0) -> datetime:
    """A wall-clock moment some days ago: daylight saving changes do not shift it."""
    date = midnight.date() - timedelta(days=days)
    return datetime.combine(date, time(hour), midnight.tzinfo)


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    number = int(hour) % 12 + 12 if half == "pm" and int(hour) <= 12 else int(hour)
    number = 0 if half == "am" and number == 12 else number
    return time(number % 24, int(minute or 0)) if number <= 24 and int(minute or 0) < 60 else None


def _last(moment: time, now: datetime) -> datetime:
    """The last time the clock showed that."""
    today = datetime.combine(now.date(), moment, now.tzinfo)
    return today if today <= now else today - timedelta(days=1)


def _utc(when: datetime | None) -> datetime | None:
    return when.astimezone(UTC) if when else None


def _plain(value: float | datetime) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
