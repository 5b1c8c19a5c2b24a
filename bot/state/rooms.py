"""The rooms the bot is in: where each is reached, which factory and zone it is bound to.

A channel is one room with all its threads; a personal chat is a room of one person.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.messages import Address, Person, Scope
from bot.state.store import AlreadyExists, Missing, Store, Value, VersionConflict

PARTITION = "rooms"
PERSONAL = "personal"
BINDINGS = "bindings"
MOST_ROOMS = 10_000
MOST_SEEN = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The factory a room is about, its time zone if one was said, and who bound it."""

    factory: str
    zone: str | None = None
    by: str = ""
    at: str = ""


class Rooms:
    """Rooms by tenant and conversation; a reload or a second install is not a new room."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        declared: Mapping[str, Binding] | None = None,
    ) -> None:
        """Borrow the store; `declared` are bindings of the settings, by conversation."""
        self._store = store
        self._clock = clock
        self._declared = declared or {}
        self._seen: OrderedDict[str, Address] = OrderedDict()

    async def enter(self, address: Address) -> bool:
        """Remember a room; True only the first time."""
        value = {"address": whole(address).to_json(), "since": self._clock().isoformat()}
        try:
            await self._store.insert(PARTITION, _key(address), value)
        except AlreadyExists:
            return False
        return True

    async def seen(self, address: Address, person: Person) -> None:
        """Somebody spoke here: keep how the room is reached now, and whose chat it is."""
        room = whole(address)
        known = self._seen.get(_key(room))
        if known == room:
            self._seen.move_to_end(_key(room))
            return
        await self._keep(PARTITION, _key(room), room)
        if room.scope is Scope.PERSONAL:
            await self._keep(PERSONAL, _hash(person.tenant, person.person_id.lower()), room)
        self._seen[_key(room)] = room
        if len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)

    async def all(self) -> Sequence[Address]:
        """Every room, as a whole: a new message there begins a new thread."""
        entries = await self._store.range(PARTITION, limit=MOST_ROOMS)
        return [whole(Address.from_json(entry.value["address"])) for entry in entries]

    async def at(self, tenant: str, conversation: str) -> Address | None:
        """How a room is reached now; None for one that is gone."""
        entry = await self._store.get(PARTITION, _hash(tenant, conversation))
        return whole(Address.from_json(entry.value["address"])) if entry else None

    async def personal(self, tenant: str, person_id: str) -> Address | None:
        """A person's own chat with the bot; None before they wrote there, or when it is gone."""
        entry = await self._store.get(PERSONAL, _hash(tenant, person_id.lower()))
        chat = Address.from_json(entry.value["address"]) if entry else None
        return await self.at(chat.tenant, chat.room) if chat else None

    async def gone(self, address: Address) -> None:
        """Nobody is there any more, until the bot is installed or written to again."""
        self._seen.pop(_key(address), None)
        await self._store.delete(PARTITION, _key(address))

    async def bind(self, address: Address, factory: str, zone: str | None, by: str) -> Binding:
        """Bind a room to a factory, over what it was bound to before."""
        at = self._clock().isoformat()
        binding = Binding(factory=factory, zone=zone, by=by, at=at)
        await self._write(BINDINGS, _hash(address.room), asdict(binding))
        return binding

    async def binding(self, address: Address) -> Binding | None:
        """What a room is bound to: by an operator in the room, else by the settings."""
        entry = await self._store.get(BINDINGS, _hash(address.room))
        return Binding(**entry.value) if entry else self._declared.get(address.room)

    async def _keep(self, partition: str, key: str, room: Address) -> None:
        entry = await self._store.get(partition, key)
        since = entry.value.get("since") if entry else self._clock().isoformat()
        if entry is None or entry.value["address"] != room.to_json():
            # Whoever wrote in between just heard from the same room.
            await self._put(partition, key, {"address": room.to_json(), "since": since})

    async def _write(self, partition: str, key: str, value: Value) -> None:
        """Write over whatever is there; when somebody writes in between, once more."""
        if not await self._put(partition, key, value) and not await self._put(
            partition, key, value
        ):
            raise VersionConflict("others keep writing", f"{partition}/{key}")

    async def _put(self, partition: str, key: str, value: Value) -> bool:
        entry = await self._store.get(partition, key)
        try:
            if entry is None:
                await self._store.insert(partition, key, value)
            else:
                await self._store.replace(partition, key, value, entry.version)
        except (AlreadyExists, VersionConflict, Missing):
            return False
        return True


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
                return ZoneInfo(name or "")
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
        return ZoneInfo("UTC")


def whole(address: Address) -> Address:
    """The room of an address, without the thread."""
    return replace(address, conversation=address.room)


def _key(address: Address) -> str:
    return _hash(address.tenant, address.room)


def _hash(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()
