"""Wishes that come again ("every morning at 8", "daily", "always"): they ask for no range."""

from collections.abc import Sequence

from bot.agents.understanding.entities.time.cursor import Tokens, count_at, look, past_joints
from bot.agents.understanding.entities.time.point_reader import point_at
from bot.agents.understanding.entities.time.points import LocalNow
from bot.agents.understanding.entities.time.readings import TimeReading, Weight

_TIMES = ("unit", "weekday", "part", "workday", "last_night", "clock")


def recurrences(tokens: Tokens, here: LocalNow) -> Sequence[range]:
    """The places of tokens that say how often, with the clock times that belong to them."""
    wished = any("wish" in one for one in tokens)
    ends = ((at, _end_of(tokens, at, wished)) for at in range(len(tokens)))
    return [range(at, _with_clock(tokens, end, here)) for at, end in ends if end]


def apart(reading: TimeReading, again: Sequence[range], tokens: Tokens) -> bool:
    """Whether a range does not belong to what comes again: "every run since monday"."""
    if reading.weight <= Weight.CLOCK or reading.deadline:
        return False
    return all(
        (reading.end < one.start and past_joints(tokens, reading.end) < one.start)
        or reading.start >= one.stop
        for one in again
    )


def _end_of(tokens: Tokens, at: int, wished: bool) -> int | None:
    one = look(tokens, at)
    if "always" in one or "weekdays" in one or one.tags.get("daily") == "workday":
        return at + 1
    if "daily" in one:
        near = look(tokens, past_joints(tokens, at + 1))
        return at + 1 if wished or near.clock or near.number is not None else None
    return _every(tokens, at) if "every" in one else None


def _every(tokens: Tokens, at: int) -> int | None:
    """As in "every 2 hours", "each night", "every monday morning"; "every run" is none."""
    counted = count_at(tokens, at + 1)
    place = counted[1] if counted else at + 1
    end = place
    while end < place + 3 and any(tag in look(tokens, end) for tag in _TIMES):
        end += 1
    return end if end > place else None


def _with_clock(tokens: Tokens, end: int, here: LocalNow) -> int:
    found = point_at(tokens, end, here, strong=False)
    return found[1] if found and found[0].clock else end
