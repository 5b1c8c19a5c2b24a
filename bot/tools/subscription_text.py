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

WRITE_FIRST = " But I cannot write to you yet: write to me once in our personal chat, and I can."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRequest:
    """What to be notified of, in which factory, and whether in the asker's own chat."""

    target: str
    factory: str
    own: bool


async def subscription_list(here: ToolContext, said: str = "") -> SubscriptionList:
    """What this room and the asker are subscribed to now; `said` says what was just changed."""
    stored = [*await room_subscriptions(here), *await own_subscriptions(here)]
    return SubscriptionList(
        subscriptions=tuple(_shown(here, one) for one in stored),
        said=said,
        mutes=await active_mutes(here, readable_factories(await here.grant())),
    )


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
    who = "You are" if request.own else f"{here.place.capitalize()} is"
    already = "" if new else " already"
    when = f"when {_what(request.target, request.factory)} {happens(terms)}"
    first = "" if reached else WRITE_FIRST
    stop = f" To stop: “{_stop(request.target, own=request.own)}”."
    return f"{who}{already} told{' once,' if once else ''} {when}{_in(here, request)}.{first}{stop}"


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


def _in(here: ToolContext, request: NotificationRequest) -> str:
    return " in your own chat" if request.own and not here.is_personal else ""


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
    who = "You are" if own else f"{here.place.capitalize()} is"
    if ending:
        names = ", ".join(sorted({_what(one.target, one.factory) for one in ending}))
        return f"{who} not told of {names} any more."
    wider = next((one for one in subscribed if one.target == EVERYTHING), None)
    if wider:
        return (
            f"{who} told of everything in {wider.factory}, {target} with it; there was nothing of "
            f"its own to stop. To stop all: “{_stop(EVERYTHING, own=own)}”."
        )
    return f"{who} not told of {target} at all, so there was nothing to stop."


def _shown(here: ToolContext, stored: StoredSubscription) -> Subscription:
    return Subscription(
        target=_what(stored.target, stored.factory),
        events=_listed(stored.terms),
        where="your own chat" if stored.person else here.place,
        once=stored.once,
        stop=_stop(stored.target, own=bool(stored.person)),
    )


def _listed(terms: NotificationTerms) -> str:
    return "failed" if str(terms) == EventKind.FAILURES else happens(terms)


def _stop(target: str, *, own: bool) -> str:
    return f"stop telling {'me' if own else 'us'} about {target}"
