"""Lengths and times in a wish: how long to wait, which hours are quiet, by when it is due."""

import re
from datetime import datetime, timedelta

from bot.agents.understanding.entities.limits import LENGTH, length_of

_AT_LEAST = r"(?:more than|longer than|at least|over|for|after|within|länger als)"
_WAITS = (
    r"(?:(?:only |and |but )*(?:if|when|once|after|unless|falls|wenn)\s+"
    r"(?:\w+(?:['’]\w*)?\s+){0,3}?"
    r"(?:stays?|remains?|is still|it['’]?s still|still|has been|keeps?|bleibt|recovers?)"
    rf"\s*(?:\w+\s+){{0,2}}?(?:{_AT_LEAST}\s+)*{LENGTH}(?:\s+(?:later|lang))?"
    rf"|(?:wait(?:ing)?|after waiting|with a (?:wait|delay) of)\s+(?:for\s+)?{LENGTH}"
    rf"(?:\s+(?:first|before\s+\w+(?:\s+\w+)?))?)"
)
_WAIT = re.compile(rf"(?i),?\s*\b{_WAITS}")
_NO_CLOCK = r"(?<!à )(?<!às )(?<!las )(?<!alle )(?<!um )"
_LENGTH = re.compile(
    rf"(?i)(?:\b(?:for|than|over|above|beyond|past|within|in|after|passes|crosses|exceeds|exceeding"
    rf"|als|über|de|di|dan|plus|mais|más)\s+)?(?<![\w.:]){_NO_CLOCK}{LENGTH}(?!\w)"
)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|uhr|h|o['’]?clock|baje|uur)?"
_WORDS = {
    word: number
    for number, word in enumerate(
        (
            *("one", "two", "three", "four", "five", "six"),
            *("seven", "eight", "nine", "ten", "eleven", "twelve"),
        ),
        1,
    )
}
_CLOCK_WORD = rf"(?:{'|'.join(_WORDS)})"
_BY = (
    r"(?:by|before|at|until|till|til|no later than|later than|after|past|bis|um|vor|à|avant|a las"
    r"|antes de las|às|até as|alle|entro le|entro|voor|om|tegen|tak)"
)
_DUE = re.compile(
    rf"(?i)\b{_BY}\s+(?:{_CLOCK}|({_CLOCK_WORD})|(noon|midday|midnight))(?![\w:]|\s*(?:min|hour"
    rf"|%|row))"
)
_INDIAN = re.compile(r"(?i)\b(\d{1,2})(?::(\d{2}))?\s*baje\b")
_BETWEEN = (
    rf"(?:between|from|zwischen|von)?\s*{_CLOCK}\s*(?:-|–|to|and|till?|until|bis|und)\s*{_CLOCK}"
)
_NOT_IN = re.compile(
    rf"(?i),?\s*\b(?:but\s+)?(?:not|never|except|excluding|no\s+(?:alerts?|messages?|pings?)|quiet"
    rf"(?:\s+hours)?|silent|außer|nicht)\s+(?:for\s+|in\s+)?{_BETWEEN}"
)
_ONLY_IN = re.compile(
    rf"(?i),?\s*\b(?:but\s+)?(?:only|just|nur)\s+{_BETWEEN}"
    rf"|\s*\b(?:between|from)\s+{_BETWEEN}\s+only\b"
)
_NIGHT = re.compile(
    r"(?i),?\s*\b(?:but\s+)?(?:not|never|except|nicht)\s+(?:at|during|in)?\s*(?:the\s+|der\s+)?"
    r"(?:nights?(?:\s*time)?|nachts?)\b"
)
_WORKING = re.compile(
    r"(?i),?\s*\b(?:but\s+)?(?:only|just|nur)\s+(?:during|in|within|at|zu)?\s*(?:the\s+|den\s+)?"
    r"(?:business|office|working|work|büro)\s*(?:hours|zeiten)\b"
)
NIGHT = "22:00-06:00"
OUTSIDE_WORK = "18:00-08:00"


def wait_in(text: str) -> tuple[timedelta | None, str]:
    """How long something has to stand before it is told, and the text without those words."""
    found = _WAIT.search(text)
    if found is None:
        return None, text
    groups = [one for one in found.groups() if one is not None]
    return length_of(groups[0], groups[1]), _without(text, found)


def quiet_hours_in(text: str) -> tuple[str, str]:
    """The hours in which nothing is to be told ("22:00-06:00"), and the text without them."""
    for form, hours in ((_NIGHT, NIGHT), (_WORKING, OUTSIDE_WORK)):
        if found := form.search(text):
            return hours, _without(text, found)
    for form, is_quiet in ((_NOT_IN, True), (_ONLY_IN, False)):
        found = form.search(text)
        if found is None:
            continue
        groups = found.groups()
        said = groups[:6] if groups[0] else groups[6:]
        first, last = (_clock(*said[at : at + 3]) for at in (0, 3))
        if first and last and first != last:
            hours = f"{first}-{last}" if is_quiet else f"{last}-{first}"
            return hours, _without(text, found)
    return "", text


def lengths_in(text: str) -> tuple[tuple[timedelta, ...], str]:
    """Every length of time that is said, and the text without them."""
    found = [length_of(one.group(1), one.group(2)) for one in _LENGTH.finditer(text)]
    return tuple(one for one in found if one), _LENGTH.sub(" ", text)


def deadline_in(text: str, now: datetime) -> tuple[str, str]:
    """The time of day by which something is due ("06:00"), and the text without it.

    An hour that could be of the morning or of the afternoon is the next of both to come.
    """
    found = _DUE.search(text) or _INDIAN.search(text)
    if found is None:
        return "", text
    groups = [*found.groups(), *([None] * 5)]
    hour, minute, half, word, name = groups[:5]
    if name:
        return ("00:00" if name.lower() == "midnight" else "12:00"), _without(text, found)
    if word:
        hour, minute, half = str(_WORDS[word.lower()]), None, None
    clock = _clock(hour, minute, half)
    if clock and not half and not minute and 1 <= int(hour or 0) <= 11:
        clock = _next(int(hour or 0), now)
    return clock, _without(text, found) if clock else text


def _next(hour: int, now: datetime) -> str:
    """That hour, or twelve later: whichever comes next."""
    morning, afternoon = hour, hour + 12
    is_later = now.hour >= morning and now.hour < afternoon
    return f"{afternoon if is_later else morning:02}:00"


def _clock(hour: str | None, minute: str | None, half: str | None) -> str:
    """An hour and a minute of the day; blank for what is none."""
    if hour is None:
        return ""
    number, of_half = int(hour), (half or "").lower().replace(".", "")
    if of_half == "pm" and number < 12:
        number += 12
    if of_half == "am" and number == 12:
        number = 0
    return (
        f"{number % 24:02}:{int(minute or 0):02}" if number <= 24 and int(minute or 0) < 60 else ""
    )


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
