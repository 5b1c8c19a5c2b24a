"""How sure a reading has to be before it is answered: an order surer than a question."""

import re
from dataclasses import replace

from bot.agents.understanding.choice import ONLY_SURELY
from bot.agents.understanding.classifier import the_classifier
from bot.agents.understanding.coverage import without_strange_words
from bot.agents.understanding.features import MASK_WORDS, MASKS
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import (
    CHAT,
    NO_ANSWER,
    OF_OTHER_THINGS,
    Intent,
)
from bot.agents.understanding.text import points_back, tokens_of

# Orders, and to be taken for an attacker, need more than a good guess.
SURELY = 0.95
# So surely the few words around words that nobody uses say what is asked.
DESPITE_STRANGE_WORDS = 0.9
TELLING = 4
# A name and nothing else is asked after: "INVENTORY???".
_ONLY_A_NAME = re.compile(rf"\W*{MASKS['pipeline']}\W*")
# It posts in a room from then on, and is taken back by one press.
_NEEDS = {Intent.DIGEST: 0.75}


def _is_strange(frame: Frame) -> bool:
    """Whether nobody uses any of its longer words in a question: it may be another language."""
    words = (one.word for one in tokens_of(frame.masked) if one.is_word)
    telling = [one for one in words if len(one) >= TELLING and one not in MASK_WORDS]
    return bool(telling) and set(telling) <= set(frame.slots.ignored)


def decided(frame: Frame) -> Frame:
    """Whether the first reading may be answered at once."""
    slots = without_strange_words(frame)
    pasted = slots.pasted and not slots.pipelines and not slots.run_ids
    intent = Intent.DOCS_ERROR if pasted else frame.intent
    if (slots.pipelines and intent in CHAT) or (slots.unknown and intent is Intent.DECLINE):
        return replace(frame, intent=Intent.AGAIN, slots=slots, again=True, sure=False)
    is_bare = bool(slots.pipelines) and _ONLY_A_NAME.fullmatch(frame.masked) is not None
    intent = Intent.STATUS_ONE if is_bare else intent
    need = SURELY if intent in ONLY_SURELY else _NEEDS.get(intent, the_classifier().threshold)
    clear = is_bare or (frame.confidence >= need and intent not in NO_ANSWER)
    doubt = bool(slots.factory.unknown) or (
        not is_bare and frame.confidence < DESPITE_STRANGE_WORDS and _is_strange(frame)
    )
    if intent not in OF_OTHER_THINGS:
        doubt = doubt or bool(slots.unknown or slots.partly)
    if intent in ONLY_SURELY and slots.pipelines and not slots.exact:
        doubt = doubt or points_back(frame.masked)  # "mute that one, I ask the dock"
    return replace(
        frame,
        intent=intent,
        slots=slots,
        confidence=1.0 if intent is not frame.intent else frame.confidence,
        sure=pasted or (clear and not doubt),
        again=intent is Intent.AGAIN,
    )
