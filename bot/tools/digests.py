"""A summary on a schedule: set, moved and stopped, for this room or the asker alone."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adf.errors import BadArguments
from adf.records.moments import moment_said
from adf.tool import tool
from bot.access.policy import Right
from bot.messages import Address, Person
from bot.state.summaries import SummarySchedule
from bot.state.summary_times import SummaryTimes, clock_in, days_in
from bot.tools.context import ToolContext
from bot.tools.subscription_text import WRITE_FIRST, subscription_list
from bot.tools.subscriptions import Where, refused_to_post
from cards.records import Denied, SubscriptionList

At = Annotated[str | None, "time of day, such as 07:30; that of the former schedule when left out"]
Days = Annotated[
    str | None, "daily, weekdays, weekends, or days such as mon,wed; as before when left out"
]
USUAL_TIME = "08:00"


@tool(
    progress="Setting the summary",
    reads=False,
    help="A summary on a schedule: “tell us every morning at 8 how things stand”, "
    "“send a summary on weekdays at 7:30”, “stop the summary”",
)
async def ops_digest(
    here: ToolContext,
    at: At = None,
    days: Days = None,
    where: Where = "here",
    factory: Annotated[str | None, "alias of the factory; the room's own when left out"] = None,
    zone: Annotated[str | None, "IANA time zone; the room's own when left out"] = None,
) -> SubscriptionList | Denied:
    """Post a summary to this room, or to the asker alone, at a time of day on some days."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    alias = factory or grant.meant
    own = where == "me" or here.is_personal
    refused = await refused_to_post(here, grant, alias, own=own)
    if refused is not None:
        return refused
    to: Address | Person = here.person if own else here.address
    times = _times(at, days, zone or here.zone.key, await here.state.summaries.of(to))
    await here.state.rooms.seen(here.address, here.person)
    before = await here.state.summaries.set(alias, to, times)
    reached = not own or await here.state.rooms.personal(here.person.tenant, here.person.person_id)
    said = _set_text(here, alias, times, before, own=own)
    return await subscription_list(here, said if reached else f"{said}{WRITE_FIRST}")


@tool(progress="Stopping the summary", reads=False)
async def ops_stop_digest(here: ToolContext, where: Where = "here") -> SubscriptionList | Denied:
    """Post no more summaries on a schedule to this room, or to the asker alone."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    own = where == "me" or here.is_personal
    to: Address | Person = here.person if own else here.address
    known = await here.state.summaries.of(to)
    if known is None:
        return await subscription_list(here, f"{_who(here, own=own)} no summary to stop.")
    if not own and not grant.may(Right.SUBSCRIBE, known.factory):
        return await here.refuse(grant, Right.SUBSCRIBE, known.factory)
    await here.state.summaries.stop(to)
    return await subscription_list(
        here, f"{_who(here, own=own)} no summary any more; it came {known.times}."
    )


def _times(
    at: str | None, days: str | None, zone: str, known: SummarySchedule | None
) -> SummaryTimes:
    """What was said, and the rest as it was before; BadArguments where it cannot be read."""
    before = known.times if known else None
    try:
        return SummaryTimes(
            at=clock_in(at or (before.at if before else USUAL_TIME)),
            days=days_in(days or "daily") if days or before is None else before.days,
            zone=ZoneInfo(zone).key,
        )
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise BadArguments(str(error), asked="summary") from None


def _set_text(
    here: ToolContext,
    alias: str,
    times: SummaryTimes,
    before: SummarySchedule | None,
    *,
    own: bool,
) -> str:
    """What comes when, in which zone, when first, what it was before, and how to stop it."""
    first = moment_said(times.next_after(here.now), here.zone, here.now)
    former = f" Before, it was {before.times}." if before and before.times != times else ""
    stop = "stop my summary" if own else "stop the summary"
    return (
        f"{_who(here, own=own)} a summary of {alias} {times} ({times.zone}). Next: "
        f"{first}.{former} To stop: “{stop}”."
    )


def _who(here: ToolContext, *, own: bool) -> str:
    return "You get" if own else f"{here.place.capitalize()} gets"
