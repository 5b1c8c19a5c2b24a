"""A time of day that something has to be done by: "by 5", "before 7:30", "the 4 pm deadline"."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.agents.understanding.entities.time.ahead import DUE, moment_after

# Said before a bare hour, which alone would be any number.
_BEFORE = r"(?:by|before|until|till|til|make|meet|for|bis|vor|um|at|the)"
_SIGN = r"(?:a\.?m\b\.?|p\.?m\b\.?|o['’]?\s?clock|uhr|h(?=\W|$))"
# What makes a number a count, a length, or a part of an id.
_COUNTED = r"(?![\d:.-]*\d|\s*(?:%|min|hours?|h\b|d(?:ays?)?\b|runs?|times))"
_CLOCK = re.compile(
    rf"(?i)(?:(?P<before>\b{_BEFORE})\s+)?(?:the\s+)?"
    rf"(?<![\d.:-])(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?"
    rf"\s*(?P<sign>{_SIGN})?{_COUNTED}"
)
_NOON = re.compile(r"(?i)\b(?P<word>noon|midday|midnight|mittag|mitternacht)\b")


def deadline_in(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The next moment of the time of day that is named as a deadline; None where none is."""
    word = _NOON.search(text)
    if word:
        at_noon = word["word"].lower() in {"noon", "midday", "mittag"}
        return _next(12 if at_noon else 0, 0, now, zone)
    for found in _CLOCK.finditer(text):
        if found["minute"] or found["sign"] or found["before"]:
            minute = int(found["minute"] or 0)
            return min(_next(hour, minute, now, zone) for hour in _hours(found))
    return moment_after(DUE, text, now, zone)


def _hours(found: re.Match[str]) -> list[int]:
    """The hour that is meant; of a bare one both halves of the day."""
    hour, sign = int(found["hour"]), (found["sign"] or "").lower()
    if sign.startswith(("a", "p")):
        return [hour % 12 + (12 if sign.startswith("p") else 0)]
    if found["minute"] is not None or hour > 12 or sign in {"uhr", "h"}:
        return [hour % 24]
    return [hour % 12, hour % 12 + 12]


def _next(hour: int, minute: int, now: datetime, zone: ZoneInfo) -> datetime:
    here = now.astimezone(zone)
    today = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today > here else today + timedelta(days=1)
