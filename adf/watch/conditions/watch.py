"""Looks at a factory for every kind of condition that somebody counts on, each at its own pace."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import Condition, ConditionKind, ConditionOver, Expectation
from adf.watch.conditions.active_runs import ActiveRunsCheck
from adf.watch.conditions.deadlines import DeadlineCheck
from adf.watch.conditions.empty_runs import EmptyRunsCheck
from adf.watch.conditions.findings import Findings
from adf.watch.conditions.missed_starts import MissedStartsCheck
from adf.watch.conditions.runtimes import RuntimesCheck

log = logging.getLogger("adfops.announcer")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedConditions:
    """What stands in a factory now; nothing is known of the kinds that could not be `read`."""

    standing: tuple[Condition, ...]
    over: tuple[ConditionOver, ...]
    read: frozenset[ConditionKind]


class ConditionCheck(Protocol):
    """Looks for some kinds of conditions."""

    kinds: frozenset[ConditionKind]
    every: timedelta

    async def find(self, expected: Sequence[Expectation], now: datetime) -> Findings:
        """What stands now and what is over; may raise an AdfError."""
        ...


class ConditionWatch:
    """Watches one factory for conditions; it knows no recipient."""

    def __init__(self, client: AdfClient, clock: Callable[[], datetime]) -> None:
        """Read through the factory's client, by that clock."""
        self._clock = clock
        self._checks: Sequence[ConditionCheck] = (
            ActiveRunsCheck(client),
            DeadlineCheck(client),
            MissedStartsCheck(client),
            RuntimesCheck(client),
            EmptyRunsCheck(client),
        )
        self._looked: dict[int, tuple[datetime, frozenset[tuple[ConditionKind, str]]]] = {}
        self._found: dict[int, Findings] = {}
        self._failing: set[int] = set()

    async def check(self, expected: Sequence[Expectation]) -> CheckedConditions:
        """What stands now of what is counted on; a part that cannot be read says nothing."""
        now = self._clock()
        standing: list[Condition] = []
        over: list[ConditionOver] = []
        read: set[ConditionKind] = set()
        for number, check in enumerate(self._checks):
            wanted = [one for one in expected if one.kind in check.kinds]
            found = await self._find(number, check, wanted, now) if wanted else Findings()
            if found is not None:
                standing += found.standing
                over += found.over
                read |= check.kinds if found.is_complete else set()
        return CheckedConditions(standing=tuple(standing), over=tuple(over), read=frozenset(read))

    async def _find(
        self, number: int, check: ConditionCheck, wanted: Sequence[Expectation], now: datetime
    ) -> Findings | None:
        """What a part finds; what it found last while it is not yet time to look again."""
        wishes = frozenset((one.kind, one.limit) for one in wanted)
        looked, before = self._looked.get(number, (None, wishes))
        # A clock that was set back, or a new wish, must not keep it from looking.
        if looked and before == wishes and timedelta() <= now - looked < check.every:
            return self._found.get(number)
        self._looked[number] = now, wishes
        try:
            self._found[number] = await check.find(wanted, now)
        except AdfError as error:
            self._fail(number, check, error)
            return None
        self._failing.discard(number)
        return self._found[number]

    def _fail(self, number: int, check: ConditionCheck, error: AdfError) -> None:
        """Say once that a part cannot be read, and try it again with the next look."""
        if number not in self._failing:
            log.warning("%s cannot be checked now: %s", ", ".join(sorted(check.kinds)), error)
        self._failing.add(number)
        self._found.pop(number, None)
