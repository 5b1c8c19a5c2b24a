"""A time that is taken back in the same words: "the last six hours, no, make that twelve"."""

import re
from dataclasses import dataclass

from bot.agents.understanding.entities.time.cursor import count_at
from bot.agents.understanding.entities.time.points import LocalNow
from bot.agents.understanding.entities.time.reader import find_time
from bot.agents.understanding.entities.time.tokens import time_tokens

# How people say that what they just said was wrong.
_TAKEN_BACK = re.compile(
    r"(?i)\b(?:scratch that|strike that|make (?:that|it)|no,? wait|wait,? no|i mean(?:t)?"
    r"|or rather|correction|nein|quatsch|ich meine?|besser gesagt|mejor dicho|quiero decir"
    r"|non,? pardon|je veux dire|anzi|volevo dire)\b[\s,:]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedTime:
    """The text with what was taken back blanked out; `factor` changes a length that stays.

    "Six hours, make that twelve" leaves the hours and makes twice as many of them.
    """

    text: str
    factor: float = 1.0


def corrected(text: str, here: LocalNow) -> CorrectedTime:
    """Blank the times before the last correction where another one follows it."""
    marks = list(_TAKEN_BACK.finditer(text))
    if not marks:
        return CorrectedTime(text=text)
    before, after = text[: marks[0].start()], text[marks[-1].end() :]
    first = find_time(before, here)
    if first.chosen is None:
        return CorrectedTime(text=text)
    if find_time(after, here).chosen is not None:
        for start, end in first.spans:
            before = before[:start] + " " * (end - start) + before[end:]
        return CorrectedTime(text=before + text[len(before) :])
    said = [_counted(before[start:end]) for start, end in first.spans]
    new = _counted(after)
    if new is None or len(said) != 1 or not said[0] or first.chosen.hours is None:
        return CorrectedTime(text=text)
    return CorrectedTime(text=text, factor=new / said[0])


def _counted(text: str) -> float | None:
    """The first number of some words."""
    tokens = time_tokens(text)
    found = (count_at(tokens, at) for at in range(len(tokens)))
    return next((one[0] for one in found if one), None)
