"""What the last question asks when it is asked once more with another name, time or factory."""

import re
from collections.abc import Mapping
from typing import Any

from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, CHANGES, Intent

_INTENTS = frozenset(map(str, Intent))
# The question itself is meant, and not what was done or listed since.
_SAME_QUESTION = re.compile(r"(?i)\b(?:question|q|frage|pregunta|domanda|vraag)\b")
# Another thing is meant than the one that was understood.
_CORRECTS = re.compile(
    r"(?i)\b(?:meant|mean|same|instead|rather|no|not|stattdessen|gemeint|meinte|invece|plut[oô]t)\b"
)
# What they show is so now or to come: of a time that is over it is asked how it went then.
_OF_NOW = frozenset(
    {
        *(Intent.SLA_ETA, Intent.OWNER, Intent.DESCRIBE, Intent.IMPACT, Intent.USES),
        *(
            Intent.HISTORY_OF_ERROR,
            Intent.TRIGGER_LIST,
            Intent.QUEUE_WHY,
            Intent.RUNNING_NOW,
            Intent.STUCK_RUNS,
        ),
    }
)


def once_more(
    frame: Frame, before: Intent, memory: Mapping[str, Any], *, is_bare: bool
) -> tuple[Intent, bool]:
    """What is asked, and whether that is the last question; an order only without other words."""
    question = memory.get("asked")
    if question in _INTENTS and _SAME_QUESTION.search(frame.masked):
        return Intent(str(question)), True
    slots = frame.slots
    is_question = "?" in frame.text and not _CORRECTS.search(frame.masked)
    if before in ACTS | CHANGES and (is_question or not is_bare):
        return _beside_an_order(frame, memory)
    if slots.time.zone and not slots.time.given and not slots.names_something:
        return Intent.LAST_TIME, True  # when it was, on another clock
    if slots.time.given and before in _OF_NOW:
        is_of_one = slots.pipelines or memory.get("pipeline")
        return (Intent.STATUS_ONE if is_of_one else Intent.OVERVIEW), True
    return before, True


def _beside_an_order(frame: Frame, memory: Mapping[str, Any]) -> tuple[Intent, bool]:
    """What is asked after an order, which no question repeats: "and yesterday?"."""
    slots = frame.slots
    if slots.pipelines:
        return Intent.STATUS_ONE, False
    is_of_time = slots.time.given and frame.again and bool(memory.get("pipeline"))
    return (Intent.STATUS_ONE, True) if is_of_time else (frame.intent, False)
