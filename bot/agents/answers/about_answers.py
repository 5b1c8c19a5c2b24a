"""Questions about the answers themselves: whether to trust them, and in which form they come."""

import re

from bot.agents.answers.context import AnswerContext, asked_back, said
from bot.agents.interface import Answer
from bot.agents.understanding.intents import NEEDS_DETAILS, Intent

TRUST = (
    "Every number on my cards is read from Data Factory when you ask, and text of a language model "
    "is labeled as such. What I can get wrong is what you mean: then say “no, I meant …”. Nothing "
    "changes in Data Factory before somebody presses a button."
)
NO_FILES = (
    "I can't give an answer as {}: I answer with cards and text. Other programs read the same "
    "facts from my MCP server."
)
# The bot as what is spoken of, and not as who is asked to do something.
_OF_THE_BOT = re.compile(
    r"(?i)\b(?:are|were|r)\s+(?:you|u)\b|\b(?:you|u)\s+(?:are|were)\b|\b(?:you|u)\W?re\b"
    r"|\b(?:trust|believe|rely on|behind|made|built|wrote|than|doubt)\s+(?:you|u|this bot)\b"
    r"|\bthis\s+(?:bot\s+)?(?:instead of|over|rather than)\b"
)
_FORM = re.compile(
    r"(?i)^\W*(?:(?:can|could|would|please|pls|and|now|ok|you|u)\W+)*(?:show|give|export|send|put"
    r"|get|make|convert|print|dump|download|return|save|turn|zeig\w*|gib|exportier\w*)\b.{0,80}?"
    r"\b(?:as|in|to|into|als|en|como)\s+(?:an?\s+)?(?:raw\s+|plain\s+)?"
    r"(?P<form>json|csv|xml|ya?ml|excel|xlsx?|pdf|spreadsheet|word|sql|parquet)\b"
)
# What the words are likest to where they ask about the factory; help and small talk stay.
_OF_DATA = NEEDS_DETAILS | {Intent.STATUS_ONE, Intent.LAST_TIME, Intent.LINK, Intent.WHAT_IF}


def about_answers(turn: AnswerContext) -> Answer | None:
    """What is said to a question about the answers; None for a question about the factory."""
    form = _FORM.search(turn.question.text)
    if form is not None:
        return asked_back(turn, text=NO_FILES.format(form["form"].upper()))
    slots = turn.frame.slots
    named = slots.names_something or slots.incidents or slots.time.given or slots.factory.alias
    if named or turn.intent not in _OF_DATA or not _OF_THE_BOT.search(turn.frame.text):
        return None
    return said(turn, TRUST)
