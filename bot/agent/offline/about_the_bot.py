"""Answers about the bot itself: help, use, forgetting, who is told of what, a room's factory."""

from typing import Protocol, runtime_checkable

from bot.agent.interface import Answer
from bot.agent.offline.asking_back import which_factory, which_target
from bot.agent.offline.listening import names_something, wish_in
from bot.agent.offline.talk import Talk, kept, remembering

CLEARED = "Cleared: I start afresh and remember nothing of what we talked about here."


@runtime_checkable
class _Said(Protocol):
    """A record whose one sentence is the whole answer."""

    @property
    def said(self) -> str: ...


async def helping(turn: Talk) -> Answer:
    """What can be asked."""
    return remembering(turn, await turn.tools.call("bot_help"))


async def usage(turn: Talk) -> Answer:
    """What the language model cost."""
    return remembering(turn, await turn.tools.call("bot_usage"))


async def reset(turn: Talk) -> Answer:
    """Forget the talk so far."""
    done = await turn.tools.call("bot_reset")
    said = done.said if isinstance(done, _Said) else ""
    return Answer(text=said or CLEARED, memory={}, sure=turn.meant.sure)


async def subscriptions(turn: Talk) -> Answer:
    """Who is told of what here."""
    return remembering(turn, await turn.tools.call("ops_list_subscriptions"))


async def subscribe(turn: Talk) -> Answer:
    """Tell somebody, or this room, of something by itself from now on."""
    wish = wish_in(turn.question.text, _pipelines(turn))
    if wish.target is None:
        return kept(turn, which_target(turn))
    done = await turn.tools.call(
        "ops_subscribe", target=wish.target, events=wish.events, where=wish.where
    )
    return remembering(turn, done)


async def unsubscribe(turn: Talk) -> Answer:
    """Tell no more of something."""
    wish = wish_in(turn.question.text, _pipelines(turn))
    if wish.target is None and (turn.unclear or names_something(turn.question.text)):
        return kept(turn, which_target(turn))
    target = wish.target or "everything"
    done = await turn.tools.call("ops_unsubscribe", target=target, where=wish.where)
    return remembering(turn, done)


async def bind(turn: Talk) -> Answer:
    """Make a room be about one factory."""
    alias = turn.meant.where.alias
    if alias is None:
        return kept(turn, which_factory(turn))
    zone = turn.meant.asked.zone
    said = {"zone": zone.key} if zone else {}
    done = await turn.tools.call("ops_bind", factory=alias, **said)
    return remembering(turn, done)


def _pipelines(turn: Talk) -> list[str]:
    return [turn.pipeline] if turn.pipeline else list(turn.unclear)
