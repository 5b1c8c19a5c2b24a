"""Who is told of what by itself, and where: a room, or a person in their own chat.

A subscription is read against today's rights each time it is heard: a room that was bound to
another factory since, or a person who lost their role, is told nothing more.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messages import Address, Person
from bot.state.rooms import Rooms
from bot.state.store import RowCodec, Rows, Store

PARTITION = "subscriptions"
EVERYTHING = "everything"
CRITICAL = "critical"

Reads = Callable[[str, str], bool]


class EventKind(StrEnum):
    """What about a pipeline is told."""

    FAILURES = "failures"
    FINISH = "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSubscription:
    """A subscription as it is kept: of a factory, for the room at `conversation` or for a `person`.

    `target` is a pipeline, "everything" or "critical".
    """

    factory: str
    target: str
    events: EventKind
    tenant: str
    conversation: str = ""
    person: str = ""
    once: bool = False
    since: str = ""

    def covers(self, pipelines: Collection[str], *, critical: bool) -> bool:
        """Whether something about these pipelines is told."""
        if self.target == CRITICAL:
            return critical
        return self.target == EVERYTHING or self.target in pipelines


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

    async def add(
        self,
        factory: str,
        target: str,
        events: EventKind,
        to: Address | Person,
        *,
        once: bool = False,
    ) -> bool:
        """Tell a room, or somebody in their own chat; False when that was so already."""
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
        )
        return await self._rows.insert(_key(kept), kept)

    async def remove(self, kept: StoredSubscription) -> None:
        """Tell no more of one thing."""
        await self._rows.delete(_key(kept))

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
        """Where failures of these pipelines are told today, each place once."""
        found = [
            one
            for one in await self._of(factory, EventKind.FAILURES)
            if one.covers(pipelines, critical=critical)
        ]
        return await self._places(found)

    async def hearing_end(
        self, factory: str, pipeline: str, ended: datetime, critical: bool = False
    ) -> Sequence[Address]:
        """Where the end of a run is told, to those who asked before it came."""
        return await self._places(await self._waiting(factory, pipeline, ended, critical))

    async def told_end(
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
        """Nobody is there any more: what the room was told is over, its people's own rests."""
        for one in await self.at(address):
            await self.remove(one)
        await self._rooms.gone(address)

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
            for one in await self._of(factory, EventKind.FINISH)
            if one.covers({pipeline}, critical=critical) and _is_since_before(one, ended)
        ]

    async def _of(self, factory: str, events: EventKind) -> list[StoredSubscription]:
        found = await self._all(f"{factory}|", f"{factory}}}")
        return [one for one in found if one.events is events]

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
            reads = self._reads(kept.person, kept.factory)
            return await self._rooms.personal(kept.tenant, kept.person) if reads else None
        address = await self._rooms.at(kept.tenant, kept.conversation)
        may = address is not None and await self.may_be_told(address, kept.factory)
        return address if may else None


def _is_since_before(subscription: StoredSubscription, ended: datetime) -> bool:
    """Whether somebody asked before that; a time that cannot be read is taken for long ago."""
    try:
        return datetime.fromisoformat(subscription.since) <= ended
    except (ValueError, TypeError):
        return True


def _key(kept: StoredSubscription) -> str:
    place = f"{kept.tenant}|{kept.conversation}|{kept.person}|{kept.target}|{kept.events}"
    return f"{kept.factory}|{hashlib.sha256(place.encode()).hexdigest()[:32]}"
