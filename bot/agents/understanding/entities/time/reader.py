"""The time of a text: the reading that says most, what comes again, and what is due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.agents.understanding.entities.time.cursor import Tokens, look
from bot.agents.understanding.entities.time.points import LocalNow
from bot.agents.understanding.entities.time.ranges import reading_at
from bot.agents.understanding.entities.time.readings import TimeReading
from bot.agents.understanding.entities.time.recurring import apart, recurrences
from bot.agents.understanding.entities.time.tokens import TimeToken, time_tokens

_MOST_BEFORE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFindings:
    """What a text says of time, each with its place in the text; `other` is a second range."""

    chosen: TimeReading | None = None
    other: TimeReading | None = None
    deadline: TimeReading | None = None
    recurring: bool = False
    spans: tuple[tuple[int, int], ...] = ()


def find_time(text: str, here: LocalNow) -> TimeFindings:
    """Read a text; words that are not of time are passed over."""
    tokens = _owning(time_tokens(text))
    if all(one.is_plain for one in tokens):
        return TimeFindings()
    here = replace(here, ahead=here.ahead or _looks_ahead(tokens))
    again = recurrences(tokens, here)
    readings = list(_readings(tokens, here, again))
    if again:
        wished = any("wish" in one for one in tokens)
        readings = [] if wished else [one for one in readings if apart(one, again, tokens)]
    ranges = [one for one in readings if not one.deadline]
    chosen = max(ranges, key=_weight, default=None)
    other = max((one for one in ranges if one is not chosen), key=_weight, default=None)
    due = next((one for one in readings if one.deadline), None)
    places = [(one.start, one.stop) for one in again]
    places += [(one.start, one.end) for one in (chosen, other, due) if one]
    return TimeFindings(
        chosen=chosen,
        other=other,
        deadline=due,
        recurring=bool(again),
        spans=tuple(sorted({_span(tokens, *place) for place in places})),
    )


def _weight(reading: TimeReading) -> int:
    return reading.weight


def _owning(tokens: list[TimeToken]) -> list[TimeToken]:
    """As "mondays load", without an apostrophe the load of monday; "on mondays" is each one."""
    owned = [at for at, one in enumerate(tokens) if "weekdays" in one and _owns(tokens, at)]
    if not owned:
        return tokens
    return [
        replace(one, tags={"weekday": one.tags["weekdays"]}) if at in owned else one
        for at, one in enumerate(tokens)
    ]


def _owns(tokens: Tokens, at: int) -> bool:
    one, before, after = look(tokens, at), look(tokens, at - 1), look(tokens, at + 1)
    if not one.word.endswith("days") or before.word == "on":
        return False
    return after.word.isalpha() and after.tags.keys() <= {"lasting"} and "every" not in before


def _looks_ahead(tokens: Tokens) -> bool:
    return any("future" in one or one.tags.get("day") == "2" for one in tokens)


def _readings(tokens: Tokens, here: LocalNow, again: Sequence[range]) -> Iterator[TimeReading]:
    at = 0
    while at < len(tokens):
        inside = next((one for one in again if at in one), None)
        found = None if inside else reading_at(tokens, at, here)
        if found:
            yield found
        at = inside.stop if inside else found.end if found else at + 1


def _span(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """The characters of some tokens, with small words before them: "on friday"."""
    for _ in range(_MOST_BEFORE):
        if not _belongs(look(tokens, start - 1)):
            break
        start -= 1
    return tokens[start].start, tokens[end - 1].end


def _belongs(one: TimeToken) -> bool:
    return "joint" in one or one.tags.get("filler") == "lead"
