"""Which factory a room is about: said by an operator, then everybody in the room may read it."""

import logging
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adf.errors import BadArguments
from adf.tool import tool
from bot.access.policy import Right
from bot.tools.context import ToolContext
from bot.tools.subscription_text import subscription_list
from bot.tools.subscriptions import subscribe_room
from cards.records import Choice, Denied, Picker, SubscriptionList

log = logging.getLogger("adfops.rooms")


@tool(
    progress="Linking this channel",
    reads=False,
    help="So that everyone here can see a factory: “link this channel to <factory>”",
)
async def ops_bind(
    here: ToolContext,
    factory: Annotated[str, "alias of the factory this room is about"],
    zone: Annotated[str | None, "IANA time zone of the room, such as Europe/Berlin"] = None,
) -> SubscriptionList | Denied | Picker:
    """Bind this room to a factory: its members may read it, its failures are told here."""
    if here.is_personal:
        raise BadArguments(
            "only a channel or a group chat can be linked to a factory; "
            "in a personal chat your own role counts"
        )
    grant = await here.grant()
    alias = next((one for one in grant.aliases if one.lower() == factory.lower()), None)
    if alias is None or not grant.may(Right.BIND, alias):
        able = [one for one in grant.aliases if grant.may(Right.BIND, one)]
        known = alias or _known(here, factory)
        return _which(able) if able and not known else await here.refuse(grant, Right.BIND, known)
    place = _zone(zone)
    await here.state.rooms.bind(here.address, alias, place, here.person.person_id)
    log.info("%s bound %s to %s", here.person.person_id, here.address.room, alias)
    await subscribe_room(here, alias)
    return await subscription_list(here, _said(here, alias, place))


def _known(here: ToolContext, factory: str) -> str | None:
    aliases = here.state.people.factories
    return next((one for one in aliases if one.lower() == factory.lower()), None)


def _which(able: list[str]) -> Picker:
    return Picker(
        question="Which factory should this channel be linked to?",
        choices=tuple(Choice(title=one, question=f"link this channel to {one}") for one in able),
    )


def _zone(zone: str | None) -> str | None:
    try:
        return ZoneInfo(zone).key if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadArguments(f"{zone} is no IANA time zone, such as Europe/Berlin") from None


def _said(here: ToolContext, alias: str, zone: str | None) -> str:
    times = f", with times in {zone}" if zone else ""
    return (
        f"{here.place.capitalize()} is linked to {alias}{times}. Everyone here can see it, and "
        "I'll post each failure here. To stop the posts: “stop all alerts here”."
    )
