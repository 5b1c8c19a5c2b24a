"""The one place that draws a message again: whatever shows less than its source knows is due.

Each conversation has a lane that is worked through one message after the other, so that an older
card never overwrites a newer one. Teams' post has no idempotency key: a message that was accepted
while its id was not recorded is the only one that can come twice. Its card comes twice at most;
when not even the second is sure to be there, a line tells it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adf.errors import AdfError
from bot.messages import Address
from bot.outbox.delivery import UNSURE, CountDelivery, Delivery, doubt, uncounted
from bot.outbox.entry import EntryStage, OutboxEntry
from bot.outbox.ports import MessageSender, MessageSource
from bot.outbox.repository import OutboxRepository, StoredEntry
from bot.state.store import Store

log = logging.getLogger("adfops.posted")

AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _DueEntry:
    """A message that shows too little, by where its recipe lies."""

    kind: str
    partition: str
    key: str


class Outbox:
    """Messages by kind of source; what is due is delivered, as far as it can be now."""

    def __init__(
        self,
        *,
        store: Store,
        sender: MessageSender,
        sources: Mapping[str, MessageSource],
        gone: Callable[[Address], Awaitable[None]],
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        count: CountDelivery = uncounted,
    ) -> None:
        """Borrow everything; `sleep` keeps the pace that Teams allows."""
        self._registry = OutboxRepository(store)
        self._delivery = Delivery(
            registry=self._registry, sender=sender, gone=gone, clock=clock, sleep=sleep, count=count
        )
        self._sources = sources
        self._clock = clock
        self._lanes: dict[str, dict[_DueEntry, None]] = {}
        self._waiting: dict[_DueEntry, datetime] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._is_closing = False

    async def recover(self) -> None:
        """After a start: what was being posted may be there, so it is in doubt."""
        for source in self._sources.values():
            for partition in source.partitions():
                for slot in await self._registry.live(partition):
                    if slot.recipe.stage is EntryStage.SENDING:
                        await self._doubt(slot)

    async def begin_due(self) -> Sequence[Coroutine[object, object, None]]:
        """Read what is due; the work of each lane that is new, for the caller to start."""
        started: list[str] = []
        behind = [one for kind in self._sources for one in await self._behind(kind)]
        now = self._clock()
        self._waiting = {due: self._waiting.get(due, now) for due, _ in behind}
        for due, recipe in behind:
            lane = recipe.address.conversation
            if not self._may_go(recipe):
                continue
            if lane not in self._lanes:
                self._lanes[lane] = {}
                started.append(lane)
            self._lanes[lane][due] = None
        return [self._work(lane) for lane in started]

    def oldest(self) -> datetime | None:
        """Since when the oldest message shows too little; None while none does."""
        return min(self._waiting.values(), default=None)

    def close(self) -> None:
        """Begin no other message; what is under way is let finish."""
        self._is_closing = True

    async def _behind(self, kind: str) -> Sequence[tuple[_DueEntry, OutboxEntry]]:
        """The messages of a kind that show too little, also those that have to wait."""
        found: list[tuple[_DueEntry, OutboxEntry]] = []
        for partition in self._sources[kind].partitions():
            live = [
                one.recipe
                for one in await self._registry.live(partition)
                if one.recipe.kind == kind
            ]
            names = {one.source for one in live}
            known = await self._sources[kind].revisions(partition, names)
            found += [
                (_DueEntry(kind=kind, partition=partition, key=one.key), one)
                for one in live
                if one.source not in known or one.shown < known[one.source]
            ]
        return found

    def _may_go(self, recipe: OutboxEntry) -> bool:
        """Whether it is time for a message; one that is being posted goes on in its lane."""
        if recipe.stage is EntryStage.SENDING:
            return recipe.address.conversation in self._lanes
        return recipe.next_at is None or recipe.next_at <= self._clock()

    async def _work(self, lane: str) -> None:
        """Work a lane off, with what comes to it meanwhile."""
        try:
            while self._lanes[lane] and not self._is_closing:
                due = next(iter(self._lanes[lane]))
                del self._lanes[lane][due]
                async with self._gate:
                    await self._deliver(due)
        finally:
            del self._lanes[lane]

    async def _deliver(self, due: _DueEntry) -> None:
        """Draw and deliver one message; whatever breaks must not hold up the others."""
        try:
            slot = await self._registry.get(due.partition, due.key)
            if slot is not None and slot.recipe.stage is not EntryStage.SENDING:
                await self._draw(slot)
        except AdfError as error:
            log.info("%s cannot be drawn yet: %s", due.key, error)
            await self._put_back(due)
        except Exception:
            log.exception("could not deliver %s", due.key)
            await self._put_back(due)

    async def _draw(self, slot: StoredEntry) -> None:
        recipe = slot.recipe
        drawn = await self._sources[recipe.kind].draw(
            recipe.source, recipe.address, is_new=not recipe.message_id
        )
        if drawn is None:
            await self._registry.drop(slot)
        else:
            await self._delivery.deliver(slot, drawn)

    async def _put_back(self, due: _DueEntry) -> None:
        try:
            slot = await self._registry.get(due.partition, due.key)
            if slot is not None and slot.recipe.stage is EntryStage.SENDING:
                await self._doubt(slot)
            elif slot is not None:
                await self._delivery.postpone(slot, slot.recipe.stage)
        except Exception:
            log.exception("could not put %s back", due.key)

    async def _doubt(self, slot: StoredEntry) -> None:
        doubted = doubt(slot.recipe)
        if doubted is None:
            await self._delivery.give_up(slot, UNSURE)
        else:
            await self._registry.put(slot, doubted)
