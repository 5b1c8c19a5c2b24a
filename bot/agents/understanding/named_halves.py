"""Half of a text that only names a run and how it stands, and what the other half asks of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.agents.understanding.entities.filters import filters_in
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import OF_ONE, Intent, group_of
from bot.agents.understanding.said_around import ORDERS, begins_to_ask, only_describes
from bot.agents.understanding.text import halves_of, parts_without_pause, points_back

# Every answer about a run tells these as well: "X is dead, why" asks why.
_IMPLIED = frozenset({Intent.STATUS_ONE, Intent.LAST_TIME})
# What is asked of all, and the same of some of them.
_LISTS = {
    Intent.FAILURES_LIST: Intent.FAILURES_LIST,
    Intent.OVERVIEW: Intent.STATUS_ONE,
    Intent.RUNNING_NOW: Intent.STATUS_ONE,
}
# A name with no verb beside it: "just the payout side pls".
_SCOPE = re.compile(
    r"(?i)(?:(?:and|just|only|for|of|on|about|the|my|our|ok|so|nur|die|solo|las|los|les)\s+)*xpipe"
    r"(?:\s+(?:sides?|ones|stuff|area|jobs|loads|pipelines|feeds|runs|only|please|pls))*\W*"
)


def behind_a_statement(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """A question about a run of which the half before says how it stands: "X died. who waits?".

    What the whole sounds like is neither: where that question is not understood, it is unanswered.
    """
    if frame.intent in ORDERS:
        return None
    parts = (*halves_of(frame.text), *_behind_a_colon(frame.text), *_after_a_state(frame, read))
    for first, second in parts:
        if not begins_to_ask(second) or begins_to_ask(first):
            continue
        said, question = read(first), read(second)
        if _is_scope(said, question):
            return _within(said, replace(question, text=frame.text))
        if not _only_names(said) or question.slots.pipelines or question.intent is frame.intent:
            continue
        if question.sure and (question.intent in OF_ONE or points_back(question.masked)):
            return _asked_of(frame, said, question)
        is_status = frame.intent in group_of(said.intent)
        return replace(frame, unanswered=second) if is_status else replace(frame, sure=False)
    return None


def _behind_a_colon(text: str) -> Iterator[tuple[str, str]]:
    first, colon, second = text.partition(": ")
    if colon and first.strip() and second.strip():
        yield first.strip(), second.strip()


def _is_scope(said: Frame, question: Frame) -> bool:
    """Whether a half only says of which pipelines the list is that the other half asks for."""
    lists = question.sure and question.intent in _LISTS and not question.slots.names_something
    return lists and bool(said.slots.pipelines) and _SCOPE.fullmatch(said.masked) is not None


def _within(said: Frame, question: Frame) -> Frame:
    """The list of the pipelines that were said: "just the payout side, what broke"."""
    names = said.slots.pipelines
    slots = replace(question.slots, pipelines=names, each=len(names) > 1)
    intent = _LISTS[question.intent]
    return replace(question, intent=intent, slots=slots, masked=f"xpipe {question.masked}")


def _after_a_state(frame: Frame, read: Callable[[str], Frame]) -> Iterator[tuple[str, str]]:
    """Parts of a text without a pause whose first says how a run stands: "X is red is it us"."""
    if not frame.slots.pipelines or frame.intent not in _IMPLIED:
        return
    for first, second in parts_without_pause(frame.text):
        said = read(first)
        filters = filters_in(said.masked)
        is_state = filters.failed or filters.running or filters.succeeded
        if said.slots.pipelines and said.intent in _IMPLIED and is_state:
            yield first, second


def _only_names(said: Frame) -> bool:
    """Whether half of a text names a run and how it stands, and wishes for nothing clearly."""
    asks = begins_to_ask(said.text) or (said.sure and said.intent in ORDERS)
    return bool(said.slots.pipelines) and (said.intent in _IMPLIED or not asks)


def leaning_question(frame: Frame, one: Frame, other: Frame) -> Frame | None:
    """What a half asks that leans on the other one, which only names a run and how it stands.

    Its answer tells the state as well: "X is red again, who waits for it".
    """
    said, question = (one, other) if one.slots.pipelines else (other, one)
    is_clear = leans_on(said, question) and question.sure and not only_describes(question.text)
    if not is_clear or frame.intent not in group_of(said.intent) or question.intent in ORDERS:
        return None
    return _asked_of(frame, said, question)


def _asked_of(frame: Frame, said: Frame, question: Frame) -> Frame:
    return replace(frame, intent=question.intent, confidence=question.confidence, sure=said.sure)


def leans_on(said: Frame, question: Frame) -> bool:
    """Whether a half asks of one run and names none, and the other only names it."""
    leans = question.intent in OF_ONE and not question.slots.names_something
    return leans and said.intent in _IMPLIED and bool(said.slots.pipelines)
