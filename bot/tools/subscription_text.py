"""What a room and a person are told of, as a list and in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.state.subscriptions import CRITICAL, EVERYTHING, EventKind, StoredSubscription
from bot.tools.context import ToolContext
from cards.records import Subscription, SubscriptionList

WRITE_FIRST = " But I cannot write to you yet: write to me once in our personal chat, and I can."


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionWish:
    """What is to be told, of which factory, and whether in the asker's own chat."""

    target: str
    factory: str
    own: bool


async def listed(here: ToolContext, said: str = "") -> SubscriptionList:
    """What this room and the asker are told of now; `said` tells what was just changed."""
    kept = [*await told_here(here), *await told_to_me(here)]
    return SubscriptionList(subscriptions=tuple(_shown(here, one) for one in kept), said=said)


async def told_here(here: ToolContext) -> list[StoredSubscription]:
    """What the room is told of; nothing in a personal chat, where all is somebody's own."""
    if here.is_personal:
        return []
    return list(await here.keeping.subscriptions.at(here.address))


async def told_to_me(here: ToolContext) -> list[StoredSubscription]:
    """What the asker is told of in their own chat."""
    return list(await here.keeping.subscriptions.of(here.person))


def begun(
    here: ToolContext,
    wish: SubscriptionWish,
    events: EventKind,
    *,
    once: bool,
    new: bool,
    reached: bool,
) -> str:
    """What was just asked for, and the words that end it; `reached` when it can be told today."""
    who = "You are" if wish.own else f"{here.place.capitalize()} is"
    already = "" if new else " already"
    what = _what(wish.target, wish.factory)
    when = f"when {what} fails" if events is EventKind.FAILURES else f"when {what} finishes"
    first = "" if reached else WRITE_FIRST
    stop = f" To stop: “{_stop(wish.target, own=wish.own)}”."
    return f"{who}{already} told{' once,' if once else ''} {when}{_in(here, wish)}.{first}{stop}"


def _in(here: ToolContext, wish: SubscriptionWish) -> str:
    return " in your own chat" if wish.own and not here.is_personal else ""


def _what(target: str, factory: str) -> str:
    if target == EVERYTHING:
        return f"anything in {factory}"
    return f"a critical pipeline of {factory}" if target == CRITICAL else target


def ended(
    here: ToolContext,
    target: str,
    ending: Sequence[StoredSubscription],
    told: Sequence[StoredSubscription],
    *,
    own: bool,
) -> str:
    """What was just stopped, or why there was nothing to stop."""
    who = "You are" if own else f"{here.place.capitalize()} is"
    if ending:
        names = ", ".join(sorted({_what(one.target, one.factory) for one in ending}))
        return f"{who} not told of {names} any more."
    wider = next((one for one in told if one.target == EVERYTHING), None)
    if wider:
        return (
            f"{who} told of everything in {wider.factory}, {target} with it; there was nothing of "
            f"its own to stop. To stop all: “{_stop(EVERYTHING, own=own)}”."
        )
    return f"{who} not told of {target} at all, so there was nothing to stop."


def _shown(here: ToolContext, kept: StoredSubscription) -> Subscription:
    return Subscription(
        target=_what(kept.target, kept.factory),
        events="failed" if kept.events is EventKind.FAILURES else "finishes",
        where="your own chat" if kept.person else here.place,
        once=kept.once,
        stop=_stop(kept.target, own=bool(kept.person)),
    )


def _stop(target: str, *, own: bool) -> str:
    return f"stop telling {'me' if own else 'us'} about {target}"
