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
from bot.agents.understanding.coverage import WHOLE
from bot.agents.understanding.entities.run_steps import RunStep
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import OF_ALL, OF_ONE, Intent
from bot.agents.understanding.once_more import once_more
from bot.agents.understanding.picks import FILLERS, among
from bot.agents.understanding.recalled import recalled_names
from bot.agents.understanding.references import (
    asks_whether_over,
    asks_which_part,
    changes_topic,
    is_unsaid,
    leans_on_something,
    points_at,
    says_that_pipeline,
    says_there,
)
from bot.agents.understanding.run_reference import intent_of_step, step_of
from bot.agents.understanding.standing import (
    asks_of_one_listed,
    order_where_it_stands,
    says_turned_off,
)
from bot.agents.understanding.text import tokens_of

Memory = Mapping[str, Any]
_INTENTS = frozenset(map(str, Intent))
_WRONG_ONE = re.compile(r"(?i)\b(?:the )?wrong (?:one|pipeline|job|incident)\b")
_OF_RUNS = frozenset({"run", "runs", "ones", "was", "were", "is", "did"})
# Asked of the whole factory when nothing is named and nothing was said before.
_ALSO_OF_ALL = frozenset({Intent.RUNS_LIST, Intent.DATA_QUALITY, Intent.QUEUE_WHY})
# What "it" makes of a question about all: "is it still running" asks about one.
_TO_ONE = {
    Intent.RUNNING_NOW: Intent.STATUS_ONE,
    Intent.OVERVIEW: Intent.STATUS_ONE,
    Intent.PIPELINES_LIST: Intent.IMPACT,  # "which others feel that"
}
# With "it" and little more all of them ask how one pipeline is now.
_HOW_ONE_IS = {
    Intent.RUNTIME_STATUS: Intent.STATUS_ONE,
    Intent.UNCLEAR: Intent.STATUS_ONE,
    Intent.RESOLVE: Intent.STATUS_ONE,
}
_TO_ALL = {
    Intent.WHY: Intent.FAILURES_LIST,
    Intent.ERROR_TEXT: Intent.FAILURES_LIST,
    Intent.STATUS_ONE: Intent.OVERVIEW,
}
# The same word in most languages that people write in here.
_TRIGGER = re.compile(r"(?i)\b(?:triggers?|trg\w*|schedules?|zeitplan|disparador\w*|gatilho\w*)\b")
_ABOUT_TRIGGERS = frozenset({Intent.TRIGGER_LIST, Intent.TRIGGER_DID_RUN, Intent.MISSED_RUNS})
# Who did something to a trigger is in Data Factory's own log.
_OF_ACTORS = frozenset({Intent.AUDIT, Intent.STARTED_BY})
# "Turn it back on" of what was just done, unless a trigger is named.
_TAKEN_BACK: Mapping[tuple[str, Intent], Intent] = {
    (str(Intent.MUTE), Intent.TRIGGER_START): Intent.UNMUTE,
    (str(Intent.UNMUTE), Intent.TRIGGER_STOP): Intent.MUTE,
    (str(Intent.SUBSCRIBE), Intent.TRIGGER_STOP): Intent.UNSUBSCRIBE,
}
MOST_NAMED = 0.5
# After these it is alerts that somebody turned off.
_OF_ALERTS = frozenset(
    map(str, (Intent.MUTE, Intent.UNMUTE, Intent.SUBSCRIBE, Intent.UNSUBSCRIBE))
) | {str(Intent.LIST_SUBSCRIPTIONS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One pipeline in one factory, or `unclear` names or factories it could be.

    `intent` is that of the words, or of the last question when they ask it again; `time` holds the
    arguments of the last time range when the words name none and continue it; `run_id` is a run of
    the conversation; `recalled` tells that the pipeline or run comes from it. `step` leads from
    the run that is talked about to the one that is meant; `settled` tells that it is asked how
    that stands, whatever the words alone are likest to.
    """

    intent: Intent
    pipeline: str | None = None
    factory: str | None = None
    unclear: tuple[str, ...] = ()
    run_id: str | None = None
    recalled: bool = False
    time: Mapping[str, Any] = field(default_factory=dict[str, Any])
    missing: bool = False
    step: RunStep | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaning:
    """What is asked, and how it leans on what went before; see `Subject`.

    `is_part` tells that parts of the failed run that was shown are asked for, `is_there` that the
    place of what was talked about is meant.
    """

    intent: Intent
    again: bool
    points: bool
    unsaid: bool
    settled: bool
    step: RunStep | None
    is_part: bool
    is_there: bool


def subject_of(frame: Frame, memory: Memory, room: str, pipelines: Sequence[Pipeline]) -> Subject:
    """Find out what is asked, and about what; never a default pipeline."""
    memory = {} if frame.afresh or changes_topic(frame.text) else memory
    leaning = _leaning(frame, memory)
    intent, names, recalled = _meant(frame, memory, leaning)
    step = leaning.step
    time = _last_range(memory) if leaning.again and step is None else dict[str, Any]()
    if len(names) != 1:
        of_one = intent in OF_ONE - _ALSO_OF_ALL and not _is_of_all(frame)
        missing = not names and of_one and not frame.slots.run_ids
        missing = missing or leaning.unsaid
        is_same_place = leaning.again or leaning.is_there
        factory = _factory_alone(frame, room, memory if is_same_place else {})
        return Subject(
            intent=intent, factory=factory, unclear=names, time=time, missing=missing, step=step
        )
    placed = _placed(names[0], frame, memory, room, pipelines, recalled=recalled)
    is_timed = frame.slots.time.given and step is None
    is_known = recalled and placed[0] == memory.get("pipeline")
    run_id = memory.get("run_id") if is_known and not is_timed else None
    return Subject(
        intent=intent,
        pipeline=placed[0],
        factory=placed[1],
        unclear=placed[2],
        run_id=cast("str | None", run_id),
        recalled=recalled,
        time=time,
        step=step,
        settled=leaning.is_part or (leaning.settled and intent is Intent.STATUS_ONE),
    )


def _leaning(frame: Frame, memory: Memory) -> _Leaning:
    step = step_of(frame, memory)
    intent, again = (intent_of_step(frame, memory), True) if step else _intent(frame, memory)
    points, unsaid = points_at(frame), is_unsaid(frame, memory)
    if asks_whether_over(frame):
        intent, points = Intent.STATUS_ONE, True
    settled = unsaid or (bool(memory.get("pipeline")) and leans_on_something(frame))
    if settled and str(memory.get("intent")) != str(Intent.RUNTIME_STATUS):
        intent, points = _HOW_ONE_IS.get(intent, intent), points or not unsaid
    if points or unsaid:
        intent = _TO_ONE.get(intent, intent)
    is_there = says_there(frame)
    if is_there and intent is Intent.FAILURES_LIST and memory.get("pipeline"):
        intent = Intent.WHY
    if not frame.slots.names_something and not _TRIGGER.search(frame.text):
        intent = _TAKEN_BACK.get((str(memory.get("intent")), frame.intent), intent)
    if intent in _OF_ACTORS and _acted_on_a_trigger(frame, memory):
        intent = Intent.CHANGE_LOG
    intent = order_where_it_stands(intent, frame, memory)
    if not settled and asks_of_one_listed(frame, memory):
        intent, settled = Intent.STATUS_ONE, True
    return _Leaning(
        intent=intent,
        again=again,
        points=points,
        unsaid=unsaid,
        settled=settled,
        step=step,
        is_part=asks_which_part(frame, memory),
        is_there=is_there,
    )


def _meant(frame: Frame, memory: Memory, leaning: _Leaning) -> tuple[Intent, tuple[str, ...], bool]:
    """The intent, the pipelines that are meant, and whether they come from the conversation."""
    if leaning.is_part:
        return Intent.FAILED_ACTIVITIES, (str(memory["pipeline"]),), True
    intent, leans = leaning.intent, leaning.again or leaning.points
    if frame.slots.names_something or frame.slots.excluded:
        return intent, _said(frame, memory, leans=leans), False
    names: tuple[str, ...] = ()
    if leans or the_classifier().may_name(intent):
        names = recalled_names(frame, memory, again=leans)
    if frame.slots.ordinal and len(names) == 1 and intent in OF_ALL:
        intent = Intent.STATUS_ONE  # one of a list is shown, and not a list of one
    is_of_all = not (names or leans or leaning.unsaid or frame.follows)
    if is_of_all and frame.named < MOST_NAMED:
        intent = _TO_ALL.get(intent, intent)
    return intent, names, bool(names)


def _said(frame: Frame, memory: Memory, *, leans: bool) -> tuple[str, ...]:
    """The names that were said; of several that fit those that a correction can mean."""
    slots = frame.slots
    if not (slots.ambiguous or slots.excluded) or not (leans or frame.follows):
        return slots.pipelines
    listed = cast("list[str]", memory.get("listed") or [])
    denied = slots.excluded or (str(memory.get("pipeline") or ""),)
    return among(slots.pipelines, denied, listed)


def _is_of_all(frame: Frame) -> bool:
    """Whether it is unclear what is asked, but clear that it is about no one thing."""
    return not frame.sure and frame.whole >= WHOLE


def names_a_trigger(frame: Frame, memory: Memory) -> bool:
    """Whether a trigger is asked about: by its name or kind, or as the last question was."""
    if _TRIGGER.search(frame.text):
        return True
    before = str(memory.get("intent") or "")
    if frame.intent in _OF_ACTORS | {Intent.CHANGE_LOG} and says_turned_off(frame):
        return before not in _OF_ALERTS  # nothing else of a pipeline can be turned off
    return frame.slots.is_off and before in _ABOUT_TRIGGERS


def _acted_on_a_trigger(frame: Frame, memory: Memory) -> bool:
    """Whether "who" is about a trigger: one that was stopped, or what was just said of triggers."""
    if frame.slots.is_off and names_a_trigger(frame, memory):
        return True
    before = str(memory.get("intent") or "")
    if says_that_pipeline(frame):
        return False
    return frame.follows and before in _ABOUT_TRIGGERS


def _last_range(memory: Memory) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", memory.get("time") or dict[str, Any]())


def _intent(frame: Frame, memory: Memory) -> tuple[Intent, bool]:
    """The intent, and whether it is that of the question before."""
    before = memory.get("intent")
    known = before in _INTENTS
    fillers = FILLERS if frame.slots.names_something else FILLERS | _OF_RUNS
    only_names = not [
        token
        for token in tokens_of(_WRONG_ONE.sub(" ", frame.masked))
        if token.is_word and not token.word.startswith("x") and token.word not in fillers
    ]
    changed = frame.slots.names_something or frame.slots.time.given or frame.slots.factory.alias
    if known and (frame.again or (only_names and changed)):
        return once_more(frame, Intent(str(before)), memory, is_bare=bool(only_names))
    if only_names and frame.slots.pipelines:
        return Intent.STATUS_ONE, False
    return frame.intent, False


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
