"""Tickets by words: a proposal to press on for the incident that is meant, never the ticket."""

import re
from dataclasses import replace

from bot.access.roles import Right
from bot.agents.answers.context import AnswerContext, answered, said
from bot.agents.answers.incident_reference import (
    MeantIncident,
    incident_meant,
    to_confirm_change,
)
from bot.agents.interface import Answer

WORDING = "open a ticket for {}"
ELSEWHERE = (
    "I open tickets, and add what happens to their incident. To close or change one, go to the "
    "ticket itself: its incident's card has the link."
)
# What is wanted of a ticket that is there.
_CHANGED = re.compile(
    r"(?i)\b(?:close|resolve|delete|remove|update|reassign|escalate|reopen|comment on|change)\b"
    r"(?:\s+\w+){0,3}\s+(?:tickets?|jira|issue|work item|bug|case)\b"
)
# Said of a ticket, this may mean that none is wanted: a button asks, and nothing is proposed.
_UNWANTED = re.compile(
    r"(?i)\b(?:no|not|don'?t|dont|never|without|cancel|kein\w*|nicht|pas|sans|sin|non|geen|niet)\b"
)


async def ticket(turn: AnswerContext) -> Answer:
    """Propose a ticket; a proposal changes nothing, so a likely wish is enough for one."""
    found = await incident_meant(turn, WORDING)
    if not isinstance(found, MeantIncident):
        return replace(found, wants=Right.ACKNOWLEDGE)
    if _CHANGED.search(turn.frame.text):
        return said(turn, ELSEWHERE)
    if _UNWANTED.search(turn.frame.text):
        title = f"Open a ticket: {found.incident_id}"
        return to_confirm_change(turn, title, WORDING.format(found.incident_id))
    proposed = await turn.tools.call("itsm_propose_ticket", incident=found.incident_id)
    return answered(turn, proposed, note=_left_out(turn, found))


def _left_out(turn: AnswerContext, found: MeantIncident) -> str | None:
    """Which of several names the ticket is not about."""
    covered = found.entry.pipelines if found.entry else ()
    others = [one for one in turn.frame.slots.pipelines if covered and one not in covered]
    if not others:
        return None
    names = " and ".join(others)
    return f"{found.incident_id} is not about {names}, and no other incident of {names} is open."
