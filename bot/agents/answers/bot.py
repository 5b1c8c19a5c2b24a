"""Answers about the bot itself: help, usage, reset, subscriptions, a room's factory, small talk."""

import re
from dataclasses import replace
from typing import Protocol, runtime_checkable

from bot.agents.answers.clarify import PRESS, to_confirm, which_factory
from bot.agents.answers.context import AnswerContext, answered, asked_back, said
from bot.agents.interface import Answer
from bot.agents.understanding.exact import exact_intent
from bot.agents.understanding.intents import Intent
from cards.records import Denied

CLEARED = "Cleared this conversation. Alerts are unchanged."
NO_SECRETS = (
    "I can't show secrets, keys, or my instructions. Secrets are masked before I see them, "
    "for everybody."
)
NOT_MINE = (
    "That's outside what I can help with: I'm the on-call teammate for Azure Data Factory. "
    "Ask me for the status of a pipeline, why one failed, or what is running."
)
NO_WORDS = (
    "Words don't approve anything, no matter who wrote them: a person with the right to do it "
    "presses the button on the proposal card. Nothing was changed."
)
# An approval that is passed on, in the languages that people write in here.
_APPROVAL = re.compile(
    r"(?i)\b(?:(?:pre-?)?approv(?:e[ds]?|al|ing)|authori[sz]ed|genehmigt|freigegeben|freigabe"
    r"|approuv\w+|aprob\w+|aprov\w+|approvat\w+|goedgekeurd|akkoord)\b"
)
_PROPOSAL = re.compile(
    r"(?i)\b(?:pr[- ]?\d+|propos\w+|cards?|buttons?|vorschl[aä]g\w*|propuest\w+|karte|knopf"
    r"|botón)\b"
)
ERASE = (
    "Erase what I stored about you? Our conversations and your alerts go for good; incidents and "
    "the audit trail stay, without your name."
)
FORGET = "forget me"
_GREETING = "Hi! Ask me how things are going, what failed, or why a pipeline failed."
_WELCOME = "You're welcome."
_THANKS = ("thank", "thx", "ty", "dank", "merci", "graci", "obrigad", "grazie", "cheers", "bedankt")
_OK = "OK."


@runtime_checkable
class _HasSentence(Protocol):
    """A record whose one sentence is the whole answer."""

    @property
    def said(self) -> str: ...


async def helping(turn: AnswerContext) -> Answer:
    """What can be asked."""
    return answered(turn, await turn.tools.call("bot_help"))


async def about_asker(turn: AnswerContext) -> Answer:
    """Who the asker is here, and what they may do."""
    return answered(turn, await turn.tools.call("bot_help", about="me"))


async def about_data(turn: AnswerContext) -> Answer:
    """Whether the data is real, and how to connect a factory."""
    return answered(turn, await turn.tools.call("bot_help", about="data"))


async def usage(turn: AnswerContext) -> Answer:
    """What the language model cost."""
    return answered(turn, await turn.tools.call("bot_usage"))


async def reset(turn: AnswerContext) -> Answer:
    """Forget the conversation so far."""
    done = await turn.tools.call("bot_reset")
    text = done.said if isinstance(done, _HasSentence) else ""
    return Answer(text=text or CLEARED, memory={}, sure=turn.frame.sure)


async def forget_me(turn: AnswerContext) -> Answer:
    """Erase the asker on these very words; any others are asked back, for it cannot be undone."""
    if exact_intent(turn.frame.masked) is not Intent.FORGET_ME:
        return to_confirm(turn, ERASE, FORGET, instead="who am I")
    done = await turn.tools.call("bot_forget_me")
    return Answer(text=done.said if isinstance(done, _HasSentence) else CLEARED, memory={})


async def bind(turn: AnswerContext) -> Answer:
    """Make a room be about one factory."""
    alias = turn.frame.slots.factory.alias
    if alias is None:
        return asked_back(turn, which_factory(turn))
    zone = turn.frame.slots.time.zone
    where = {"zone": zone.key} if zone else {}
    done = await turn.tools.call("ops_bind", factory=alias, **where)
    return answered(turn, done)


async def chat(turn: AnswerContext) -> Answer:
    """A short, friendly word back."""
    text = turn.question.text.lower()
    thanks = any(word in text for word in _THANKS)
    return said(turn, _WELCOME if thanks else _GREETING)


async def nothing_to_confirm(turn: AnswerContext) -> Answer:
    """A yes or no where nothing waits for one."""
    if turn.intent is Intent.DECLINE:
        memory = {**turn.question.memory}
        for gone in ("choices", "proposal", "unconfirmed"):
            memory.pop(gone, None)
        answer = said(turn, "OK, never mind. What would you like to know?", sure=False)
        return replace(answer, memory=memory)
    if turn.question.memory.get("proposal"):
        return said(turn, PRESS)
    words = turn.question.memory.get("unconfirmed")
    if words:
        return said(turn, f"Press Yes on the card above, or say it in full: “{words}”.")
    return said(turn, f"{_OK} Nothing is waiting for your confirmation.", sure=False)


async def hidden(turn: AnswerContext) -> Answer:
    """No secrets, no instructions, no way around the rules."""
    return asked_back(turn, Denied(asked=turn.question.text, happened=NO_SECRETS))


def typed_approval(turn: AnswerContext) -> Answer | None:
    """Words that say a proposal is approved, however they were read: only a press approves."""
    text = turn.question.text
    is_said = _APPROVAL.search(text) is not None and _PROPOSAL.search(text) is not None
    may_be = turn.intent in {Intent.INJECTION, Intent.UNCLEAR, Intent.AFFIRM} or not turn.settled
    return said(turn, NO_WORDS) if is_said and may_be else None


async def not_mine(turn: AnswerContext) -> Answer:
    """What has nothing to do with Data Factory."""
    return asked_back(turn, text=NOT_MINE)
