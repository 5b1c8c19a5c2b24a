"""What an order or a question makes of how something stands: it failed there, it is turned off."""

import re
from collections.abc import Mapping
from typing import Any

from bot.agents.understanding.choice import asks_whether
from bot.agents.understanding.entities.filters import filters_in
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import OF_ALL, Intent

# So likely, an order is one, to be shown with a button.
LIKELY = 0.8
_TURNED_OFF = re.compile(
    r"(?i)\b(?:switch\w*|turn\w*|put)\s+(?:\w+\s+){0,2}off\b"
    r"|\b(?:disabled?|deactivated?|paused?)\b"
)
# What was turned off is started; "run it" is of its pipeline.
_STARTS_IT = re.compile(r"(?i)\b(?:start|switch|turn)\b(?!.*\b(?:re-?)?runs?\b)")
_FROM_THERE = re.compile(
    r"(?i)\bfrom\s+(?:there|here|(?:that|this)\s+(?:step|point|activity|spot|one|place)"
    r"|where\s+(?:it|that)\s+\w+)\b"
)


def says_turned_off(frame: Frame) -> bool:
    """Whether something is said to be turned off: of a pipeline only its trigger can be."""
    return _TURNED_OFF.search(frame.masked) is not None


def order_where_it_stands(intent: Intent, frame: Frame, memory: Mapping[str, Any]) -> Intent:
    """An order to start something, by where it stands: at the failed activity, or turned off."""
    is_order = intent is Intent.RERUN and (frame.sure or frame.confidence >= LIKELY)
    if not is_order or frame.slots.names_something:
        return intent
    if memory.get("is_off") and _STARTS_IT.search(frame.masked):
        return Intent.TRIGGER_START
    is_there = memory.get("broken") and _FROM_THERE.search(frame.masked)
    return Intent.RERUN_FROM_FAILED if is_there else intent


def asks_of_one_listed(frame: Frame, memory: Mapping[str, Any]) -> bool:
    """Whether it is asked how one of a list stands: "is the first of those running"."""
    if not frame.slots.ordinal or not memory.get("listed"):
        return False
    if frame.sure and frame.intent not in OF_ALL:
        return False
    filters = filters_in(frame.masked)
    has_state = filters.running or filters.failed or filters.succeeded or filters.good
    return has_state and asks_whether(frame.masked)
