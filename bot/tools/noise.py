"""What a room was told of against what was done about it, with advice where much of it is noise."""

from collections.abc import Sequence
from datetime import timedelta

from bot.state.notification_terms import EventKind
from bot.state.subscription import StoredSubscription
from bot.tools.context import ToolContext
from bot.tools.ports import AlertNoise
from bot.tools.subscription_text import NotificationRequest, waiting_offer
from cards.text import count

LOOK_BACK = timedelta(days=14)
WAIT = timedelta(minutes=20)
# Fewer tell nothing; where a quarter is acted on, the rest is not in the way.
LEAST_TOLD = 8
WELL_USED = 0.25


async def noise_text(
    here: ToolContext, stored: Sequence[StoredSubscription]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """How many alerts this place got and how many were acted on; the advice as a button."""
    factories = sorted({one.factory for one in stored})
    if not factories:
        return "", ()
    noise = await here.state.incidents.noise(factories, here.address, here.now - LOOK_BACK, WAIT)
    if not noise.told:
        return "", ()
    said = (
        f"In the last {LOOK_BACK.days} days: {count(noise.told, 'alert')} here, {noise.acted} "
        f"acted on, {noise.brief} recovered by themselves within 20 min."
    )
    return (f"{said} {_advice(noise)}", _offers(stored)) if _is_noisy(noise) else (said, ())


def _is_noisy(noise: AlertNoise) -> bool:
    return noise.told >= LEAST_TOLD and noise.acted < noise.told * WELL_USED


def _advice(noise: AlertNoise) -> str:
    """What would be left with a wait; where that does not help, to hear of less."""
    left = noise.told - noise.brief
    if noise.brief * 3 >= noise.told:
        return f"That is noise: with a wait of 20 min it would have been {left}."
    return "That is noise: subscribe to critical pipelines or single ones instead of everything."


def _offers(stored: Sequence[StoredSubscription]) -> tuple[tuple[str, str], ...]:
    """The button that asks for the widest of them with a wait; none where it waits already."""
    kinds = {EventKind.FAILURES, EventKind.PROBLEMS}
    found = [one for one in stored if one.events in kinds and not one.wait]
    if not found:
        return ()
    one = min(found, key=lambda each: (each.target != "everything", each.target))
    request = NotificationRequest(target=one.target, factory=one.factory, own=bool(one.person))
    return (waiting_offer(request),)
