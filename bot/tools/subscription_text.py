"""What a room and a person are subscribed to, as a list and in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.state.notification_terms import EventKind, NotificationTerms, longest_of
from bot.state.subscription import CRITICAL, EVERYTHING, StoredSubscription
from bot.tools.context import ToolContext
from bot.tools.incidents import readable_factories
from bot.tools.mutes import active_mutes
from cards.records import Subscription, SubscriptionList
from cards.text import duration

WRITE_FIRST = " I can't message you yet: send me one message in our personal chat first."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRequest:
    """What to be notified of, in which factory, and whether in the asker's own chat."""

    target: str
    factory: str
    own: bool


async def subscription_list(here: ToolContext, said: str = "") -> SubscriptionList:
    """What this room and the asker are subscribed to now; `said` says what was just changed."""
    stored = [*await room_subscriptions(here), *await own_subscriptions(here)]
    summaries = await _summaries(here)
    return SubscriptionList(
        subscriptions=(*(_shown(here, one) for one in stored), *summaries, *await _board(here)),
        said=said,
        mutes=await active_mutes(here, readable_factories(await here.grant())),
    )


async def _summaries(here: ToolContext) -> list[Subscription]:
    """The summaries on a schedule, of the room and of the asker."""
    room = None if here.is_personal else await here.state.summaries.of(here.address)
    own = await here.state.summaries.of(here.person)
    listed = ((room, here.place, "stop the summary"), (own, "direct message", "stop my summary"))
    return [
        Subscription(
            target=f"Summary of {one.factory}",
            events=f"{one.times} ({one.times.zone})",
            where=where,
            stop=stop,
        )
        for one, where, stop in listed
        if one is not None
    ]


async def _board(here: ToolContext) -> list[Subscription]:
    """The live board of the room, if it has one."""
    known = await here.state.boards.of(here.address)
    if known is None:
        return []
    return [
        Subscription(
            target=f"Live board of {known.factory}",
            events="kept up to date in place",
            where=here.place,
            stop="take down the board",
        )
    ]


async def room_subscriptions(here: ToolContext) -> list[StoredSubscription]:
    """What the room is subscribed to; nothing in a personal chat, where all is the asker's own."""
    if here.is_personal:
        return []
    return list(await here.state.subscriptions.at(here.address))


async def own_subscriptions(here: ToolContext) -> list[StoredSubscription]:
    """What the asker is subscribed to in their own chat."""
    return list(await here.state.subscriptions.of(here.person))


def subscribed_text(
    here: ToolContext,
    request: NotificationRequest,
    terms: NotificationTerms,
    *,
    once: bool,
    new: bool,
    reached: bool,
) -> str:
    """What was just asked for, and the words that end it; `reached` when it can be sent."""
    who = "I'll" if new else "I already"
    when = f"when {_what(request.target, request.factory)} {happens(terms)}"
    first = "" if reached else WRITE_FIRST
    stop = f" To stop: “{_stop(request.target, own=request.own)}”."
    return f"{who} {_posts(here, request)}{' once' if once else ''} {when}.{first}{stop}"


_HAPPENS = {
    EventKind.FAILURES: "fails",
    EventKind.FINISH: "finishes",
    EventKind.MISSED: "does not start when it should",
    EventKind.OVERLONG: "runs longer than it usually does",
    EventKind.DEADLINE: "is not done by its declared deadline",
    EventKind.ZERO_ROWS: "succeeds without copying a row",
    EventKind.RUNTIME: "goes offline",
    EventKind.QUEUE: "has runs stuck in the queue",
    EventKind.PROBLEMS: "fails, does not start, takes too long, is late, or goes offline",
}


def happens(terms: NotificationTerms) -> str:
    """What has to happen, with its limit and conditions, as the end of a sentence."""
    what = _HAPPENS[terms.kind]
    longest = longest_of(terms.limit)
    if longest is not None:
        what = f"runs longer than {duration(longest)}"
    elif terms.limit:
        what = f"is not done by {_local(terms.limit)}, each day"
    wait = f" and stays so for {terms.wait} min" if terms.wait else ""
    quiet = f", but not between {_hours(terms.quiet)}" if terms.quiet else ""
    return f"{what}{wait}{quiet}"


def waiting_offer(request: NotificationRequest) -> tuple[str, str]:
    """The button that asks for the same with a wait."""
    what = {EVERYTHING: "anything", CRITICAL: "anything critical"}.get(request.target)
    who = "me" if request.own else "us"
    fails = f"{what or request.target} fails"
    return "Wait 20 min first", f"tell {who} when {fails}, only if it stays red for 20 minutes"


def _local(limit: str) -> str:
    """A moment of the day with its zone: "06:00 (Europe/Berlin)"."""
    clock, _, zone = limit.partition(" ")
    return f"{clock} ({zone})" if zone else clock


def _hours(quiet: str) -> str:
    hours, _, zone = quiet.partition(" ")
    return f"{hours.replace('-', ' and ')} ({zone})"


def _posts(here: ToolContext, request: NotificationRequest) -> str:
    if not request.own:
        return "post here"
    return "message you" if here.is_personal else "message you directly"


def _what(target: str, factory: str) -> str:
    if target == EVERYTHING:
        return f"anything in {factory}"
    if target == CRITICAL:
        return f"a critical pipeline of {factory}"
    return f"any pipeline named {target}" if "*" in target else target


def unsubscribed_text(
    here: ToolContext,
    target: str,
    ending: Sequence[StoredSubscription],
    subscribed: Sequence[StoredSubscription],
    *,
    own: bool,
) -> str:
    """What was just stopped, or why there was nothing to stop."""
    if ending:
        names = ", ".join(sorted({_what(one.target, one.factory) for one in ending}))
        return f"Stopped. I won't {'alert you' if own else 'post here'} about {names}."
    wider = next((one for one in subscribed if one.target == EVERYTHING), None)
    if wider:
        return (
            f"{'You get' if own else f'{here.place.capitalize()} gets'} every alert of "
            f"{wider.factory}, which includes {target}. To stop them all: "
            f"“{_stop(EVERYTHING, own=own)}”."
        )
    had = "You had no alerts" if own else f"{here.place.capitalize()} had no alerts"
    about = "" if target == EVERYTHING else f" for {target}"
    return f"{had}{about}, so there was nothing to stop."


def _shown(here: ToolContext, stored: StoredSubscription) -> Subscription:
    return Subscription(
        target=_what(stored.target, stored.factory),
        events=_listed(stored.terms),
        where="direct message" if stored.person else here.place,
        once=stored.once,
        stop=_stop(stored.target, own=bool(stored.person)),
    )


def _listed(terms: NotificationTerms) -> str:
    return "on failure" if str(terms) == EventKind.FAILURES else f"when it {happens(terms)}"


def _stop(target: str, *, own: bool) -> str:
    if target == EVERYTHING:
        return "stop all my alerts" if own else "stop all alerts here"
    return f"stop my alerts for {target}" if own else f"stop alerts for {target} here"
