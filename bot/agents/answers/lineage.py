"""Answers from the definitions: who waits for whom, who uses what, what a pipeline does, whose."""

import re
from typing import cast

from adf.records import LineageReport, ResourceKind, UseReport
from bot.agents.answers.clarify import MOST_CHOICES, which
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.answers.remembered import MOST_LISTED
from bot.agents.interface import Answer
from bot.agents.understanding.entities.resources import asks_for_users, resource_in
from bot.agents.understanding.intents import Intent

# The pipeline itself is what depends, needs or waits.
_DEPENDS = (
    r"\b(?:xpipe|it|that one)\W+(?:\w+\W+){0,2}?"
    r"(?:depend|rel(?:y|ies)|need|wait|requir|häng|brauch|wart)"
)
# What lies before it is asked for by name.
_BEFORE = r"\b(?:upstream|predecessors?|prerequisites?|vorgänger)\b"
_FEEDS = r"\b(?:feeds?|feeding|before)\s+(?:into\s+)?(?:xpipe|it)\b"
_UPSTREAM = re.compile(rf"(?i){_BEFORE}|{_DEPENDS}|{_FEEDS}")


NO_NAME = (
    "Tell me the name of the linked service, dataset, runtime, table, or secret as it is written "
    "in Data Factory."
)

_NO_REFERENCE = (
    "No linked service refers to it. This list comes from the activity runs of the last day."
)


async def impact(turn: AnswerContext) -> Answer:
    """Who waits for a pipeline or breaks with it; upstream where that is asked."""
    if turn.pipeline is None:
        names = turn.unclear or tuple(one.name for one in turn.pipelines)
        return asked_back(
            turn, which("Which pipeline do you mean?", names[:MOST_CHOICES], Intent.IMPACT)
        )
    direction = {"direction": "upstream"} if is_upstream(turn.frame.masked) else {}
    found = await turn.call("adf_lineage", pipeline=turn.pipeline, **direction)
    report = cast("LineageReport", found)
    answer = answered(turn, report)
    listed = [one.name for one in report.related if one.published][:MOST_LISTED]
    memory = {**answer.memory, "listed": listed, "related": listed}
    return Answer(records=answer.records, memory=memory, note=answer.note, sure=answer.sure)


def is_upstream(masked: str) -> bool:
    """Whether it is asked what a pipeline depends on, its name masked, not who depends on it."""
    return _UPSTREAM.search(masked) is not None


async def uses(turn: AnswerContext) -> Answer:
    """Which pipelines use something; of a pipeline, who waits for it."""
    name = resource_in(turn.question.text)
    if name is None or _is_pipeline(turn, name):
        if turn.pipeline:
            return await impact(turn)
        return asked_back(turn, text=NO_NAME)
    report = cast("UseReport", await turn.call("adf_uses", name=name))
    runtimes = [one for one in report.found if one.kind is ResourceKind.RUNTIME]
    if runtimes and not runtimes[0].uses:
        # What ran there without a reference in the definitions, its activity runs show.
        found = await turn.call("adf_ir_status", name=runtimes[0].name)
        return answered(turn, found, note=_NO_REFERENCE)
    return answered(turn, report)


def is_about_users(turn: AnswerContext) -> bool:
    """Whether a list of pipelines is asked for by what they use, or who is hit by its outage."""
    if turn.frame.slots.pipelines:
        return False
    if turn.intent is Intent.IMPACT and turn.frame.slots.unknown:
        return resource_in(turn.question.text) is not None
    return turn.intent is Intent.PIPELINES_LIST and asks_for_users(turn.question.text)


def _is_pipeline(turn: AnswerContext, name: str) -> bool:
    return name.lower() in {one.name.lower() for one in turn.pipelines}


async def describe(turn: AnswerContext) -> Answer:
    """What a pipeline does, by its definition."""
    found = await turn.call("adf_describe_pipeline", pipeline=turn.pipeline)
    return answered(turn, found)


async def owner(turn: AnswerContext) -> Answer:
    """Who owns a pipeline; of none that is named, every owner that is known."""
    found = await turn.call("adf_owners", pipeline=turn.related_pipeline or turn.pipeline)
    return answered(turn, found)
