"""What is refused before anything is read: factories and details that are not for the speaker.

What was read is held back once more before it is drawn (`bot/access/visibility.py`).
"""

from adf.client import NotGranted
from bot.agents.answers.context import AnswerContext
from bot.agents.interface import Question
from bot.agents.understanding.entities.factories import find_factory
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import NEEDS_DETAILS
from bot.agents.understanding.text import plain_words


def refuse_closed(question: Question, frame: Frame) -> None:
    """NotGranted where a factory is named that exists and is not for the speaker here."""
    if not question.closed or not frame.slots.factory.unknown:
        return
    aliases = (*question.factories, *question.closed)
    meant = find_factory(plain_words(question.text), aliases).alias
    if meant in question.closed:
        raise NotGranted(meant, question.factories)


def refuse_details(turn: AnswerContext) -> None:
    """NotGranted where more is asked than the state of a pipeline, and no more is for them."""
    limited = turn.question.status_only
    meant = turn.factory or turn.question.factory
    is_limited = meant in limited if meant else set(limited) >= set(turn.question.factories)
    if limited and is_limited and turn.intent in NEEDS_DETAILS:
        raise NotGranted(meant or limited[0], turn.question.factories)
