"""A message as the frames that are answered: with every name it may mean, part by part."""

import re
from collections.abc import Sequence
from dataclasses import replace

from adf.client import OtherNames
from adf.records import Pipeline
from bot.agents.interface import Question
from bot.agents.understanding.entities.wish_forms import other_words
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import KnownNames, interpret

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SHORTEST = 2
LISTENING = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE})
# Asked of a runtime or a trigger, they ask how it stands.
_OF_STATE = frozenset({Intent.STATUS_ONE, Intent.LAST_TIME, Intent.OVERVIEW, Intent.AGAIN})
# Of several incidents that are named it is done, or asked back, one by one.
_OF_EACH = frozenset(
    {
        *(Intent.ACK, Intent.RESOLVE, Intent.ASSIGN),
        *(Intent.INCIDENT_STATUS, Intent.MUTE, Intent.UNMUTE),
    }
)


def frame_of(question: Question, names: KnownNames) -> Frame:
    """A question as understood; a wish is read in plainer words where its own hide what it is."""
    frame = interpret(question.text, names, question.now, question.zone)
    for plain in other_words(question.text, names_pipeline=bool(frame.slots.pipelines)):
        wish = interpret(plain, names, question.now, question.zone)
        if wish.sure and wish.intent in LISTENING:
            return wish
    return frame


def parts_of(frame: Frame) -> Sequence[Frame]:
    """What is answered one after the other: both questions of a text, each incident of an order."""
    parts = [frame, frame.second] if frame.second else [frame]
    return [one for part in parts for one in _of_each_incident(part)]


def _of_each_incident(frame: Frame) -> Sequence[Frame]:
    ids = frame.slots.incidents
    if frame.intent not in _OF_EACH or len(ids) < 2:
        return (frame,)
    return [replace(frame, slots=replace(frame.slots, incidents=(one,))) for one in ids]


def named_in_full(frame: Frame, question: Question, names: KnownNames, others: OtherNames) -> Frame:
    """A question whose strange word is part of the name of one runtime or trigger, with that name.

    How a runtime stands, or when it was there last, is its own state; the same of a trigger.
    """
    for kind, existing in (
        (Intent.RUNTIME_STATUS, others.runtimes),
        (Intent.TRIGGER_LIST, others.triggers),
    ):
        found = _in_full(question.text, frame.slots.unknown, existing)
        if found is None:
            continue
        text, name = found
        read = frame_of(replace(question, text=text), names)
        if read.intent in _OF_STATE:
            read = replace(read, intent=kind, sure=True)
        return replace(read, slots=replace(read.slots, unknown=(name,)))
    return frame


def of_a_part(frame: Frame, question: Question, names: KnownNames) -> Frame:
    """A question with a strange short word that is a part of one pipeline's name: "the qc one"."""
    found = _in_full(question.text, frame.slots.ignored, names.pipelines)
    return frame if found is None else frame_of(replace(question, text=found[0]), names)


def inventory_of(
    question: Question, pipelines: Sequence[Pipeline], people: Sequence[str]
) -> KnownNames:
    names = tuple(dict.fromkeys(one.name for one in pipelines))
    aliases = question.factories or tuple(dict.fromkeys(one.factory for one in pipelines))
    return KnownNames(pipelines=names, factories=aliases, people=people)


def _in_full(text: str, strange: Sequence[str], names: Sequence[str]) -> tuple[str, str] | None:
    """The text with the whole name in the place of its part, and the name; None without one.

    "The lims box" is shir-lims-02 only where nothing else explains the word and one name has it.
    """
    for word in strange:
        name = _only_name(word, names)
        if name is not None:
            return re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", name, text), name
    return None


def _only_name(word: str, names: Sequence[str]) -> str | None:
    """The one name that is so called or has the word as one of its parts."""
    said = word.lower()
    whole = [name for name in names if name.lower() == said]
    if whole:
        return whole[0]
    if len(said) < SHORTEST:
        return None
    having = [name for name in names if said in _parts(name)]
    return having[0] if len(having) == 1 else None


def _parts(name: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _PART.findall(name))
