"""Who an incident is given to: beside it, behind any verb, or as a correction of who it was."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.agents.interface import Question
from bot.agents.understanding.entities.people import known_people_in
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.picks import FILLERS
from bot.agents.understanding.said_around import begins_to_ask, names_a_thing
from bot.agents.understanding.text import points_back, tokens_of

Read = Callable[[str], Frame]
# An order is proposed, or refused by name, where it is likelier than not.
LIKELY = 0.65
# With somebody else named beside an incident, this much is enough to ask whether it is given.
MAY_BE_GIVEN = 0.05
_TAKING = frozenset({Intent.ACK, Intent.ASSIGN, Intent.RESOLVE, Intent.INCIDENT_STATUS})
_STANDING = frozenset({Intent.STATUS_ONE, Intent.LAST_TIME, Intent.INCIDENT_STATUS, Intent.AGAIN})
# A verb of any kind, a thing, and a person at the end: "chuck the orders one to Lee".
_SHAPE = re.compile(
    r"(?i)^\W*(?:(?:please|pls|ok|and|then|just|can you|could you)\s+)*(?P<verb>[^\W\d_]+)\s+"
    r"(?:over\s+)?(?P<what>.{2,60}?)\s+(?:over\s+)?(?:to|an|à|al?|para|kay)\s+@?(?P<who>[^,;?]+?)"
    r"(?:\s+(?:please|pls|now|thanks|thx))?[\s.!]*$"
)
_TO = frozenset({"to", "an", "à", "a", "para", "give", "assign", "pass", "hand", "sorry", "wait"})


def as_given(frame: Frame, question: Question, people: Sequence[str], read: Read) -> Frame:
    """The frame, as an order to give an incident to somebody where it names whom."""
    named = known_people_in(frame.text, people)
    person = next(iter(named)) if len(named) == 1 else None
    if person is None or frame.second is not None:
        return frame
    corrected = _corrected(frame, person, question.memory)
    if corrected is not None:
        return corrected
    if person in question.speaker.name.lower():
        return frame
    return _beside_an_incident(frame) or _of_its_shape(frame, person, read) or frame


def _corrected(frame: Frame, person: str, memory: Mapping[str, Any]) -> Frame | None:
    """The incident that was just given to somebody, given to another: "sorry, to Lee"."""
    incident = memory.get("incident")
    is_after = memory.get("intent") == str(Intent.ASSIGN) and bool(incident)
    if not is_after or frame.slots.pipelines or frame.slots.incidents or "?" in frame.text:
        return None
    words = {one.word for one in tokens_of(frame.text) if one.is_word}
    if words - FILLERS - _TO - {one.word for one in tokens_of(person)}:
        return None
    slots = replace(frame.slots, incidents=(str(incident),), unknown=(), ignored=())
    return replace(frame, intent=Intent.ASSIGN, confidence=1.0, sure=True, again=False, slots=slots)


def _beside_an_incident(frame: Frame) -> Frame | None:
    """Who names somebody else beside an incident gives it to them rather than takes it."""
    if frame.sure or frame.intent not in _TAKING or not frame.slots.incidents:
        return None
    likely = sum(one.probability for one in frame.readings if one.intent is Intent.ASSIGN)
    if likely < MAY_BE_GIVEN:
        return None
    return replace(frame, intent=Intent.ASSIGN, confidence=max(frame.confidence, LIKELY))


def _of_its_shape(frame: Frame, person: str, read: Read) -> Frame | None:
    """What has the shape of such an order though its verb is not known, to be asked back."""
    found = _SHAPE.match(frame.text)
    is_clear = frame.sure and frame.intent not in _STANDING
    if found is None or is_clear or begins_to_ask(frame.text) or "?" in frame.text:
        return None
    if found["who"].lower().lstrip("@") != person:
        return None
    order = read(f"give {found['what']} to {person}")
    is_of_something = names_a_thing(order) or points_back(found["what"])
    if order.intent is not Intent.ASSIGN or not is_of_something:
        return None
    return replace(order, text=frame.text, sure=False, confidence=LIKELY)
