"""How something works, answered from the documentation: searched, or by the page we know of."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from adf.diagnosis.knowledge import KnownError as Known
from adf.diagnosis.knowledge import kinds, named_in
from adf.errors import AdfError
from adf.records import ErrorExplanation
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.intents import Intent
from cards.records import DocsAnswer, PageSource

SEARCH = "learn_docs_search"
EXPLAIN = "adf_explain_error"
_EXPLAIN = re.compile(r"(?is)\s*(?:please )?explain this(?: error(?: message)?)?\s*:\s*(?=\S)")
NO_SERVER = (
    "No documentation server is configured here, so I can't look up how things are done in Data "
    "Factory. I can tell how a pipeline stands, why one failed and what is running."
)
NOT_REACHED = "The documentation server cannot be asked right now: this is what I know myself."


async def from_an_error(turn: AnswerContext) -> Answer | None:
    """What an error means that the person pasted; None for a question without one."""
    text = turn.question.text
    asked = _EXPLAIN.match(text)
    if asked is None and not turn.frame.slots.pasted:
        return None
    if not any(one.name == EXPLAIN for one in turn.tools.tools):
        return None
    said = (text[asked.end() :] if asked else text).strip()
    return answered(turn, cast("ErrorExplanation", await turn.tools.call(EXPLAIN, text=said)))


async def from_the_docs(turn: AnswerContext) -> Answer:
    """How something is done, or what an error means."""
    known = named_in(_asked(turn))
    if not _is_there(turn):
        return (
            asked_back(turn, _by_heart(turn, known))
            if known
            else replace(asked_back(turn, text=NO_SERVER), is_open=True)
        )
    try:
        found = await _searched(turn, _asked(turn))
    except AdfError:
        if known is None:
            raise
        return replace(asked_back(turn, _by_heart(turn, known)), note=NOT_REACHED)
    return asked_back(turn, found)


async def with_pages(turn: AnswerContext, told: DocsAnswer) -> DocsAnswer:
    """What is told of an error with what the documentation has on it, where that can be asked."""
    if not _is_there(turn):
        return told
    try:
        found = await _searched(turn, " ".join(_error(turn) or (turn.question.text,)))
    except AdfError:
        return told
    if not found.sources:
        return told
    sources = {one.url: one for one in (*told.sources, *found.sources)}
    points = (f"The documentation says: {found.finding}", *told.points)
    return replace(told, points=points, sources=tuple(sources.values()))


def _is_there(turn: AnswerContext) -> bool:
    """Whether a documentation server is configured."""
    return any(one.name == SEARCH for one in turn.tools.tools)


async def _searched(turn: AnswerContext, query: str) -> DocsAnswer:
    found = cast("DocsAnswer", await turn.tools.call(SEARCH, query=query))
    return replace(found, question=turn.question.text)


def _asked(turn: AnswerContext) -> str:
    """What to look for: the question, with the error that was talked about."""
    return " ".join((turn.question.text, *(_error(turn) if is_about_the_last(turn) else ())))


def is_about_the_last(turn: AnswerContext) -> bool:
    """Whether an error is asked about without its code: that of the conversation."""
    text = turn.question.text
    own = turn.frame.slots.errors or any(letter.isdigit() for letter in text) or named_in(text)
    return turn.frame.follows or (turn.intent is Intent.DOCS_ERROR and not own)


def _error(turn: AnswerContext) -> tuple[str, ...]:
    """The codes of the error that was talked about."""
    codes = turn.question.memory.get("error") or ()
    return tuple(str(one) for one in codes)


def _by_heart(turn: AnswerContext, known: Known) -> DocsAnswer:
    """What our own catalogue has on an error."""
    return DocsAnswer(
        question=f"What {'error ' if known.code.isdigit() else ''}{known.code} means",
        finding=known.cause,
        points=kinds()[known.kind].steps,
        sources=tuple(_pages(known)),
        built_in=True,
    )


def _pages(known: Known) -> Iterator[PageSource]:
    if known.page:
        yield PageSource(title=f"Microsoft Learn about {known.code}", url=known.page)
