"""Subscriptions: what this room or the asker is notified of, and how that ends."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from adf.errors import BadArguments
from adf.tool import tool
from bot.access.policy import Grant, Right
from bot.state.notification_terms import EventKind, NotificationTerms, terms_in
from bot.state.subscription import CRITICAL, EVERYTHING, StoredSubscription
from bot.tools.backtests import backtest_text
from bot.tools.context import ToolContext
from bot.tools.noise import noise_text
from bot.tools.subscription_targets import find_target
from bot.tools.subscription_text import (
    NotificationRequest,
    own_subscriptions,
    room_subscriptions,
    subscribed_text,
    subscription_list,
    unsubscribed_text,
    waiting_offer,
)
from cards.records import Denied, Picker, SubscriptionList

Where = Annotated[Literal["here", "me"], "this room, or the asker's own chat"]
EVENTS = (
    "failures, finish (told once), missed, overlong, deadline, zero_rows, runtime, queue, or "
    "problems (all but finish); with a limit or conditions of its own: overlong 120 min, deadline "
    "06:00, failures; wait 20 min; quiet 22:00-06:00"
)


@tool(
    progress="Subscribing",
    reads=False,
    help="Alerts for you: “tell me when <pipeline> fails”, "
    "“ping me when it finishes”, “tell me when <pipeline> runs longer than 2 hours”\n"
    "Alerts for this channel: “tell us when anything fails”, "
    "“tell us if <pipeline> isn't done by 6”",
)
async def ops_subscribe(
    here: ToolContext,
    target: Annotated[str, "exact name of a pipeline, a pattern (PL_*), everything, or critical"],
    events: Annotated[str, EVENTS] = "failures",
    where: Where = "here",
    factory: Annotated[str | None, "alias of the factory; the room's own when left out"] = None,
) -> SubscriptionList | Denied | Picker:
    """Tell this room, or the asker alone, when something fails, finishes, is late or stuck."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    terms = _terms(here, events)
    found = await find_target(here, grant, target, factory, terms)
    if isinstance(found, Picker):
        return found
    alias, name = found
    request = NotificationRequest(target=name, factory=alias, own=where == "me" or here.is_personal)
    return await _refused(here, grant, request) or await _subscribe(here, request, terms)


def _terms(here: ToolContext, events: str) -> NotificationTerms:
    try:
        return terms_in(events, here.zone.key)
    except ValueError as error:
        raise BadArguments(str(error), asked="subscribe") from error


@tool(
    progress="Unsubscribing",
    reads=False,
    help="Alerts for this channel: “stop alerts for <pipeline> here”",
)
async def ops_unsubscribe(
    here: ToolContext,
    target: Annotated[str, "a pipeline, critical, or everything"],
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
    stored = await (own_subscriptions if here.is_personal else room_subscriptions)(here)
    past, offers = await noise_text(here, stored)
    return replace(await subscription_list(here), past=past, offers=offers)


async def _refused(here: ToolContext, grant: Grant, request: NotificationRequest) -> Denied | None:
    return await refused_to_post(here, grant, request.factory, own=request.own)


async def refused_to_post(
    here: ToolContext, grant: Grant, factory: str, *, own: bool
) -> Denied | None:
    """No for who may not: one's own chat shows what one's own role reads, a room needs more."""
    if own:
        may = grant.reads_alone(factory)
        return None if may else await here.refuse(_alone(grant), Right.READ, factory)
    if not grant.may(Right.SUBSCRIBE, factory):
        return await here.refuse(grant, Right.SUBSCRIBE, factory)
    binding = await here.state.rooms.binding(here.address)
    if binding and binding.factory != factory:
        raise BadArguments(
            f"{here.place} is linked to {binding.factory}, so it can't get alerts for "
            f"{factory}. Link it to that factory first, or ask for direct messages."
        )
    return None


def _alone(grant: Grant) -> Grant:
    """The grant without what only this room gives."""
    own = {alias: role for alias, role in grant.roles.items() if grant.reads_alone(alias)}
    return Grant(roles=own, meant=grant.meant, alone=own, is_partial=grant.is_partial)


async def _subscribe(
    here: ToolContext, request: NotificationRequest, terms: NotificationTerms
) -> SubscriptionList:
    """Save it, with what it would have posted so far; that is read before it is saved."""
    state, who = here.state, here.person
    past, is_noisy = await backtest_text(here, request.factory, request.target, terms)
    await state.rooms.seen(here.address, who)
    once = terms.kind is EventKind.FINISH and request.target not in {EVERYTHING, CRITICAL}
    to = who if request.own else here.address
    new = await state.subscriptions.add(
        request.factory, request.target, terms.kind, to, once=once, terms=terms
    )
    reached = not request.own or await state.rooms.personal(who.tenant, who.person_id) is not None
    said = subscribed_text(here, request, terms, once=once, new=new, reached=reached)
    listed = await subscription_list(here, said)
    offers = (waiting_offer(request),) if is_noisy else ()
    return replace(listed, past=past, offers=offers)


def _matching(subscribed: Sequence[StoredSubscription], target: str) -> list[StoredSubscription]:
    """The subscriptions that are to end: all, those of that name, or with it in their name."""
    wanted = target.strip().lower()
    if wanted == EVERYTHING:
        return list(subscribed)
    named = [one for one in subscribed if one.target.lower() == wanted]
    return named or [one for one in subscribed if wanted and wanted in one.target.lower()]


async def subscribe_room(here: ToolContext, factory: str) -> None:
    """Subscribe a room to every problem of a factory, as one that is bound to it is by default."""
    state = here.state
    await state.rooms.seen(here.address, here.person)
    await state.subscriptions.rebound(here.address, factory)
    await state.subscriptions.add(factory, EVERYTHING, EventKind.PROBLEMS, here.address)
