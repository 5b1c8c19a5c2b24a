"""What is never done, refused by its own name and with where to do it instead."""

from bot.agents.answers.context import AnswerContext, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.text import tokens_of
from cards.records import Denied

UNAVAILABLE = frozenset({Intent.EDIT})
NO_EDIT = (
    "I can't {} anything in Data Factory: I never change, create, or delete what is defined or "
    "stored there. Studio does it under Author, or your deployment does."
)
# What is asked for is refused by its own verb where it is one of these.
VERBS = frozenset(
    {
        *("delete", "remove", "drop", "truncate", "purge", "archive", "create", "add", "clone"),
        *("copy", "edit", "modify", "change", "rename", "update", "deploy", "publish", "import"),
        *("reschedule", "restore", "replace", "rebuild", "revert", "install", "scale", "resize"),
    }
)


async def edit(turn: AnswerContext) -> Answer:
    """No change to Data Factory itself, whoever asks."""
    words = (one.word for one in tokens_of(turn.frame.masked) if one.is_word)
    verb = next((one for one in words if one in VERBS), "change")
    return asked_back(turn, Denied(asked=turn.question.text, happened=NO_EDIT.format(verb)))
