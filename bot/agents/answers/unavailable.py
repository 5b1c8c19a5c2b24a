"""What cannot be answered or done yet, each refused by its own name and with where to look."""

from collections.abc import Mapping
from dataclasses import replace

from bot.access.roles import Right
from bot.agents.answers.context import AnswerContext, asked_back, said
from bot.agents.interface import Answer
from bot.agents.understanding.intents import ACTS, Intent
from cards.records import Denied

_WHAT: Mapping[Intent, tuple[str, str]] = {
    Intent.BUSINESS_SUMMARY: (
        "write a summary for stakeholders",
        "I can show how everything stands, and what failed and why.",
    ),
    Intent.EDIT: (
        "change, create, or delete anything in Data Factory",
        "Studio does it under Author, or your deployment does.",
    ),
    Intent.TICKET: ("open tickets", "Your ticket system takes the details from the failure card."),
    Intent.ACK: (
        "acknowledge incidents by words",
        "Press Acknowledge on the incident's message.",
    ),
    Intent.RESOLVE: (
        "close incidents by words",
        "Press Resolve on the incident's message; a green run closes it by itself.",
    ),
    Intent.ASSIGN: ("hand incidents to people", "Mention them in the incident's thread."),
    Intent.MUTE: ("mute alerts for a time", "“stop telling us about …” ends them."),
    Intent.UNMUTE: ("unmute, for I can't mute yet", "“tell us when … fails” turns alerts on."),
    Intent.REGROUP_INCIDENT: ("split or merge incidents", ""),
    Intent.INCIDENTS_LIST: (
        "list incidents",
        "Each open one has its message in the room. I can show what failed.",
    ),
    Intent.INCIDENT_STATUS: (
        "look up an incident by words",
        "Its message in the room shows who acknowledged it and since when.",
    ),
    Intent.DIGEST: (
        "send a summary on a schedule",
        "I can tell you at once when something fails: “tell us when anything fails”.",
    ),
    Intent.BOARD: ("keep a live board", "Ask “how does everything stand” at any time."),
    Intent.HANDOVER: (
        "write a handover",
        "I can show what failed since your shift began: “what failed since 22:00”.",
    ),
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
