"""Answers about what came from outside: changes of all kinds, and outages of Azure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from adf.records import AzureHealth, Change, ChangeLog, TriggerReport, TriggerStatus
from bot.agents.answers.clarify import MOST_CHOICES, unclear
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.choice import asks_who
from bot.agents.understanding.conversation import names_a_trigger
from bot.agents.understanding.entities.pipelines import find_names
from bot.agents.understanding.entities.resolve import ordinary_words
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.text import plain_words
from cards.records import Choice, Picker

_PARTS = re.compile(r"[^\W_]+")


async def changes(turn: AnswerContext) -> Answer:
    """What was changed of what is asked about; who stopped a trigger is on its own card."""
    if names_a_trigger(turn.frame, turn.question.memory):
        of_trigger = await _of_trigger(turn)
        if of_trigger is not None:
            return of_trigger
    if turn.unclear and not turn.pipeline:
        return _which(turn, turn.unclear, "what changed in {}")
    unknown = turn.frame.slots.unknown
    if unknown and not turn.pipeline:
        return await _named(turn, unknown)
    back = unclear(turn)
    return back or answered(turn, await _log(turn, pipeline=turn.pipeline))


async def outage(turn: AnswerContext) -> Answer:
    """Whether it is us or Azure, as far as reports and shared errors tell."""
    return answered(turn, cast("AzureHealth", await turn.call("adf_health")))


async def _log(turn: AnswerContext, **of: str | None) -> ChangeLog:
    return cast("ChangeLog", await turn.call("adf_change_log", **of, **turn.times))


async def _named(turn: AnswerContext, names: Sequence[str]) -> Answer:
    """What was done by or to a name that no pipeline has: a person, a linked service."""
    log = await _log(turn)
    found = tuple(one for one in log.changes if any(_names(one, name) for name in names))
    if found:
        return answered(turn, replace(log, changes=found))
    said = " or ".join(f"“{name}”" for name in names)
    return answered(turn, log, note=f"Nothing called {said} is in it: these are all changes.")


def _names(change: Change, name: str) -> bool:
    """Whether a name is the actor's, or that of something that was changed."""
    parts = {one.lower() for one in _PARTS.findall(change.actor)}
    said = [one.lower() for one in _PARTS.findall(name)]
    is_actor = bool(said) and all(one in parts for one in said)
    return is_actor or any(name.lower() == thing.name.lower() for thing in change.things)


async def _of_trigger(turn: AnswerContext) -> Answer | None:
    """What was done to the trigger that is meant; None when no trigger fits the words."""
    report = cast("TriggerReport", await turn.call("adf_trigger_status", pipeline=turn.pipeline))
    meant = _meant(turn, report.triggers)
    if len(meant) > 1:
        return _which(turn, [one.name for one in meant], "who stopped trigger {}")
    if not meant:
        return None
    (one,) = meant
    log = await _log(turn, trigger=one.name)
    # Of a trigger that is stopped, whoever did something to it is the one who stopped it.
    of_stop = turn.frame.slots.is_off or asks_who(turn.question.text)
    is_stop = of_stop and not one.is_started
    record = replace(report, triggers=(one,), trigger=one.name) if is_stop else log
    answer = answered(turn, record)
    memory = dict(answer.memory)
    if is_stop:
        # "and the other one?" then asks how that trigger stands, as this card shows it.
        memory["intent"] = str(Intent.TRIGGER_DID_RUN)
    if len(one.pipelines) == 1:
        memory["pipeline"] = one.pipelines[0]
    return replace(answer, memory=memory)


def _meant(turn: AnswerContext, triggers: Sequence[TriggerStatus]) -> Sequence[TriggerStatus]:
    """The triggers that are named, or that start what is named; else those that are stopped."""
    by_name = _fitting(turn, {one.name: (one,) for one in triggers})
    if by_name:
        return by_name
    if turn.pipeline is None:
        starting = {
            name: tuple(one for one in triggers if name in one.pipelines)
            for trigger in triggers
            for name in trigger.pipelines
        }
        by_pipeline = _fitting(turn, starting)
        if by_pipeline:
            return by_pipeline
    if turn.frame.slots.unknown:
        return ()
    stopped = [one for one in triggers if not one.is_started]
    return stopped if turn.frame.slots.is_off and stopped else triggers if turn.pipeline else ()


def _fitting(
    turn: AnswerContext, named: dict[str, tuple[TriggerStatus, ...]]
) -> Sequence[TriggerStatus]:
    found = find_names(plain_words(turn.question.text), named, ordinary_words())
    return [one for name in found.names for one in named[name]]


def _which(turn: AnswerContext, names: Sequence[str], question: str) -> Answer:
    choices = [Choice(title=one, question=question.format(one)) for one in names[:MOST_CHOICES]]
    return asked_back(turn, Picker(question="Which one do you mean?", choices=tuple(choices)))
