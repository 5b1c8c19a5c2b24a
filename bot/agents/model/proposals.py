"""A model may only propose what the person's own message of this turn asks for, on what it names.

Text from Data Factory, pages, or other people never counts: it is not in the message. So the worst
that an order planted there can do is nothing at all, not even a card that nobody asked for.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from adf.records import ActionKind, Pipeline
from bot.agents.interface import Question
from bot.agents.understanding.act_words import (
    asks_for,
    changes_something,
    is_about_others,
    is_order_of_button,
    is_under_a_condition,
    only_asks,
)
from bot.agents.understanding.entities.acts import means_children, names_among
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import PROPOSED, Intent
from bot.agents.understanding.interpreter import KnownNames, interpret

# Likelier than not: what is proposed is only shown, and a person has to press.
LIKELY = 0.5
NOT_ASKED = "the person's own message does not ask for that: do not propose it"
_KINDS: Mapping[Intent, frozenset[str]] = {
    Intent.RERUN: frozenset({ActionKind.RERUN, ActionKind.RUN}),
    Intent.RERUN_FROM_FAILED: frozenset({ActionKind.RERUN}),
    Intent.CANCEL: frozenset({ActionKind.CANCEL}),
    Intent.TRIGGER_START: frozenset({ActionKind.START_TRIGGER}),
    Intent.TRIGGER_STOP: frozenset({ActionKind.STOP_TRIGGER}),
}


def refused_proposal(
    question: Question, pipelines: Sequence[Pipeline], arguments: Mapping[str, object]
) -> str:
    """Why a model may not propose that; blank where the person's words ask for it."""
    if question.records or (question.pressed and not is_order_of_button(question.text)):
        return NOT_ASKED
    names = tuple(dict.fromkeys(one.name for one in pipelines))
    known = KnownNames(pipelines=names, factories=question.factories)
    frame = interpret(question.text, known, question.now, question.zone)
    if str(arguments.get("action", "")) not in _kinds_requested(frame):
        return NOT_ASKED
    return (
        ""
        if _is_named(question, frame, arguments) and _adds_nothing(question, arguments)
        else ("name what the person named, and nothing that only stands in the data")
    )


def _kinds_requested(frame: Frame) -> frozenset[str]:
    """The acts that the message asks for, its second half included."""
    halves = [frame, frame.second] if frame.second else [frame]
    intents = [
        one.intent
        for one in halves
        if one.confidence >= LIKELY
        and one.intent in PROPOSED
        and asks_for(one.intent, one.masked)
        and not changes_something(one.masked)
        and not is_about_others(one.intent, one.masked)
        and not is_under_a_condition(one.masked)
        and not only_asks(one.text)
    ]
    return frozenset[str]().union(*(_KINDS[one] for one in intents))


def _is_named(question: Question, frame: Frame, arguments: Mapping[str, object]) -> bool:
    """Whether the message names the thing, or points at what was talked about."""
    trigger = arguments.get("trigger")
    if trigger:
        named = names_among(question.text, [str(trigger)])
        return bool(named) or bool(_said(frame) or _talked_about(question))
    run_id, pipeline = arguments.get("run_id"), arguments.get("pipeline")
    if run_id and str(run_id).lower() in question.text.lower():
        return True
    if pipeline is None:
        return bool(run_id) and str(run_id) in _runs_talked_about(question)
    if _said(frame):
        return str(pipeline) in _said(frame)
    return str(pipeline) in _talked_about(question)


def _adds_nothing(question: Question, arguments: Mapping[str, object]) -> bool:
    """Whether every value and every child run stands in the message."""
    given = cast("Mapping[str, object]", arguments.get("parameters") or {})
    values = [str(one) for one in given.values()]
    if arguments.get("recursive") and not means_children(question.text):
        return False
    begins_at = arguments.get("activity")
    values += [str(begins_at)] if begins_at else []
    return all(one.lower() in question.text.lower() for one in values)


def _said(frame: Frame) -> frozenset[str]:
    halves = [frame, frame.second] if frame.second else [frame]
    return frozenset(name for one in halves for name in one.slots.pipelines)


def _talked_about(question: Question) -> frozenset[str]:
    memory = question.memory
    names = [str(one) for one in cast("Sequence[object]", memory.get("listed") or ())]
    return frozenset([*names, *(str(memory[key]) for key in ("pipeline",) if memory.get(key))])


def _runs_talked_about(question: Question) -> frozenset[str]:
    memory = question.memory
    return frozenset(str(memory[key]) for key in ("run_id", "cause_run_id") if memory.get(key))
