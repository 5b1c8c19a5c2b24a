"""The source of summaries: drawn from the records as they are at the moment of sending."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adf.records.moments import moment_said
from bot.alerts.incident_message import MayHear
from bot.alerts.summaries.due import DUE_SUMMARIES, PREFIX, DueSummary
from bot.messages import Address, Renderer
from bot.outbox import RenderedMessage
from bot.state.store import Store
from bot.state.summaries import PARTITION
from bot.state.summary_times import zone_or_utc
from cards.records import Handover

# Later than this is worth a word; the watch of the schedules and the rate of Teams take less.
LATE = timedelta(minutes=10)
Summarize = Callable[[Address, str, float, ZoneInfo], Awaitable[Handover]]
"""Sums up so many hours of a factory for a place."""
Reads = Callable[[str, str], Awaitable[bool]]
"""Whether a person's own role reads a factory."""


class SummaryMessages:
    """Draws what is due, for who may read it today."""

    def __init__(
        self,
        *,
        store: Store,
        summarize: Summarize,
        draw: Renderer,
        may_hear: MayHear,
        reads: Reads,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; `may_hear` tells whether a room is told of a factory today."""
        self._store = store
        self._summarize = summarize
        self._draw = draw
        self._may_hear = may_hear
        self._reads = reads
        self._clock = clock

    def partitions(self) -> Sequence[str]:
        """The one of the schedules."""
        return (PARTITION,)

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """A summary does not change once it was posted."""
        del partition
        return dict.fromkeys(names, 1)

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of one due time; None where it may not be read there any more."""
        del is_new
        entry = await self._store.get(PARTITION, f"{PREFIX}{name}")
        due = DUE_SUMMARIES.from_json(entry.value) if entry else None
        if due is None or not await self._may(address, due):
            return None
        now, zone = self._clock(), zone_or_utc(due.zone)
        hours = due.covers(now) / timedelta(hours=1)
        handover = await self._summarize(address, due.factory, hours, zone)
        notes = late_notes(due, now, zone)
        record = replace(handover, heading="Summary", notes=notes)
        card = self._draw(record, now, zone, None, None)
        return RenderedMessage(card=card, revision=1, is_final=True)

    async def _may(self, address: Address, due: DueSummary) -> bool:
        if due.person:
            return await self._reads(due.person, due.factory)
        return await self._may_hear(address, due.factory)


def late_notes(due: DueSummary, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """What did not go as planned: that it comes late, and which ones never came."""
    notes: list[str] = []
    if now - due.at > LATE:
        notes.append(f"Due at {moment_said(due.at, zone, now)}, posted late: I was not running.")
    if due.skipped:
        times = ", ".join(moment_said(one, zone, now) for one in due.skipped[-3:])
        more = f" and {len(due.skipped) - 3} before" if len(due.skipped) > 3 else ""
        notes.append(f"Skipped while I was not running: {times}{more}.")
    return tuple(notes)
