"""What is only said around a question or an order: a reason, a sigh, a greeting before it."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.agents.understanding.act_words import is_under_a_condition
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import (
    ACTS,
    CHANGES,
    CHAT,
    NO_ANSWER,
    OF_ONE,
    Intent,
)
from bot.agents.understanding.text import halves_of, points_back

HALF = 0.5
# A part of a text that asks by itself, beside parts that do not.
CLEAR = 0.8
# A question that begins like one, beside a statement that asks nothing.
RATHER_CLEAR = 0.7
# "Never mind all of that for now" is among the longest ways to wave something away.
MOST_WAVED = 7
# What somebody wants done: of two such things in one text neither may go unsaid.
ORDERS = ACTS | CHANGES
# So wide that what stands beside it may say what is meant.
_WIDE = frozenset({Intent.OVERVIEW, Intent.CRITICAL_OVERVIEW, Intent.HELP})
# How somebody says how things are, and asks nothing.
_STATES = re.compile(
    r"(?i)(?:the|my|our|their|his|her|people|every(?:one|body)|they|we|he|she|it|i|this|that"
    r"|some(?:one|body)|die|der|das|mein\w*|unser\w*|wir|ich|el|la|los|mi|le|les|mon|il)\b"
    r"(?!.*\b(?:know|see|hear|wonder|wissen|sehen|saber|savoir|sapere)\b.*\w)"
)
# How a question or the second of two wishes begins.
_ASKS = re.compile(
    r"(?i)(?:(?:and|n|then|also|und|y|e|et) )?(?:tell|show|give|list|what|how|why|when|who|which"
    r"|is|are|did|does|has|sag|zeig|was|wie|warum|dime|muestra|dis|montre|dimmi|mostra)\b"
)
_DESCRIBES = re.compile(
    r"(?i)\b(?:is|are|am|was|were|has|have|had|needs?|wants?|waits?|can(?:no|['’])?t|will|ist|sind"
    r"|hat|haben|wartet|warten|está|están|tiene|est|sont|attend|è|sono|ha)\b|['’](?:s|re|m|ve)\b"
)
# It narrows the wish before it, and is no wish of its own.
_CONDITION = re.compile(
    r"(?i)(?:(?:and|but) )?(?:(?:only|just) (?:if|when|once|after|while|for|in|on)|unless|except)\b"
)
_CORRECTS = re.compile(r"(?i)\W*(?:no|nope|nah|nein|non|not|sorry|wait|oops|hold)\b")
_POINTS = re.compile(r"(?i)\b(?:it|its|that|this|they|them|those|these|there|then)\b")
_PAUSE = re.compile(r"\s*[,;.?!]+\s+|\s+-\s+")


def is_condition(text: str) -> bool:
    """Whether words only narrow a wish that stands before them: "only if it stays red"."""
    return _CONDITION.match(text) is not None


def is_statement(text: str) -> bool:
    """Whether words begin like somebody who says how things are, and asks nothing."""
    return _STATES.match(text) is not None


def only_describes(text: str) -> bool:
    """Whether words say how things are with a verb, and ask nothing: "my boss is waiting"."""
    return is_statement(text) and "?" not in text and _DESCRIBES.search(text) is not None


def begins_to_ask(text: str) -> bool:
    """Whether words begin like a question, or like a wish to be shown something."""
    return _ASKS.match(text) is not None


def beside_a_statement(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """The order or question alone where the other half only states something: "..., they wait".

    A time or a name in that half may belong to the rest, and the whole is read as it stands.
    """
    for first, second in halves_of(frame.text):
        for part, said in ((first, second), (second, first)):
            if "?" in said or not is_statement(said):
                continue
            found, beside = read(part), read(said)
            wanted = _is_order(found) or _asks_alone(found)
            if wanted and _only_states(beside):
                masked = frame.masked if _is_order(found) else found.masked
                return replace(found, text=frame.text, masked=masked)
    return None


def _is_order(found: Frame) -> bool:
    return found.sure and found.intent in ORDERS


def _asks_alone(found: Frame) -> bool:
    """Whether half of a text asks for something clearly and all by itself."""
    if not (found.sure and found.confidence >= RATHER_CLEAR and begins_to_ask(found.text)):
        return False
    leans = found.intent in OF_ONE and not found.slots.names_something
    leans = leans or points_back(found.masked)
    return not leans and found.intent not in ORDERS | NO_ANSWER | CHAT | _WIDE


def _only_states(beside: Frame) -> bool:
    slots = beside.slots
    belongs = names_a_thing(beside) or says_where(beside)
    belongs = belongs or slots.time.given or slots.time.deadline is not None
    is_wish = beside.intent in ORDERS | CHAT or is_under_a_condition(beside.text)
    return not (belongs or is_wish)


def after_a_dismissal(frame: Frame, read: Callable[[str], Frame]) -> Frame | None:
    """What is asked once something was waved away: "leave it. is any schedule off".

    It is read as if nothing had been talked about; "no, the other one" is a correction and is not.
    """
    found = _PAUSE.search(frame.text)
    if found is None or _CORRECTS.match(frame.text):
        return None
    said = frame.text[: found.start()]
    if not 1 < len(said.split()) <= MOST_WAVED or read(said).intent is not Intent.DECLINE:
        return None
    rest = read(frame.text[found.end() :])
    leans = rest.intent in CHAT and not rest.slots.pipelines
    is_question = rest.intent not in NO_ANSWER - {Intent.AGAIN} | ORDERS
    if leans or not is_question or _POINTS.search(rest.masked) or rest.slots.time.given:
        return None
    return replace(rest, text=frame.text, afresh=True)


def without_chatter(frame: Frame, read: Callable[[str], Frame]) -> Frame:
    """The question without what is only said around it: "what failed, my boss is waiting"."""
    for match in _PAUSE.finditer(frame.text):
        parts = [read(part) for part in (frame.text[: match.start()], frame.text[match.end() :])]
        for asked, other in (parts, parts[::-1]):
            # What stands before a question may say what it is about.
            subject = other is parts[0] and (other.slots.ignored or other.slots.unknown)
            if not subject and _is_all_asked(asked, other, frame):
                left = other.text if _is_passed_over(other) else ""
                return replace(asked, text=frame.text, double=frame.double, unanswered=left)
    return frame


def _is_passed_over(other: Frame) -> bool:
    """Whether a part wishes for what nobody can do here, or asks what was not understood."""
    beyond = other.intent is Intent.OUT_OF_SCOPE and other.confidence >= CLEAR
    asks = begins_to_ask(other.text) and other.intent not in CHAT
    return (beyond or asks) and not is_statement(other.text)


def _is_all_asked(asked: Frame, other: Frame, whole: Frame) -> bool:
    """Whether one part asks clearly and by itself, and the other asks nothing."""
    if not asked.sure or asked.confidence < CLEAR or asked.intent in ACTS | CHANGES | CHAT:
        return False
    if other.confidence >= HALF and other.intent not in NO_ANSWER | CHAT | {asked.intent}:
        return False
    slots = other.slots
    speaks = slots.names_something and not slots.unknown
    leans = asked.intent in OF_ONE and not asked.slots.names_something
    timed = slots.time.given and not asked.slots.time.given
    more = speaks or timed or says_where(other) or slots.excluded or slots.limit
    return not (leans or more) and whole.intent not in ACTS | CHANGES


def says_where(part: Frame) -> bool:
    """Whether a factory is named, ours or not."""
    return bool(part.slots.factory.alias or part.slots.factory.unknown)


def names_a_thing(part: Frame) -> bool:
    return part.slots.names_something or bool(part.slots.incidents)
