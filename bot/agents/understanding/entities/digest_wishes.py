"""What somebody wants of the summary on a schedule: set, moved, stopped, and at which times."""

import re
from dataclasses import dataclass
from datetime import time

from bot.agents.understanding.entities.time.habits import EVERY_DAY, Habit, habit_in

_STOP = re.compile(
    r"(?i)\b(?:stop(?:ping)?(?! by)|cancel\w*|quit|disable|remove|delete|unsubscribe"
    r"|(?:turn|switch|shut)(?:ing)? (?:it |them |the \w+(?: \w+)? )?off|no more|no longer"
    r"|do(?: not|n['’]?t) (?:send|post|need|want (?:the|a|any|that|this|it))"
    r"|abschalten|abbestellen|abstellen|aufhören|beende\w*|keine?n?\b.*\bmehr|nicht mehr|stopp\w*"
    r"|(?:para|deja|pare|deixa) de|arr[êe]te\w*|annul\w*|basta|smetti|band karo)\b"
)
_MOVE = re.compile(
    r"(?i)\b(?:move|change|shift|reschedule|instead|rather|make (?:it|that)|not|from|later|earlier"
    r"|verschieb\w*|statt|stattdessen|cambia\w*|mueve|déplace\w*|change[rz]?|sposta\w*|anders)\b"
)
# Where a part of the day was said and no time of it.
_AT_PART = {"morning": time(8), "afternoon": time(16), "evening": time(18), "early": time(6)}
USUAL = time(8)
STOP_OR_MOVE = "Do you want the whole summary stopped, or another time for it?"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWish:
    """A summary at a time of day on some days; `stops` where none is wanted any more.

    `question` is what has to be cleared up before anything is set. `days` and `at` are blank where
    they were not said.
    """

    days: tuple[int, ...] = ()
    at: time | None = None
    stops: bool = False
    moves: bool = False
    question: str = ""


def wants_no_more(text: str) -> bool:
    """Whether somebody wants something stopped."""
    return _STOP.search(text) is not None


def digest_wish_in(text: str) -> DigestWish:
    """Read the wish; whatever is not sure becomes a question."""
    habit = habit_in(text)
    stops, moves = wants_no_more(text), bool(_MOVE.search(text))
    if stops:
        is_said = bool(
            habit.days not in {(), EVERY_DAY} or habit.clocks or habit.is_unread or moves
        )
        return DigestWish(stops=True, question=STOP_OR_MOVE if is_said else "")
    if habit.is_other:
        return DigestWish(question="I can post it at a set time on days of the week. When?")
    at = _clock_of(habit, moves=moves)
    if (at is None and len(habit.clocks) > 1) or habit.is_unread:
        return DigestWish(question="I can post it once a day. At which time?")
    if habit.is_weekly:
        return DigestWish(at=at, question="On which day of the week?")
    return DigestWish(days=habit.days, at=at, moves=moves)


def _clock_of(habit: Habit, *, moves: bool) -> time | None:
    """The time that was said; of two the last one, where one is to take the other's place."""
    if len(habit.clocks) > 1:
        return habit.clocks[-1] if moves else None
    if habit.clocks:
        return habit.clocks[0]
    return _AT_PART.get(habit.part)


__all__ = ["EVERY_DAY", "USUAL", "DigestWish", "digest_wish_in"]
