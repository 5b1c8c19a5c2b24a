"""The recipe of a message that may change: whom it goes to, what it is made of, what was shown.

The card is drawn when it is sent. A recipe lies beside its source, so that one batch writes both;
it is outbox and registry at once: what was shown is older than the source, so it is due.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.messages import Address
from bot.state.store import RowCodec

LIVE = "post-"
FILED = "shown-"


class EntryStage(StrEnum):
    """How far a message has come. DOUBTFUL may have arrived, and is posted once more at most."""

    DUE = "due"
    SENDING = "sending"
    DOUBTFUL = "doubtful"
    POSTED = "posted"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One message at one address: `shown` is the revision of the source that stands there.

    `again`: its card was posted a second time; `in_words`: a line is all that may still be posted.
    `once`: its card is never posted a second time, so a doubt leaves the line alone.
    """

    kind: str
    source: str
    address: Address
    stage: EntryStage = EntryStage.DUE
    message_id: str = ""
    shown: int = 0
    again: bool = False
    in_words: bool = False
    once: bool = False
    attempts: int = 0
    next_at: datetime | None = None

    @property
    def key(self) -> str:
        """The key it lies under while it may change."""
        return f"{LIVE}{self.source}-{mark_of(self.address)}"

    @property
    def filed_key(self) -> str:
        """The key it lies under once nothing is left to do."""
        return f"{FILED}{self.source}-{mark_of(self.address)}"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for the store."""
        return _CODEC.to_json(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "OutboxEntry":
        """Read back what `to_json` wrote."""
        return _CODEC.from_json(stored)


_CODEC = RowCodec(OutboxEntry, sparse=True)


def mark_of(address: Address) -> str:
    """A short name for an address, the same each time it is heard of."""
    place = f"{address.tenant}|{address.conversation}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]
