"""What cannot be answered or done yet, each refused by its own name and with where to look."""

from collections.abc import Mapping
from dataclasses import replace

from bot.access.roles import Right
from bot.agents.answers.context import AnswerContext, asked_back, said
from bot.agents.interface import Answer
from bot.agents.understanding.intents import ACTS, Intent
from cards.records import Denied

_WHAT: Mapping[Intent, tuple[str, str]] = {
    Intent.EDIT: (
        "change, create, or delete anything in Data Factory",
        "Studio does it under Author, or your deployment does.",
    ),
    Intent.BOARD: ("keep a live board", "Ask “how does everything stand” at any time."),
}
UNAVAILABLE = frozenset(_WHAT)


def in_a_sentence(intent: Intent) -> str:
    """What cannot be done, and what helps instead."""
    what, instead = _WHAT[intent]
    return f"I can't {what} yet. {instead}".strip()


async def edit(turn: AnswerContext) -> Answer:
    """No change to Data Factory itself, whoever asks."""
    denied = Denied(asked=turn.question.text, happened=in_a_sentence(Intent.EDIT))
    return asked_back(turn, denied)


async def unavailable(turn: AnswerContext) -> Answer:
    """Refuse by name; an act is refused first of all to who may not act."""
    answer = said(turn, in_a_sentence(turn.intent), sure=False)
    return replace(answer, wants=Right.ACT) if turn.intent in ACTS else answer
