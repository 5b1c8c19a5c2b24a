"""Pipelines that are not done by the time of day at which they have to be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from cachetools import TTLCache

from adf.client import AdfClient
from adf.records import (
    Condition,
    ConditionKind,
    ConditionOver,
    Expectation,
    PipelineRun,
    RunStatus,
    TimeRange,
)
from adf.watch.conditions.findings import Findings

# What ended well within so long before its deadline was for that deadline.
FOR_IT = timedelta(hours=12)
STANDS = timedelta(hours=18)
WEEK = timedelta(days=7)
_TEN_MINUTES = 600.0
_ONE_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRun:
    """A pipeline, the limit it is held against, and the moment that means today."""

    pipeline: str
    limit: str
    at: datetime

    @property
    def key(self) -> str:
        """What names it, for that day alone."""
        return f"deadline|{self.pipeline}|{self.limit}|{self.at:%Y%m%dT%H%M}"


class DeadlineCheck:
    """Asks for good runs once a deadline has passed; before that nothing is read."""

    kinds = frozenset({ConditionKind.DEADLINE})
    every = timedelta(seconds=55)

    def __init__(self, client: AdfClient) -> None:
        """Read one factory."""
        self._client = client
        self._names: TTLCache[str, Sequence[str]] = TTLCache(1, _TEN_MINUTES)
        self._done: TTLCache[str, ConditionOver | None] = TTLCache(10_000, _ONE_DAY)

    async def find(self, expected: Sequence[Expectation], now: datetime) -> Findings:
        """What is not done though it was due, and what was done late."""
        standing: list[Condition] = []
        over: list[ConditionOver] = []
        for due in await self._due(expected, now):
            if due.key not in self._done:
                ended = await self._ended(due, now)
                if ended is None and await self._is_expected(due):
                    standing.append(self._condition(due))
                    continue
                self._done[due.key] = _over(due, ended)
            if done := self._done[due.key]:
                over.append(done)
        return Findings(standing=standing, over=over)

    async def _due(self, expected: Sequence[Expectation], now: datetime) -> list[DueRun]:
        """Every deadline that passed within the last hours."""
        found: dict[str, DueRun] = {}
        for name in await self._pipelines():
            declared = self._client.factory.notes_for(name).due
            for one in expected:
                at = _last_due(one.deadline or _daily(declared), now)
                if at and now - at < STANDS and one.covers(name):
                    due = DueRun(pipeline=name, limit=one.limit, at=at)
                    found[due.key] = due
        return list(found.values())

    async def _pipelines(self) -> Sequence[str]:
        if "" not in self._names:
            self._names[""] = [one.name for one in await self._client.list_pipelines()]
        return self._names[""]

    async def _ended(self, due: DueRun, now: datetime) -> PipelineRun | None:
        """The first good run for that deadline, before or after it."""
        runs = await self._good(due.pipeline, due.at - FOR_IT, now)
        return min(runs, key=_end, default=None)

    async def _is_expected(self, due: DueRun) -> bool:
        """Whether it is due on such a day at all: not where it did not run on it last week either,
        and did on others.
        """
        runs = await self._good(due.pipeline, due.at - WEEK - FOR_IT, due.at)
        same_day = [run for run in runs if _end(run) <= due.at - WEEK + STANDS]
        return bool(same_day) or not runs

    async def _good(self, pipeline: str, start: datetime, end: datetime) -> Sequence[PipelineRun]:
        found = await self._client.list_runs(
            TimeRange(start=start, end=end), pipeline=pipeline, statuses=[RunStatus.SUCCEEDED]
        )
        return [run for run in found if not run.debug and start <= _end(run) <= end]

    def _condition(self, due: DueRun) -> Condition:
        return Condition(
            factory=self._client.factory.alias,
            kind=ConditionKind.DEADLINE,
            key=due.key,
            subject=due.pipeline,
            pipelines=(due.pipeline,),
            since=due.at,
            limit=due.limit,
        )


def _over(due: DueRun, ended: PipelineRun | None) -> ConditionOver | None:
    return ConditionOver(key=due.key, at=_end(ended), run_id=ended.run_id) if ended else None


def _last_due(
    deadline: Callable[[datetime], datetime | None] | None, now: datetime
) -> datetime | None:
    return deadline(now) if deadline else None


def _daily(declared: str | None) -> Callable[[datetime], datetime | None] | None:
    """The deadline that owners declared, as "06:00 UTC"."""
    if not declared:
        return None
    clock = time.fromisoformat(declared.split(" ", maxsplit=1)[0])

    def last(now: datetime) -> datetime:
        today = datetime.combine(now.astimezone(UTC).date(), clock, UTC)
        return today if today <= now else today - timedelta(days=1)

    return last


def _end(run: PipelineRun) -> datetime:
    return run.end or run.last_updated or datetime.min.replace(tzinfo=UTC)
