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
    heard = turn.question.heard
    meant = turn.factory or turn.question.factory
    only_hears = meant in heard if meant else set(heard) >= set(turn.question.factories)
    if heard and only_hears and turn.intent in NEEDS_DETAILS:
        raise NotGranted(meant or heard[0], turn.question.factories)
