"""Starts that were due and did not come, of triggers that fired before or never did."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import (
    Condition,
    ConditionKind,
    ConditionOver,
    Expectation,
    TimeRange,
    TriggerDefinition,
    TriggerRun,
    TriggerStatus,
)
from adf.schedule import Firings, WindowHistory, starts, trigger_status
from adf.watch.conditions.findings import Findings

# Two days show the last start of every daily trigger. One that starts every hour or more often
# shows within a few hours whether it does, and two days of it would be many pages.
RARE, FREQUENT = timedelta(hours=48), timedelta(hours=4)
OFTEN = 24
RETENTION = timedelta(days=45)
MOST_NAMED = 100


class MissedStartsCheck:
    """Reads triggers and their firings; a stopped trigger has no firing at all, so it counts."""

    kinds = frozenset({ConditionKind.MISSED})
    every = timedelta(minutes=5)

    def __init__(self, client: AdfClient) -> None:
        """Read one factory."""
        self._client = client

    async def find(self, expected: Sequence[Expectation], now: datetime) -> Findings:
        """The triggers whose newest starts did not come, and those that fired last of all."""
        published = await self._client.list_triggers()
        wanted = [
            one
            for one in published
            if any(each.covers(name) for each in expected for name in one.pipelines)
        ]
        frequent = [one for one in wanted if _is_frequent(one, now)]
        rare = [one for one in wanted if one not in frequent]
        found: list[TriggerStatus] = []
        for group, back in ((rare, RARE), (frequent, FREQUENT)):
            found += await self._statuses(published, group, TimeRange(start=now - back, end=now))
        standing = [condition for one in found if (condition := _condition(one))]
        over = [
            ConditionOver(key=f"missed|{one.name}", at=one.last_fired)
            for one in found
            if one.last_fired and not _gap(one)
        ]
        return Findings(standing=standing, over=over)

    async def _statuses(
        self,
        published: Sequence[TriggerDefinition],
        wanted: Sequence[TriggerDefinition],
        time_range: TimeRange,
    ) -> list[TriggerStatus]:
        if not wanted:
            return []
        names = _with_upstream(wanted)
        runs = await self._client.list_trigger_runs(
            time_range, names if len(names) <= MOST_NAMED else ()
        )
        quiet = sorted({one.name for one in wanted} - {one.trigger for one in runs})
        firings = Firings(
            time_range=time_range,
            runs=runs,
            latest=await self._latest(quiet, time_range),
            history=WindowHistory(published, runs, time_range.start),
        )
        found: list[TriggerStatus] = []
        for one in wanted:
            found.append(trigger_status(one, firings))
            await asyncio.sleep(0)
        return found

    async def _latest(self, quiet: Sequence[str], time_range: TimeRange) -> Sequence[TriggerRun]:
        if not quiet:
            return ()
        earlier = TimeRange(start=time_range.end - RETENTION, end=time_range.start)
        try:
            return await self._client.list_latest_trigger_runs(earlier, quiet[:MOST_NAMED])
        except AdfError:
            return ()


def _with_upstream(wanted: Sequence[TriggerDefinition]) -> list[str]:
    """The triggers themselves, and those whose windows they wait for."""
    upstream = {
        one.trigger
        for trigger in wanted
        for one in (trigger.window.depends_on if trigger.window else ())
        if one.trigger
    }
    return sorted({one.name for one in wanted} | upstream)


def _is_frequent(trigger: TriggerDefinition, now: datetime) -> bool:
    if trigger.recurrence is None:
        return False
    due = starts(trigger.recurrence, now - RARE, now)
    return sum(1 for _, _ in zip(range(OFTEN), due, strict=False)) == OFTEN


def _gap(status: TriggerStatus) -> list[datetime]:
    """The starts that did not come since it fired last."""
    last = status.last_fired
    return [one for one in status.missed if last is None or one > last]


def _condition(status: TriggerStatus) -> Condition | None:
    gap = _gap(status)
    if not gap:
        return None
    return Condition(
        factory=status.factory,
        kind=ConditionKind.MISSED,
        key=f"missed|{status.name}",
        subject=status.subject,
        since=gap[0],
        pipelines=status.pipelines,
        trigger=status.name,
        is_stopped=not status.is_started,
        count=len(gap),
    )
