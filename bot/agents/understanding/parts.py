"""Two questions in one text: each half is read by itself, and none goes unsaid."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.agents.understanding.conversation import names_a_trigger
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import (
    ACTS,
    CHANGES,
    CHAT,
    NO_ANSWER,
    OF_INCIDENTS,
    PROPOSED,
    Intent,
    group_of,
)
from bot.agents.understanding.named_halves import behind_a_statement, leaning_question, leans_on
from bot.agents.understanding.said_around import (
    CLEAR,
    HALF,
    ORDERS,
    after_a_dismissal,
    begins_to_ask,
    beside_a_statement,
    is_condition,
    is_statement,
    names_a_thing,
    says_where,
    without_chatter,
)
from bot.agents.understanding.text import halves_of, points_back, tokens_of
from bot.agents.understanding.two_questions import two_apart

# Of rows that ask two things five in six are above, of all others one in twenty (author split).
SINGLE = 0.02
DOUBLE = 0.2
# A ticket is for one thing: with two names something else may be asked of the other.
MOST_OF_ONE_WISH = 2
WORDS_OF_A_WISH = 3
_AND = re.compile(r"(?i)\s(?:and|n|und|plus|then|y|e|et|ed|en|aur|&|\+)\s")
_SENTENCES = re.compile(r"\w\s*[.?!]+\s+\w")
# Wishes that no answer to another question fulfills.
_CANNOT = ACTS | {Intent.EDIT, Intent.OUT_OF_SCOPE}
# What says nothing beside a wish for a ticket, or is one.
_ALONE = NO_ANSWER | CHAT | {Intent.TICKET}
_OF_TRIGGERS = frozenset({Intent.TRIGGER_START, Intent.TRIGGER_STOP})


def by_parts(frame: Frame, read: Callable[[str], Frame]) -> Frame:
    """The frame of a whole text with its second question, or without the talk around it."""
    if frame.intent is Intent.SMALLTALK:
        return without_chatter(frame, read)  # a greeting before a question
    left = after_a_dismissal(frame, read)
    if left is not None:
        return left
    if frame.slots.pasted or frame.intent in CHAT:
        return frame
    changes = _two_changes(frame, read) or beside_a_statement(frame, read)
    if changes is not None:
        return changes
    half = (
        _beside_a_ticket(frame, read)
        or _with_a_wish(frame, read)
        or behind_a_statement(frame, read)
        or (two_apart(frame, read) if frame.double < SINGLE else None)
    )
    if half is not None:
        return half
    if frame.double >= SINGLE or frame.intent in ORDERS:
        halves = _in_halves(frame, read) or _with_what_is_left(frame, read)
        return halves or without_chatter(frame, read)
    clear = frame.sure and frame.confidence >= CLEAR and not _SENTENCES.search(frame.text)
    return frame if clear else without_chatter(frame, read)


def _two_changes(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """Two orders about incidents in one text, each of them clear: "got it, silence it till 8"."""
    is_of_one = bool(frame.slots.incidents) and frame.confidence < CLEAR
    if frame.intent not in OF_INCIDENTS and not is_of_one:
        return None
    for first, second in halves_of(frame.text):
        one, other = read(first), _order_in(second, read)
        are_changes = all(part.intent in OF_INCIDENTS for part in (one, other))
        clear = are_changes and _is_one_clear(one, other)
        if clear and one.intent is not other.intent and _asks(one) and _asks(other):
            one, other = _borne_out(one, other), _borne_out(other, one)
            return replace(_about_the_same(one, other), second=_about_the_same(other, one))
    return None


def _order_in(text: str, read: Callable[[str], Frame]) -> Frame:
    """A half of a text, without what is only said behind an order: "mute it, back in a minute"."""
    whole = read(text)
    head, pause, tail = text.partition(", ")
    if whole.sure or not pause or begins_to_ask(tail):
        return whole
    order, beside = read(head), read(tail)
    is_said = not (beside.sure and beside.intent in ORDERS) and not names_a_thing(beside)
    is_order = order.sure and order.intent in OF_INCIDENTS
    return order if is_order and is_said and not beside.slots.time.given else whole


def _borne_out(one: Frame, other: Frame) -> Frame:
    """An order that is likely beside a clear one about the same incident, by its number."""
    is_same = bool(one.slots.incidents or other.slots.incidents) and not one.slots.pipelines
    return replace(one, sure=True) if is_same and not one.slots.unknown else one


def _is_one_clear(one: Frame, other: Frame) -> bool:
    """Whether one of two orders is clear and the other likely: that one is asked back by itself."""
    return (one.sure or other.sure) and min(one.confidence, other.confidence) >= CLEAR


def _about_the_same(first: Frame, second: Frame) -> Frame:
    """The first order; where only the second one says what it is about, it is about that too."""
    slots = first.slots
    if slots.names_something or slots.incidents or not second.slots.incidents:
        return first
    return replace(first, slots=replace(slots, incidents=second.slots.incidents))


def _in_halves(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """Both questions of a text, or the one that was understood with the other as unanswered."""
    for first, second in halves_of(frame.text):
        parts = [read(half) for half in (first, second)]
        narrower = _the_same_rerun(*parts)
        if narrower is not None:
            return replace(narrower, text=frame.text)
        about = leaning_question(frame, *parts)
        if about is not None:
            return about
        if not all(_asks(part) for part in parts) or _is_one(*parts):
            continue
        order, beside = parts if parts[0].intent in ORDERS else parts[::-1]
        if order.intent in ORDERS and _is_a_reason(frame, order, beside):
            if order.sure:
                left = beside.text if _is_left(frame, beside) else ""
                return replace(order, text=frame.text, masked=frame.masked, unanswered=left)
            continue
        both = _both(frame, *parts)
        if both is not None:
            return both
    return None


def _both(frame: Frame, one: Frame, other: Frame) -> Frame | None:
    """Both halves as two questions, or the clear one with the other as unanswered."""
    are_orders = one.intent in ORDERS and other.intent in ORDERS
    if frame.double < SINGLE and not are_orders:
        # "run it by hand, the trigger skipped it" only says why
        left = next((part.text for part in (one, other) if part.intent is not frame.intent), "")
        is_left = frame.intent in ORDERS and begins_to_ask(left)
        return replace(frame, unanswered=left) if is_left else None
    if _is_answered(one) and _is_answered(other):
        return replace(one, second=other)
    if frame.sure and frame.slots.each and not are_orders:
        return None  # "why did orders and stock fail" is one question about two
    are_two = frame.double >= DOUBLE or are_orders
    if are_two and not are_orders and _is_one_left(one, other):
        return replace(one, second=other)  # the one that is not clear is asked back by itself
    if frame.intent in {one.intent, other.intent} and are_two:
        left = other.text if frame.intent is one.intent else one.text
        return replace(frame, unanswered=left, sure=False)
    return None


def _is_one_left(one: Frame, other: Frame) -> bool:
    """Whether one half is clear, and the other has no name that may be that of anything.

    A person who is given something is none.
    """
    left = other if one.sure else one
    is_given = left.intent is Intent.ASSIGN and left.confidence >= CLEAR
    return (one.sure or other.sure) and (is_given or not left.slots.unknown)


def _is_answered(part: Frame) -> bool:
    """Whether half of a text is clear; that its factory does not exist is an answer too."""
    is_strange = bool(part.slots.factory.unknown) and part.intent not in ORDERS
    return part.sure or (is_strange and part.confidence >= CLEAR)


def _the_same_rerun(one: Frame, other: Frame) -> Frame | None:
    """One order in two halves, one of which says from where the run is to go on."""
    both = {one.intent, other.intent} == {Intent.RERUN, Intent.RERUN_FROM_FAILED}
    if not both or not (one.sure and other.confidence >= CLEAR) or names_a_thing(other):
        return None
    return replace(one, intent=Intent.RERUN_FROM_FAILED)


def _is_a_reason(frame: Frame, order: Frame, beside: Frame) -> bool:
    """Whether what stands beside an order only says why: "rerun it, the analysts are waiting".

    Then two wishes were not heard in the whole, and that half alone is no clear question.
    """
    repeats = beside.intent in PROPOSED and not (names_a_thing(beside) or points_back(beside.text))
    of_trigger = beside.intent in _OF_TRIGGERS and not names_a_trigger(beside, {})
    if order.intent in OF_INCIDENTS and (repeats or of_trigger):
        return True  # "no alerts of orders, switch off" is one wish
    return (
        frame.double < DOUBLE
        and beside.intent not in ORDERS
        and not says_where(beside)
        and (beside.confidence < CLEAR or not ("?" in beside.text or names_a_thing(beside)))
    )


def _with_what_is_left(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """An order about an incident, with the other half of an "and" that was not understood."""
    if frame.intent not in OF_INCIDENTS:
        return None
    for match in _AND.finditer(frame.text):
        halves = [read(one) for one in (frame.text[: match.start()], frame.text[match.end() :])]
        for order, other in (halves, halves[::-1]):
            if order.sure and order.intent is frame.intent and _is_left(frame, other):
                return replace(frame, unanswered=other.text)
    return None


def _is_left(frame: Frame, other: Frame) -> bool:
    """Whether half of an "and" wishes for something that was not understood."""
    words = sum(token.is_word for token in tokens_of(other.text))
    is_said = other.intent in CHAT or words < WORDS_OF_A_WISH or is_statement(other.text)
    joined = any(
        other.text in (frame.text[: match.start()].strip(), frame.text[match.end() :].strip())
        for match in _AND.finditer(frame.text)
    )
    return joined and not is_said and not other.sure


def _beside_a_ticket(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """A wish for a ticket with a question beside it, each about its own: "..., and is X well"."""
    if frame.intent is not Intent.TICKET or len(frame.slots.pipelines) < MOST_OF_ONE_WISH:
        return None
    half: Frame | None = None
    for first, second in halves_of(frame.text):
        parts = [read(one) for one in (first, second)]
        tickets = [one for one in parts if one.intent is Intent.TICKET and one.sure]
        others = [one for one in parts if one.intent not in _ALONE]
        if len(tickets) != 1 or len(others) != 1 or not all(one.slots.pipelines for one in parts):
            continue
        only_named = others[0].masked.strip(" .!?") == "xpipe"
        if others[0].sure and _asks(others[0]) and not only_named:
            return replace(parts[0], second=parts[1])
        is_likely = _asks(others[0]) and not only_named
        likely = replace(parts[0], second=parts[1])
        half = half or (likely if is_likely else replace(tickets[0], unanswered=others[0].text))
    return half


def _with_a_wish(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """A question with something beside it that cannot be done: "... and delete the old ones"."""
    for match in _AND.finditer(frame.text):
        asked, wish = (
            read(one) for one in (frame.text[: match.start()], frame.text[match.end() :])
        )
        cannot = wish.intent in _CANNOT and wish.confidence >= CLEAR
        if asked.sure and wish.sure and wish.intent is Intent.TICKET and asked.intent not in _ALONE:
            return replace(asked, second=wish)
        if asked.sure and _asks(asked) and asked.intent not in ACTS | CHANGES and cannot:
            return replace(asked, second=wish)  # what cannot be done is refused by itself
    return None


def _asks(part: Frame) -> bool:
    """Whether half of a text asks for something by itself; the id of an incident does not.

    Nor does somebody who only says how things are: "we have a release tomorrow".
    """
    if part.masked.strip(" .!?") == "xinc":
        return False
    wants = part.intent in ORDERS or "?" in part.text or names_a_thing(part)
    if (is_statement(part.text) and not wants) or is_condition(part.text):
        return False
    words = sum(token.is_word for token in tokens_of(part.text))
    return words > 1 and part.confidence >= HALF and part.intent not in NO_ANSWER | CHAT


def _is_one(one: Frame, other: Frame) -> bool:
    """Whether two halves ask the same of the same, or one only says what the other asks about."""
    same = group_of(one.intent) == group_of(other.intent)
    if same and one.slots.pipelines == other.slots.pipelines:
        return True
    # "got it, I'm on orders" takes one incident, which only the second half names.
    if same and one.intent in OF_INCIDENTS and not (names_a_thing(one) and names_a_thing(other)):
        return True
    said, question = (one, other) if one.slots.pipelines else (other, one)
    return leans_on(said, question)
