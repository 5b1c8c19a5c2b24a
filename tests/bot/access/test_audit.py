"""The audit log is kept for so many days, and what lies further back is forgotten once."""

from datetime import datetime, timedelta

from bot.access.audit import AuditLog
from bot.state.store import Store
from tests.bot.builders.people import BOUND, NOW, RUTH


class Calendar:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class CountingReads:
    """A store which counts the ranges that are read of it."""

    def __init__(self, store: Store) -> None:
        self._store, self.ranges = store, 0

    def __getattr__(self, name: str) -> object:
        self.ranges += name == "range"
        return getattr(self._store, name)


async def _refused_on(store: Store, calendar: Calendar, days: int) -> None:
    for _ in range(days):
        await AuditLog(store, calendar).refused(RUTH, BOUND, right="act", factory="prod", why="no")
        calendar.now += timedelta(days=1)


async def test_what_is_older_than_the_days_kept_is_forgotten(store: Store) -> None:
    calendar = Calendar()
    await _refused_on(store, calendar, 10)
    audit = AuditLog(store, calendar)

    assert await audit.purge(4) == 6
    kept = [one.moment for one in await audit.since(NOW)]
    assert kept == [NOW + timedelta(days=day) for day in range(6, 10)]


async def test_after_a_long_pause_nothing_older_is_left(store: Store) -> None:
    calendar = Calendar()
    await AuditLog(store, calendar).purge(4)
    await _refused_on(store, calendar, 10)
    calendar.now += timedelta(days=90)

    assert await AuditLog(store, calendar).purge(4) == 10
    assert not await AuditLog(store, calendar).since(NOW)


async def test_more_days_kept_and_fewer_again_leave_nothing_older(store: Store) -> None:
    calendar = Calendar()
    await _refused_on(store, calendar, 10)
    audit = AuditLog(store, calendar)
    assert [await audit.purge(days) for days in (8, 400, 2, 2)] == [2, 0, 6, 0]


async def test_days_already_forgotten_are_not_read_again(store: Store) -> None:
    counting = CountingReads(store)
    await AuditLog(counting, Calendar()).purge(4)  # pyright: ignore[reportArgumentType]
    counting.ranges = 0

    await AuditLog(counting, Calendar()).purge(4)  # pyright: ignore[reportArgumentType]
    assert counting.ranges == 0
