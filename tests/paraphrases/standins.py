"""Stand-ins for the tools of the bot itself: they take the same arguments and change nothing."""

from dataclasses import dataclass
from typing import Annotated, Literal

from adf.tool import tool
from cards.records import Choice, Help, SubscriptionList, Usage


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the stand-ins work on: nothing; the calls are seen by the toolbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a tool says it has done."""

    said: str


@tool(progress="Working", reads=False)
async def ops_subscribe(
    ledger: Ledger,
    target: Annotated[str, "a pipeline, a factory, or all"],
    events: str = "failures",
    where: Literal["here", "me"] = "here",
) -> SubscriptionList:
    """Tell a person or a room what happens to a pipeline."""
    return SubscriptionList(subscriptions=(), said=f"{target} {events} {where}")


@tool(progress="Working", reads=False)
async def ops_unsubscribe(
    ledger: Ledger, target: str, where: Literal["here", "me"] | None = None
) -> SubscriptionList:
    """End a subscription."""
    return SubscriptionList(subscriptions=(), said=f"{target} {where}")


@tool(progress="Working", reads=False)
async def ops_list_subscriptions(ledger: Ledger) -> SubscriptionList:
    """What the asker is told of."""
    return SubscriptionList(subscriptions=())


@tool(progress="Working", reads=False)
async def ops_bind(ledger: Ledger, factory: str, zone: str | None = None) -> Done:
    """Bind this room to a factory."""
    return Done(said=f"{factory} {zone}")


@tool(progress="Working", reads=False)
async def bot_reset(ledger: Ledger) -> Done:
    """Forget the talk."""
    return Done(said="Forgotten.")


@tool(progress="Working", reads=True)
async def bot_usage(ledger: Ledger) -> Usage:
    """What the language model cost."""
    return Usage(tokens=0, cap=None, answers=0)


@tool(progress="Working", reads=True)
async def bot_help(ledger: Ledger) -> Help:
    """What can be asked."""
    return Help(bot_name="ADF Ops", examples=(Choice(title="x", question="x"),))


BOT_STANDINS = (
    bot_help,
    bot_reset,
    bot_usage,
    ops_bind,
    ops_list_subscriptions,
    ops_subscribe,
    ops_unsubscribe,
)
