"""The source of boards: the newest reading of each, and the last words of one that ended."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records.moments import moment_said
from bot.alerts.incident_message import MayHear, ZoneOf
from bot.messages import Address, Renderer
from bot.outbox import RenderedMessage
from bot.state.boards import PARTITION, Boards, StoredBoard
from cards.records import Board

KIND = "board"
# After every reading: a board that ended has its last words, and nothing comes after them.
ENDED = 2**52
REBOUND = "This room can no longer see that factory, so nothing is shown here."


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardReading:
    """A board as it was read; `revision` grows with each reading, `stamp` is what it is made of."""

    board: Board
    revision: int
    stamp: object


class BoardMessages:
    """Readings by the name of the message; they are in memory, for each start reads anew."""

    def __init__(
        self,
        *,
        boards: Boards,
        draw: Renderer,
        zone_of: ZoneOf,
        may_hear: MayHear,
        reads: Callable[[str, str], Awaitable[bool]],
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; `reads` tells whether a person's own role reads a factory."""
        self._boards = boards
        self._draw = draw
        self._zone_of = zone_of
        self._may_hear = may_hear
        self._reads = reads
        self._clock = clock
        self._readings: dict[str, BoardReading] = {}

    def reading_of(self, name: str) -> BoardReading | None:
        """What was read last for a message; None before the first time."""
        return self._readings.get(name)

    def put(self, name: str, reading: BoardReading) -> None:
        """Show this from now on."""
        self._readings[name] = reading

    def keep_only(self, names: Collection[str]) -> None:
        """Forget the readings of messages that are no longer kept up to date."""
        for name in self._readings.keys() - set(names):
            del self._readings[name]

    def partitions(self) -> Sequence[str]:
        """The one of the boards."""
        return (PARTITION,)

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """The newest reading of each; one that was not read yet is not due."""
        del partition
        if not names:
            return {}
        known = {one.place: one for one in await self._boards.all()}
        found: dict[str, int] = {}
        for name in names:
            board = known.get(_place(name))
            if board is not None:
                reading = self._readings.get(name)
                newest = reading.revision if reading else 0
                found[name] = newest if board.name == name and not board.is_stopped else ENDED
        return found

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of a board now; last words once it ended, and none if it was never posted."""
        board = await self._boards.at(_place(name))
        if board is None:
            return None
        zone = await self._zone_of(address)
        why = await self._ended(board, name, address, zone)
        if why:
            return None if is_new else self._last_words(board, why, zone)
        reading = self._readings.get(name) or self._unread(board)
        card = self._draw(reading.board, self._clock(), zone, None, None)
        return RenderedMessage(card=card, revision=reading.revision)

    async def may(self, board: StoredBoard, address: Address) -> bool:
        """Whether its factory may be shown there today."""
        if board.person:
            return await self._reads(board.person, board.factory)
        return await self._may_hear(address, board.factory)

    async def _ended(self, board: StoredBoard, name: str, address: Address, zone: ZoneInfo) -> str:
        """Why a message is no longer the board of its room; blank while it is."""
        at = moment_said(board.at, zone, self._clock())
        by = f" by {board.by}" if board.by else ""
        if board.name != name:
            return f"Posted again below at {at}{by}. This message no longer updates."
        if board.is_stopped:
            return (
                board.ended or f"Stopped at {at}{by}. To have it again: “keep a live board here”."
            )
        return "" if await self.may(board, address) else REBOUND

    def _unread(self, board: StoredBoard) -> BoardReading:
        """What nobody is shown: any message has a later revision already."""
        blank = Board(factory=board.factory, as_of=self._clock(), finding="Not read yet.")
        return BoardReading(board=blank, revision=0, stamp=None)

    def _last_words(self, board: StoredBoard, why: str, zone: ZoneInfo) -> RenderedMessage:
        record = Board(factory=board.factory, as_of=self._clock(), finding="", ended=why)
        card = self._draw(record, self._clock(), zone, None, None)
        return RenderedMessage(card=card, revision=ENDED, is_final=True)


def _place(name: str) -> str:
    """The room of a message's name."""
    return name.rpartition("-")[0]
