"""Incidents by words: who has which, and taking, giving, closing, opening again, regrouping one.

What changes an incident is done on the person's own clear words; a likely guess becomes a button.
"""

import re
from dataclasses import replace
from typing import cast

from bot.agents.answers.context import AnswerContext, answered, asked_back, said
from bot.agents.answers.incident_reference import (
    MeantIncident,
    incident_meant,
    is_certain,
    nobody_has_it,
    to_confirm_change,
)
from bot.agents.answers.status import status
from bot.agents.interface import Answer
from bot.agents.understanding.certainty import SURELY
from bot.agents.understanding.entities.ids import incident_numbers_in
from bot.agents.understanding.entities.people import ME, person_in
from cards.records import Choice, Denied, IncidentEntry, IncidentList, Picker

_UNOWNED = re.compile(
    r"(?i)\b(?:un\w*(?:ack|owned|assigned|taken|claimed|handled)\w*|no ?(?:body|one)|no owner"
    r"|not (?:been )?(?:ack|taken|assigned|claimed)\w*|without (?:an )?owner|free|orphan\w*"
    r"|niemand\w*|ohne)\b"
)
_OWNED = re.compile(r"(?i)\b(?:acknowledged|acked|taken|being worked|in progress)\b")
_MINE = re.compile(r"(?i)\b(?:my|mine|i have|i'?ve got|i own|assigned to me|meine?)\b")
_REOPEN = re.compile(r"(?i)\b(?:re-?open\w*|open(?: it)? again|wieder öffnen)\b")
_SPLIT = re.compile(
    r"(?i)\b(?:split|separate|different|another cause|not the same|isn'?t the same|apart|unrelated"
    r"|doesn'?t belong|take .* out|trenn\w*)\b"
)
# Behind the last incident that is named; words that only end the order are no note.
_AFTER_ID = re.compile(
    r"(?i)^.*(?:\binc(?:ident)?[- #]*\d+|(?<![\w-])#?\d{1,7})[\s,:;.-]+"
    r"(?!(?:and|und|as|is|are|was|has|now|please|pls|plz|thanks|thx|again|for me|mine)\b)"
    r"(?P<note>[^\W\d_].+)$"
)
_AFTER_SIGN = re.compile(r"(?:[,:;]|\s-\s)\s*(?!(?:please|pls|thanks|thx)\b)(?P<note>[^\W\d_].+)$")
LONGEST_NOTE = 200


async def acknowledge(turn: AnswerContext) -> Answer:
    """The speaker takes an incident."""
    found = await incident_meant(turn, "acknowledge {}", nobody_has_it)
    if not isinstance(found, MeantIncident):
        return found
    if not is_certain(turn):
        question = f"acknowledge {found.incident_id}"
        return to_confirm_change(turn, _title("Acknowledge {}", found), question, found.incident_id)
    return answered(turn, await turn.tools.call("ops_ack", incident=found.incident_id))


async def resolve(turn: AnswerContext) -> Answer:
    """The speaker says that an incident is over, and perhaps what they did."""
    found = await incident_meant(turn, "close {}")
    if not isinstance(found, MeantIncident):
        return found
    if not is_certain(turn):
        question = f"close {found.incident_id}"
        return to_confirm_change(turn, _title("Close {}", found), question, found.incident_id)
    note = note_in(turn.frame.text)
    given = {"note": note} if note else {}
    done = await turn.tools.call("ops_resolve", incident=found.incident_id, **given)
    return answered(turn, done)


async def assign(turn: AnswerContext) -> Answer:
    """An incident is given to somebody; who is unknown is asked back."""
    person = person_in(turn.frame.text, turn.people) or _same_person(turn)
    turn = _without_person(turn, person)
    wording = f"assign {{}} to {person}" if person else "assign {} to me"
    found = await incident_meant(turn, wording)
    if not isinstance(found, MeantIncident):
        return found
    if person is None and not is_certain(turn):
        title, words = _title("Acknowledge {}", found), f"acknowledge {found.incident_id}"
        return to_confirm_change(turn, title, words, found.incident_id)
    if person is None:
        return asked_back(turn, _who(turn, found))
    if not is_certain(turn):
        title = _title(f"Assign {{}} to {_called(turn, person)}", found)
        words = wording.format(found.incident_id)
        return to_confirm_change(turn, title, words, found.incident_id)
    done = await turn.tools.call("ops_assign", incident=found.incident_id, to=person)
    answer = answered(turn, done)
    about = {"given_to": person, "incident": found.incident_id}
    return replace(answer, memory={**answer.memory, **about})


async def incidents_list(turn: AnswerContext) -> Answer:
    """Which incidents are not over."""
    text = turn.frame.text
    state = "open" if _UNOWNED.search(text) else "acknowledged" if _OWNED.search(text) else None
    given: dict[str, object] = {"state": state} if state else {}
    if _MINE.search(text):
        given["mine"] = True
    return answered(turn, await turn.tools.call("ops_list_incidents", **given))


async def incident_status(turn: AnswerContext) -> Answer:
    """Who has one incident, since when, what happened; or opens it again where that is asked."""
    again = _REOPEN.search(turn.frame.text) is not None
    found = await incident_meant(turn, "reopen {}" if again else "status of {}")
    if not isinstance(found, MeantIncident):
        return await _without_one(turn) if not again and _has_none(turn, found) else found
    if again and not (is_certain(turn) and turn.frame.confidence >= SURELY):
        return to_confirm_change(turn, _title("Reopen {}", found), f"reopen {found.incident_id}")
    tool = "ops_reopen" if again else "ops_incident"
    return answered(turn, await turn.tools.call(tool, incident=found.incident_id))


def _has_none(turn: AnswerContext, found: Answer) -> bool:
    """Whether a pipeline is asked about of which no incident is open: "since when", of a run."""
    if turn.pipeline is None:
        return False
    is_named = turn.pipeline in turn.frame.slots.pipelines
    offered = [one.title for record in found.records for one in getattr(record, "choices", ())]
    is_of_it = any(turn.pipeline in title for title in offered)
    return bool(found.text) if is_named else turn.subject.recalled and not is_of_it


async def _without_one(turn: AnswerContext) -> Answer:
    """How a pipeline stands of which no incident is open."""
    answer = await status(turn)
    parts = (f"No incident of {turn.pipeline} is open.", answer.note)
    return replace(answer, note=" ".join(one for one in parts if one))


async def regroup(turn: AnswerContext) -> Answer:
    """Failures that were put together are taken apart, or two incidents become one."""
    listed = await turn.tools.call("ops_list_incidents")
    if isinstance(listed, Denied):
        return asked_back(turn, listed)
    entries = cast("IncidentList", listed).entries
    if _SPLIT.search(turn.frame.text):
        return await _split(turn)
    pair = _pair(turn, entries)
    if len(pair) != 2:
        return said(turn, "Say which two: “merge INC-3 and INC-4”.", sure=False)
    into, other = pair
    if not is_certain(turn):
        question = f"merge {into} and {other}"
        return to_confirm_change(turn, f"Merge {into} and {other}", question)
    return answered(turn, await turn.tools.call("ops_merge", incident=into, other=other))


async def _split(turn: AnswerContext) -> Answer:
    names = turn.frame.slots.pipelines
    found = await incident_meant(turn, "status of {}")
    if not isinstance(found, MeantIncident):
        return found
    if len(names) == 1 and is_certain(turn):
        done = await turn.tools.call("ops_split", incident=found.incident_id, pipeline=names[0])
        return answered(turn, done)
    if found.entry is None or len(found.entry.pipelines) < 2:
        text = f"{found.incident_id} is about one pipeline alone, so there is nothing to split."
        return said(turn, text)
    choices = tuple(
        Choice(title=name, question=f"split {name} from {found.incident_id}")
        for name in found.entry.pipelines
    )
    return asked_back(turn, Picker(question="Which one has another cause?", choices=choices))


def note_in(text: str) -> str:
    """What was said about it: the words behind the incident, or behind a comma or a colon."""
    found = _AFTER_SIGN.search(text) or _AFTER_ID.search(text)
    words = found["note"].strip(" ,:;.-") if found else ""
    return words[:LONGEST_NOTE]


def _pair(turn: AnswerContext, entries: tuple[IncidentEntry, ...]) -> list[str]:
    """The incidents that are named, by id, by number or by pipeline; the older one first.

    Two ids are taken as they are: the tool knows what became of one that is over.
    """
    ids = turn.frame.slots.incidents
    numbers, names = set(incident_numbers_in(turn.frame.text)), set(turn.frame.slots.pipelines)
    named = [
        one
        for one in sorted(entries, key=lambda one: one.since)
        if one.incident_id in ids
        or one.incident_id.removeprefix("INC-") in numbers
        or names & set(one.pipelines)
    ]
    if len(ids) == 2 and len(named) < 2:
        return sorted(ids, key=lambda one: int(one.removeprefix("INC-")))
    return [one.incident_id for one in named]


def _who(turn: AnswerContext, found: MeantIncident) -> Picker:
    names = [turn.question.speaker.name, *turn.people]
    choices = tuple(
        Choice(title=name, question=f"assign {found.incident_id} to {name}")
        for name in dict.fromkeys(names)
    )
    return Picker(question=f"Who should have {found.incident_id}?", choices=choices[:6])


def _same_person(turn: AnswerContext) -> str | None:
    """Who was given the last one, where that is to be done once more: "same for the tank one"."""
    is_repeated = turn.intent is not turn.frame.intent
    return cast("str | None", turn.question.memory.get("given_to")) if is_repeated else None


def _without_person(turn: AnswerContext, person: str | None) -> AnswerContext:
    """The name of a person is no unknown pipeline."""
    slots = turn.frame.slots
    name = (person or "").lower()
    left = tuple(one for one in slots.unknown if one.lower() not in name)
    frame = replace(turn.frame, slots=replace(slots, unknown=left))
    return replace(turn, frame=frame)


def _called(turn: AnswerContext, person: str) -> str:
    return "you" if person == ME else person


def _title(verb: str, found: MeantIncident) -> str:
    about = f" ({found.entry.pipelines[0]})" if found.entry else ""
    return f"{verb.format(found.incident_id)}{about}"
