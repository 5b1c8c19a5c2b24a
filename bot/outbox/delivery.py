"""One message on its way: posted once, edited as often as needed, each step written down.

DUE ---> SENDING ---> POSTED ---> (edits) ---> filed
 ^          |
 |          +-- surely not there: DUE again, later
 |          '-- may be there: DOUBTFUL, and once Teams answers again SENDING once more;
              then once a line in the place of the card, so that no failure goes untold
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.agents.explainer import marked
from bot.messages import Address, Reply, Scope, Unreachable
from bot.outbox.entry import EntryStage, OutboxEntry
from bot.outbox.ports import MessageSender, NotDelivered, RenderedMessage
from bot.outbox.rate_limit import TENANT, THREAD, RateLimiter
from bot.outbox.repository import OutboxRepository, StoredEntry

log = logging.getLogger("adfops.posted")

FIRST_WAIT = 15.0
LONGEST_WAIT = 600.0
# About a day of trying.
MOST_ATTEMPTS = 150
UNSURE = "it may have arrived, as a card twice and as a line"
CUT_SHORT = "I was interrupted twice while posting this, so a card above may not update."
CUT_SHORT_ONCE = "I was interrupted while posting this, so its card may be above already."


CountDelivery = Callable[[str, str], None]
"""Hears what came of each attempt: the kind of message, and `shown`, `later`, `gone` or `lost`."""


def uncounted(kind: str, outcome: str) -> None:
    """What those hear with who count nothing."""
    del kind, outcome


class Delivery:
    """Brings what was drawn to where it belongs."""

    def __init__(
        self,
        *,
        registry: OutboxRepository,
        sender: MessageSender,
        gone: Callable[[Address], Awaitable[None]],
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        count: CountDelivery = uncounted,
    ) -> None:
        """Borrow everything; `gone` is told of an address where nobody is any more."""
        self._registry = registry
        self._sender = sender
        self._gone = gone
        self._clock = clock
        self._sleep = sleep
        self._count = count
        self._threads = RateLimiter(THREAD)
        self._tenants = RateLimiter(TENANT)

    async def deliver(self, slot: StoredEntry, drawn: RenderedMessage) -> None:
        """Post or edit a message, unless it shows that revision already."""
        if drawn.revision <= slot.recipe.shown:
            if drawn.is_final:
                await self._registry.file(slot, slot.recipe)
            return
        try:
            if slot.recipe.stage is EntryStage.POSTED:
                await self._edit(slot, drawn)
            else:
                await self._post(slot, drawn)
        except Unreachable as error:
            log.info("nobody is at %s any more: %s", slot.recipe.address.conversation, error)
            self._count(slot.recipe.kind, "gone")
            await self._leave(slot)

    async def postpone(
        self, slot: StoredEntry, stage: EntryStage, wait: float | None = None
    ) -> None:
        """Try again later, each time later still; give up after about a day."""
        attempts = slot.recipe.attempts + 1
        if attempts >= MOST_ATTEMPTS:
            await self.give_up(slot, "tried for too long")
            return
        seconds = max(wait or 0.0, min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 10)))
        next_at = self._clock() + timedelta(seconds=seconds)
        self._count(slot.recipe.kind, "later")
        after = replace(slot.recipe, stage=stage, attempts=attempts, next_at=next_at)
        await self._registry.put(slot, after)

    async def give_up(self, slot: StoredEntry, why: str) -> None:
        """Leave a message as it is."""
        where = slot.recipe.address.conversation
        log.error("gave up on %s at %s: %s", slot.recipe.source, where, why)
        self._count(slot.recipe.kind, "lost")
        await self._registry.file(slot, replace(slot.recipe, stage=EntryStage.OVER))

    async def _post(self, slot: StoredEntry, drawn: RenderedMessage) -> None:
        address = slot.recipe.address
        await self._keep_pace(address)
        is_last = slot.recipe.stage is EntryStage.DOUBTFUL
        if is_last and not await self._is_answered(slot):
            return
        sending = replace(slot.recipe, stage=EntryStage.SENDING, again=slot.recipe.again or is_last)
        slot = await self._registry.put(slot, sending)
        try:
            message_id = await self._sender.send(_reply(sending, drawn))
        except Unreachable:
            raise
        except NotDelivered as error:
            await self._not_posted(slot, error)
            return
        await self._show(slot, replace(sending, message_id=message_id), drawn)

    async def _not_posted(self, slot: StoredEntry, error: NotDelivered) -> None:
        doubted = doubt(slot.recipe) if error.may_have_arrived else None
        if doubted is not None:
            await self._log_and_postpone(replace(slot, recipe=doubted), EntryStage.DOUBTFUL, error)
        elif error.may_have_arrived:
            await self.give_up(slot, f"{UNSURE} ({error})")
        elif error.passes:
            stage = EntryStage.DOUBTFUL if slot.recipe.again else EntryStage.DUE
            await self._log_and_postpone(slot, stage, error)
        else:
            await self.give_up(slot, str(error))

    async def _edit(self, slot: StoredEntry, drawn: RenderedMessage) -> None:
        recipe = slot.recipe
        place = _thread_of(recipe)
        await self._keep_pace(recipe.address)
        try:
            await self._sender.update(place, recipe.message_id, _card(place, drawn))
        except Unreachable:
            raise
        except NotDelivered as error:
            if error.may_help_later:
                await self._log_and_postpone(slot, EntryStage.POSTED, error)
            else:
                await self.give_up(slot, str(error))
            return
        await self._show(slot, recipe, drawn)

    async def _show(self, slot: StoredEntry, recipe: OutboxEntry, drawn: RenderedMessage) -> None:
        """Write down what stands there now; a message without an id cannot be edited later."""
        self._count(recipe.kind, "shown")
        after = replace(
            recipe, stage=EntryStage.POSTED, shown=drawn.revision, attempts=0, next_at=None
        )
        if drawn.is_final or not after.message_id:
            await self._registry.file(slot, after)
        else:
            await self._registry.put(slot, after)

    async def _is_answered(self, slot: StoredEntry) -> bool:
        """Whether Teams answers again, asked with a sign that does no harm when it comes twice."""
        try:
            await self._sender.typing(slot.recipe.address)
        except Unreachable:
            raise
        except NotDelivered as error:
            if error.may_help_later:
                await self._log_and_postpone(slot, EntryStage.DOUBTFUL, error)
                return False
        return True

    async def _log_and_postpone(
        self, slot: StoredEntry, stage: EntryStage, error: NotDelivered
    ) -> None:
        where = slot.recipe.address.conversation
        log.info("%s could not be shown at %s yet: %s", slot.recipe.source, where, error)
        await self.postpone(slot, stage, error.wait)

    async def _leave(self, slot: StoredEntry) -> None:
        current = await self._registry.get(slot.partition, slot.recipe.key)
        if current is not None:
            await self._registry.drop(current)
        await self._gone(slot.recipe.address)

    async def _keep_pace(self, address: Address) -> None:
        now = self._clock().timestamp()
        waits = (
            self._threads.wait(address.conversation, now),
            self._tenants.wait(address.tenant, now),
        )
        if max(waits) > 0:
            await self._sleep(max(waits))


def doubt(recipe: OutboxEntry) -> OutboxEntry | None:
    """What to do for a message that may be there: once more its card, then a line, then nothing."""
    if recipe.in_words:
        return None
    return replace(recipe, stage=EntryStage.DOUBTFUL, in_words=recipe.again or recipe.once)


def _reply(recipe: OutboxEntry, drawn: RenderedMessage) -> Reply:
    if recipe.in_words:
        why = CUT_SHORT_ONCE if recipe.once else CUT_SHORT
        return Reply(address=recipe.address, text=f"{drawn.card.summary} {why}")
    return _card(recipe.address, drawn)


def _card(place: Address, drawn: RenderedMessage) -> Reply:
    reply = Reply(address=place, card=drawn.card)
    return marked(reply, drawn.explanation) if drawn.explanation else reply


def _thread_of(recipe: OutboxEntry) -> Address:
    """Where an edit goes: a message that was posted to a channel began a thread there."""
    address = recipe.address
    if address.scope is not Scope.CHANNEL or ";" in address.conversation:
        return address
    return replace(address, conversation=f"{address.conversation};messageid={recipe.message_id}")
