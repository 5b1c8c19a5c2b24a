"""What is refused before anything is read, and what may be said without certainty.

What was read is held back once more before it is drawn (`bot/access/visibility.py`).
"""

from adf.client import NotGranted
from bot.agents.answers.context import AnswerContext
from bot.agents.answers.given import LIKELY
from bot.agents.answers.reading import LISTENING
from bot.agents.answers.unavailable import UNAVAILABLE
from bot.agents.interface import Question
from bot.agents.understanding.certainty import SURELY
from bot.agents.understanding.entities.factories import PLACED_BY, find_factory
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, CHANGES, NEEDS_DETAILS, PROPOSED, Intent
from bot.agents.understanding.references import says_there
from bot.agents.understanding.text import plain_words

# Their own answers ask back what is not clear, and make a button of a likely guess.
ABOUT_INCIDENTS = frozenset(
    {
        *(Intent.ACK, Intent.RESOLVE, Intent.ASSIGN, Intent.INCIDENTS_LIST),
        *(Intent.INCIDENT_STATUS, Intent.REGROUP_INCIDENT, Intent.MUTE, Intent.UNMUTE),
        Intent.TICKET,
    }
)
# Said without certainty, for it shows nothing of Data Factory.
_WITHOUT_DATA = frozenset(
    {
        *(Intent.HELP, Intent.SETUP, Intent.WHOAMI, Intent.USAGE, Intent.EDIT),
        *(Intent.LIST_SUBSCRIPTIONS, Intent.OUT_OF_SCOPE),
        *(Intent.DOCS_ERROR, Intent.DOCS_HOWTO),
    }
)
# Below this even a guess is no help.
HARMLESS = 0.4
# What changes an incident or alerts is one press away where it is likelier than not.
LIKELIER_THAN_NOT = 0.5
CLEARLY = 0.9


def refuse_closed(question: Question, frame: Frame) -> None:
    """NotGranted where a factory is named that exists and is not for the speaker here."""
    if not question.closed:
        return
    before = question.memory.get("closed")
    if before in question.closed and says_there(frame):
        raise NotGranted(str(before), question.factories)
    aliases = (*question.factories, *question.closed)
    words = plain_words(frame.text)
    found = find_factory(words, aliases)
    is_place = any(place and words[place - 1] in PLACED_BY for place in found.places)
    # "Not prod, the test one": beside another factory it is one as well.
    is_named = is_place or frame.slots.factory.unknown or frame.slots.factory.alias
    if found.alias in question.closed and is_named:
        raise NotGranted(found.alias, question.factories)


def refuse_details(turn: AnswerContext) -> None:
    """NotGranted where more is asked than the state of a pipeline, and no more is for them."""
    limited = turn.question.status_only
    meant = turn.factory or turn.question.factory
    is_limited = meant in limited if meant else set(limited) >= set(turn.question.factories)
    if limited and is_limited and turn.intent in NEEDS_DETAILS:
        raise NotGranted(meant or limited[0], turn.question.factories)


def may_be_said(frame: Frame, intent: Intent) -> bool:
    """Whether a likely refusal or small talk may be said without certainty: it shows no data."""
    if intent in ACTS | CHANGES:
        may_wait = PROPOSED | ABOUT_INCIDENTS | LISTENING
        if intent in PROPOSED and frame.slots.hardly:
            return False  # of what may be another name no card to press on is made
        enough = LIKELY if intent in PROPOSED else LIKELIER_THAN_NOT
        return intent in may_wait and frame.confidence >= enough
    if intent in {Intent.DIGEST, Intent.BOARD}:
        return frame.confidence >= LIKELY
    if intent is Intent.INJECTION:
        return frame.confidence >= SURELY
    if intent is Intent.OUT_OF_SCOPE and frame.slots.pipelines:
        return frame.confidence >= CLEARLY  # who names a pipeline rarely wants something else
    return intent in UNAVAILABLE | _WITHOUT_DATA and frame.confidence >= HARMLESS
