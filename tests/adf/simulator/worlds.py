"""Small worlds made up for a test, and the questions asked of them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adf.simulator import DataFactory, State, make_world
from adf.simulator.arm.run_queries import RunQuery
from adf.simulator.runs import SimulatedActivityRun, SimulatedRun

WORLD = Path(__file__).parents[2] / "data" / "world.json"
NOW = datetime(2031, 8, 20, 5, 0, tzinfo=UTC)
ALWAYS = RunQuery(after=NOW - timedelta(days=9999), before=NOW + timedelta(days=9999))


def world(**sections: Mapping[str, Any]) -> State:
    """A world of one factory, `adf-lab`, with these sections."""
    document = {
        "now_utc": NOW.isoformat(),
        "default_factory": "adf-lab",
        "factories": {"adf-lab": {"rg": "rg-lab"}},
        **sections,
    }
    return make_world(document)


def run(pipeline: str, status: str, start: str | None, end: str | None, **more: Any) -> Any:  # noqa: ANN401
    """A run as a world file tells it; times are of 20 August."""
    day = "2031-08-20T"
    return {
        "pipeline": pipeline,
        "status": status,
        "start": day + start + "Z" if start else None,
        "end": day + end + "Z" if end else None,
        "message": "",
        "invoked_by": "schedule",
        "parent": None,
        **more,
    }


def runs_of(state: State) -> dict[str, SimulatedRun]:
    """Every run of every factory by its id."""
    now = state.clock()
    pages = (factory.query_runs(ALWAYS, now, 10_000) for factory in state.factories)
    return {one.run_id: one for page in pages for one in page.rows}


def steps_of_run(state: State, run_id: str) -> tuple[SimulatedActivityRun, ...]:
    """The activity runs of a run."""
    now = state.clock()
    owner = next(f for f in state.factories if run_id in {r.run_id for r in all_of(f, now)})
    return owner.query_activity_runs(run_id, ALWAYS, now, 10_000).rows


def all_of(factory: DataFactory, now: datetime) -> tuple[SimulatedRun, ...]:
    """Every run of a factory."""
    return factory.query_runs(ALWAYS, now, 10_000).rows
