"""Two answers to one message as one: what waits for a press first, nothing twice, none unsaid."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, cast
from zoneinfo import ZoneInfo

from adf.client import NotGranted
from adf.errors import AdfError
from adf.records import BaseRecord
from bot.agents.interface import Answer, Question
from bot.agents.problems import problem_for
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS
from cards.records import IncidentReport, TicketProposal

Answering = Callable[[Frame, Question], Awaitable[Answer]]


async def answer_to_all(question: Question, parts: Sequence[Frame], answer: Answering) -> Answer:
    """The answers to each part of a message; one that cannot be given costs the others nothing.

    Raises the AdfError of the first part where no part can be answered.
    """
    first, *more = parts
    if not more:
        return await answer(first, question)
    answers: list[Answer] = []
    errors: list[AdfError] = []
    memory = question.memory
    for part in parts:
        leaning = memory if part is first else memory_for(part, first, memory)
        try:
            answers.append(await answer(part, replace(question, memory=leaning)))
        except AdfError as error:
            errors.append(error)
            answers.append(_missing(error, part, replace(question, memory=memory)))
        memory = answers[-1].memory
    if len(errors) == len(parts):
        raise errors[0]
    return reduce(lambda whole, one: both_answers(whole, one, question.zone), answers)


def _missing(error: AdfError, part: Frame, question: Question) -> Answer:
    """What is said of a part that could not be answered; who may not see it is refused later."""
    if isinstance(error, NotGranted):
        return Answer(memory=question.memory, closed=error.factory, words=part.text)
    problem = problem_for(error, part.text, question.now, question.zone)
    return Answer(records=(problem,), memory=question.memory)


def both_answers(first: Answer, second: Answer, zone: ZoneInfo) -> Answer:
    """Two answers as one: every card, and what is only said beside them.

    Of two cards about one incident the later one shows both.
    """
    again = {one.identity for one in second.records if isinstance(one, IncidentReport)}
    earlier = (
        one
        for one in first.records
        if not (isinstance(one, IncidentReport) and one.identity in again)
    )
    records = before_others((*earlier, *second.records), zone)
    said = [one for one in (first.text, first.note, second.text, second.note) if one]
    text, note = ("\n\n".join(said), None) if not records else (None, " ".join(said) or None)
    halves = (*(first.halves or (first,)), *(second.halves or (second,)))
    is_limited = any(one.wants or one.closed for one in halves)
    return Answer(
        records=records,
        text=text,
        note=note,
        memory=second.memory,
        sure=first.sure and second.sure,
        is_open=first.is_open and second.is_open,
        halves=halves if is_limited else (),
    )


def memory_for(part: Frame, first: Frame, memory: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the second half of a text leans on: a question beside an order is not that order."""
    if first.intent not in ACTS or part.intent in ACTS or not part.sure:
        return memory
    return {key: value for key, value in memory.items() if key != "intent"}


def before_others(records: Sequence[object], zone: ZoneInfo) -> tuple[object, ...]:
    """What waits for a press comes first, and says in a line what else was answered."""
    proposed = [one for one in records if isinstance(one, TicketProposal)]
    others = [one for one in records if not isinstance(one, TicketProposal)]
    lines = [cast("BaseRecord", one).one_line(zone) for one in others]
    beside = "; ".join(one for one in lines if one)
    return (*(replace(one, beside=beside) for one in proposed), *others)
