"""What a board shows: the shift as a handover has it, and what is at work in the factory."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from cachetools import TTLCache

from adf.errors import AdfError
from adf.records import PipelineNotes, PipelineRun, RunStatus
from adf.records.moments import moment_said
from bot.alerts.summaries.messages import Summarize
from bot.messages import Address
from cards.records import Board, Concern, Handover, HandoverEntry, HandoverPart
from cards.text import duration

HOURS = 12.0
# A slow factory must not make the rest of the board old.
LONGEST_READ = 20.0
SHARED_SECONDS = 8.0
# So many times its usual length is worth a look; an alert of its own has measures of its own.
LONGER = 1.5
MOST_FACTORIES = 500
# What a board shows of a shift; what waits for approval is on cards of its own.
_OVER = frozenset({"Recovered on its own", "Recovered"})
_OPEN = frozenset({"Not acknowledged", "Acknowledged"})

ActiveRuns = Callable[[str], Awaitable[Sequence[PipelineRun]]]
"""The runs of a factory that are queued or at work; may raise an AdfError."""
Notes = Callable[[str, str], PipelineNotes]
T = TypeVar("T")


class SharedReads(Generic[T]):
    """Something of a factory that is read once for all rooms that ask within a few seconds."""

    def __init__(self, read: Callable[[str], Awaitable[T]], clock: Callable[[], datetime]) -> None:
        """Borrow how it is read."""
        self._read = read
        self._known = TTLCache[str, T](MOST_FACTORIES, SHARED_SECONDS, lambda: clock().timestamp())
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, factory: str) -> T:
        """What was just read, or is read now; raises what the reading raises."""
        async with self._locks[factory]:
            found = self._known.get(factory)
            if found is None:
                found = self._known[factory] = await self._read(factory)
            return found


class BoardReader:
    """Reads a board anew each time; what cannot be read is said on it."""

    def __init__(
        self,
        *,
        summarize: Summarize,
        active: ActiveRuns,
        notes: Notes,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._summarize = summarize
        self._active = active
        self._notes = notes
        self._clock = clock

    async def read(self, address: Address, factory: str, zone: ZoneInfo) -> Board:
        """How a factory stands now, with times for readers in `zone`."""
        (runs, gap), shift = await asyncio.gather(
            self._running(factory), self._summarize(address, factory, HOURS, zone)
        )
        now = self._clock()
        parts = [one for one in shift.parts if one.heading not in _OVER]
        over = [one for one in shift.parts if one.heading in _OVER]
        parts += self._at_work(runs or (), now, zone)
        return Board(
            factory=factory,
            as_of=now,
            finding=shift.finding,
            standing=_entries(shift, _OPEN),
            unacknowledged=_entries(shift, frozenset({"Not acknowledged"})),
            running=None if runs is None else len(runs),
            recovered=_entries(shift, _OVER),
            parts=(*parts, *over),
            gaps=(*shift.gaps, *gap),
        )

    async def _running(self, factory: str) -> tuple[Sequence[PipelineRun] | None, tuple[str, ...]]:
        try:
            async with asyncio.timeout(LONGEST_READ):
                return await self._active(factory), ()
        except AdfError as error:
            return None, (f"what is running ({error.said})",)
        except TimeoutError:
            return None, (f"what is running (no answer within {LONGEST_READ:.0f} s)",)

    def _at_work(
        self, runs: Sequence[PipelineRun], now: datetime, zone: ZoneInfo
    ) -> list[HandoverPart]:
        """The runs that take longer than they usually do, and the others, oldest first."""
        ordered = sorted(runs, key=lambda one: (one.start or now, one.run_id))
        late = [one for one in ordered if self._is_late(one, now)]
        others = [one for one in ordered if one not in late]
        listed = (("Longer than usual", Concern.WATCH, late), ("Running", Concern.CALM, others))
        return [
            HandoverPart(
                heading=heading,
                concern=concern,
                entries=tuple(self._entry(one, zone, now) for one in some),
            )
            for heading, concern, some in listed
            if some
        ]

    def _entry(self, run: PipelineRun, zone: ZoneInfo, now: datetime) -> HandoverEntry:
        usual = self._notes(run.factory, run.pipeline).usual
        parts = ["queued"] if run.status is RunStatus.QUEUED else []
        parts += [f"since {moment_said(run.start, zone, now)}"] if run.start else []
        parts += [f"usually {duration(usual)}"] if usual else []
        return HandoverEntry(
            title=run.pipeline, detail=" · ".join(parts), question=f"status of run {run.run_id}"
        )

    def _is_late(self, run: PipelineRun, now: datetime) -> bool:
        usual = self._notes(run.factory, run.pipeline).usual
        return bool(usual and run.start and now - run.start > usual * LONGER)


def _entries(shift: Handover, headings: frozenset[str]) -> int:
    return sum(len(one.entries) for one in shift.parts if one.heading in headings)
