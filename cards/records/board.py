"""The live board of a room: how a factory stands, in one message that is kept up to date."""

from dataclasses import dataclass
from datetime import datetime

from adf.records import PlainRecord
from cards.records.handover import HandoverPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Board(PlainRecord):
    """How a factory stands: numbers, then what is open, at work, muted and over.

    `unacknowledged` are those of the open incidents that nobody has; `running` is None while it
    could not be read. A board that `ended` says why and shows nothing else. `gaps` say what could
    not be read.
    """

    factory: str
    as_of: datetime
    finding: str
    standing: int = 0
    unacknowledged: int = 0
    running: int | None = None
    recovered: int = 0
    parts: tuple[HandoverPart, ...] = ()
    gaps: tuple[str, ...] = ()
    ended: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)
