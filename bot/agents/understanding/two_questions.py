"""Two questions of which the whole sounds like one: "are the runtimes up and what is running"."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import OF_ONE, Intent, answered_by
from bot.agents.understanding.said_around import CLEAR, ORDERS, begins_to_ask, names_a_thing
from bot.agents.understanding.text import halves_of, points_back

_AND = re.compile(r"(?i)\s(?:and|n|und|plus|y|e|et|ed|en|&|\+)\s")
_OF_NO_PIPELINE = frozenset({Intent.RUNTIME_STATUS, Intent.INCIDENTS_LIST, Intent.USAGE})


def two_apart(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """Two questions that ask of different things, each of them clear all by itself."""
    if frame.intent in ORDERS or not _may_be_two(frame):
        return None
    for first, second in halves_of(frame.text):
        if not (begins_to_ask(first) and begins_to_ask(second)):
            continue
        one, other = read(first), read(second)
        if _are_apart(one, other):
            return replace(one, second=other)
    return None


def _may_be_two(frame: Frame) -> bool:
    """Whether both sides of an "and" ask, or a pipeline is named in what is asked of none."""
    if frame.intent in _OF_NO_PIPELINE and frame.slots.pipelines:
        return True
    return begins_to_ask(frame.text) and any(
        begins_to_ask(frame.text[match.end() :]) for match in _AND.finditer(frame.text)
    )


def _are_apart(one: Frame, other: Frame) -> bool:
    """Whether two halves ask clearly, and neither is answered where the other one is."""
    clear = one.sure and other.sure and min(one.confidence, other.confidence) >= CLEAR
    same = one.intent in answered_by(other.intent) or other.intent in answered_by(one.intent)
    leans = any(
        points_back(part.masked) or (part.intent in OF_ONE and not names_a_thing(part))
        for part in (one, other)
    )
    return clear and not (same or leans)
