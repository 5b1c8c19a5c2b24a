"""The rooms the bot is in: where each is reached, which factory and zone it is bound to.

A channel is one room with all its threads; a personal chat is a room of one person.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cachetools import LRUCache

from bot.messages import Address, Person, Scope
from bot.state.store import RowCodec, Rows, Store

PARTITION = "rooms"
PERSONAL = "personal"
BINDINGS = "bindings"
MOST_SEEN = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The factory a room is about, its time zone if one was said, and who bound it."""

    factory: str
    zone: str | None = None
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRoom:
    """Where a room is reached, and since when it is known."""

    address: Address
    since: str | None = None


class Rooms:
    """Rooms by tenant and conversation; a reload or a second install is not a new room."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        declared: Mapping[str, Binding] | None = None,
    ) -> None:
        """Borrow the store; `declared` are bindings of the settings, by conversation."""
        self._rooms = Rows(store, PARTITION, RowCodec(StoredRoom))
        self._chats = Rows(store, PERSONAL, RowCodec(StoredRoom))
        self._bindings = Rows(store, BINDINGS, RowCodec(Binding))
        self._clock = clock
        self._declared = declared or {}
        self._seen: LRUCache[str, Address] = LRUCache(MOST_SEEN)

    async def enter(self, address: Address) -> bool:
        """Remember a room; True only the first time."""
        room = StoredRoom(address=whole(address), since=self._clock().isoformat())
        return await self._rooms.insert(_key(address), room)

    async def seen(self, address: Address, person: Person) -> None:
        """Somebody spoke here: keep how the room is reached now, and whose chat it is."""
        room = whole(address)
        if self._seen.get(_key(room)) == room:
            return
        await self._keep(self._rooms, _key(room), room)
        if room.scope is Scope.PERSONAL:
            await self._keep(self._chats, chat_key(person.tenant, person.person_id), room)
        self._seen[_key(room)] = room

    async def all(self) -> Sequence[Address]:
        """Every room, as a whole: a new message there begins a new thread."""
        return [whole(row.item.address) for row in await self._rooms.list_all()]

    async def at(self, tenant: str, conversation: str) -> Address | None:
        """How a room is reached now; None for one that is gone."""
        room = await self._rooms.get(_hash(tenant, conversation))
        return whole(room.address) if room else None

    async def personal(self, tenant: str, person_id: str) -> Address | None:
        """A person's own chat with the bot; None before they wrote there, or when it is gone."""
        chat = await self._chats.get(chat_key(tenant, person_id))
        return await self.at(chat.address.tenant, chat.address.room) if chat else None

    async def gone(self, address: Address) -> None:
        """Nobody is there any more, until the bot is installed or written to again."""
        self._seen.pop(_key(address), None)
        await self._rooms.delete(_key(address))

    async def bind(self, address: Address, factory: str, zone: str | None, by: str) -> Binding:
        """Bind a room to a factory, over what it was bound to before."""
        at = self._clock().isoformat()
        binding = Binding(factory=factory, zone=zone, by=by, at=at)
        await self._bindings.update(_hash(address.room), lambda _: binding)
        return binding

    async def binding(self, address: Address) -> Binding | None:
        """What a room is bound to: by an operator in the room, else by the settings."""
        bound = await self._bindings.get(_hash(address.room))
        return bound or self._declared.get(address.room)

    async def _keep(self, rows: Rows[StoredRoom], key: str, room: Address) -> None:
        """Write how a room is reached, unless that is known."""

        def change(known: StoredRoom | None) -> StoredRoom | None:
            if known is None:
                return StoredRoom(address=room, since=self._clock().isoformat())
            return None if known.address == room else replace(known, address=room)

        await rows.update(key, change)


# What clients call the zone that people know as UTC.
_UTC = frozenset({"Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"})


class RoomZones:
    """The time zone in which times are shown in a room."""

    def __init__(self, rooms: Rooms, default: str) -> None:
        """Borrow the rooms; `default` counts where neither room nor client names a zone."""
        self._rooms = rooms
        self._default = default

    async def of(self, address: Address, client_zone: str | None = None) -> ZoneInfo:
        """The zone the room was bound with, else that of the speaker's client, else the bot's."""
        binding = await self._rooms.binding(address)
        for name in (binding.zone if binding else None, client_zone, self._default):
            try:
                return ZoneInfo("UTC" if name in _UTC else name or "")
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
        return ZoneInfo("UTC")


def whole(address: Address) -> Address:
    """The room of an address, without the thread."""
    return replace(address, conversation=address.room)


def _key(address: Address) -> str:
    return _hash(address.tenant, address.room)


def chat_key(tenant: str, person_id: str) -> str:
    """The key of a person's own chat."""
    return _hash(tenant, person_id.lower())


def _hash(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()
