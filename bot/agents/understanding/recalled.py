"""Which pipelines of the conversation "it", "the other one", "the second" or "they" stand for."""

import re
from collections.abc import Mapping
from typing import Any, cast

from bot.agents.understanding.coverage import SHORTEST_NAME
from bot.agents.understanding.entities.name_index import words_of
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, CHANGES, OF_ONE, OF_OTHER_THINGS, Intent
from bot.agents.understanding.picks import FILLERS
from bot.agents.understanding.references import says_that_pipeline
from bot.agents.understanding.run_reference import OF_A_RUN
from bot.agents.understanding.text import SAYS_ALL, points_back, tokens_of

_OTHER = re.compile(
    r"(?i)\b(?:other|andere[nrs]?|otr[oa]|outr[oa]|autre|altr[oa]|doosr[aeiou])\b"
    r"(?!\s+\w+s\b)"
)
# What was named last, and not what the question before was about.
_THAT_ONE = re.compile(r"(?i)\b(?:that|this) one\b")
_CALLED = re.compile(r"(?i)\bthe\s+(?P<word>[^\W\d_]{3,})\s+one\b")
_THEY = re.compile(r"(?i)\b(?:they|them|these|those)\b")
# "Is any schedule off" is about all of them, whatever was talked about.
_ANY = re.compile(r"(?i)\b(?:any|which|alguna?|irgendein\w*|qualche|quelques?)\b")
# Asked of all, or in a word or two of what is talked about: "status?", "failure rate".
_ALSO_OF_ONE = frozenset({Intent.OVERVIEW, Intent.TREND, Intent.WORST_OFFENDERS})
MOST_NAMED = 0.5
MOST_WHOLE = 0.8
BRIEF = 4


def recalled_names(frame: Frame, memory: Mapping[str, Any], *, again: bool) -> tuple[str, ...]:
    """The pipelines that are meant without being named; nothing for a new thing."""
    listed = tuple(cast("list[str]", memory.get("listed") or ()))
    known, before = memory.get("pipeline"), memory.get("before")
    place = frame.slots.ordinal
    if place is not None and listed:
        return (listed[place - 1],) if 0 < place <= len(listed) else ()
    related = _related(frame, memory)
    if related:
        return related
    if not (again or _leans_back(frame)):
        return _the_one_called(frame, listed)
    if _OTHER.search(frame.text) and frame.intent is not Intent.COMPARE:
        others = tuple(one for one in listed if one != known)
        return others or ((str(before),) if before else ())
    return (str(known),) if known else _narrowed(listed, frame.text)


def _narrowed(listed: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The one of a list that has a word of the text in its name; the list where none stands out."""
    said = {one.word for one in tokens_of(text) if one.is_word and one.word not in FILLERS}
    fits = tuple(one for one in listed if said.intersection(words_of(one)))
    return fits if len(fits) == 1 else listed


def _the_one_called(frame: Frame, listed: tuple[str, ...]) -> tuple[str, ...]:
    """The one of a list that is told from the others by a word of its name: "the tier one"."""
    found = _CALLED.search(frame.text)
    fits = [one for one in listed if found and found["word"].lower() in words_of(one)]
    return tuple(fits) if len(fits) == 1 else ()


def _related(frame: Frame, memory: Mapping[str, Any]) -> tuple[str, ...]:
    """What waits for the pipeline or feeds it, where that was just shown: "is that feed ok".

    "That one" is the only one of them, "they" are all; "it" stays the pipeline itself.
    """
    related = tuple(cast("list[str]", memory.get("related") or ()))
    is_of_impact = memory.get("intent") == str(Intent.IMPACT) and frame.intent not in ACTS | CHANGES
    if not is_of_impact or not related:
        return ()
    is_one = _THAT_ONE.search(frame.masked) is not None or says_that_pipeline(frame)
    if is_one:
        return related if len(related) == 1 else ()
    return related if _THEY.search(frame.masked) else ()


def _leans_back(frame: Frame) -> bool:
    """Whether a question without a name is about what was talked about: nothing in it is new."""
    slots = frame.slots
    strange = any(len(word) >= SHORTEST_NAME for word in slots.ignored)
    if slots.unknown or strange or slots.critical:
        return False
    if frame.intent in OF_A_RUN:
        return True
    is_of_any = frame.intent in OF_OTHER_THINGS and _ANY.search(frame.masked)
    if is_of_any and not points_back(frame.masked):
        return False
    words = sum(token.is_word for token in tokens_of(frame.text))
    brief = words <= BRIEF
    if brief and (frame.intent in OF_ONE or (words <= 2 and frame.intent in _ALSO_OF_ONE)):
        return not SAYS_ALL.search(frame.masked)
    return frame.follows or (brief and frame.whole <= MOST_WHOLE and frame.named < MOST_NAMED)
