"""Wishes for a reminder at a set time, which the bot does not keep: what it can watch instead."""

import re
from collections.abc import Iterator

from bot.agents.answers.context import AnswerContext, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.exact import WISHES
from bot.agents.understanding.intents import Intent
from cards.records import Choice, Picker

NO_REMINDERS = (
    "I can't set reminders, but I can message you when something happens, or with a summary at a "
    "set time:"
)
LONGEST_WISH = 400
_ONE = r"(?:\d+|an?|one|two|three|five|ten|fifteen|twenty|thirty|half an|a few|a couple of)"
_TIME = (
    rf"(?:in\s+{_ONE}\s*(?:sec\w*|min\w*|h|hrs?|hours?|days?|weeks?)\b"
    r"|(?:at|by|around|for|um|om|à|às|alle|a las|dans|en|em|fra|over)\s+(?:\d|noon|midnight|half)"
    r"|(?:later|tomorrow|tonight|morgen|demain|mañana|amanhã|domani)\b(?!['’]))"
)
_REMINDS = re.compile(
    r"(?i)\b(?:remind|nudge|erinnere?|herinner|rappell?e[rz]?|recu[eé]rda|lembr[ae]|ricorda)"
    rf"(?:me|mi|nos|ci)?\b(?:.{{0,120}}\b{_TIME}|\s+\w+\s+to\b)"
    r"|(?<!\bi )\b(?:set|make|create|put|add)\s+(?:(?:me|us)\s+)?(?:up\s+)?(?:an?|another)\s+"
    r"(?:\w+\s+)?(?:reminder|timer|alarm)\b"
    r"|\b(?:ping|tell|message|notify|dm|buzz|poke|wake|update)\s+(?:me|us)\s+"
    rf"(?:(?:up|back|again)\s+)*{_TIME}"
)
# What is to be told when something happens is an alert.
_AN_EVENT = re.compile(
    r"(?i)\b(?:when|whenever|if|once|unless|until|as soon as|the moment|wenn|falls|sobald|quand|si"
    r"|cuando|quando|se|als|zodra)\b"
)
# Whoever asks to be reminded of what they once knew wants the answer now.
_ASKS = re.compile(
    r"(?i)\b(?:remind|nudge)\s+(?:me|us)\s+(?:again\s+)?(?:please\s+)?"
    r"(?:of|which|what|why|who|whom|whose|where|how)\b"
)
_OF_ALERTS = frozenset({Intent.DIGEST, Intent.UNSUBSCRIBE, Intent.UNMUTE})


def is_wanted(turn: AnswerContext) -> bool:
    """Whether something is to be told at a set time, whatever happens: "remind me at 9"."""
    text = turn.question.text
    if len(text) > LONGEST_WISH or turn.question.pressed or turn.frame.slots.time.recurring:
        return False
    if turn.intent in _OF_ALERTS and turn.frame.sure:
        return False
    return bool(_REMINDS.search(text)) and not (_AN_EVENT.search(text) or _ASKS.search(text))


def refuse(turn: AnswerContext) -> Answer:
    """Name what is not done, and offer what is: an alert, or a summary at the time of day."""
    return asked_back(turn, Picker(question=NO_REMINDERS, choices=tuple(_instead(turn))))


def _instead(turn: AnswerContext) -> Iterator[Choice]:
    if turn.pipeline:
        for event in ("finish", "failures"):
            wish = WISHES[event].format("me", turn.pipeline)
            yield Choice(title=wish[0].upper() + wish[1:], question=wish)
        yield Choice(title=f"Status of {turn.pipeline} now", question=f"status of {turn.pipeline}")
    summary = f"send me a summary every day at {_time_of_day(turn)}"
    yield Choice(title=summary[0].upper() + summary[1:], question=summary)


def _time_of_day(turn: AnswerContext) -> str:
    """The time that was said, where it is one that people choose for every day."""
    due = turn.frame.slots.time.deadline
    local = due.astimezone(turn.question.zone) if due else None
    return f"{local:%H:%M}" if local and local.hour and not local.minute % 15 else "08:00"
