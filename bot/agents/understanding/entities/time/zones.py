"""The zone a text asks times in: abbreviations, IANA names, cities and offsets."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from bot.agents.understanding.entities.time.lexicon import is_moment

_ANYWHERE_SMALL = {
    "utc": "UTC", "gmt": "UTC", "zulu": "UTC", "cet": "Europe/Berlin", "cest": "Europe/Berlin",
    "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "universal time": "UTC",
    "coordinated universal time": "UTC", "greenwich mean time": "UTC", "zulu time": "UTC",
}  # fmt: skip
_ANYWHERE_TALL = {
    "EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York",
    "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver",
    "MDT": "America/Denver", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles", "BST": "Europe/London", "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "SGT": "Asia/Singapore", "HKT": "Asia/Hong_Kong",
    "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "ACST": "Australia/Adelaide",
    "ACDT": "Australia/Adelaide", "AWST": "Australia/Perth", "NZST": "Pacific/Auckland",
    "NZDT": "Pacific/Auckland", "EET": "Europe/Helsinki", "EEST": "Europe/Helsinki",
    "SAST": "Africa/Johannesburg", "BRT": "America/Sao_Paulo",
}  # fmt: skip
_CITIES = {
    "berlin": "Europe/Berlin", "frankfurt": "Europe/Berlin", "munich": "Europe/Berlin",
    "münchen": "Europe/Berlin", "hamburg": "Europe/Berlin", "vienna": "Europe/Vienna",
    "wien": "Europe/Vienna", "zurich": "Europe/Zurich", "zürich": "Europe/Zurich",
    "paris": "Europe/Paris", "madrid": "Europe/Madrid", "rome": "Europe/Rome",
    "amsterdam": "Europe/Amsterdam", "brussels": "Europe/Brussels", "lisbon": "Europe/Lisbon",
    "london": "Europe/London", "dublin": "Europe/Dublin", "stockholm": "Europe/Stockholm",
    "oslo": "Europe/Oslo", "copenhagen": "Europe/Copenhagen", "helsinki": "Europe/Helsinki",
    "warsaw": "Europe/Warsaw", "prague": "Europe/Prague", "athens": "Europe/Athens",
    "istanbul": "Europe/Istanbul", "moscow": "Europe/Moscow", "dubai": "Asia/Dubai",
    "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
    "bengaluru": "Asia/Kolkata", "kolkata": "Asia/Kolkata", "pune": "Asia/Kolkata",
    "hyderabad": "Asia/Kolkata", "chennai": "Asia/Kolkata", "india": "Asia/Kolkata",
    "indian": "Asia/Kolkata", "singapore": "Asia/Singapore", "hong kong": "Asia/Hong_Kong",
    "shanghai": "Asia/Shanghai", "tokyo": "Asia/Tokyo", "seoul": "Asia/Seoul",
    "sydney": "Australia/Sydney", "melbourne": "Australia/Melbourne",
    "adelaide": "Australia/Adelaide", "perth": "Australia/Perth", "auckland": "Pacific/Auckland",
    "new york": "America/New_York", "nyc": "America/New_York", "boston": "America/New_York",
    "toronto": "America/Toronto", "eastern": "America/New_York", "chicago": "America/Chicago",
    "central": "America/Chicago", "dallas": "America/Chicago", "denver": "America/Denver",
    "mountain": "America/Denver", "seattle": "America/Los_Angeles",
    "los angeles": "America/Los_Angeles", "san francisco": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "são paulo": "America/Sao_Paulo",
    "sao paulo": "America/Sao_Paulo", "mexico city": "America/Mexico_City",
    "bogota": "America/Bogota", "buenos aires": "America/Argentina/Buenos_Aires",
    "johannesburg": "Africa/Johannesburg", "cairo": "Africa/Cairo", "lagos": "Africa/Lagos",
    "nairobi": "Africa/Nairobi",
}  # fmt: skip
_CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Pacific")
# The tz database names a zone by its best-known city: "America/Santiago".
_NO_CITIES = frozenset({"west", "north", "south", "easter", "act", "nsw", "troll", "center"})
_OF_ZONES = {
    name.rpartition("/")[2].replace("_", " ").lower(): name
    for name in sorted(available_timezones())
    if name.startswith(_CONTINENTS) and name.count("/") == 1
}
_PLACES = {city: name for city, name in _OF_ZONES.items() if city not in _NO_CITIES} | _CITIES
_FIRST_WORDS = frozenset(name.split()[0] for name in _PLACES)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_IN = r"(?:\b(?:(?i:in|as|to|auf)) )?"
_TIME = r"(?: (?i:local )?(?i:time|zeit))"
_NAMED = re.compile(
    rf"{_IN}\b(?:((?i:{'|'.join(_ANYWHERE_SMALL)}))|({'|'.join(_ANYWHERE_TALL)})|"
    rf"((?:Africa|America|Asia|Atlantic|Australia|Europe|Pacific)/\w+(?:/\w+)?))\b{_TIME}?"
)
_AFTER_A_CLOCK = re.compile(
    rf"(?i)(?<=[ap]m) ({'|'.join(_ANYWHERE_TALL)})\b{_TIME}?|(?<=:\d\d) (est|edt|pst|pdt|cst)\b"
)
_CITY = re.compile(
    rf"(?i)\b(in |at |for |of )?({'|'.join(sorted(_PLACES, key=len, reverse=True))})\b"
    r"((?:'s)? (?:(?:local|wall) )?(?:time|zeit|clocks?|hours?)\b)?"
    r"( (?:office|team|people|side|colleagues|folks)\b)?"
)
_ASKS_THE_TIME = re.compile(
    r"(?i)\b(?:when|(?:what|which|their) (?:time|hour)|o'?clock|clock|uhrzeit|wie viel uhr"
    r"|qu[eé] hora|quelle heure|che ora)\b"
)
_OFFSET = re.compile(
    r"(?:(?<=\d)|(?<=\d ))(?:(Z)(?![\w])|(?:UTC|GMT)?([+-])(\d\d):?(\d\d)(?![\w:]))"
    r"|\b(?:UTC|GMT)([+-])(\d{1,2})(?::(\d\d))?\b"
)
_CLOCK_IN = re.compile(r"(?i)\d(?::\d\d)?\s*(?:[ap]\.?m\.?|h|uhr|o'?clock)?\W*$")
_CLOCK_BEFORE = re.compile(r":\d\d ?$")
_STAMP_BEFORE = re.compile(r"\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?$|\dT\d\d:\d\d$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMention:
    """A zone that a text names, and where; `display` is the one that answers are given in.

    `reads` tells whether the times of the text are told in it as well: "last night" is the room's
    own where only the answer is wanted in another zone.
    """

    zone: tzinfo
    display: ZoneInfo | None
    start: int
    end: int
    reads: bool = True

    def without(self, text: str) -> str:
        """The text with blanks in the place of the zone."""
        return f"{text[: self.start]}{' ' * (self.end - self.start)}{text[self.end :]}"


def zone_of(text: str) -> ZoneMention | None:
    """The zone that a text names, if it does."""
    found = _offset(text) or _abbreviated(text) or _city(text)
    if found is None or _CLOCK_IN.search(text[: found.start]) or not _ASKS_THE_TIME.search(text):
        return found
    return replace(found, reads=False)


def _offset(text: str) -> ZoneMention | None:
    for match in _OFFSET.finditer(text):
        utc, sign, hours, minutes, far, more, rest = match.groups()
        if sign and not _is_offset(sign, text[: match.start()]):
            continue
        length = timedelta(hours=int(hours or more or 0), minutes=int(minutes or rest or 0))
        if length >= timedelta(hours=15):
            continue
        zone = UTC if utc else timezone(-length if "-" in {sign, far} else length)
        end = match.end()
        return ZoneMention(zone=zone, display=None, start=match.start(), end=end)
    return None


def _is_offset(sign: str, before: str) -> bool:
    """Whether a sign parts a time from its offset; "02:00-04:00" is a range."""
    return bool((_CLOCK_BEFORE if sign == "+" else _STAMP_BEFORE).search(before))


def _abbreviated(text: str) -> ZoneMention | None:
    found = _AFTER_A_CLOCK.search(text)
    if found:
        key = _ANYWHERE_TALL[(found[1] or found[2]).upper()]
        return _mention(key, found.start(), found.end())
    match = _NAMED.search(text)
    if match is None or _is_shouted(text, match):
        return None
    small, tall, full = match.groups()
    key = full or (_ANYWHERE_TALL[tall] if tall else _ANYWHERE_SMALL[small.lower()])
    return _mention(key, match.start(), match.end())


def _city(text: str) -> ZoneMention | None:
    """A city with "time" behind it, or "in" before it and a time, or the question for one."""
    if _FIRST_WORDS.isdisjoint(_WORD.findall(text.lower())):
        return None  # trying hundreds of cities at each letter costs more than all else
    asks = _ASKS_THE_TIME.search(text) is not None
    for match in _CITY.finditer(text):
        prefix, city, time, people = match.groups()
        before = text[: match.start()]
        is_in = prefix is not None and prefix.lower() in {"in ", "at "}
        if time or (is_in and _follows_time(before)) or ((prefix or people) and asks):
            return _mention(_PLACES[city.lower()], match.start(), match.end())
    return None


def _follows_time(before: str) -> bool:
    words = before.lower().split()
    return bool(words) and (is_moment(words[-1]) or words[-1][0].isdigit())


def _mention(key: str, start: int, end: int) -> ZoneMention | None:
    try:
        zone = ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        return None
    return ZoneMention(zone=zone, display=zone, start=start, end=end)


def _is_shouted(text: str, match: re.Match[str]) -> bool:
    """Whether a short form is a word written in capitals as all others: "IST STOCK FERTIG"."""
    alone = match.group() == match.group(2)
    return text.isupper() and alone and not text[: match.start()].rstrip()[-1:].isdigit()
