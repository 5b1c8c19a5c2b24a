"""What was talked about and is no pipeline: a runtime, a trigger, something that pipelines use.

A question that leans on it is read with its name in the place of the pronoun.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast

from bot.agents.understanding.entities.filters import filters_in
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, CHAT, NO_ANSWER, OF_INCIDENTS, Intent
from bot.agents.understanding.text import tokens_of


class ThingKind(StrEnum):
    """What kind of thing it is, by what answers about it."""

    RUNTIME = "runtime"
    TRIGGER = "trigger"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something other than a pipeline that the last answer was about."""

    kind: ThingKind
    name: str


# The intent that shows such a thing.
ANSWERED_BY: Mapping[ThingKind, Intent] = {
    ThingKind.RUNTIME: Intent.RUNTIME_STATUS,
    ThingKind.TRIGGER: Intent.TRIGGER_LIST,
    ThingKind.RESOURCE: Intent.USES,
}
_NOUNS: Mapping[ThingKind, str] = {
    ThingKind.RUNTIME: r"box|machine|node|server|host|runtime|ir|shir|gateway|vm|agent|maschine",
    ThingKind.TRIGGER: r"trigger|schedule|timer|zeitplan",
    ThingKind.RESOURCE: r"linked service|service|dataset|data set|table|secret|connection"
    r"|credential|notebook|proc(?:edure)?|database|db|data ?flow",
}
_STANDS: Mapping[ThingKind, re.Pattern[str]] = {
    kind: re.compile(
        rf"(?i)\b(?:(?:that|this|the same|the)\s+(?:{nouns})|(?:that|this)\s+(?:one|thing))\b"
    )
    for kind, nouns in _NOUNS.items()
}
_RUNTIME = re.compile(rf"(?i)(?:{_NOUNS[ThingKind.RUNTIME]})s?")
_IT = re.compile(r"(?i)\bit(?:['’]?s)?\b")
_THERE = re.compile(r"(?i)\b(?:there|that)(?=\W*$)")
_OTHER = re.compile(r"(?i)\b(?:other|andere[nrs]?|otr[oa]|outr[oa]|autre|altr[oa])\b")
# Asked with "it", they ask how the thing itself stands, or what hangs on it.
_OF_ITSELF = frozenset(
    {
        *(Intent.STATUS_ONE, Intent.LAST_TIME, Intent.OVERVIEW, Intent.AGAIN, Intent.RUNNING_NOW),
        *(Intent.USES, Intent.IMPACT, Intent.RUNS_LIST, Intent.PIPELINES_LIST, Intent.DETAILS),
        *(Intent.STUCK_RUNS, Intent.FAILURES_LIST, Intent.QUEUE_WHY, Intent.DESCRIBE, Intent.WHY),
        *(Intent.RUNTIME_STATUS, Intent.TRIGGER_LIST, Intent.TRIGGER_DID_RUN, Intent.MISSED_RUNS),
        *(Intent.INCIDENT_STATUS, Intent.STARTED_BY, Intent.SLA_ETA, Intent.UNCLEAR),
    }
)
# Nothing but a run of a pipeline has these.
_OF_A_RUN = frozenset(
    {
        *(Intent.WHY, Intent.ERROR_TEXT, Intent.ROWS, Intent.DURATION, Intent.FAILED_ACTIVITIES),
        *(Intent.NEXT_STEPS, Intent.HISTORY_OF_ERROR, Intent.COMPARE, Intent.RERUN_FROM_FAILED),
        *(Intent.CANCEL, Intent.SLOWEST_STEP, Intent.ACTIVITY_BREAKDOWN, Intent.DATA_QUALITY),
    }
)
_RESTART = re.compile(
    r"(?i)\b(?:(?:restart|reboot|bounc|reset)(?:e|s|ed|ting|ing)?|neu ?start\w*|red[ée]marr\w*)\b"
)
MOST_LEFT_OUT = 4
# An act on the thing itself needs its own words; less is a question about it.
ORDERED = 0.95


def is_called_a_runtime(word: str) -> bool:
    """Whether a word is one that people call an integration runtime by: "box", "gateway"."""
    return _RUNTIME.fullmatch(word) is not None


def thing_in(memory: Mapping[str, Any]) -> Thing | None:
    """The thing that the last answer was about; None where it was about pipelines."""
    wire = cast("Mapping[str, str]", memory.get("thing") or {})
    if wire.get("kind") not in set(ThingKind):
        return None
    return Thing(kind=ThingKind(wire["kind"]), name=wire["name"])


def remembered_thing(thing: Thing) -> dict[str, Any]:
    """What to remember of a thing."""
    return {"thing": {"kind": str(thing.kind), "name": thing.name}}


def named_for_it(frame: Frame, thing: Thing, *, has_pipeline: bool) -> str | None:
    """The text with the name in the place of what stands for the thing; None where nothing does.

    With one pipeline known beside the thing, what only a run has is asked of that pipeline.
    """
    if frame.slots.names_something or frame.intent in CHAT | OF_INCIDENTS - {Intent.AGAIN}:
        return None
    if has_pipeline and frame.intent in _OF_A_RUN and _is_of_a_run(frame):
        return None
    if has_pipeline and thing.kind is ThingKind.RUNTIME and _runs_again(frame):
        return None
    for pattern in (_STANDS[thing.kind], _IT, _THERE):
        found = pattern.search(frame.text)
        if found is not None:
            is_verb = found.re is _IT and found.group()[-1] in "sS"
            name = f"{thing.name} is" if is_verb else thing.name
            return f"{frame.text[: found.start()]}{name}{frame.text[found.end() :]}"
    words = sum(token.is_word for token in tokens_of(frame.text))
    wants_it = frame.intent is ANSWERED_BY[thing.kind] or (
        frame.follows and frame.intent is Intent.INCIDENT_STATUS  # "since when"
    )
    leaves_out = words <= MOST_LEFT_OUT and wants_it
    return f"{frame.text.rstrip(' ?.!')} {thing.name}" if leaves_out else None


def read_as_of(frame: Frame, thing: Thing) -> Frame:
    """A question with the name of a thing in it, as one about that thing."""
    slots = replace(frame.slots, unknown=(thing.name,), ignored=())
    is_order = frame.intent in ACTS and frame.confidence >= ORDERED
    if thing.kind is ThingKind.RUNTIME and is_restart(frame):
        said = f"{frame.masked} runtime"
        return replace(frame, masked=said, intent=Intent.WHAT_IF, slots=slots, sure=True)
    is_read = frame.intent in _OF_ITSELF or (frame.intent in ACTS and not is_order)
    if frame.intent in NO_ANSWER or is_read:
        return replace(frame, intent=ANSWERED_BY[thing.kind], slots=slots, sure=True, again=False)
    return replace(frame, slots=slots)


def is_restart(frame: Frame) -> bool:
    """Whether a restart of a machine is spoken of, not one of a run."""
    is_machine = not frame.slots.pipelines and frame.intent not in _OF_A_RUN
    return is_machine and _RESTART.search(frame.text) is not None


def _runs_again(frame: Frame) -> bool:
    """Whether something is to run once more, which no machine does: "then run it again"."""
    return frame.intent is Intent.RERUN and frame.sure and _RESTART.search(frame.text) is None


def other_of_its_kind(frame: Frame) -> bool:
    """Whether another thing of the same kind is asked about, that is not named."""
    return _OTHER.search(frame.text) is not None and not frame.slots.names_something


def _is_of_a_run(frame: Frame) -> bool:
    """Whether a failure or a run is meant; "why is it down" asks about the thing."""
    return frame.intent is not Intent.WHY or filters_in(frame.masked).failed
