"""Being told by itself: who is told of what, here or in their own chat, and how that ends."""

from collections.abc import Sequence
from typing import Annotated, Literal

from rapidfuzz import process, utils

from adf.errors import BadArguments
from adf.records import Pipeline
from adf.tool import tool
from bot.access.policy import Grant, Right
from bot.state.subscriptions import CRITICAL, EVERYTHING, EventKind, StoredSubscription
from bot.tools.context import ToolContext
from bot.tools.subscription_text import (
    SubscriptionWish,
    begun,
    ended,
    listed,
    told_here,
    told_to_me,
)
from cards.records import Choice, Denied, Picker, SubscriptionList

Where = Annotated[Literal["here", "me"], "this room, or the asker's own chat"]
WRITE_FIRST = "I cannot write to you yet: write to me once in our personal chat, then ask me again."
NEAREST = 5


@tool(
    progress="Subscribing",
    reads=False,
    help="Being told in your own chat: “tell me when <pipeline> fails”, "
    "“ping me when it finishes”\n"
    "Telling this room: “tell us when anything fails”",
)
async def ops_subscribe(
    here: ToolContext,
    target: Annotated[str, "exact name of a pipeline, or everything, or critical"],
    events: Annotated[
        Literal["failures", "finish"], "what of it; finish is told once"
    ] = "failures",
    where: Where = "here",
    factory: Annotated[str | None, "alias of the factory; the room's own when left out"] = None,
) -> SubscriptionList | Denied | Picker:
    """Tell this room, or the asker alone, when something fails or finishes."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    found = await _find(here, grant, target, factory)
    if isinstance(found, Picker):
        return found
    alias, name = found
    wish = SubscriptionWish(target=name, factory=alias, own=where == "me" or here.is_personal)
    return await _refused(here, grant, wish) or await _subscribe(here, wish, EventKind(events))


@tool(
    progress="Unsubscribing",
    reads=False,
    help="Telling this room: “stop telling us about <pipeline>”",
)
async def ops_unsubscribe(
    here: ToolContext,
    target: Annotated[str, "a pipeline, critical, or everything that is told there"],
    where: Where = "here",
) -> SubscriptionList | Denied:
    """Stop telling this room, or the asker alone, of something."""
    grant = await here.grant()
    own = where == "me" or here.is_personal
    told = await told_to_me(here) if own else await told_here(here)
    ending = _meant(told, target)
    if not own:
        factories = {one.factory for one in ending} or {grant.meant}
        for factory in sorted(factories):
            if not grant.may(Right.SUBSCRIBE, factory):
                return await here.refuse(grant, Right.SUBSCRIBE, factory)
    for one in ending:
        await here.keeping.subscriptions.remove(one)
    return await listed(here, ended(here, target, ending, told, own=own))


# It changes nothing, but who is subscribed to what is about people: no model is offered it.
@tool(progress="Looking at subscriptions", reads=False)
async def ops_list_subscriptions(here: ToolContext) -> SubscriptionList | Denied:
    """List what this room and the asker are told of."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    return await listed(here)


async def _find(
    here: ToolContext, grant: Grant, target: str, factory: str | None
) -> tuple[str, str] | Picker:
    """The factory and the target as they are spelled; a picker when no such pipeline is known."""
    alias = _alias(grant, factory)
    if target.lower() in {EVERYTHING, CRITICAL}:
        return alias, target.lower()
    among = (alias,) if factory else grant.aliases
    known = await here.keeping.pipelines(among)
    fitting = [one for one in known if one.name.lower() == target.lower()]
    if not fitting:
        return _nearest(target, known)
    one = next((one for one in fitting if one.factory == alias), fitting[0])
    return one.factory, one.name


def _alias(grant: Grant, factory: str | None) -> str:
    if factory is None:
        return grant.meant
    found = next((one for one in grant.aliases if one.lower() == factory.lower()), None)
    if found is None:
        raise BadArguments(f"no factory that is open to you here is called {factory}")
    return found


def _nearest(target: str, known: Sequence[Pipeline]) -> Picker:
    names = sorted({one.name for one in known})
    near = process.extract(target, names, processor=utils.default_process, limit=NEAREST)
    return Picker(
        question=f"No pipeline is called “{target}”. Which one should I tell of?",
        choices=tuple(
            Choice(title=name, question=f"tell me when {name} fails") for name, *_ in near
        ),
    )


async def _refused(here: ToolContext, grant: Grant, wish: SubscriptionWish) -> Denied | None:
    """No for who may not: one's own chat shows what one's own role reads, a room needs more."""
    if wish.own:
        may = here.reads_alone(wish.factory)
        return None if may else await here.refuse(_alone(here, grant), Right.READ, wish.factory)
    if not grant.may(Right.SUBSCRIBE, wish.factory):
        return await here.refuse(grant, Right.SUBSCRIBE, wish.factory)
    binding = await here.keeping.rooms.binding(here.address)
    if binding and binding.factory != wish.factory:
        raise BadArguments(
            f"{here.place} is bound to {binding.factory}, so nothing of {wish.factory} is told in "
            "it. Bind it to that factory first, or have yourself told in your own chat."
        )
    return None


def _alone(here: ToolContext, grant: Grant) -> Grant:
    """The grant without what only this room gives."""
    own = {alias: role for alias, role in grant.roles.items() if here.reads_alone(alias)}
    return Grant(roles=own, meant=grant.meant)


async def _subscribe(
    here: ToolContext, wish: SubscriptionWish, events: EventKind
) -> SubscriptionList:
    kept, who = here.keeping, here.person
    await kept.rooms.seen(here.address, who)
    once = events is EventKind.FINISH and wish.target not in {EVERYTHING, CRITICAL}
    to = who if wish.own else here.address
    new = await kept.subscriptions.add(wish.factory, wish.target, events, to, once=once)
    reached = not wish.own or await kept.rooms.personal(who.tenant, who.person_id) is not None
    return await listed(here, begun(here, wish, events, once=once, new=new, reached=reached))


def _meant(told: Sequence[StoredSubscription], target: str) -> list[StoredSubscription]:
    """The subscriptions that are to end: all, those of that name, or with it in their name."""
    wanted = target.strip().lower()
    if wanted == EVERYTHING:
        return list(told)
    named = [one for one in told if one.target.lower() == wanted]
    return named or [one for one in told if wanted and wanted in one.target.lower()]


async def tell_room(here: ToolContext, factory: str) -> None:
    """Tell a room of every failure of a factory, as one that is bound to it is by default."""
    kept = here.keeping
    await kept.rooms.seen(here.address, here.person)
    await kept.subscriptions.rebound(here.address, factory)
    await kept.subscriptions.add(factory, EVERYTHING, EventKind.FAILURES, here.address)
