"""The figures of a text: times of day, dates, durations and bare numbers, each read once."""

import re
from dataclasses import dataclass

_TIME = re.compile(
    r"\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?Z?(?:\s*([ap])\.?m\b\.?)?"
    r"(?:\s*\(?(UTC|GMT|Z)\b)?|\b(1[0-2]|[1-9])\s*([ap])\.?m\b\.?",
    re.IGNORECASE,
)
_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    *("mär", "mai", "okt", "dez"),
)
_MONTH_OF = {"mär": 3, "mai": 5, "okt": 10, "dez": 12}
_NAMED = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni?|july?"
    r"|juli|aug(?:ust)?|sep(?:t|tember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
_DATE = re.compile(
    rf"\b(\d{{4}})-(\d{{2}})-(\d{{2}})(?=\D|$|T)"
    rf"|\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?({_NAMED})\b\.?"
    rf"|\b({_NAMED})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)"
    r"|\b(\d{1,2})[./](\d{1,2})[./](?:\d{2,4})?",
    re.IGNORECASE,
)
_UNITS = (
    (re.compile(r"ms|milli\w+", re.IGNORECASE), 0.001),
    (re.compile(r"s|sec\w*|sek\w*", re.IGNORECASE), 1.0),
    (re.compile(r"m|min\w*", re.IGNORECASE), 60.0),
    (re.compile(r"h|hrs?|hours?|stunden?", re.IGNORECASE), 3600.0),
    (re.compile(r"d|days?|tage?n?", re.IGNORECASE), 86400.0),
    (re.compile(r"weeks?|wochen?", re.IGNORECASE), 604800.0),
)
_UNIT = (
    r"ms|milliseconds?|s|secs?|seconds?|sek\w*|m|mins?|minutes?|minuten?|h|hrs?|hours?|stunden?"
    r"|d|days?|tage?n?|weeks?|wochen?"
)
_NUMBER = r"\d+(?:[.,]\d+)*"
_DURATION = re.compile(
    rf"(?<![\w.,:])({_NUMBER})[\s-]*({_UNIT})\b(?:,?\s*(?:and\s+|und\s+)?({_NUMBER})\s*({_UNIT})\b)?",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\w]){_NUMBER}(?:\s?%)?(?:st|nd|rd|th)?(?!\w)|\b\d+(?:\.\d+)?[kKM]\b")
_WORDS = (
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ],
    [
        "null",
        "eins",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
    ],
)
_OTHERS = {"twice": 2, "thrice": 3, "dozen": 12, "zweimal": 2, "dreimal": 3}
_WORD_NUMBERS = {
    **_OTHERS,
    **{word: n for words in _WORDS for n, word in enumerate(words) if n > 1},
}
_SPELLED = re.compile(rf"\b(?:{'|'.join(_WORD_NUMBERS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A span of time as said, and the smallest unit it was said in, both in seconds."""

    seconds: float
    unit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Times as (minute of the day, in UTC?), dates as (month, day), spans, and other numbers."""

    times: frozenset[tuple[int, bool]] = frozenset()
    dates: frozenset[tuple[int, int]] = frozenset()
    durations: tuple[Duration, ...] = ()
    numbers: frozenset[float] = frozenset()

    @property
    def are_there(self) -> bool:
        """Whether there is any."""
        return bool(self.times or self.dates or self.durations or self.numbers)


def figures_of(text: str) -> Figures:
    """Read each figure as what it is: a date is no number, nor is a time or a span."""
    dates, times = set[tuple[int, int]](), set[tuple[int, bool]]()
    durations = list[Duration]()

    def take_date(found: re.Match[str]) -> str:
        dates.add(_date(found))
        return " "

    def take_time(found: re.Match[str]) -> str:
        times.add(_time(found))
        return " "

    def take_duration(found: re.Match[str]) -> str:
        durations.append(_duration(found))
        return " "

    rest = _DATE.sub(take_date, text)
    # Behind a date stands its hour as 02:40 or T02:40Z.
    rest = _TIME.sub(take_time, rest.replace("T", " ") if dates else rest)
    rest = _DURATION.sub(take_duration, rest)
    numbers = {number for found in _BARE.findall(rest) for number in readings(found)[:1]}
    numbers |= {float(_WORD_NUMBERS[one.lower()]) for one in _SPELLED.findall(rest)}
    return Figures(
        times=frozenset(times),
        dates=frozenset(dates),
        durations=tuple(durations),
        numbers=frozenset(numbers),
    )


def readings(written: str) -> tuple[float, ...]:
    """What a number may mean: 41,200 is a thousand times 41.2 only where both are said so."""
    bare = re.sub(r"st|nd|rd|th|\s", "", written)
    factor = {"k": 1e3, "K": 1e3, "M": 1e6, "%": 1.0}.get(bare[-1:], 0.0)
    bare = bare[:-1] if factor else bare
    found = list[float]()
    for one in (bare.replace(",", ""), bare.replace(".", "").replace(",", ".")):
        try:
            found.append(float(one) * (factor or 1.0))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def _date(found: re.Match[str]) -> tuple[int, int]:
    if found[1]:
        return int(found[2]), int(found[3])
    if found[4]:
        return _month(found[5]), int(found[4])
    if found[6]:
        return _month(found[6]), int(found[7])
    return int(found[9]), int(found[8])


def _month(word: str) -> int:
    low = word.lower()[:3]
    return _MONTH_OF.get(low) or _MONTHS.index(low) + 1


def _time(found: re.Match[str]) -> tuple[int, bool]:
    hour, minute = int(found[1] or found[5]), int(found[2] or 0)
    half = (found[3] or found[6] or "").lower()
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    is_utc = bool(found[4]) or found[0].rstrip().endswith("Z")
    return hour * 60 + minute, is_utc


def _duration(found: re.Match[str]) -> Duration:
    unit = _seconds_of(found[2])
    seconds = _amount(found[1]) * unit
    if found[3]:
        unit = _seconds_of(found[4])
        seconds += _amount(found[3]) * unit
    return Duration(seconds=seconds, unit=unit * (0.1 if "." in found[1] else 1.0))


def _amount(written: str) -> float:
    values = readings(written)
    return values[0] if values else 0.0


def _seconds_of(unit: str) -> float:
    return next((value for pattern, value in _UNITS if pattern.fullmatch(unit)), 1.0)
