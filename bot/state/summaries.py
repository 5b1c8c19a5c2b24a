"""Which rooms and people get a summary on a schedule, one for each place.

A schedule that was stopped in a room stays as such, so that the settings do not start it again.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.messages import Address, Person
from bot.state.rooms import Rooms
from bot.state.store import Moment, RowCodec, Rows, Store
from bot.state.summary_times import SummaryTimes

PARTITION = "summaries"
PREFIX = "schedule-"
PREFIX_END = "schedule."


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySchedule:
    """A summary of a factory for the room at `conversation` or for a `person`.

    `reached` is the newest due time that was dealt with, `skipped` are those that passed while the
    bot was not running and of which nobody was told yet.
    """

    factory: str
    tenant: str
    times: SummaryTimes
    reached: Moment
    conversation: str = ""
    person: str = ""
    is_declared: bool = False
    is_stopped: bool = False
    skipped: tuple[Moment, ...] = ()

    @property
    def place(self) -> str:
        """A short name of where it goes, the same for each schedule of that place."""
        where = f"{self.conversation}|{self.person.lower()}"
        return hashlib.sha256(where.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSummary:
    """What the settings say of a room: a summary of its factory at those times."""

    factory: str
    times: SummaryTimes


SCHEDULES = RowCodec(SummarySchedule, sparse=True)


class Summaries:
    """The schedules in the store; the next due time counts from the moment one is set."""

    def __init__(
        self,
        store: Store,
        rooms: Rooms,
        clock: Callable[[], datetime],
        declared: Mapping[str, DeclaredSummary] | None = None,
    ) -> None:
        """Borrow store and rooms; `declared` are those of the settings, by conversation."""
        self._rows = Rows(store, PARTITION, SCHEDULES)
        self._rooms = rooms
        self._clock = clock
        self._declared = declared or {}

    async def set(
        self, factory: str, to: Address | Person, times: SummaryTimes
    ) -> SummarySchedule | None:
        """Post it there from now on, in the place of the former one, which is returned."""
        before = await self.of(to)
        after = self._wanted(factory, to, times)
        await self._rows.update(_key(after), lambda _: after)
        return before

    async def stop(self, to: Address | Person) -> SummarySchedule | None:
        """Post it no more; what was stopped, None where there was none."""
        known = await self.of(to)
        if known is not None:
            await self._rows.update(_key(known), _stopped)
        return known

    async def of(self, to: Address | Person) -> SummarySchedule | None:
        """The schedule of a room or a person; None without one."""
        key = _key(self._wanted("", to, SummaryTimes(at="00:00")))
        found = await self._rows.get(key)
        return None if found is None or found.is_stopped else found

    async def all(self) -> Sequence[SummarySchedule]:
        """Every schedule that is not stopped, those of the settings among them."""
        await self._take_declared()
        rows = await self._rows.list_all(PREFIX, PREFIX_END)
        return [row.item for row in rows if not row.item.is_stopped]

    async def address(self, schedule: SummarySchedule) -> Address | None:
        """How its place is reached now; None while it is not."""
        if schedule.person:
            return await self._rooms.personal(schedule.tenant, schedule.person)
        return await self._rooms.at(schedule.tenant, schedule.conversation)

    async def _take_declared(self) -> None:
        """Set what the settings declare for rooms the bot is in, unless somebody there chose."""
        if not self._declared:
            return
        for room in await self._rooms.all():
            wanted = self._declared.get(room.room)
            if wanted is not None:
                await self._declare(room, wanted)

    async def _declare(self, room: Address, wanted: DeclaredSummary) -> None:
        after = replace(self._wanted(wanted.factory, room, wanted.times), is_declared=True)

        def change(known: SummarySchedule | None) -> SummarySchedule | None:
            if known is None:
                return after
            is_new = (known.factory, known.times) != (wanted.factory, wanted.times)
            return after if is_new and known.is_declared and not known.is_stopped else None

        await self._rows.update(_key(after), change)

    def _wanted(self, factory: str, to: Address | Person, times: SummaryTimes) -> SummarySchedule:
        is_own = isinstance(to, Person)
        return SummarySchedule(
            factory=factory,
            tenant=to.tenant,
            times=times,
            reached=self._clock(),
            conversation="" if is_own else to.room,
            person=to.person_id if is_own else "",
        )


def _stopped(known: SummarySchedule | None) -> SummarySchedule | None:
    return replace(known, is_stopped=True) if known else None


def _key(schedule: SummarySchedule) -> str:
    return f"{PREFIX}{schedule.place}"


def schedule_key(schedule: SummarySchedule) -> str:
    """Where a schedule lies in its partition."""
    return _key(schedule)
