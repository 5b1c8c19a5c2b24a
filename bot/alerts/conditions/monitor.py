"""Looks at a factory for conditions beside its failures, as often as that is worth a call."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from adf.errors import AdfError
from adf.records import Condition, Expectation
from adf.watch.conditions import CheckedConditions
from bot.alerts.conditions.expectations import (
    ConditionSubscribers,
    Notes,
    expectations_of,
    occasion_of,
)
from bot.alerts.conditions.service import ConditionService
from bot.messages import Address

log = logging.getLogger("adfops.announcer")

EVERY = timedelta(seconds=25)
PURGE_EVERY = timedelta(hours=6)

IsMuted = Callable[[str, str], Awaitable[bool]]


class ConditionSource(Protocol):
    """Says what stands in one factory."""

    async def check(self, expected: Sequence[Expectation]) -> CheckedConditions:
        """What stands now of what is counted on."""
        ...


class ConditionMonitor:
    """The conditions of all factories; a factory of which nobody asked any is not looked at."""

    def __init__(
        self,
        *,
        sources: Mapping[str, ConditionSource],
        conditions: ConditionService,
        subscribers: ConditionSubscribers,
        notes: Notes,
        clock: Callable[[], datetime],
        is_muted: IsMuted | None = None,
    ) -> None:
        """Borrow everything; `is_muted` tells whether alerts of a pipeline are held back."""
        self._sources = sources
        self._conditions = conditions
        self._subscribers = subscribers
        self._notes = notes
        self._clock = clock
        self._is_muted = is_muted
        self._looked: dict[str, datetime] = {}
        self._purged: dict[str, datetime] = {}

    async def look(self, factory: str) -> bool:
        """Look now unless that was done a moment ago; whether anything is to be told.

        Whatever breaks here must not hold up the watch for failures.
        """
        now = self._clock()
        if not _is_time(self._looked.get(factory), now, EVERY) or factory not in self._sources:
            return False
        self._looked[factory] = now
        try:
            return await self._look(factory, now)
        except AdfError as error:
            log.info("%s cannot be checked now: %s", factory, error)
        except Exception:
            log.exception("%s could not be checked", factory)
        return False

    async def _look(self, factory: str, now: datetime) -> bool:
        subscribed = await self._subscribers.of_factory(factory)
        expected = expectations_of(factory, subscribed, self._notes)
        checked = await self._sources[factory].check(expected)
        changed = await self._conditions.take(factory, checked, self._recipients)
        if _is_time(self._purged.get(factory), now, PURGE_EVERY):
            await self._conditions.purge(factory)
            self._purged[factory] = now
        return changed

    async def _recipients(self, condition: Condition) -> Sequence[Address]:
        """Who is told of it by now; nobody while its pipeline is muted."""
        if self._is_muted and await self._is_muted(condition.factory, condition.subject):
            return ()
        return await self._subscribers.recipients(occasion_of(condition, self._notes))


def _is_time(last: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether it is long enough ago; a clock that was set back does not put it off."""
    return last is None or not timedelta() <= now - last < every
