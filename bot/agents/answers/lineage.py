"""Answers about who depends on whom: what waits for a pipeline, and what it waits for itself."""

import re
from typing import cast

from adf.records import LineageReport
from bot.agents.answers.clarify import MOST_CHOICES, which
from bot.agents.answers.context import MOST_LISTED, AnswerContext, answered, asked_back
from bot.agents.interface import Answer
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
