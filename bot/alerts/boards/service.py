"""Keeps boards true: begins their messages, reads them when something changed and each minute."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts.boards.messages import KIND, BoardMessages, BoardReading
from bot.alerts.boards.reading import BoardReader
from bot.alerts.incident_message import ZoneOf
from bot.outbox.entry import OutboxEntry
from bot.outbox.repository import OutboxRepository
from bot.state.boards import BOARDS, PARTITION, Boards, StoredBoard, board_key
from bot.state.store import CONFLICTS, Insert, Replace, Store

log = logging.getLogger("adfops.announcer")

# A change is seen within one look; with the reading, a board is never a minute old.
LOOK_SECONDS = 10.0
READ_AGAIN = timedelta(seconds=40)
GONE = "Its message could no longer be edited here. To have it again: “keep a live board here”."

Stamp = Callable[[str], Awaitable[object]]
"""What changes when the incidents or mutes of a factory do; read without asking Data Factory."""


class BoardService:
    """Looks at every board now and then; what it must not lose is in the store."""

    def __init__(
        self,
        *,
        store: Store,
        boards: Boards,
        reader: BoardReader,
        messages: BoardMessages,
        stamp: Stamp,
        zone_of: ZoneOf,
        due: asyncio.Event,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; setting `due` has the outbox look."""
        self._store = store
        self._entries = OutboxRepository(store)
        self._boards = boards
        self._reader = reader
        self._messages = messages
        self._stamp = stamp
        self._zone_of = zone_of
        self._due = due
        self._clock = clock

    async def run(self) -> None:
        """Look for ever, sooner when a board was asked for; whatever breaks is tried again."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the boards cannot be read yet")
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._boards.changed.wait()
            except TimeoutError:
                continue

    async def look(self) -> int:
        """Begin what was asked for, read what changed or grew old; how many boards that are."""
        was_changed = self._boards.changed.is_set()
        self._boards.changed.clear()
        await self._boards.take_declared()
        stored = await self._boards.all()
        begun = [await self._begin(one) for one in stored if not one.is_stopped]
        live = {one.name: one for one in begun if one is not None}
        self._messages.keep_only(live)
        entries = await self._live()
        read = await asyncio.gather(*(self._safely(one, entries) for one in live.values()))
        if any(read) or was_changed:
            self._due.set()
        return sum(read)

    async def _begin(self, board: StoredBoard) -> StoredBoard | None:
        """A board with its message in the outbox; None while its room is not reached."""
        if board.posted >= board.number:
            return board
        address = await self._boards.address(board)
        entry = await self._store.get(PARTITION, board_key(board))
        if address is None or entry is None or BOARDS.from_json(entry.value) != board:
            return None
        after = replace(board, posted=board.number)
        post = OutboxEntry(kind=KIND, source=board.name, address=address)
        moved = Replace(key=entry.key, value=BOARDS.to_json(after), version=entry.version)
        try:
            await self._store.batch(PARTITION, [moved, Insert(key=post.key, value=post.to_json())])
        except CONFLICTS:
            return None
        return after

    async def _live(self) -> dict[str, OutboxEntry]:
        """The messages that may still change, by name."""
        live = await self._entries.live(PARTITION)
        return {one.recipe.source: one.recipe for one in live}

    async def _safely(self, board: StoredBoard, entries: Mapping[str, OutboxEntry]) -> bool:
        """Whatever breaks for one board must not hold up the others."""
        try:
            entry = entries.get(board.name)
            if entry is None:
                await self._boards.end(board, "", GONE)
                return False
            return await self._refresh(board, entry)
        except Exception:
            log.exception("the board of %s cannot be read yet", board.factory)
            return False

    async def _refresh(self, board: StoredBoard, entry: OutboxEntry) -> bool:
        """Read a board anew if it may have changed or grew old."""
        known, now = self._messages.reading_of(board.name), self._clock()
        stamp = await self._stamp(board.factory)
        if known and known.stamp == stamp and timedelta(0) <= now - known.board.as_of < READ_AGAIN:
            return False
        zone = await self._zone_of(entry.address)
        read = await self._reader.read(entry.address, board.factory, zone)
        before = max(entry.shown, known.revision if known else 0)
        revision = max(before + 1, int(now.timestamp()))
        self._messages.put(board.name, BoardReading(board=read, revision=revision, stamp=stamp))
        return True
