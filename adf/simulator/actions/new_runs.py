"""Starts a run that somebody asked for: a new one, or one that repeats an earlier run in part.

It is executed at once in simulated time, with all the runs it calls; the clock shows how far it is.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from adf.simulator.actions.causes import StandingCause, standing_cause
from adf.simulator.actions.past_runs import PastRuns
from adf.simulator.actions.published import PublishedPipelines, all_steps
from adf.simulator.actions.recovery import recovery_of
from adf.simulator.gitfolder.execution.activity_run_rows import rows_of
from adf.simulator.gitfolder.execution.error_texts import offline, outer_code
from adf.simulator.gitfolder.execution.pipeline_execution import PipelineExecution
from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep, PipelineGraph
from adf.simulator.gitfolder.execution.results import PartialRerun, PipelineStart, PlayedRun
from adf.simulator.gitfolder.execution.seeded_random import SeededRandom, id_of
from adf.simulator.gitfolder.expressions.values import OPAQUE
from adf.simulator.runs import (
    PlannedInvoker,
    PlannedRun,
    SimulatedActivityRun,
    SimulatedError,
    SimulatedRun,
)
from adf.simulator.state import DataFactory, UnknownResource, named

_SEED = 0
_MOST_STEPS = 3000
_DEEPEST = 24
_SECOND = timedelta(seconds=1)
# Behind a run of which nothing tells when it ends.
_OPEN_END = timedelta(days=30)
_NOT_FOUND = "The workflow parameter '{}' is not found"


class UnknownActivity(Exception):
    """A rerun was to begin at an activity that the pipeline does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What createRun was given; with `reference`, the run of that id is repeated."""

    pipeline: str
    run_id: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    reference: str | None = None
    recovers: bool = False
    start_activity: str | None = None
    from_failure: bool = False


def start_run(factory: DataFactory, request: RunRequest, now: datetime) -> str:
    """Start it and say under which id; UnknownResource or UnknownActivity where it can not be."""
    starter = _RunStarter(factory, named(factory.pipelines, "pipeline", request.pipeline), now)
    return starter.start(request)


def begin_queued(
    factory: DataFactory, queued: SimulatedRun, begins: datetime, now: datetime
) -> datetime:
    """Let a run begin of which only is known that it waits; when it ends."""
    starter = _RunStarter(factory, queued.pipeline, now)
    return starter.begin(queued, begins)


class _RunStarter:
    """Executes the run of one request (a FactoryContext) and puts it into the factory."""

    def __init__(self, factory: DataFactory, pipeline: str, now: datetime) -> None:
        self._factory = factory
        self._now = now
        self._past = PastRuns(factory, now)
        self._published = PublishedPipelines(factory, self._past)
        graph = self._published.get(pipeline)
        if graph is None:
            raise LookupError(f"no pipeline {pipeline} is published")
        self._graph = graph
        self._cause: StandingCause | None = None
        self._missing: str | None = None
        self._steps_left = _MOST_STEPS
        self._played: list[PlayedRun] = []

    def start(self, request: RunRequest) -> str:
        earlier = self._earlier(request)
        run_id = self._free_id(request.run_id)
        self._cause = standing_cause(self._factory, self._published, self._graph, self._now)
        self._missing = self._missing_parameter(request.parameters)
        start = PipelineStart(
            pipeline=self._graph.name,
            run_id=run_id,
            due=self._now,
            invoked_by=PlannedInvoker(),
            group_id=earlier.group_id if earlier and request.recovers else "",
            parameters=self._known(request.parameters),
            breaks=self._cause.path if self._cause else (),
            recovery=self._recovery(request, earlier),
        )
        self._execute(self._graph, start, self._begins())
        for played in self._played:
            self._factory.add(_planned(played, earlier if played.run.run_id == run_id else None))
        if earlier and request.recovers:
            self._factory.replace_latest(earlier.group_id, run_id)
        return run_id

    def begin(self, queued: SimulatedRun, begins: datetime) -> datetime:
        start = PipelineStart(
            pipeline=queued.pipeline,
            run_id=queued.run_id,
            due=queued.queued_at,
            invoked_by=queued.invoked_by,
            group_id=queued.group_id,
        )
        run = self._execute(self._graph, start, begins)
        for played in self._played:
            self._factory.add(_planned(played, queued if played.run is run else None))
        return run.end or begins

    def chance(self, *words: object) -> SeededRandom:
        return SeededRandom(_SEED, *words)

    def id_of(self, *words: object) -> str:
        return id_of(_SEED, *words)

    def call(self, start: PipelineStart) -> SimulatedRun | None:
        graph = self._published.get(start.pipeline)
        if graph is None or len(start.callers) > _DEEPEST or self._steps_left < 0:
            return None
        return self._execute(graph, start, start.due + _SECOND)

    def take_step(self) -> bool:
        self._steps_left -= 1
        return self._steps_left >= 0

    def failure_at(self, step: GraphStep, at: datetime) -> SimulatedError | None:
        if self._missing and any(step is one for one in all_steps(self._graph.steps)):
            text = _NOT_FOUND.format(self._missing)
            return SimulatedError(code=outer_code(step.kind), message=text)
        away = self._factory.runtime_away_since(step.runtime.name, at)
        return offline(step.kind, step.runtime.name, away) if away else None

    def error_for(self, pipeline: str, step: GraphStep, dice: SeededRandom) -> SimulatedError:
        del pipeline, dice
        known = self._cause.error if self._cause else None
        return known or SimulatedError(code=outer_code(step.kind), message="It failed again.")

    def _execute(
        self, graph: PipelineGraph, start: PipelineStart, begins: datetime
    ) -> SimulatedRun:
        played = PipelineExecution(self, graph, start, begins).play()
        self._played.append(played)
        return played.run

    def _earlier(self, request: RunRequest) -> SimulatedRun | None:
        if request.reference is None:
            return None
        return self._factory.get_run(request.reference, self._now)

    def _recovery(self, request: RunRequest, earlier: SimulatedRun | None) -> PartialRerun | None:
        """None for a run from the beginning."""
        if earlier is None or not (request.start_activity or request.from_failure):
            return None
        names = {step.name for step in self._graph.steps}
        if request.start_activity and request.start_activity not in names:
            raise UnknownActivity(request.start_activity)
        rows = self._rows(earlier.run_id)
        return recovery_of(self._graph, rows, request.start_activity, self._rows)

    def _rows(self, run_id: str) -> tuple[SimulatedActivityRun, ...]:
        try:
            return self._factory.planned(run_id, self._now).activities_at(self._now)
        except UnknownResource:
            return ()

    def _missing_parameter(self, given: Mapping[str, Any]) -> str | None:
        declared = self._graph.parameters
        return next((n for n, one in declared.items() if one is OPAQUE and n not in given), None)

    def _known(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a run was given; an empty text stands for what the simulator never knew."""
        declared = self._graph.parameters
        unknown = {n for n, one in given.items() if one == "" and declared.get(n) is OPAQUE}
        return {name: OPAQUE if name in unknown else one for name, one in given.items()}

    def _free_id(self, wanted: str) -> str:
        """The id that was asked for, unless there is such a run: then two requests are two runs."""
        try:
            self._factory.get_run(wanted, self._now)
        except UnknownResource:
            return wanted
        return str(uuid.uuid4())

    def _begins(self) -> datetime:
        """Now, or when as many runs as are allowed at a time have made room."""
        limit = self._graph.concurrency
        plans = self._factory.plans_of(self._graph.name, self._now)
        ends = [one.run.end or self._now + _OPEN_END for one in plans if one.is_active(self._now)]
        if limit is None or len(ends) < limit:
            return self._now
        return sorted(ends)[-limit] + _SECOND


def _planned(played: PlayedRun, earlier: SimulatedRun | None) -> PlannedRun:
    """A played run as a plan; a repeated run's parameters are those of the run before it."""
    given = {**earlier.parameters, **_given(played)} if earlier else played.run.parameters
    return PlannedRun(run=replace(played.run, parameters=given), activities=rows_of(played))


def _given(played: PlayedRun) -> dict[str, str]:
    return {name: text for name, text in played.run.parameters.items() if text}
