"""A small factory that lives: it has a past, something runs now, and within a minute one fails."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.simulator.arm.runtimes import managed, self_hosted
from adf.simulator.clock import Clock, wall_clock
from adf.simulator.live.live_runs import ScenarioStart, tell
from adf.simulator.live.live_scenarios import (
    DAY,
    HOUR,
    QUARTER,
    RHYTHMS,
    STORE_RUNTIME,
    Plan,
    Rhythm,
)
from adf.simulator.runs import PlannedInvoker, PlannedRun, SimulatedRun
from adf.simulator.state import DataFactory, Runtime, State
from adf.simulator.world.activity_runs import plan_run
from adf.simulator.world.definitions import pipeline_properties, shapes_of
from adf.simulator.world.run_specs import AUTO_RESOLVE, RunSpec
from adf.simulator.world.schedules import trigger_properties

NAME, GROUP = "adf-demo", "rg-demo"
_SECOND = timedelta(seconds=1)


def live_factory(clock: Clock = wall_clock) -> State:
    """The live factory, opened now by its clock."""
    opened = clock().astimezone(UTC).replace(microsecond=0)
    timeline = _LiveTimeline(opened)
    factory = DataFactory(
        name=NAME,
        resource_group=GROUP,
        pipelines=_pipelines(opened),
        triggers={rhythm.trigger: _trigger(rhythm, opened) for rhythm in RHYTHMS},
        runtimes=_runtimes(opened),
        feed=timeline.until,
        cause_stands=timeline.cause_stands,
        on_run_moved=timeline.run_moved,
    )
    return State(clock=clock, factories=(factory,))


class _LiveTimeline:
    """Every run of every rhythm, told as far as the clock has come."""

    def __init__(self, opened: datetime) -> None:
        self._opened = opened
        self._next = {rhythm.trigger: -rhythm.past for rhythm in RHYTHMS}
        self._free: dict[str, datetime] = {}
        self._stands: dict[str, timedelta] = {}

    def until(self, now: datetime) -> Iterator[PlannedRun]:
        """The runs that were due by now, each told once."""
        for rhythm in RHYTHMS:
            while (due := start_of(rhythm, self._next[rhythm.trigger], self._opened)) <= now:
                number = self._next[rhythm.trigger]
                self._next[rhythm.trigger] = number + 1
                for spec in self._told(rhythm, number, due):
                    yield plan_run(spec)

    def run_moved(self, _old: SimulatedRun, new: SimulatedRun) -> None:
        """What comes later waits for a run as it is now."""
        if new.end and new.invoked_by.name in self._free:
            self._free[new.invoked_by.name] = new.end + 2 * _SECOND

    def cause_stands(self, run: SimulatedRun, now: datetime) -> bool:
        """Whether what broke a run is still there."""
        stands = self._stands.get(run.run_id)
        return bool(stands and run.end and now < run.end + stands)

    def _told(self, rhythm: Rhythm, number: int, due: datetime) -> tuple[RunSpec, ...]:
        begins = due + 2 * _SECOND
        breaks = rhythm.breaks(number)
        if rhythm.plan.concurrency:
            begins = max(begins, self._free.get(rhythm.trigger, begins))
        specs = tell(
            ScenarioStart(
                plan=rhythm.plan,
                key=f"{rhythm.plan.pipeline}/{due.isoformat()}",
                due=due,
                begins=begins,
                invoked_by=PlannedInvoker(name=rhythm.trigger, kind="ScheduleTrigger"),
                lasts=rhythm.lasts(number),
                breaks=breaks,
            )
        )
        stands = breaks.stands if breaks else timedelta()
        self._stands |= {spec.run.run_id: stands for spec in specs if stands}
        self._free[rhythm.trigger] = specs[0].until + 2 * _SECOND
        return specs


def start_of(rhythm: Rhythm, number: int, opened: datetime) -> datetime:
    """When a start of a rhythm is due."""
    first = opened - rhythm.ago
    if rhythm.rounded:
        midnight = first.replace(hour=0, minute=0, second=0)
        first -= (first - midnight) % QUARTER
    return first + rhythm.every * number


def _trigger(rhythm: Rhythm, opened: datetime) -> dict[str, Any]:
    first = start_of(rhythm, -rhythm.past, opened)
    schedule = f"every {round(rhythm.every / timedelta(minutes=1))} min"
    if rhythm.every == DAY:
        schedule = f"daily {first:%H:%M} UTC"
        first = first.replace(hour=0, minute=0)
    elif rhythm.every == HOUR:
        schedule = "hourly"
    pipelines = [rhythm.plan.pipeline]
    return trigger_properties(schedule, pipelines, started=True, first=first, phase=timedelta())


def _pipelines(opened: datetime) -> dict[str, Any]:
    """What is published: each pipeline with the steps of a run where nothing breaks."""
    made: dict[str, Any] = {}
    for rhythm in RHYTHMS:
        start = ScenarioStart(
            plan=rhythm.plan, key="", due=opened, begins=opened, invoked_by=PlannedInvoker()
        )
        for spec in tell(start):
            made[spec.run.pipeline] = pipeline_properties(
                shapes_of([spec]),
                concurrency=_concurrency(rhythm.plan, spec.run.pipeline),
                annotations=spec.run.annotations,
            )
    return made


def _concurrency(plan: Plan, pipeline: str) -> int | None:
    return plan.concurrency if plan.pipeline == pipeline else None


def _runtimes(opened: datetime) -> dict[str, Runtime]:
    nodes = [(f"{STORE_RUNTIME}-a", "Online"), (f"{STORE_RUNTIME}-b", "Online")]
    return {
        AUTO_RESOLVE.name: managed(NAME),
        STORE_RUNTIME: self_hosted(NAME, "Online", nodes, opened),
    }
