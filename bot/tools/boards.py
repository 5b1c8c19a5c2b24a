"""The live board of a room: begun, posted anew where it has scrolled away, and stopped."""

from typing import Annotated

from adf.tool import tool
from bot.access.policy import Right
from bot.tools.context import ToolContext
from bot.tools.subscription_text import subscription_list
from bot.tools.subscriptions import refused_to_post
from cards.records import Denied, SubscriptionList

STOP = "To stop: “take down the board”."


@tool(
    progress="Putting up the board",
    reads=False,
    help="A live board, one message that stays current: “keep a live board here”, "
    "“show the board” (posts it again), “take down the board”",
)
async def ops_board(
    here: ToolContext,
    factory: Annotated[str | None, "alias of the factory; the room's own when left out"] = None,
) -> SubscriptionList | Denied:
    """Post the live board of a factory to this room, in the place of the one that is there."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    known = await here.state.boards.of(here.address)
    alias = factory or (known.factory if known else grant.meant)
    if known is None or known.factory != alias:
        refused = await refused_to_post(here, grant, alias, own=here.is_personal)
        if refused is not None:
            return refused
    elif not grant.may(Right.READ, alias):
        return await here.refuse(grant, Right.READ, alias)
    await here.state.rooms.seen(here.address, here.person)
    before = await here.state.boards.show(alias, here.address, here.person)
    return await subscription_list(here, _posted_text(alias, before.factory if before else ""))


@tool(progress="Taking the board down", reads=False)
async def ops_stop_board(here: ToolContext) -> SubscriptionList | Denied:
    """Keep the live board of this room up to date no more; its message says so."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    known = await here.state.boards.of(here.address)
    if known is None:
        return await subscription_list(here, f"{here.place.capitalize()} has no live board.")
    if not here.is_personal and not grant.may(Right.SUBSCRIBE, known.factory):
        return await here.refuse(grant, Right.SUBSCRIBE, known.factory)
    await here.state.boards.stop(here.address, here.person.name)
    return await subscription_list(here, f"The live board of {known.factory} ends here.")


def _posted_text(alias: str, before: str) -> str:
    """What comes now, and what becomes of the message before it."""
    if before == alias:
        return f"Here comes the live board of {alias} again; the one above ends. {STOP}"
    instead = f" It takes the place of the one of {before}." if before else ""
    return (
        f"Here comes the live board of {alias}: one message, edited as things change and at least "
        f"each minute.{instead} {STOP}"
    )
