"""Answers about the bot itself, and to orders, which change nothing yet."""

from dataclasses import replace
from typing import Protocol, runtime_checkable

from adf.records import RunStatus
from bot.access.roles import Right
from bot.agents.answers.clarify import which, which_factory, which_target
from bot.agents.answers.context import AnswerContext, kept, remembering
from bot.agents.interface import Answer
from bot.agents.understanding.entities.orders import ENDING
from bot.agents.understanding.entities.subscriptions import names_something, wish_in
from bot.agents.understanding.intents import Intent
from cards.records import Picker

CLEARED = "Cleared: I start afresh and remember nothing of what we talked about here."


@runtime_checkable
class _Said(Protocol):
    """A record whose one sentence is the whole answer."""

    @property
    def said(self) -> str: ...


async def helping(turn: AnswerContext) -> Answer:
    """What can be asked."""
    return remembering(turn, await turn.tools.call("bot_help"))


async def usage(turn: AnswerContext) -> Answer:
    """What the language model cost."""
    return remembering(turn, await turn.tools.call("bot_usage"))


async def reset(turn: AnswerContext) -> Answer:
    """Forget the talk so far."""
    done = await turn.tools.call("bot_reset")
    said = done.said if isinstance(done, _Said) else ""
    return Answer(text=said or CLEARED, memory={}, sure=turn.meant.sure)


async def subscriptions(turn: AnswerContext) -> Answer:
    """Who is told of what here."""
    return remembering(turn, await turn.tools.call("ops_list_subscriptions"))


async def subscribe(turn: AnswerContext) -> Answer:
    """Tell somebody, or this room, of something by itself from now on."""
    wish = wish_in(turn.question.text, _pipelines(turn))
    if wish.target is None:
        return kept(turn, which_target(turn))
    done = await turn.tools.call(
        "ops_subscribe", target=wish.target, events=wish.events, where=wish.where
    )
    return remembering(turn, done)


async def unsubscribe(turn: AnswerContext) -> Answer:
    """Tell no more of something."""
    wish = wish_in(turn.question.text, _pipelines(turn))
    if wish.target is None and (turn.unclear or names_something(turn.question.text)):
        return kept(turn, which_target(turn))
    target = wish.target or "everything"
    done = await turn.tools.call("ops_unsubscribe", target=target, where=wish.where)
    return remembering(turn, done)


async def bind(turn: AnswerContext) -> Answer:
    """Make a room be about one factory."""
    alias = turn.meant.where.alias
    if alias is None:
        return kept(turn, which_factory(turn))
    zone = turn.meant.asked.zone
    said = {"zone": zone.key} if zone else {}
    done = await turn.tools.call("ops_bind", factory=alias, **said)
    return remembering(turn, done)


def _pipelines(turn: AnswerContext) -> list[str]:
    return [turn.pipeline] if turn.pipeline else list(turn.unclear)


NOT_YET = (
    "I can read, not act, so far: no run was started, stopped or changed. "
    "Ask me for a status, for the reason of a failure, or for what is running."
)
_OPEN = [RunStatus.IN_PROGRESS, RunStatus.QUEUED]
MOST_CHOICES = 6


async def act(turn: AnswerContext) -> Answer:
    """Say that nothing was changed; who may not act at all is told so instead."""
    return replace(await _not_yet(turn), wants=Right.ACT)


async def _not_yet(turn: AnswerContext) -> Answer:
    """What was meant, as far as it is clear; else which pipeline is asked back."""
    if turn.unclear:
        return kept(turn, _which(turn, turn.unclear))
    unknown = None in turn.meant.signs
    if turn.pipeline or turn.meant.run_id or unknown or not turn.meant.refers_back:
        about = f" (You mean {turn.pipeline}.)" if turn.pipeline else ""
        return kept(turn, text=f"{NOT_YET}{about}")
    states = _OPEN if turn.meant.order in ENDING else [RunStatus.FAILED]
    found = await turn.runs(status=states)
    names = tuple(dict.fromkeys(run.pipeline for run in found.runs))
    return kept(turn, _which(turn, names)) if names else kept(turn, text=NOT_YET)


def _which(turn: AnswerContext, names: tuple[str, ...]) -> Picker:
    asked = f"Which pipeline do you mean by “{turn.question.text}”? I can only read so far."
    return which(asked, names[:MOST_CHOICES], Intent.STATUS)
