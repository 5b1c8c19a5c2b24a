"""An incident written up on request: where a document of it is asked for by its name."""

import re

from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.answers.incident_reference import MeantIncident, incident_meant
from bot.agents.interface import Answer
from bot.agents.understanding.choice import asks_who
from bot.agents.understanding.intents import Intent
from cards.records import Choice, Picker

WORDING = "write up {}"
# What the document is called, however it is asked for.
_DOCUMENT = re.compile(
    r"(?i)\b(?:write[- ]?ups?|post[- ]?mortems?|retrospectives?|incident reports?|rca"
    r"|(?:writ\w+|typ\w+) (?:it |this |that |\w+[- ]\d+ )?up|root[- ]cause (?:analysis|report)"
    r"|after[- ]action (?:review|report)|störungsbericht|vorfallbericht|abschlussbericht"
    r"|compte rendu d'incident|informe del? incidente)\b"
)
# A handover may be written up too.
_OTHER = re.compile(r"(?i)\b(?:hand[- ]?over|shift|übergabe|relevo|relève|passagem)\b")
_OTHERS = frozenset({Intent.DIGEST, Intent.SUBSCRIBE, Intent.INJECTION})
_QUESTION = "Shall I write {} up?"


def is_wanted(intent: Intent, text: str, *, of_a_time: bool = False) -> bool:
    """Whether the document of an incident is asked for; a shift is written up `of_a_time`."""
    is_who = intent is Intent.AUDIT and asks_who(text)
    is_shift = bool(_OTHER.search(text)) or (of_a_time and intent is Intent.HANDOVER)
    is_other = intent in _OTHERS or is_who or is_shift
    return not is_other and bool(_DOCUMENT.search(text))


async def write_up(turn: AnswerContext) -> Answer:
    """The facts at once; words of a model follow below them, where there is one."""
    found = await incident_meant(turn, WORDING)
    if not isinstance(found, MeantIncident):
        return found
    if turn.intent is Intent.TICKET and "ticket" in turn.frame.text.lower():
        words = WORDING.format(found.incident_id)
        choices = (
            Choice(title="Write it up here", question=words),
            Choice(title="Open a ticket", question=f"open a ticket for {found.incident_id}"),
        )
        question = _QUESTION.format(found.incident_id)
        return asked_back(turn, Picker(question=question, choices=choices))
    return answered(turn, await turn.tools.call("ops_write_up", incident=found.incident_id))
