"""Rooms that nobody can be reached in any more, and the alerts that ended: for the next shift.

Whoever set an alert may be gone too, so it is the handover and the summary that say it.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.messages import Address, Scope
from bot.state.store import Moment, RowCodec, Rows, Store
from bot.state.subscription import StoredSubscription

PARTITION = "lost-rooms"
RETENTION = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class LostAlerts:
    """What a room was told of one factory until nobody was there any more; no address is kept."""

    factory: str
    scope: Scope
    targets: tuple[str, ...]
    at: Moment


class LostRooms:
    """Notes by the moment, kept for a week."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._rows = Rows(store, PARTITION, RowCodec(LostAlerts))
        self._clock = clock

    async def note(self, address: Address, ended: Sequence[StoredSubscription]) -> None:
        """Write down what ends; the same room lost again within a second is one note."""
        now = self._clock()
        for factory in sorted({one.factory for one in ended}):
            lost = LostAlerts(
                factory=factory,
                scope=address.scope,
                targets=tuple(sorted({one.target for one in ended if one.factory == factory})),
                at=now,
            )
            mark = hashlib.sha256(f"{address.room}|{factory}".encode()).hexdigest()[:16]
            await self._rows.insert(f"{_stamp(now)}-{mark}", lost)
        if ended:
            old = await self._rows.list_all("", _stamp(now - RETENTION))
            await self._rows.delete_all([one.key for one in old])

    async def of(self, factories: Collection[str], since: datetime) -> Sequence[LostAlerts]:
        """The notes about some factories since then, oldest first."""
        rows = await self._rows.list_all(_stamp(since))
        return [row.item for row in rows if row.item.factory in factories]


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"
