"""Weeks, weekends, months, quarters and years: this one, the last one, the next one."""

from datetime import date

from bot.agents.understanding.entities.time.calendar import months_before
from bot.agents.understanding.entities.time.cursor import Tokens, look
from bot.agents.understanding.entities.time.points import DAY, DaySpan, LocalNow

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_WEEKS = {"week": 1, "fortnight": 2}
_WHOLE = frozenset({"all", "whole", "the whole", "entire", "the entire"})


def period_of(
    tokens: Tokens, at: int, here: LocalNow, *, bare: bool = False
) -> tuple[DaySpan, int] | None:
    """The period at a place and the place after it; `bare` takes "the week" for this week."""
    one, after = look(tokens, at), look(tokens, at + 1)
    which = _step_of(tokens, at)
    if which is not None and "unit" in after:
        found = _span(after.tags["unit"], which, here)
        return (found, at + 2) if found else None
    if "unit" not in one or one.word in {"m", "d", "w", "h", "an"}:
        return None
    unit = one.tags["unit"]
    if "last_behind" in after:
        found = _span(unit, -1, here)
        return (found, at + 2) if found else None
    if look(tokens, at - 1).word in _WHOLE or after.tags.get("filler") == "tail":
        bare = True
    if bare or (unit == "weekend" and _stands_free(tokens, at)):
        found = _span(unit, 0, here)
        return (found, at + 1) if found else None
    return None


def _step_of(tokens: Tokens, at: int) -> int | None:
    """-1 for the last, 0 for this, 1 for the next one; a stretch up to now is none of them."""
    one = look(tokens, at)
    if "next" in one:
        return 1
    if "this" in one:
        return 0
    if "last" not in one or one.word == "past":
        return None
    length = one.word == "last" and look(tokens, at - 1).word == "the"
    return None if length and look(tokens, at + 1).tags.get("unit") != "weekend" else -1


def _stands_free(tokens: Tokens, at: int) -> bool:
    before = look(tokens, at - 1)
    return before.word == "" or bool({"joint", "since", "from", "until", "before"} & {*before.tags})


def _span(unit: str, step: int, here: LocalNow) -> DaySpan | None:
    today = here.today
    if unit == "day":
        return DaySpan(first=today + DAY * step, last=today + DAY * step)
    if unit == "weekend":
        return _weekend(today, step)
    if unit in _WEEKS:
        weeks = _WEEKS[unit] if step else 1
        first = today - DAY * today.weekday() + DAY * 7 * step * weeks
        return DaySpan(first=first, last=first + DAY * (7 * weeks - 1))
    if unit not in _MONTHS:
        return None
    months = _MONTHS[unit]
    begun = today.replace(day=1, month=today.month - (today.month - 1) % months)
    first = months_before(begun, -step * months)
    return DaySpan(first=first, last=months_before(first, -months) - DAY)


def _weekend(today: date, step: int) -> DaySpan:
    """The weekend that began last; on a Sunday the last one was a week before."""
    saturday = today - DAY * ((today.weekday() - 5) % 7)
    if (step < 0 and today.weekday() >= 5) or step > 0:
        saturday += DAY * 7 * step
    return DaySpan(first=saturday, last=saturday + DAY)
