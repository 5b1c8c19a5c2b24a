"""A small factory that lives: it has a past, something runs now, and within a minute one fails."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.simulator.arm.runtimes import managed, self_hosted
from adf.simulator.clock import Clock, wall_clock
from adf.simulator.live.live_plans import (
    DAY,
    HOUR,
    OFFLINE_RUNTIME,
    QUARTER,
    STORE_RUNTIME,
    Plan,
    Rhythm,
)
from adf.simulator.live.live_runs import ScenarioStart, runs_of
from adf.simulator.live.live_scenarios import INVENTORY, ON_REQUEST, RHYTHMS
from adf.simulator.live.requested_failures import RequestedFailures
from adf.simulator.runs import PlannedInvoker, PlannedRun, SimulatedRun
from adf.simulator.state import DataFactory, Runtime, State
from adf.simulator.world.activity_runs import plan_run
from adf.simulator.world.definitions import pipeline_properties, shapes_of
from adf.simulator.world.run_specs import AUTO_RESOLVE, RunSpec
from adf.simulator.world.schedules import trigger_properties

NAME, GROUP = "adf-demo", "rg-demo"
_SECOND = timedelta(seconds=1)


def live_factory(clock: Clock = wall_clock, requested: RequestedFailures | None = None) -> State:
    """The live factory, opened now by its clock; `requested` are failures on request."""
    opened = clock().astimezone(UTC).replace(microsecond=0)
    timeline = _LiveTimeline(opened, requested or RequestedFailures())
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

    def __init__(self, opened: datetime, requested: RequestedFailures) -> None:
        self._opened = opened
        self._requested = requested
        self._next = {rhythm.trigger: -rhythm.past for rhythm in RHYTHMS}
        self._free: dict[str, datetime] = {}
        self._stands: dict[str, timedelta] = {}

    def until(self, now: datetime) -> Iterator[PlannedRun]:
        """The runs that were due by now, each told once."""
        for rhythm in RHYTHMS:
            while (due := start_of(rhythm, self._next[rhythm.trigger], self._opened)) <= now:
                number = self._next[rhythm.trigger]
                self._next[rhythm.trigger] = number + 1
                for spec in () if rhythm.skips(number) else self._planned(rhythm, number, due):
                    yield plan_run(spec)
        for due in self._requested.due(now):
            yield from map(plan_run, _failing(due))

    def run_moved(self, _old: SimulatedRun, new: SimulatedRun) -> None:
        """What comes later waits for a run as it is now."""
        if new.end and new.invoked_by.name in self._free:
            self._free[new.invoked_by.name] = new.end + 2 * _SECOND

    def cause_stands(self, run: SimulatedRun, now: datetime) -> bool:
        """Whether what broke a run is still there."""
        stands = self._stands.get(run.run_id)
        return bool(stands and run.end and now < run.end + stands)

    def _planned(self, rhythm: Rhythm, number: int, due: datetime) -> tuple[RunSpec, ...]:
        begins = due + 2 * _SECOND
        breaks = rhythm.breaks(number)
        if rhythm.plan.concurrency:
            begins = max(begins, self._free.get(rhythm.trigger, begins))
        specs = runs_of(
            ScenarioStart(
                plan=rhythm.plan,
                key=f"{rhythm.plan.pipeline}/{due.isoformat()}",
                due=due,
                begins=begins,
                invoked_by=PlannedInvoker(name=rhythm.trigger, kind="ScheduleTrigger"),
                lasts=rhythm.lasts(number),
                breaks=breaks,
                empty=rhythm.empties(number),
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
    every = rhythm.past_every if rhythm.past_every and number < 0 else rhythm.every
    return first + every * number


def _failing(due: datetime) -> tuple[RunSpec, ...]:
    """A run by hand that breaks within seconds."""
    return runs_of(
        ScenarioStart(
            plan=INVENTORY,
            key=f"{INVENTORY.pipeline}/requested/{due.isoformat()}",
            due=due,
            begins=due,
            invoked_by=PlannedInvoker(name="Manual", kind="Manual"),
            breaks=ON_REQUEST,
        )
    )


def _trigger(rhythm: Rhythm, opened: datetime) -> dict[str, Any]:
    # Where the past is slower, the trigger was set to its rhythm when the factory opened.
    first = start_of(rhythm, 0 if rhythm.past_every else -rhythm.past, opened)
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
        for spec in runs_of(start):
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
        OFFLINE_RUNTIME: self_hosted(
            NAME, "Offline", [(f"{OFFLINE_RUNTIME}-a", "Offline")], opened - timedelta(hours=2)
        ),
    }
