"""What a question is about once the conversation is added: pronouns, follow-ups, picks.

State is small JSON: the last intent and time range, the pipeline, run and factory it was about,
what was listed, the choices that were offered. Memory never stands in for a name that was said.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from adf.records import Pipeline
from bot.agents.understanding.classifier import the_classifier
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, CHANGES, CHAT, OF_ONE, Intent
from bot.agents.understanding.text import points_back, tokens_of

Memory = Mapping[str, Any]
_OTHER = re.compile(r"(?i)\b(?:other|andere[nrs]?|otr[oa]|outr[oa]|autre|altr[oa]|doosr[aeiou])\b")
# Around a name or a time alone: what is asked is what was asked before.
_INTENTS = frozenset(map(str, Intent))
_FILLERS = frozenset(
    {
        *("the", "one", "please", "pls", "a", "no", "not", "i", "mean", "meant", "sorry", "und"),
        *("and", "der", "die", "das", "el", "la", "le", "what", "about", "how", "for"),
        *("same", "show", "me", "that", "then", "now", "also", "on", "in", "of", "with"),
        *("but", "or", "ok", "so", "this", "it", "again", "y", "e", "en", "con", "pour"),
        *("para", "mit", "für", "was", "ist", "wie", "que", "qué", "et", "come"),
    }
)
_OF_RUNS = frozenset({"run", "runs", "ones", "was", "were", "is", "did"})
_ALL = re.compile(
    r"(?i)\b(?:every ?thing|any ?thing|every ?(?:one|body)?|things|all|overall"
    r"|alles?|todos?|tout|tutto)\b"
)
# Asked of the whole factory when nothing is named and nothing was said before.
_ALSO_OF_ALL = frozenset({Intent.RUNS_LIST, Intent.DATA_QUALITY, Intent.QUEUE_WHY})
# What "it" makes of a question about all: "is it still running" asks about one.
_TO_ONE = {Intent.RUNNING_NOW: Intent.STATUS_ONE, Intent.OVERVIEW: Intent.STATUS_ONE}
# Asked of all, or in a word or two of what is talked about: "status?", "failure rate".
_ALSO_OF_ONE = frozenset({Intent.OVERVIEW, Intent.TREND, Intent.WORST_OFFENDERS})
_TO_ALL = {
    Intent.WHY: Intent.FAILURES_LIST,
    Intent.ERROR_TEXT: Intent.FAILURES_LIST,
    Intent.STATUS_ONE: Intent.OVERVIEW,
}
# Only asked of a run that is known already.
_OF_A_RUN = frozenset(
    {
        *(Intent.ERROR_TEXT, Intent.DETAILS, Intent.ACTIVITY_BREAKDOWN, Intent.FAILED_ACTIVITIES),
        *(Intent.SLOWEST_STEP, Intent.ROWS, Intent.COMPARE, Intent.HISTORY_OF_ERROR),
        *(Intent.NEXT_STEPS, Intent.STARTED_BY, Intent.LINK, Intent.WHAT_IF),
    }
)
# The same word in most languages that people write in here.
_TRIGGER = re.compile(r"(?i)\b(?:triggers?|trg\w*|schedules?|zeitplan|disparador\w*|gatilho\w*)\b")
_ABOUT_TRIGGERS = frozenset({Intent.TRIGGER_LIST, Intent.TRIGGER_DID_RUN, Intent.MISSED_RUNS})
# Who did something to a trigger is in Data Factory's own log.
_OF_ACTORS = frozenset({Intent.AUDIT, Intent.STARTED_BY})
MOST_NAMED = 0.5
MOST_WHOLE = 0.8
MOST_PICKED = 5
BRIEF = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One pipeline in one factory, or `unclear` names or factories it could be.

    `intent` is that of the words, or of the last question when they ask it again; `time` holds the
    arguments of the last time range when the words name none and continue it; `run_id` is a run of
    the conversation; `recalled` tells that the pipeline or run comes from it.
    """

    intent: Intent
    pipeline: str | None = None
    factory: str | None = None
    unclear: tuple[str, ...] = ()
    run_id: str | None = None
    recalled: bool = False
    time: Mapping[str, Any] = field(default_factory=dict[str, Any])
    missing: bool = False


def picked(text: str, ordinal: int | None, memory: Memory) -> str | None:
    """The question of the choice that a short answer picks: by number, or by part of its title."""
    choices = cast("Sequence[Sequence[str]]", memory.get("choices") or ())
    words = [token.word for token in tokens_of(text) if token.is_word]
    if not choices or not words or len(words) > MOST_PICKED:
        return None
    if ordinal is not None and len([one for one in words if one not in _FILLERS]) <= 1:
        return str(choices[ordinal - 1][1]) if 0 < ordinal <= len(choices) else None
    said = [word for word in words if word not in _FILLERS]
    fits = [
        question
        for title, question in choices
        if said and all(word in title.lower() for word in said)
    ]
    return str(fits[0]) if len(fits) == 1 else None


def subject_of(frame: Frame, memory: Memory, room: str, pipelines: Sequence[Pipeline]) -> Subject:
    """Find out what is asked, and about what; never a default pipeline."""
    intent, again = _intent(frame, memory)
    names, recalled = frame.slots.pipelines, False
    points = _points_back(frame)
    if points:
        intent = _TO_ONE.get(intent, intent)
    if intent in _OF_ACTORS and _acted_on_a_trigger(frame, memory):
        intent = Intent.CHANGE_LOG
    if not frame.slots.names_something and (again or points or the_classifier().may_name(intent)):
        names = _recalled(frame, memory, again=again or points)
        recalled = bool(names)
    leans = points or frame.follows or again
    if not names and not frame.slots.names_something and not leans:
        intent = _TO_ALL.get(intent, intent) if frame.named < MOST_NAMED else intent
    time = _last_range(memory) if again else dict[str, Any]()
    if len(names) != 1:
        missing = not names and intent in OF_ONE - _ALSO_OF_ALL and not frame.slots.run_ids
        factory = _factory_alone(frame, room, memory if again else {})
        return Subject(intent=intent, factory=factory, unclear=names, time=time, missing=missing)
    placed = _placed(names[0], frame, memory, room, pipelines, recalled=recalled)
    run_id = memory.get("run_id") if recalled and not frame.slots.time.given else None
    return Subject(
        intent=intent,
        pipeline=placed[0],
        factory=placed[1],
        unclear=placed[2],
        run_id=cast("str | None", run_id),
        recalled=recalled,
        time=time,
    )


def names_a_trigger(frame: Frame, memory: Memory) -> bool:
    """Whether a trigger is asked about: by its name or kind, or as the last question was."""
    if _TRIGGER.search(frame.text):
        return True
    before = str(memory.get("intent") or "")
    return frame.slots.is_off and before in _ABOUT_TRIGGERS


def _acted_on_a_trigger(frame: Frame, memory: Memory) -> bool:
    """Whether "who" is about a trigger: one that was stopped, or what was just said of triggers."""
    if frame.slots.is_off and names_a_trigger(frame, memory):
        return True
    before = str(memory.get("intent") or "")
    return frame.follows and before in _ABOUT_TRIGGERS


def _points_back(frame: Frame) -> bool:
    """Whether a pronoun stands for what was talked about, and nothing says that all is meant."""
    if frame.slots.names_something or frame.intent in CHAT:
        return False
    return points_back(frame.masked) and not _ALL.search(frame.masked)


def _last_range(memory: Memory) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", memory.get("time") or dict[str, Any]())


def _intent(frame: Frame, memory: Memory) -> tuple[Intent, bool]:
    """The intent, and whether it is that of the question before."""
    before = memory.get("intent")
    known = before in _INTENTS
    fillers = _FILLERS if frame.slots.names_something else _FILLERS | _OF_RUNS
    only_names = not [
        token
        for token in tokens_of(frame.masked)
        if token.is_word and not token.word.startswith("x") and token.word not in fillers
    ]
    changed = frame.slots.names_something or frame.slots.time.given or frame.slots.factory.alias
    if known and (frame.again or (only_names and changed)):
        return _once_more(frame, Intent(str(before)), is_bare=only_names)
    if only_names and frame.slots.pipelines:
        return Intent.STATUS_ONE, False
    return frame.intent, False


def _once_more(frame: Frame, before: Intent, *, is_bare: bool) -> tuple[Intent, bool]:
    """The last question once more; an order only where nothing else is said beside the name."""
    if before in ACTS | CHANGES and not is_bare:
        return (Intent.STATUS_ONE if frame.slots.pipelines else frame.intent), False
    time = frame.slots.time
    if time.zone and not time.given and not frame.slots.names_something:
        return Intent.LAST_TIME, True  # when it was, on another clock
    return before, True


def _recalled(frame: Frame, memory: Memory, *, again: bool) -> tuple[str, ...]:
    """What "it", "the other one" or "the second" is; nothing for a new thing."""
    listed = tuple(cast("list[str]", memory.get("listed") or ()))
    known, before = memory.get("pipeline"), memory.get("before")
    place = frame.slots.ordinal
    if place is not None and listed:
        return (listed[place - 1],) if 0 < place <= len(listed) else ()
    if not (again or _leans_back(frame)):
        return ()
    if _OTHER.search(frame.text):
        others = tuple(one for one in listed if one != known)
        return others or ((str(before),) if before else ())
    return (str(known),) if known else listed


def _leans_back(frame: Frame) -> bool:
    """Whether a question without a name is about what was talked about: nothing in it is new."""
    if frame.slots.unknown or frame.slots.ignored or frame.slots.critical:
        return False
    if frame.intent in _OF_A_RUN:
        return True
    words = sum(token.is_word for token in tokens_of(frame.text))
    brief = words <= BRIEF
    if brief and (frame.intent in OF_ONE or (words <= 2 and frame.intent in _ALSO_OF_ONE)):
        return not _ALL.search(frame.masked)
    return frame.follows or (brief and frame.whole <= MOST_WHOLE and frame.named < MOST_NAMED)


def _placed(
    name: str,
    frame: Frame,
    memory: Memory,
    room: str,
    pipelines: Sequence[Pipeline],
    *,
    recalled: bool,
) -> tuple[str, str | None, tuple[str, ...]]:
    """A pipeline in the factory that was said, or the room's, or the only one that holds it."""
    holders = tuple(dict.fromkeys(one.factory for one in pipelines if one.name == name))
    before = memory.get("factory") if recalled else None
    mine = before if before in holders else room
    said = frame.slots.factory
    chosen = said.alias or mine
    if frame.intent is Intent.COMPARE and not said.others:
        chosen = mine
    if chosen and (chosen in holders or said.alias):
        return name, chosen, ()
    if len(holders) > 1:
        return name, None, holders
    several = len({one.factory for one in pipelines}) > 1
    return name, holders[0] if several and holders else None, ()


def _factory_alone(frame: Frame, room: str, memory: Memory) -> str | None:
    """The factory of a question about all of it."""
    return frame.slots.factory.alias or memory.get("factory") or room or None
