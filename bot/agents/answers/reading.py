"""A question as it is read before it is answered: wishes, bare numbers, people, each of several."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from adf.records import Pipeline
from adf.tool import Toolbox
from bot.agents.answers.given import as_given
from bot.agents.interface import Question
from bot.agents.understanding.entities.ids import incident_numbers_in
from bot.agents.understanding.entities.wish_forms import other_words
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import OF_INCIDENTS, Intent
from bot.agents.understanding.interpreter import KnownNames, interpret
from bot.agents.understanding.things import named_for_it, read_as_of, thing_in
from cards.records import IncidentList

# To read a text takes up to 20 ms for so many characters.
LONG_TEXT = 400
INCIDENTS = "ops_list_incidents"
LISTENING = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE})
# Of several incidents that are named it is done, or asked back, one by one.
_OF_EACH = (OF_INCIDENTS - {Intent.REGROUP_INCIDENT}) | {Intent.INCIDENT_STATUS, Intent.TICKET}
# A number behind these is a time or a count.
_COUNTS = re.compile(
    r"(?i)\b(?:since|from|after|before|(?:un)?til+|by|at|between|last|past|next|first|top|than|over"
    r"|every|in|within|around|seit|bis|um|nach|vor)\s+$"
)


async def read_question(question: Question, names: KnownNames, tools: Toolbox) -> Frame:
    """A question as understood; a bare number that is an open incident's is read as its id."""
    frame = _given(await _read_fairly(question, names), question, names)
    if frame.slots.pasted or frame.slots.run_ids or not _bare_numbers(question.text):
        return frame
    if INCIDENTS not in {one.name for one in tools.tools}:
        return frame
    found = await tools.call(INCIDENTS)
    ids = [one.incident_id for one in found.entries] if isinstance(found, IncidentList) else []
    text = _with_ids(question.text, ids)
    if text == question.text:
        return frame
    numbered = _given(read_text(question, text, names), question, names)
    is_better = numbered.sure or not frame.sure
    return numbered if numbered.intent in _OF_EACH and is_better else frame


async def _read_fairly(question: Question, names: KnownNames) -> Frame:
    """What the words say; a long text, such as an error that was pasted, is read in a thread."""
    if len(question.text) <= LONG_TEXT:
        return read_text(question, question.text, names)
    return await asyncio.to_thread(read_text, question, question.text, names)


def parts_of(frame: Frame) -> Sequence[Frame]:
    """What is answered one after the other: both questions of a text, each incident of an order."""
    parts = [frame, frame.second] if frame.second else [frame]
    return [one for part in parts for one in _of_each_incident(part)]


def read_text(question: Question, text: str, names: KnownNames) -> Frame:
    """What the words say; a wish is read in plainer words where its own hide what it is."""
    frame = interpret(text, names, question.now, question.zone)
    for plain in other_words(text, names_pipeline=bool(frame.slots.pipelines)):
        wish = interpret(plain, names, question.now, question.zone)
        if wish.sure and wish.intent in LISTENING:
            return wish
    return frame


def _given(frame: Frame, question: Question, names: KnownNames) -> Frame:
    """The frame, as an order to give an incident to somebody where it names whom."""
    return as_given(frame, question, names.people, partial(read_text, question, names=names))


def _with_ids(text: str, ids: Sequence[str]) -> str:
    """The text with the ids of those incidents in the place of their bare numbers."""
    for one in ids:
        found = _place_of(one.removeprefix("INC-"), text)
        if found:
            text = f"{text[: found.start()]}{one}{text[found.end() :]}"
    return text


def _bare_numbers(text: str) -> Sequence[str]:
    return [one for one in incident_numbers_in(text) if _place_of(one, text)]


def _place_of(number: str, text: str) -> re.Match[str] | None:
    """Where an incident may be meant by its bare number; None for a time or a count."""
    bare = rf"(?i)(?<![\w:.-])(?:(?:inc(?:ident)?|number|no\.?)\s+)?#?{number}(?![\w%])"
    found = re.search(bare, text) if number in incident_numbers_in(text) else None
    return found if found and not _COUNTS.search(text[: found.start()]) else None


def _of_each_incident(frame: Frame) -> Sequence[Frame]:
    ids = frame.slots.incidents
    if frame.intent not in _OF_EACH or len(ids) < 2:
        return (frame,)
    return [replace(frame, slots=replace(frame.slots, incidents=(one,))) for one in ids]


def of_a_thing(frame: Frame, question: Question, names: KnownNames) -> Frame | None:
    """A question that leans on a runtime or trigger that was talked about; None for all else."""
    thing = thing_in(question.memory)
    if thing is None:
        return None
    has_pipeline = bool(question.memory.get("pipeline"))
    text = named_for_it(frame, thing, has_pipeline=has_pipeline)
    return None if text is None else read_as_of(read_text(question, text, names), thing)


def inventory_of(
    question: Question, pipelines: Sequence[Pipeline], people: Sequence[str]
) -> KnownNames:
    names = tuple(dict.fromkeys(one.name for one in pipelines))
    aliases = question.factories or tuple(dict.fromkeys(one.factory for one in pipelines))
    return KnownNames(pipelines=names, factories=aliases, people=people)
