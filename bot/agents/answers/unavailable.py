"""What is never done, refused by its own name and with where to do it instead."""

from bot.agents.answers.context import AnswerContext, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.intents import Intent
from cards.records import Denied

UNAVAILABLE = frozenset({Intent.EDIT})
NO_EDIT = (
    "I can't change, create, or delete anything in Data Factory. Studio does it under Author, or "
    "your deployment does."
)


async def edit(turn: AnswerContext) -> Answer:
    """No change to Data Factory itself, whoever asks."""
    return asked_back(turn, Denied(asked=turn.question.text, happened=NO_EDIT))
