"""Who is told of what by itself, and where: a room, or a person in their own chat.

A subscription is read against today's rights each time it is heard: a room that was bound to
another factory since, or a person who lost their role, is told nothing more.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime

from bot.messages import Address, Person
from bot.state.lost_rooms import LostAlerts, LostRooms
from bot.state.notification_terms import EventKind, NotificationTerms
from bot.state.rooms import Rooms
from bot.state.store import RowCodec, Rows, Store
from bot.state.subscription import (
    CRITICAL,
    EVERYTHING,
    VERSION,
    Occasion,
    StoredSubscription,
    changed_subscription,
    is_since_before,
    subscription_key,
)

__all__ = [
    "CRITICAL",
    "EVERYTHING",
    "EventKind",
    "NotificationTerms",
    "Occasion",
    "StoredSubscription",
    "Subscriptions",
]

log = logging.getLogger("adfops.announcer")

PARTITION = "subscriptions"

Reads = Callable[[str, str], Awaitable[bool]]


class Subscriptions:
    """Subscriptions in the store; asked by whoever announces."""

    def __init__(
        self, store: Store, rooms: Rooms, clock: Callable[[], datetime], reads: Reads
    ) -> None:
        """Borrow store and rooms; `reads` tells whether a person's own role reads a factory."""
        self._rows = Rows(store, PARTITION, RowCodec(StoredSubscription))
        self._rooms = rooms
        self._clock = clock
        self._reads = reads
        self._lost = LostRooms(store, clock)

    async def add(
        self,
        factory: str,
        target: str,
        events: EventKind,
        to: Address | Person,
        *,
        once: bool = False,
        terms: NotificationTerms | None = None,
    ) -> bool:
        """Tell a room, or somebody in their own chat; False when that was so already.

        The same thing asked for with another limit or wait takes the place of the former.
        """
        said = terms or NotificationTerms(kind=events)
        is_own = isinstance(to, Person)
        kept = StoredSubscription(
            factory=factory,
            target=target,
            events=events,
            tenant=to.tenant,
            conversation="" if is_own else to.room,
            person=to.person_id if is_own else "",
            once=once,
            since=self._clock().isoformat(),
            limit=said.limit,
            wait=said.wait,
            quiet=said.quiet,
            version=VERSION,
        )
        written = await self._rows.update(
            subscription_key(kept), lambda known: changed_subscription(known, kept)
        )
        return written is not None

    async def remove(self, kept: StoredSubscription) -> None:
        """Tell no more of one thing."""
        await self._rows.delete(subscription_key(kept))

    async def at(self, address: Address) -> Sequence[StoredSubscription]:
        """What is told in a room; what its people are told alone is theirs."""
        place = (address.tenant, address.room)
        return [one for one in await self._all() if (one.tenant, one.conversation) == place]

    async def of(self, person: Person) -> Sequence[StoredSubscription]:
        """What somebody is told in their own chat."""
        who = (person.tenant, person.person_id)
        return [one for one in await self._all() if (one.tenant, one.person) == who]

    async def hearing(
        self, factory: str, pipelines: Collection[str], critical: bool
    ) -> Sequence[Address]:
        """Where a failure of these pipelines is told at once, each place once."""
        now = self._clock()
        return await self.recipients(
            Occasion(
                factory=factory,
                kind=EventKind.FAILURES,
                pipelines=pipelines,
                critical=critical,
                since=now,
            )
        )

    async def recipients(self, occasion: Occasion) -> Sequence[Address]:
        """Where that is told by now, each place once: the longer it stands, the more of them."""
        now = self._clock()
        found = [
            one
            for one in await self.of_factory(occasion.factory)
            if one.wants(occasion) and one.is_due(occasion, now)
        ]
        return await self._places(found)

    async def delayed(self, occasion: Occasion) -> Sequence[Address]:
        """Where that is told by now, of those who wait for a while or have quiet hours."""
        now = self._clock()
        found = [
            one
            for one in await self.of_factory(occasion.factory)
            if (one.wait or one.quiet) and one.wants(occasion) and one.is_due(occasion, now)
        ]
        return await self._places(found)

    async def of_factory(self, factory: str) -> Sequence[StoredSubscription]:
        """Every subscription to something of a factory."""
        return await self._all(f"{factory}|", f"{factory}}}")

    async def hearing_end(
        self, factory: str, pipeline: str, ended: datetime, critical: bool = False
    ) -> Sequence[Address]:
        """Where the end of a run is told, to those who asked before it came."""
        return await self._places(await self._waiting(factory, pipeline, ended, critical))

    async def end_announced(
        self, factory: str, pipeline: str, ended: datetime, critical: bool = False
    ) -> None:
        """The end was told: what was asked for once is over."""
        for one in await self._waiting(factory, pipeline, ended, critical):
            if one.once:
                await self.remove(one)

    async def may_be_told(self, address: Address, factory: str) -> bool:
        """Whether a room is told of a factory today: not when it is bound to another one."""
        binding = await self._rooms.binding(address)
        return binding is None or binding.factory == factory

    async def gone(self, address: Address) -> None:
        """Nobody is there any more: what the room was told is over, its people's own rests.

        What ends is noted first, so that a crash in between loses no note.
        """
        ended = await self.at(address)
        await self._lost.note(address, ended)
        for one in ended:
            await self.remove(one)
        if ended:
            what = ", ".join(sorted({f"{one.target} of {one.factory}" for one in ended}))
            log.warning("%s is gone, and with it what it was told: %s", address.room, what)
        await self._rooms.gone(address)

    async def lost(self, factories: Collection[str], since: datetime) -> Sequence[LostAlerts]:
        """The rooms that could not be reached any more since then, and what they were told."""
        return await self._lost.of(factories, since)

    async def rebound(self, address: Address, factory: str) -> None:
        """A room is about another factory now: what it was told of others is over."""
        for one in await self.at(address):
            if one.factory != factory:
                await self.remove(one)

    async def _waiting(
        self, factory: str, pipeline: str, ended: datetime, critical: bool
    ) -> list[StoredSubscription]:
        return [
            one
            for one in await self.of_factory(factory)
            if one.events is EventKind.FINISH
            and one.covers({pipeline}, critical=critical)
            and is_since_before(one, ended)
        ]

    async def _all(self, start: str = "", end: str | None = None) -> list[StoredSubscription]:
        return [row.item for row in await self._rows.list_all(start, end)]

    async def _places(self, found: Sequence[StoredSubscription]) -> Sequence[Address]:
        """How the places are reached now; those that may not hear of it today are left out."""
        places: dict[tuple[str, str], Address] = {}
        for one in found:
            address = await self._address(one)
            if address:
                places.setdefault((address.tenant, address.room), address)
        return list(places.values())

    async def _address(self, kept: StoredSubscription) -> Address | None:
        if kept.person:
            reads = await self._reads(kept.person, kept.factory)
            return await self._rooms.personal(kept.tenant, kept.person) if reads else None
        address = await self._rooms.at(kept.tenant, kept.conversation)
        may = address is not None and await self.may_be_told(address, kept.factory)
        return address if may else None
