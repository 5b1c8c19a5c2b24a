"""Lengths of time back from now: "last 24 hours", "since 3 days", "failures 24h"."""

from datetime import timedelta

from bot.agents.understanding.entities.time.cursor import Tokens, count_at, ends_here, look
from bot.agents.understanding.entities.time.days import hours_of
from bot.agents.understanding.entities.time.points import LocalNow
from bot.agents.understanding.entities.time.readings import TimeReading, Weight

_LENGTH_WORDS = frozenset({"past", "recent", "trailing", "preceding"})
_SHORT_UNITS = frozenset({"minute", "second"})
DAY = 24
_INTRODUCED = frozenset({"in", "within", "the"})


def length_at(tokens: Tokens, at: int, here: LocalNow) -> TimeReading | None:
    """A length at a place; a duration like "more than 30 minutes" is none."""
    if "last" in look(tokens, at):
        return _last(tokens, at)
    return _behind(tokens, at) or _bare(tokens, at, here)


def length_since(tokens: Tokens, at: int, start: int) -> TimeReading | None:
    """As in "seit 3 Tagen", "desde hace 2 horas"; "since 22h" is a clock time."""
    place = at + 1 + ("ago_before" in look(tokens, at + 1) or "last" in look(tokens, at + 1))
    measured = _measure(tokens, place)
    if measured is None or "ago" in look(tokens, measured[1]):
        return None
    hours, end = measured
    short = look(tokens, end - 1).word == "h" and place == at + 1
    if short and (hours > 12 or look(tokens, at).word not in {"seit", "seit dem", "da"}):
        return None
    return _length(start, end, hours)


def _last(tokens: Tokens, at: int) -> TimeReading | None:
    """As in "last 2 hours", "the last week"; "last week" alone is one of the calendar."""
    measured = _measure(tokens, at + 1)
    if measured:
        return _length(at, measured[1], measured[0])
    one, unit = look(tokens, at), look(tokens, at + 1).tags.get("unit")
    if unit is None or unit in _SHORT_UNITS or unit == "weekend":
        return None
    free = one.word in _LENGTH_WORDS or look(tokens, at - 1).word == "the" or unit == "hour"
    daily = unit == "day" and one.tags["last"] == "last"
    if not (free or daily) or look(tokens, at + 1).word in {"m", "d", "w"}:
        return None
    hours, end = hours_of(unit), at + 2
    half = look(tokens, end).tags.keys() & {"and"} and count_at(tokens, end + 1) == (0.5, end + 2)
    return _length(at, end + 2, hours * 1.5) if half else _length(at, end, hours)


def _measure(tokens: Tokens, at: int) -> tuple[float, int] | None:
    """How many hours a number of units is; of "2-3 hours" the larger, "half hour" and so on."""
    counted = count_at(tokens, at)
    if counted is None:
        return None
    number, place = counted
    if "to" in look(tokens, place) and (more := count_at(tokens, place + 1)):
        number, place = more
    unit = look(tokens, place).tags.get("unit")
    return (number * hours_of(unit), place + 1) if unit and unit != "weekend" else None


def _behind(tokens: Tokens, at: int) -> TimeReading | None:
    """As in "24 dernières heures", "2 past hours"."""
    counted = count_at(tokens, at) if look(tokens, at).number is not None else None
    if counted is None or "last" not in look(tokens, counted[1]):
        return None
    unit = look(tokens, counted[1] + 1).tags.get("unit")
    return _length(at, counted[1] + 2, counted[0] * hours_of(unit)) if unit else None


def _bare(tokens: Tokens, at: int, here: LocalNow) -> TimeReading | None:
    """As in "failures 24h", "in 2 days": in digits, at the end, where it is no duration."""
    measured = _measure(tokens, at) if look(tokens, at).number is not None else None
    if measured is None or "ago" in look(tokens, measured[1]):
        return None
    hours, end = measured
    if here.ahead or (hours < 1 and look(tokens, at - 1).word == "in"):
        return _later(tokens, at, end, hours, here)
    is_span = hours >= DAY and look(tokens, end).word in {"of", "worth"}  # "90 days of orders"
    is_alone = ends_here(tokens, end) or "alone" in look(tokens, end) or is_span
    if not is_alone or _is_duration(tokens, at):
        return None
    return _length(at, end, hours, Weight.BARE)


def _later(tokens: Tokens, at: int, end: int, hours: float, here: LocalNow) -> TimeReading | None:
    """As in "remind me in 2 hours", "the bank opens in 10 minutes"."""
    if look(tokens, at - 1).word != "in":
        return None
    due = (here.now + timedelta(hours=hours)).astimezone(here.zone).replace(tzinfo=None)
    return TimeReading(start=at, end=end, deadline=due)


def _is_duration(tokens: Tokens, at: int) -> bool:
    before, further = look(tokens, at - 1), look(tokens, at - 2)
    if before.word in _INTRODUCED:
        return "lasting" in further and further.word not in _INTRODUCED
    return "lasting" in before or "joint" in before or "ago_before" in before


def _length(start: int, end: int, hours: float, weight: Weight = Weight.RANGE) -> TimeReading:
    return TimeReading(start=start, end=end, weight=weight, hours=round(hours, 2))
