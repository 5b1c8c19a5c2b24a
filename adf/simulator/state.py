"""Factories in memory: definitions, triggers, integration runtimes and runs, on a given clock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cachetools import FIFOCache

from adf.simulator.activity_log import LogEntry
from adf.simulator.arm.run_queries import (
    ACTIVITY_OPERANDS,
    RUN_OPERANDS,
    Page,
    PagedQuery,
    RunQuery,
    matching,
    page_of,
    resume,
)
from adf.simulator.clock import Clock
from adf.simulator.dates import read_time
from adf.simulator.run_index import RunIndex, is_kept
from adf.simulator.runs import Json, PlannedRun, SimulatedActivityRun, SimulatedRun
from adf.simulator.trigger_runs import (
    TRIGGER_RUN_OPERANDS,
    OtherFirings,
    SimulatedTriggerRun,
    firing_of,
    merged,
)
from adf.simulator.trigger_states import STARTED, TriggerStates

PAGE_SIZE = 100
_WELL = "There aren't any known Azure platform problems affecting this data factory."
KEPT_ANSWERS = 8

Feed = Callable[[datetime], Iterable[PlannedRun]]
# Whether what broke a run would break it again at a moment.
CauseStands = Callable[[SimulatedRun, datetime], bool]


class UnknownResource(Exception):
    """Something asked for by name or id that does not exist; `kind` says what."""

    def __init__(self, kind: str, name: str) -> None:
        """Tell what was looked for."""
        super().__init__(f"no {kind} {name!r}")
        self.kind = kind
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """An integration runtime: its definition, its status, and the load of its nodes."""

    definition: Json
    status: Json
    load: Json = field(default_factory=dict[str, Any])


@dataclass(slots=True, kw_only=True)
class DataFactory:
    """One factory: what is published in it, and every run it remembers."""

    name: str
    resource_group: str
    location: str = "westeurope"
    created: datetime = datetime(2023, 5, 9, 8, 30, tzinfo=UTC)
    pipelines: Mapping[str, Json] = field(default_factory=dict[str, Json])
    triggers: Mapping[str, Json] = field(default_factory=dict[str, Json])
    runtimes: Mapping[str, Runtime] = field(default_factory=dict[str, Runtime])
    datasets: Mapping[str, Json] = field(default_factory=dict[str, Json])
    data_flows: Mapping[str, Json] = field(default_factory=dict[str, Json])
    linked_services: Mapping[str, Json] = field(default_factory=dict[str, Json])
    captures: Mapping[str, Json] = field(default_factory=dict[str, Json])
    feed: Feed | None = None
    other_firings: OtherFirings | None = None
    # A world file may tell of calls to pipelines that it does not describe.
    has_undescribed_pipelines: bool = False
    cause_stands: CauseStands = lambda run, now: False
    on_trigger_started: Callable[[str, datetime], None] = lambda name, now: None
    on_run_moved: Callable[[SimulatedRun, SimulatedRun], None] = lambda old, new: None
    trigger_states: TriggerStates = field(default_factory=TriggerStates)
    log: Sequence[LogEntry] = ()
    health: Sequence[Json] = ({"availabilityState": "Available", "summary": _WELL},)
    service_events: Sequence[Json] = ()
    _remembered: RunIndex = field(default_factory=RunIndex)
    _changed: set[str] = field(default_factory=set[str])
    _answers: FIFOCache[PagedQuery, Sequence[SimulatedRun]] = field(
        default_factory=lambda: FIFOCache(KEPT_ANSWERS)
    )

    def add(self, planned: PlannedRun) -> None:
        """Remember a run."""
        self._remembered.add(planned)
        self._answers.clear()

    def planned(self, run_id: str, now: datetime) -> PlannedRun:
        """The plan of a run that there is at that moment; UnknownResource else."""
        run = self.get_run(run_id, now)
        planned = self._remembered.get(run.run_id)
        assert planned is not None  # noqa: S101 - it was just seen
        return planned

    def plans_of(self, pipeline: str, now: datetime) -> list[PlannedRun]:
        """The plans of a pipeline's runs that there are at a moment, the newest first."""
        self._advance(now)
        mine = [one for one in self._remembered.plans() if one.run.pipeline == pipeline]
        begun = [one for one in mine if one.run.queued_at <= now]
        return sorted(begun, key=lambda one: one.run.queued_at, reverse=True)

    def change(self, planned: PlannedRun, now: datetime) -> None:
        """Let a run end otherwise than it was planned; what it would yet call is not called."""
        self._forget_calls(planned.run.run_id, now)
        self.move(planned)

    def move(self, planned: PlannedRun) -> None:
        """Let a run be at another time than it was planned."""
        known = self._remembered.get(planned.run.run_id)
        self._changed.add(planned.run.run_id)
        self.add(planned)
        if known:
            self.on_run_moved(known.run, planned.run)

    def _forget_calls(self, run_id: str, now: datetime) -> None:
        for one in self._remembered.plans():
            if one.run.invoked_by.run_id == run_id and one.run.queued_at > now:
                self._remembered.remove(one.run.run_id)
                self._forget_calls(one.run.run_id, now)

    def replace_latest(self, group_id: str, run_id: str) -> None:
        """Of the runs of a recovery group, only this one is the latest from now on."""
        for one in self._remembered.plans():
            if one.run.group_id == group_id and one.run.is_latest and one.run.run_id != run_id:
                self.add(replace(one, run=replace(one.run, is_latest=False)))

    def set_trigger_state(self, name: str, state: str, now: datetime) -> None:
        """Start or stop a trigger: from now on its definition says so, and it fires or does not."""
        known = self.triggers[name]
        if known.get("runtimeState") == state:
            return
        self._advance(now)
        self.triggers = {**self.triggers, name: {**known, "runtimeState": state}}
        self.trigger_states.change(name, state, now)
        if state == STARTED:
            self.on_trigger_started(name, now)

    def runtime_away_since(self, name: str, at: datetime) -> datetime | None:
        """Since when a self-hosted runtime does not answer; None while it does."""
        runtime = self.runtimes.get(name)
        if runtime is None or runtime.status.get("state") != "Offline":
            return None
        nodes = runtime.status.get("typeProperties", {}).get("nodes", ())
        times = [read_time(node.get("lastConnectTime")) for node in nodes]
        return max((one for one in times if one), default=at)

    def query_runs(self, query: RunQuery, now: datetime, size: int) -> Page[SimulatedRun]:
        """One page of the pipeline runs that fit the query."""
        self._advance(now)
        asked = resume(query, self.name, now)
        return page_of(self._found(asked), asked, size)

    def get_run(self, run_id: str, now: datetime) -> SimulatedRun:
        """One run by its id; NotFound for one unknown, not begun or too old."""
        self._advance(now)
        planned = self._remembered.get(run_id)
        run = planned.seen_at(now) if planned else None
        if run is None or not is_kept(run, now):
            raise UnknownResource("pipeline run", run_id)
        return run

    def query_activity_runs(
        self, run_id: str, query: RunQuery, now: datetime, size: int
    ) -> Page[SimulatedActivityRun]:
        """One page of a run's activity runs that fit the query."""
        run = self.get_run(run_id, now)
        asked = resume(query, f"{self.name}/{run.run_id}", now)
        planned = self._remembered.get(run_id)
        rows = planned.activities_at(asked.as_of) if planned else ()
        return page_of(matching(rows, ACTIVITY_OPERANDS, asked.query), asked, size)

    def query_trigger_runs(
        self, query: RunQuery, now: datetime, size: int
    ) -> Page[SimulatedTriggerRun]:
        """One page of the trigger runs that fit the query."""
        self._advance(now)
        paged = resume(query, f"{self.name}/triggers", now)
        after, before = query.after, min(query.before, paged.as_of)
        started = self._remembered.seen(after, paged.as_of, paged.as_of)
        known = [firing_of(run) for run in started if run.invoked_by.name in self.triggers]
        known = merged(one for one in known if after <= one.fired_at <= before)
        others = self.other_firings(after, before, known) if self.other_firings else ()
        fired = [one for one in others if self.trigger_states.lets(one.trigger, one.fired_at)]
        rows = matching([*known, *fired], TRIGGER_RUN_OPERANDS, paged.query)
        return page_of(rows, paged, size)

    def _found(self, asked: PagedQuery) -> Sequence[SimulatedRun]:
        """What an answer is paged from; the pages of one answer share it."""
        whole = replace(asked, offset=0)
        found = self._answers.get(whole)
        if found is None:
            query = asked.query
            seen = self._remembered.seen(query.after, query.before, asked.as_of)
            found = matching(seen, RUN_OPERANDS, query)
            self._answers[whole] = found
        return found

    def _advance(self, now: datetime) -> None:
        for planned in self.feed(now) if self.feed else ():
            is_changed = planned.run.run_id in self._changed
            if not is_changed and self.trigger_states.lets_run(planned.run):
                self.add(planned)
        self._remembered.advance(now)


@dataclass(slots=True, kw_only=True)
class State:
    """All factories of a simulator and the clock they live by."""

    clock: Clock
    factories: tuple[DataFactory, ...]
    page_size: int = PAGE_SIZE

    def get_factory(self, resource_group: str, name: str) -> DataFactory:
        """A factory by resource group and name, in any case; NotFound says which is missing."""
        group = resource_group.lower()
        grouped = [one for one in self.factories if one.resource_group.lower() == group]
        if not grouped:
            raise UnknownResource("resource group", resource_group)
        for one in grouped:
            if one.name.lower() == name.lower():
                return one
        raise UnknownResource("factory", name)


def named(things: Mapping[str, Any], kind: str, name: str) -> str:
    """The key of a thing as it is written, looked up in any case; NotFound for an unknown one."""
    found = next((key for key in things if key.lower() == name.lower()), None)
    if found is None:
        raise UnknownResource(kind, name)
    return found
