"""Which rooms have a live board: one message each that is kept up to date in place.

A board that was stopped in a room stays as such, so that the settings do not start it again.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.messages import Address, Person, Scope
from bot.state.rooms import Rooms
from bot.state.store import Moment, RowCodec, Rows, Store

PARTITION = "boards"
PREFIX = "board-"
PREFIX_END = "board."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBoard:
    """The board of a room: its `number` counts its messages, `posted` is the last one begun.

    `person` is whose chat the room is, blank elsewhere. `ended` says why it is no longer kept up
    to date, `by` and `at` are who last posted or stopped it, and when.
    """

    factory: str
    tenant: str
    conversation: str
    at: Moment
    by: str = ""
    person: str = ""
    number: int = 1
    posted: int = 0
    is_declared: bool = False
    is_stopped: bool = False
    ended: str = ""

    @property
    def place(self) -> str:
        """A short name of the room, the same each time."""
        return _place_of(self.tenant, self.conversation)

    @property
    def name(self) -> str:
        """The name of its present message."""
        return f"{self.place}-{self.number}"


BOARDS = RowCodec(StoredBoard, sparse=True)


class Boards:
    """The boards in the store; `changed` is set when one is asked for or stopped."""

    def __init__(
        self,
        store: Store,
        rooms: Rooms,
        clock: Callable[[], datetime],
        declared: Mapping[str, str] | None = None,
    ) -> None:
        """Borrow store and rooms; `declared` are factories by conversation, from the settings."""
        self._rows = Rows(store, PARTITION, BOARDS)
        self._rooms = rooms
        self._clock = clock
        self._declared = declared or {}
        self.changed = asyncio.Event()

    async def show(self, factory: str, address: Address, person: Person) -> StoredBoard | None:
        """Post the board of a room from now on in a new message; what there was before, if any."""
        before = await self.of(address)
        fresh = replace(
            self._new(factory, address),
            by=person.name,
            person=person.person_id if address.scope is Scope.PERSONAL else "",
        )
        await self._rows.update(board_key(fresh), lambda known: _after(known, fresh))
        self.changed.set()
        return before

    async def stop(self, address: Address, by: str) -> StoredBoard | None:
        """Keep it up to date no more; what was stopped, None where there was none."""
        known = await self.of(address)
        if known is not None:
            await self.end(known, by, "")
            self.changed.set()
        return known

    async def end(self, board: StoredBoard, by: str, why: str) -> None:
        """The same for a board as it was read; `why` when it was not a person's wish."""
        now = self._clock()

        def change(known: StoredBoard | None) -> StoredBoard | None:
            if known is None or known.number != board.number or known.is_stopped:
                return None
            return replace(known, is_stopped=True, by=by, at=now, ended=why)

        await self._rows.update(board_key(board), change)

    async def of(self, address: Address) -> StoredBoard | None:
        """The board of a room; None without one."""
        found = await self._rows.get(f"{PREFIX}{_place_of(address.tenant, address.room)}")
        return None if found is None or found.is_stopped else found

    async def all(self) -> Sequence[StoredBoard]:
        """Every board, also those that were stopped."""
        return [row.item for row in await self._rows.list_all(PREFIX, PREFIX_END)]

    async def at(self, place: str) -> StoredBoard | None:
        """The board of a room by the room's short name, also one that was stopped."""
        return await self._rows.get(f"{PREFIX}{place}")

    async def address(self, board: StoredBoard) -> Address | None:
        """How its room is reached now; None while it is not."""
        return await self._rooms.at(board.tenant, board.conversation)

    async def gone(self, address: Address) -> None:
        """Nobody is there any more: its board is forgotten."""
        await self._rows.delete(f"{PREFIX}{_place_of(address.tenant, address.room)}")

    async def take_declared(self) -> None:
        """Begin what the settings declare for rooms the bot is in, unless somebody there chose."""
        if not self._declared:
            return
        for room in await self._rooms.all():
            factory = self._declared.get(room.room)
            if factory is not None:
                await self._declare(replace(self._new(factory, room), is_declared=True))

    async def _declare(self, wanted: StoredBoard) -> None:
        def change(known: StoredBoard | None) -> StoredBoard | None:
            if known is None:
                return wanted
            is_ours = known.is_declared and not known.is_stopped
            return _after(known, wanted) if is_ours and known.factory != wanted.factory else None

        await self._rows.update(board_key(wanted), change)

    def _new(self, factory: str, room: Address) -> StoredBoard:
        return StoredBoard(
            factory=factory, tenant=room.tenant, conversation=room.room, at=self._clock()
        )


def board_key(board: StoredBoard) -> str:
    """Where a board lies in its partition."""
    return f"{PREFIX}{board.place}"


def _after(known: StoredBoard | None, fresh: StoredBoard) -> StoredBoard:
    """The same in a message of its own, after those that were there."""
    return replace(fresh, number=known.number + 1, posted=known.posted) if known else fresh


def _place_of(tenant: str, conversation: str) -> str:
    return hashlib.sha256(f"{tenant}|{conversation}".encode()).hexdigest()[:24]
