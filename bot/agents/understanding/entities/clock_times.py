"""Clock times and days of a zone: what "22h", "3 pm" or "Tuesday" were, seen from now."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz.distance import OSA

from bot.agents.understanding.words import with_umlauts

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TAGE = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONATE = {"mär": "mar", "mai": "may", "okt": "oct", "dez": "dec"}
NUMBERS = {
    **dict.fromkeys(("a", "an", "one", "ein", "eine", "einem", "einer"), 1.0),
    **dict.fromkeys(("two", "couple of", "zwei"), 2.0),
    **dict.fromkeys(("three", "few", "drei"), 3.0),
    **dict.fromkeys(("four", "vier"), 4.0),
    **dict.fromkeys(("five", "fünf"), 5.0),
    **dict.fromkeys(("six", "sechs"), 6.0),
    **dict.fromkeys(("seven", "sieben"), 7.0),
    **dict.fromkeys(("ten", "zehn"), 10.0),
    **dict.fromkeys(("twelve", "zwölf"), 12.0),
    "half an": 0.5,
}
NUMBER = rf"(?:\d+(?:\.\d+)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
HOUR = r"(\d{1,2})(?:[:.](\d\d))?\s*(am|pm|h|uhr|o'?clock)?(?![\w-])"
CLOCK = rf"(?:at |um |ca\.? |about |around )?(?<!\w){HOUR}"
_SAID = (
    *("yesterday", "midnight", "tonight", "overnight", "weekend", "gestern", "vorgestern"),
    *("mitternacht", "wochenende", *DAYS, *TAGE),
)
_UMLAUTS = re.compile(r"(?i)\b(?:ueber|fuer|frueh\w*|maerz|fuenf|zwoelf)\b")
_LONG_WORD = re.compile(r"(?<![\w-])[^\W\d_]{6,}(?![\w-])")
_HOURS = {"m": 1 / 60, "h": 1.0, "s": 1.0, "d": 24.0, "t": 24.0, "w": 168.0}


def mended(text: str) -> str:
    """The text with words of time spelled right, where one letter is wrong or two are swapped."""
    said = _UMLAUTS.sub(lambda match: with_umlauts(match.group()), text)
    return _LONG_WORD.sub(lambda match: _as_time(match.group()), said)


def _as_time(word: str) -> str:
    near = (known for known in _SAID if OSA.distance(known, word.lower()) <= 1)
    return word if word.lower() in _SAID else next(near, word)


def number_of(said: str) -> float:
    """A number in digits or in a word."""
    word = said.lower().strip()
    return NUMBERS[word] if word in NUMBERS else float(word)


def hours_in(unit: str) -> float:
    """How many hours a unit has, by its first letters ("mo" is a month)."""
    short = unit.lower()
    return 720.0 if short.startswith("mo") else _HOURS[short[0]]


def clock_of(hour: str, minute: str | None, half: str | None) -> time | None:
    """A time of the day as it is written; None for one that no clock shows."""
    if int(hour) > 24 or int(minute or 0) > 59:
        return None
    half = (half or "").lower()
    number = int(hour) % 12 + 12 if half == "pm" and int(hour) <= 12 else int(hour)
    number = 0 if half == "am" and number == 12 else number
    return time(number % 24, int(minute or 0))


def last(moment: time, now: datetime) -> datetime:
    """The last time the clock showed that."""
    today = datetime.combine(now.date(), moment, now.tzinfo)
    return today if today <= now else _on(now.date() - timedelta(days=1), moment, now)


def days_back(now: datetime, days: float, hour: int = 0) -> datetime:
    """A wall-clock moment some days ago: daylight saving changes do not shift it."""
    return _on(now.date() - timedelta(days=days), time(hour), now)


def _on(day: date, moment: time, now: datetime) -> datetime:
    return datetime.combine(day, moment, now.tzinfo)


def weekday_back(word: str, now: datetime) -> int:
    """How many days ago that day of the week was; a week ago when it is today."""
    number = (DAYS if word in DAYS else TAGE).index(word)
    return (now.weekday() - number) % 7 or 7


def date_of(day: str, month: str, year: str | None, now: datetime) -> datetime | None:
    """The last such day at its midnight; None for a day no calendar has."""
    short = month.lower()[:3]
    number = int(month) if month.isdigit() else MONTHS.index(_MONATE.get(short, short)) + 1
    wanted = int(year) if year else now.year
    try:
        found = date(wanted, number, int(day))
        if not year and found > now.date():
            found = date(wanted - 1, number, int(day))
    except ValueError:
        return None
    return _on(found, time(0), now)


_ZONES = {
    "utc": "UTC",
    "gmt": "UTC",
    "zulu": "UTC",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "ET": "America/New_York",
    "CST": "America/Chicago",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "BST": "Europe/London",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "SGT": "Asia/Singapore",
    "AEST": "Australia/Sydney",
}
_SMALL = "|".join(name for name in _ZONES if name.islower())
_TALL = "|".join(name for name in _ZONES if name.isupper())
_ZONE = re.compile(
    rf"(?:\b(?:(?i:in|as|to|auf)) )?\b(?:((?i:{_SMALL}))|({_TALL})|"
    r"((?:Africa|America|Asia|Atlantic|Australia|Europe|Pacific)/\w+))\b(?: (?i:time|zeit))?"
)


def _is_shouted(text: str, match: re.Match[str]) -> bool:
    """Whether a short form is a word written in capitals as all others: "IST STOCK FERTIG"."""
    alone = match.group() == match.group(2)
    return text.isupper() and alone and not text[: match.start()].rstrip()[-1:].isdigit()


def zone_in(text: str) -> tuple[ZoneInfo | None, str]:
    """The zone a text asks times in, and the text without it."""
    match = _ZONE.search(text)
    if match is None or _is_shouted(text, match):
        return None, text
    small, tall, full = match.groups()
    try:
        zone = ZoneInfo(full or _ZONES[tall or small.lower()])
    except (KeyError, ValueError, OSError):
        return None, text
    return zone, f"{text[: match.start()]} {text[match.end() :]}"
