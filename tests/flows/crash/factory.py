"""A factory where a run breaks or ends well when a test says so."""

import uuid
from datetime import datetime, timedelta

from adf.simulator import DataFactory, State
from adf.simulator.clock import Clock, wall_clock
from adf.simulator.runs import FAILED, SUCCEEDED, PlannedInvoker, SimulatedRun
from adf.simulator.world.activity_runs import plan_run
from adf.simulator.world.definitions import pipeline_properties, shapes_of
from adf.simulator.world.run_specs import ActivitySpec, RunSpec, StepSpec

NAME, GROUP = "adf-night", "rg-night"
LOAD, CLOSE = "Orders_Load", "Billing_Close"
COPIED = "Copy_Orders"
# What must never be kept: an error with a row in it, a parameter, and how many rows there were.
SECRET_WORDS = "Cannot insert row 4711 of Anna Example: violation of PRIMARY KEY PK_Orders"
SECRET_PARAMETER = "Customer-Anna-4711"
SECRET_ROWS = 987_654_321
_MINUTE = timedelta(minutes=1)


class Factory:
    """One factory with two pipelines: one that broke an hour ago, one that will."""

    def __init__(self, words: str = SECRET_WORDS, clock: Clock = wall_clock) -> None:
        self.words = words
        self._clock = clock
        past = _spec(CLOSE, FAILED, clock() - 60 * _MINUTE)
        well = _spec(LOAD, SUCCEEDED, clock() - 90 * _MINUTE)
        self._factory = DataFactory(
            name=NAME,
            resource_group=GROUP,
            pipelines={
                one.run.pipeline: pipeline_properties(shapes_of([one])) for one in (past, well)
            },
        )
        self.state = State(clock=clock, factories=(self._factory,))
        for one in (past, well):
            self._factory.add(plan_run(one))

    def breaks(self, pipeline: str = LOAD) -> str:
        """A run breaks now; returns its id."""
        return self._end(FAILED, pipeline)

    def is_well(self, pipeline: str = LOAD) -> str:
        """A run that began now has ended well; returns its id."""
        return self._end(SUCCEEDED, pipeline)

    def hangs(self) -> str:
        """A run has been at work for an hour and a half, and still is; returns its id."""
        now = self._clock()
        spec = _spec(LOAD, SUCCEEDED, now + 1440 * _MINUTE, start=now - 90 * _MINUTE)
        self._factory.add(plan_run(spec))
        return spec.run.run_id

    def is_through(self, run_id: str) -> None:
        """That run has ended well by now."""
        now = self._clock()
        spec = _spec(LOAD, SUCCEEDED, now, start=now - 90 * _MINUTE, run_id=run_id)
        self._factory.add(plan_run(spec))

    def _end(self, status: str, pipeline: str) -> str:
        spec = _spec(pipeline, status, self._clock(), words=self.words)
        self._factory.add(plan_run(spec))
        return spec.run.run_id


def _spec(
    pipeline: str,
    status: str,
    end: datetime,
    start: datetime | None = None,
    run_id: str | None = None,
    words: str = SECRET_WORDS,
) -> RunSpec:
    """A run of one copy that ended so."""
    is_broken = status == FAILED
    run_id = run_id or str(uuid.uuid4())
    start = start or (end - _MINUTE if is_broken else end - timedelta(milliseconds=1))
    copy = ActivitySpec(
        name=COPIED,
        kind="Copy",
        status=status,
        start=start,
        end=end,
        error=words if is_broken else "",
        error_code="2200" if is_broken else "",
        measures={"rowsRead": SECRET_ROWS, "rowsCopied": SECRET_ROWS},
    )
    run = SimulatedRun(
        run_id=run_id,
        pipeline=pipeline,
        status=status,
        queued_at=start,
        group_id=run_id,
        start=start,
        end=end,
        message=f"Operation on target {COPIED} failed: {words}" if is_broken else "",
        invoked_by=PlannedInvoker(name="trg_night", kind="ScheduleTrigger"),
        parameters={"customer": SECRET_PARAMETER},
    )
    return RunSpec(run=run, until=end, steps=(StepSpec(spec=copy),))
