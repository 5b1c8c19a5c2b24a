"""Why a wish to be told is not set as it was said: another medium, a question, other people."""

import re
from enum import StrEnum


class Reservation(StrEnum):
    """What stands in the way of a wish; each is said by name."""

    EMAIL = "e-mail"
    TEXT_MESSAGE = "text messages"
    CALL = "phone calls"
    OTHER_CHAT = "messages in other systems"
    OTHER_PERSON = "messages to other people"
    DAYS = "days to leave out"
    TIMES = "failures to be counted"
    SET_TIME = "messages at a set time"
    QUESTION = "a question about what was"
    DENIAL = "a wish not to be told"
    UNCLEAR = "a wish without what has to happen"


_MEDIA = (
    (Reservation.EMAIL, r"\be-?mail\w*|\bmaile?\b|\bcorreo\b|\bcourriel\b"),
    (Reservation.TEXT_MESSAGE, r"\bsms\b|\btext (?:me|us)\b|\btext messages?\b|\btexto me\b"),
    (
        Reservation.CALL,
        r"\b(?:call|phone|ring) (?:me|us|my phone)\b|\bgive (?:me|us) a (?:call|ring)\b"
        r"|\bphone calls?\b"
        r"|\bruf\w* (?:mich|uns)\b|\bappelle[- ]moi\b|\bllámame\b|\bcall\b.*\bphone\b",
    ),
    (
        Reservation.OTHER_CHAT,
        r"\b(?:on|via|in|through|to|over|per) (?:slack|whats ?app|telegram|signal|discord"
        r"|pager ?duty"
        r"|ops ?genie|jira|service ?now)\b|\b(?:slack|whats ?app|telegram) (?:me|us)\b",
    ),
)
_SENDS = re.compile(
    r"(?i)\b(?:e-?mail|mail|text|fax|slack|whats ?app)\s+(?:it|this|that|them|him|her|to|the|our|my"
    r"|all|every\w*)\b"
    r"|\bsend\b[^.;!?]{0,60}\b(?:to (?!me\b|us\b|this\b|here\b)"
    r"|(?:by|via|as an?|per) (?:e-?mail|sms))"
    r"|\b(?:schick|send)\w*\b[^.;!?]{0,40}\bper (?:e-?mail|sms)"
)
CANNOT_SEND = "I can't send e-mail or messages to others: copy it from here."
_DAYS = (
    r"\b(?:week ?ends?|week ?days?|holidays?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|wochenende"
    r"|feiertag\w*)\b"
)
_TIMES = (
    r"\b(?:twice|thrice|(?:\d+|two|three|four|five) times|in a row|consecutive\w*|repeatedly"
    r"|zweimal|more than once)\b"
)
_PLAIN = (
    r"(?:me|us|my|this|the|here|our|channel|team|room|everyone|everybody|all|if|when|whenever"
    r"|once|on"
    r"|in|about|of|for|as|every\w*|any\w*|that|it|some\w*|people|group|back|please|pls|kindly|also"
    r"|just|asap|immediately|at|only|with|whether|off|out|to|x\w+)"
)
_TO_SOMEBODY = re.compile(
    rf"(?i)\b(?:tell|ping|alert|notify|message|inform|dm|warn|let|mention)\s+(?!{_PLAIN}\b)"
    r"(@?[a-z][\w.-]+)(?:\s+(?:and|und|&)\s+\w+)?\s+(?:if|when|whenever|once|know|as soon)\b"
)
_AND_SOMEBODY = re.compile(
    r"(?i)\b(?:tell|ping|alert|notify|message|inform|dm|warn)\s+(?:me|us)\s+(?:and|&)\s+"
    r"(?!(?:the|this|our|my)\b)(@?[a-z][\w.-]+)\s+(?:if|when|whenever|once)\b"
)
_LATER = re.compile(
    r"(?i)\b(?:tell|ping|message|remind|notify|check|update)\s+(?:me|us|back"
    r"|again)?\s*(?:again\s+)?"
    r"in\s+(?:\d+|an?|half an)\s*(?:min\w*|h(?:ours?)?)\b"
)
_VERB = (
    r"(?:tell|ping|alert|notify|message|inform|bother|spam|dm|mention|send|post|annoy|talk|write)"
)
_DENIAL = re.compile(
    rf"(?i)\b(?:do not|don['’]?t|dont|never|stop|quit|no need to|please no"
    rf"|not)\s+(?:ever\s+)?{_VERB}(?:ing)?"
    r"\b|\b(?:do not|don['’]?t|dont)\s+(?:want|wanna|need|care)\s+(?:to\s+)?(?:hear|know|be|get"
    r"|see|any)\b"
    r"|\bno (?:more|longer)\b.*\b(?:alerts?|messages?|pings?|told)\b"
)
_PAST = (
    r"(?:worked|ran|failed|finished|completed|succeeded|ended|went|did|was|were|has|have|had|broke"
    r"|passed|died|made it|got|loaded|crashed|started)"
)
_NOW = (
    r"(?:is|are)\s+(?:\w+\s+)?(?:running|ok|okay|fine|up|healthy|alright|working|alive|good|in yet)"
)
_WHETHER = re.compile(rf"(?i)\b(?:if|whether|ob|si)\b(?:\W+\w+){{1,6}}?\W+(?:{_PAST}|{_NOW})\b")
_ASKS_WHY = re.compile(r"(?i)\b(?:know|tell\s+(?:me|us)|hear)\s+(?:why|how|what|which|where|who)\b")
_SINCE_NOW = re.compile(
    r"(?i)\b(?:when(?:ever)?|once|as soon as|the moment|each time|from now on)\b"
)


def reservation_in(
    masked: str, text: str, *, is_past: bool, is_due: bool = False
) -> Reservation | None:
    """What has to be cleared up before a wish is set.

    `is_past`: it names a time that was; `is_due`: one by which something has to be done.
    """
    if _DENIAL.search(masked):
        return Reservation.DENIAL
    for medium, words in _MEDIA:
        if re.search(rf"(?i){words}", masked):
            return medium
    if _TO_SOMEBODY.search(masked) or _AND_SOMEBODY.search(masked):
        return Reservation.OTHER_PERSON
    if re.search(rf"(?i){_DAYS}", text):
        return Reservation.DAYS
    if re.search(rf"(?i){_TIMES}", text):
        return Reservation.TIMES
    if _LATER.search(text):
        return Reservation.SET_TIME
    is_question = not is_due and _is_question(masked, is_past=is_past)
    return Reservation.QUESTION if is_question else None


def _is_question(masked: str, *, is_past: bool) -> bool:
    """Whether it asks for what was or is, rather than for what will be."""
    if _SINCE_NOW.search(masked):
        return False
    return is_past or bool(_WHETHER.search(masked) or _ASKS_WHY.search(masked))


def sends_elsewhere(text: str) -> bool:
    """Whether the answer is to be sent out of the conversation: "write it and mail it to"."""
    return _SENDS.search(text) is not None
