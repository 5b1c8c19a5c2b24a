"""Which incident somebody means: by number, by pipeline, by "it"; never guessed of several."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bot.agents.answers.clarify import no_such_name, to_confirm
from bot.agents.answers.context import AnswerContext, asked_back, said
from bot.agents.interface import Answer
from bot.agents.understanding.entities.ids import incident_numbers_in
from bot.agents.understanding.intents import Intent
from cards.records import Choice, Denied, IncidentEntry, IncidentList, IncidentState, Picker

MOST_CHOICES = 6
ALSO_LIKELY = 0.02
_READINGS: Mapping[Intent, tuple[tuple[str, str], ...]] = {
    Intent.ACK: (("Acknowledge it", "acknowledge {}"),),
    Intent.RESOLVE: (("Close it", "close {}"),),
    Intent.MUTE: (("Mute it for an hour", "mute {}"),),
}
# A number that stands where an incident is named is one, also when there is none of that number.
_NUMBERED = re.compile(
    r"(?i)\b(?:ack\w*|take|close|resolve|reopen|mute|snooze|unmute|assign|give|incident|number|no\.?)"
    r"\s+#?(\d{1,7})\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeantIncident:
    """The incident that is meant; `entry` is blank for one that is over or unknown."""

    incident_id: str
    entry: IncidentEntry | None = None


Fits = Callable[[IncidentEntry], bool]


def anything(entry: IncidentEntry) -> bool:
    """Every incident fits."""
    del entry
    return True


def nobody_has_it(entry: IncidentEntry) -> bool:
    """Only what nobody has acknowledged."""
    return entry.state is IncidentState.OPEN


async def incident_meant(
    turn: AnswerContext, wording: str, fits: Fits = anything
) -> MeantIncident | Answer:
    """The one that is meant, or what is said instead; `wording` asks for it with its id in {}.

    Where nothing is named and nothing was talked about, the only one that `fits` is meant.
    """
    listed = await turn.tools.call("ops_list_incidents")
    if isinstance(listed, Denied):
        return asked_back(turn, listed)
    found = cast("IncidentList", listed)
    named = _named(turn, found)
    if named is not None:
        return named if isinstance(named, MeantIncident) else _several(turn, named, wording)
    if turn.frame.slots.unknown and not turn.frame.slots.pipelines:
        return asked_back(turn, no_such_name(turn, turn.frame.slots.unknown[0]))
    spoken_of = _spoken_of(turn, found)
    if len(spoken_of) == 1:
        return _meant(spoken_of[0], found)
    fitting = [one for one in found.entries if fits(one)]
    if not spoken_of and len(fitting) == 1:
        return MeantIncident(incident_id=fitting[0].incident_id, entry=fitting[0])
    known = [one for one in found.entries if one.incident_id in spoken_of]
    return _several(turn, known or fitting or found.entries, wording)


def _named(
    turn: AnswerContext, found: IncidentList
) -> MeantIncident | Sequence[IncidentEntry] | None:
    """What the words name: an id, its number, a pipeline; None where they name nothing."""
    said_id = turn.frame.slots.incident or _numbered(turn, found.entries)
    if said_id:
        return _meant(said_id, found)
    names = turn.frame.slots.pipelines or _places_of(turn)
    if not names:
        return None
    alias = turn.frame.slots.factory.alias
    entries = [
        one
        for one in found.entries
        if set(one.pipelines) & set(names) and alias in {None, one.factory}
    ]
    if len(entries) == 1:
        return MeantIncident(incident_id=entries[0].incident_id, entry=entries[0])
    return entries


def _places_of(turn: AnswerContext) -> tuple[str, ...]:
    ordinal = turn.frame.slots.ordinal
    listed = cast("Sequence[str]", turn.question.memory.get("listed") or ())
    return (listed[ordinal - 1],) if ordinal and 0 < ordinal <= len(listed) else ()


def _numbered(turn: AnswerContext, entries: Sequence[IncidentEntry]) -> str | None:
    """An incident by its number alone, and by its place in the list that was shown before."""
    numbers = incident_numbers_in(turn.frame.text)
    known = {one.incident_id.removeprefix("INC-"): one.incident_id for one in entries}
    fitting = [known[one] for one in numbers if one in known]
    if len(fitting) == 1:
        return fitting[0]
    ordinal = turn.frame.slots.ordinal
    listed_ids = cast("Sequence[str]", turn.question.memory.get("incidents") or ())
    if not fitting and ordinal and 0 < ordinal <= len(listed_ids):
        return listed_ids[ordinal - 1]
    numbered = _NUMBERED.search(turn.frame.text)
    if numbered and not fitting and numbered.group(1) in numbers:
        return f"INC-{numbered.group(1)}"
    return None


def _spoken_of(turn: AnswerContext, found: IncidentList) -> list[str]:
    """What "it" may be: the incident of this thread, the one that was talked about, each once."""
    memory = turn.question.memory
    recent = memory.get("incident")
    pipeline = memory.get("pipeline")
    of_pipeline = [one.incident_id for one in found.entries if pipeline in one.pipelines]
    about = [str(recent)] if recent else of_pipeline if pipeline else []
    return list(dict.fromkeys([*([found.thread] if found.thread else []), *about]))


def _meant(incident_id: str, found: IncidentList) -> MeantIncident:
    entry = next((one for one in found.entries if one.incident_id == incident_id), None)
    return MeantIncident(incident_id=incident_id, entry=entry)


def _several(turn: AnswerContext, entries: Sequence[IncidentEntry], wording: str) -> Answer:
    """Ask which one, or say that there is none."""
    if not entries:
        names = turn.frame.slots.pipelines
        of = f" of {' or '.join(names)}" if names else ""
        text = f"No incident{of} is open. “what failed” shows what failed lately."
        return said(turn, text, sure=turn.frame.sure)
    choices = tuple(
        Choice(title=title_of(one), question=wording.format(one.incident_id))
        for one in entries[:MOST_CHOICES]
    )
    return asked_back(turn, Picker(question="Which incident do you mean?", choices=choices))


def title_of(entry: IncidentEntry) -> str:
    """An incident as a choice."""
    rest = len(entry.pipelines) - 1
    more = f" and {rest} more" if rest else ""
    return f"{entry.incident_id} · {entry.pipelines[0]}{more}"


def to_confirm_change(turn: AnswerContext, title: str, words: str, about: str = "") -> Answer:
    """What was likely meant, to be pressed: nothing is changed on a guess.

    `about` is an incident that may be meant in other ways that are likely too.
    """
    others = [
        Choice(title=name, question=wording.format(about))
        for reading in turn.frame.readings
        if about and reading.probability >= ALSO_LIKELY and reading.intent is not turn.intent
        for name, wording in _READINGS.get(reading.intent, ())
    ]
    instead = f"status of {about}" if about else "what is open"
    return to_confirm(turn, f"{title}?", words, instead=instead, others=others)


def is_certain(turn: AnswerContext, but: Collection[str] = ()) -> bool:
    """Whether the person's own words say it; what is repeated from before is a guess.

    `but` are words that were read here though the whole was not understood.
    """
    left = turn.frame.unanswered
    whole = turn.frame.sure or (bool(left) and left in but)
    return whole and turn.intent is turn.frame.intent
