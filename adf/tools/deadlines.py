"""Whether data is in time: the declared deadlines, or a time that somebody names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from adf.client import AdfClient
from adf.errors import AdfError, BadArguments
from adf.history import deadline_odds
from adf.lineage import LineageGraph, declared_lineage, lineage_of
from adf.records import (
    ACTIVE,
    DeadlineReport,
    DeadlineState,
    DeadlineStatus,
    Factory,
    PipelineRun,
    RunStatus,
    TimeRange,
)
from adf.schedule import last_start_of, next_due
from adf.tool import tool
from adf.tools.lineage import SAMPLE
from adf.tools.runs import MOST_NAMED
from adf.tools.scope import DEEP_LIMIT, Adf

_DAY = timedelta(days=1)
# So long after a deadline people still ask about that one, later about the next.
_STILL_MEANT = timedelta(hours=6)


@tool(
    progress="Looking at deadlines",
    reads=True,
    help="Deadlines: “will everything be done in time”, “will <pipeline> be done by 5:00”",
    limit=DEEP_LIMIT,
)
async def adf_deadlines(
    adf: Adf,
    pipeline: Annotated[str | None, "exact name; all with a deadline when left out"] = None,
    by: Annotated[datetime | None, "a deadline to hold them against, UTC"] = None,
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> DeadlineReport:
    """Whether data is in by its declared deadline or a given time, with the odds.

    Use when asked if it will be on time.
    """
    client = await adf.factories.client(factory)
    now, notes = adf.clock(), client.factory.notes
    names = [pipeline] if pipeline else [name for name, one in notes.items() if one.due]
    if by is not None and (by if by.tzinfo else by.replace(tzinfo=UTC)) <= now:
        raise BadArguments(f"{by:%F %H:%M} is in the past")
    graph, gaps = await _graph(client)
    runs = await _runs(client, names, now)
    questions = [
        _Question(factory=client.factory, graph=graph, name=name, runs=runs.get(name, ()), now=now)
        for name in names
    ]
    found = [one.status(by) for one in questions]
    return DeadlineReport(
        factory=client.factory.alias,
        as_of=now,
        pipeline=pipeline,
        deadlines=tuple(sorted((one for one in found if one), key=_risk)),
        undeclared=sum(one is None for one in found),
        gaps=gaps,
    )


async def _graph(client: AdfClient) -> tuple[LineageGraph, tuple[str, ...]]:
    """When what starts; without the definitions deadlines are still held against runs."""
    try:
        return await client.work_out(lineage_of), ()
    except AdfError as error:
        return declared_lineage(client.factory), (f"could not read schedules ({error.said})",)


async def _runs(
    client: AdfClient, names: Sequence[str], now: datetime
) -> Mapping[str, Sequence[PipelineRun]]:
    if not names:
        return {}
    few = names if len(names) <= MOST_NAMED else ()
    found = await client.list_runs(TimeRange(start=now - SAMPLE, end=now), pipelines=few)
    return {name: [run for run in found if run.pipeline == name] for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One pipeline, its runs newest first, and what is known of its schedule."""

    factory: Factory
    graph: LineageGraph
    name: str
    runs: Sequence[PipelineRun]
    now: datetime

    def status(self, by: datetime | None) -> DeadlineStatus | None:
        """How it stands before the named time, else before the one its owners declared."""
        notes = self.factory.notes_for(self.name)
        if by is not None:
            aware = by if by.tzinfo else by.replace(tzinfo=UTC)
            return self._before(aware, declared=False)
        upcoming = next_due(notes.due, self.now)
        if upcoming is None:
            return None
        passed = upcoming - _DAY
        late = self._before(passed, declared=True)
        is_missed = late.state is not DeadlineState.DONE and self._was_due(passed)
        if is_missed and self.now - passed <= _STILL_MEANT:
            return late
        return self._before(upcoming, declared=True)

    def _was_due(self, deadline: datetime) -> bool:
        """Whether a run should have come before it: nobody misses what was not to start."""
        start = self._start(deadline)
        return start is not None and start > deadline - _DAY

    def _before(self, deadline: datetime, *, declared: bool) -> DeadlineStatus:
        start = self._start(deadline)
        since = _since(start, deadline)
        begun = [run for run in self.runs if run.start and run.start >= since]
        if not declared and self.runs and self.runs[0].status in ACTIVE:
            # Whoever names a time means the run that is going on.
            begun, start = [self.runs[0]], None
        good = next((run for run in begun if run.status is RunStatus.SUCCEEDED), None)
        state = self._state(begun, start, deadline, is_good=good is not None)
        notes = self.factory.notes_for(self.name)
        counts = state not in {DeadlineState.DONE, DeadlineState.MISSED}
        at = start if state is DeadlineState.AHEAD and start else self.now
        is_running = state is DeadlineState.RUNNING
        sample = [run for run in self.runs if is_running or run.status not in ACTIVE]
        return DeadlineStatus(
            pipeline=self.name,
            deadline=deadline,
            state=state,
            declared=declared,
            done_at=good.end if good else None,
            starts=start if start and start > self.now else None,
            odds=deadline_odds(self.name, deadline, sample, at, notes.usual) if counts else None,
            owner=notes.owner,
            critical=notes.critical,
        )

    def _state(
        self,
        begun: Sequence[PipelineRun],
        start: datetime | None,
        deadline: datetime,
        *,
        is_good: bool,
    ) -> DeadlineState:
        if is_good:
            return DeadlineState.DONE
        if deadline <= self.now:
            return DeadlineState.MISSED
        if any(run.status in ACTIVE for run in begun):
            return DeadlineState.RUNNING
        if start and start > self.now:
            return DeadlineState.AHEAD
        return DeadlineState.FAILED if begun else DeadlineState.NOT_STARTED

    def _start(self, deadline: datetime) -> datetime | None:
        """The last start by schedule that leaves the usual time, its own or that of a caller."""
        until = deadline - (self.factory.notes_for(self.name).usual or timedelta())
        above = {self.name.lower(), *(one.lower() for one in self.graph.callers(self.name))}
        starts = [
            at
            for trigger in self.graph.triggers
            if above & {one.lower() for one in trigger.pipelines}
            if (at := last_start_of(trigger, deadline - _DAY, until))
        ]
        return max(starts, default=None)


def _since(start: datetime | None, deadline: datetime) -> datetime:
    """Runs from then on count for a deadline: by the schedule, else of the day before it."""
    return start - timedelta(minutes=1) if start else deadline - _DAY


def _risk(one: DeadlineStatus) -> tuple[bool, datetime, str]:
    return not one.is_at_risk, one.deadline, one.pipeline.lower()
