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
ABOUT = "is there a ticket for {}"
_TICKET = r"(?:ticket\w*|jira|issue|work item|bug|case|snow|servicenow|vorgang)"
# That one is asked about: it begins as a question, or names what a ticket has.
_AS_QUESTION = re.compile(
    r"(?i)^\W*(?:(?:hi|hey|hello|ok|so|and|please|hallo|und|y|et|e)\W+)*"
    r"(?:is|are|was|were|(?:has|have|had)(?! to\b)|(?:do|does|did)(?! (?:a|an|one|the|i need)\b)"
    r"|which|what\w*|where|any|gibt|hat|haben|welche\w*|hay|existe|tenemos|y a|est-ce|c['’]?è"
    r"|esiste|há|tem|is er|hebben)\b[^?!;]*\b" + _TICKET + r"\b"
    r"|\b(?:status|state|number|link|page|url) (?:of|to|for) (?:the|its|that) " + _TICKET + r"\b"
    r"|\bshow (?:me |us )?(?:the|its|that) " + _TICKET + r"\b"
)
# "if not, open one": then it is a wish, and the ticket that is there already is shown all the same.
_WANTED = re.compile(
    r"(?i)\b(?:please|(?:can|could|would) (?:yo)?u|if (?:not|there is ?n[o'’]t?)|otherwise"
    r"|else|then|(?:and|or|und|oder) (?:open|create|raise|file|make|log|get))\b"
)
# Said of a ticket, this may mean that none is wanted: a button asks, and nothing is proposed.
_UNWANTED = re.compile(
    r"(?i)\b(?:no|not|don'?t|dont|never|without|cancel|kein\w*|nicht|pas|sans|sin|non|geen|niet)\b"
)


async def ticket(turn: AnswerContext) -> Answer:
    """Propose a ticket; a proposal changes nothing, so a likely wish is enough for one."""
    if is_question(turn.frame.text):
        return await _known(turn)
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


def is_question(text: str) -> bool:
    """Whether it is asked which ticket there is, and none is wanted in the same breath."""
    return bool(_AS_QUESTION.search(text)) and not _WANTED.search(text)


async def _known(turn: AnswerContext) -> Answer:
    """The ticket of the incident or the pipeline that is asked about, or that there is none."""
    names, said_id = turn.frame.slots.pipelines, turn.frame.slots.incident
    if not said_id and len(names) == 1:
        found = await turn.tools.call("itsm_ticket", pipeline=names[0])
        return answered(turn, found)
    meant = await incident_meant(turn, ABOUT)
    if not isinstance(meant, MeantIncident):
        return meant
    return answered(turn, await turn.tools.call("itsm_ticket", incident=meant.incident_id))


def _left_out(turn: AnswerContext, found: MeantIncident) -> str | None:
    """Which of several names the ticket is not about."""
    covered = found.entry.pipelines if found.entry else ()
    others = [one for one in turn.frame.slots.pipelines if covered and one not in covered]
    if not others:
        return None
    names = " and ".join(others)
    return f"{found.incident_id} is not about {names}, and no other incident of {names} is open."
