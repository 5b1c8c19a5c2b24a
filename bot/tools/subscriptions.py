"""Subscriptions: what this room or the asker is notified of, and how that ends."""

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
    NotificationRequest,
    own_subscriptions,
    room_subscriptions,
    subscribed_text,
    subscription_list,
    unsubscribed_text,
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
    request = NotificationRequest(target=name, factory=alias, own=where == "me" or here.is_personal)
    return await _refused(here, grant, request) or await _subscribe(
        here, request, EventKind(events)
    )


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
    subscribed = await own_subscriptions(here) if own else await room_subscriptions(here)
    ending = _matching(subscribed, target)
    if not own:
        factories = {one.factory for one in ending} or {grant.meant}
        for factory in sorted(factories):
            if not grant.may(Right.SUBSCRIBE, factory):
                return await here.refuse(grant, Right.SUBSCRIBE, factory)
    for one in ending:
        await here.state.subscriptions.remove(one)
    return await subscription_list(
        here, unsubscribed_text(here, target, ending, subscribed, own=own)
    )


# It changes nothing, but who is subscribed to what is about people: no model is offered it.
@tool(progress="Looking at subscriptions", reads=False)
async def ops_list_subscriptions(here: ToolContext) -> SubscriptionList | Denied:
    """List what this room and the asker are told of."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    return await subscription_list(here)


async def _find(
    here: ToolContext, grant: Grant, target: str, factory: str | None
) -> tuple[str, str] | Picker:
    """The factory and the target as they are spelled; a picker when no such pipeline is known."""
    alias = _alias(grant, factory)
    if target.lower() in {EVERYTHING, CRITICAL}:
        return alias, target.lower()
    among = (alias,) if factory else grant.aliases
    known = await here.state.pipelines(among)
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


async def _refused(here: ToolContext, grant: Grant, request: NotificationRequest) -> Denied | None:
    """No for who may not: one's own chat shows what one's own role reads, a room needs more."""
    if request.own:
        may = here.reads_alone(request.factory)
        return None if may else await here.refuse(_alone(here, grant), Right.READ, request.factory)
    if not grant.may(Right.SUBSCRIBE, request.factory):
        return await here.refuse(grant, Right.SUBSCRIBE, request.factory)
    binding = await here.state.rooms.binding(here.address)
    if binding and binding.factory != request.factory:
        raise BadArguments(
            f"{here.place} is bound to {binding.factory}, so nothing of {request.factory} is "
            "told in it. Bind it to that factory first, or have yourself told in your own chat."
        )
    return None


def _alone(here: ToolContext, grant: Grant) -> Grant:
    """The grant without what only this room gives."""
    own = {alias: role for alias, role in grant.roles.items() if here.reads_alone(alias)}
    return Grant(roles=own, meant=grant.meant)


async def _subscribe(
    here: ToolContext, request: NotificationRequest, events: EventKind
) -> SubscriptionList:
    state, who = here.state, here.person
    await state.rooms.seen(here.address, who)
    once = events is EventKind.FINISH and request.target not in {EVERYTHING, CRITICAL}
    to = who if request.own else here.address
    new = await state.subscriptions.add(request.factory, request.target, events, to, once=once)
    reached = not request.own or await state.rooms.personal(who.tenant, who.person_id) is not None
    return await subscription_list(
        here, subscribed_text(here, request, events, once=once, new=new, reached=reached)
    )


def _matching(subscribed: Sequence[StoredSubscription], target: str) -> list[StoredSubscription]:
    """The subscriptions that are to end: all, those of that name, or with it in their name."""
    wanted = target.strip().lower()
    if wanted == EVERYTHING:
        return list(subscribed)
    named = [one for one in subscribed if one.target.lower() == wanted]
    return named or [one for one in subscribed if wanted and wanted in one.target.lower()]


async def subscribe_room(here: ToolContext, factory: str) -> None:
    """Subscribe a room to every failure of a factory, as one that is bound to it is by default."""
    state = here.state
    await state.rooms.seen(here.address, here.person)
    await state.subscriptions.rebound(here.address, factory)
    await state.subscriptions.add(factory, EVERYTHING, EventKind.FAILURES, here.address)
