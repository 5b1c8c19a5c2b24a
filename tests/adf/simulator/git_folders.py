"""Git folders written for a test, and the questions asked of the factories made from them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adf.simulator import DataFactory, State
from adf.simulator.arm.run_queries import RunQuery
from adf.simulator.gitfolder.execution.error_texts import ErrorWords, read_errors
from adf.simulator.gitfolder.execution.outages import Outages
from adf.simulator.gitfolder.execution.pipeline_graph import read_blueprints
from adf.simulator.gitfolder.execution.results import PipelineStart, PlayedRun
from adf.simulator.gitfolder.execution.run_simulator import RunSimulator
from adf.simulator.gitfolder.folder import read_folder
from adf.simulator.runs import PlannedInvoker, SimulatedRun

Json = Mapping[str, Any]
NOTHING: list[str] = []
After = str | tuple[str, str] | list[str]

FACTORIES = Path(__file__).parents[2] / "data" / "factories"
SYNAPSE, PROCFWK = FACTORIES / "odw-synapse", FACTORIES / "procfwk"
NOON = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)


def step(name: str, kind: str = "Copy", after: After = NOTHING, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """An activity; `after` names those it waits for, with a condition other than Succeeded."""
    depends = [{"activity": one, "dependencyConditions": [how]} for one, how in _waits(after)]
    known = {key: more.pop(key) for key in ("policy", "state", "onInactiveMarkAs") if key in more}
    tags = more.pop("userProperties", [])
    return {
        "name": name,
        "type": kind,
        "dependsOn": depends,
        "userProperties": tags,
        "typeProperties": more,
        **known,
    }


def calling(name: str, pipeline: object, after: After = NOTHING, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """An activity that starts another pipeline."""
    reference = {"referenceName": pipeline, "type": "PipelineReference"}
    return step(name, "ExecutePipeline", after, **{"pipeline": reference, **more})


def expression(text: str) -> dict[str, str]:
    """A property that is an expression."""
    return {"value": text, "type": "Expression"}


def pipeline(*steps: Json, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The properties of a pipeline."""
    return {"activities": list(steps), "annotations": [], **more}


def write_folder(place: Path, **kinds: Mapping[str, Json]) -> Path:
    """Write resources as a Git folder has them, one file each."""
    for kind, resources in kinds.items():
        (place / kind).mkdir(parents=True, exist_ok=True)
        for name, properties in resources.items():
            document = {"name": name, "properties": properties}
            file = place / kind / f"{name}.json"
            file.write_text(json.dumps(document), encoding="utf-8")
    return place


def simulator_of(place: Path, seed: int = 1) -> RunSimulator:
    """A folder's pipelines, ready to be played."""
    folder = read_folder(place)
    words = ErrorWords(read_errors(), seed)
    return RunSimulator(read_blueprints(folder, seed), words, Outages({}, seed), seed)


def start_of(name: str, *breaks: str, **parameters: Any) -> PipelineStart:  # noqa: ANN401
    """A start of a pipeline at noon, which breaks at the step that these names lead to."""
    return PipelineStart(
        pipeline=name,
        run_id="root",
        due=NOON,
        invoked_by=PlannedInvoker(),
        breaks=breaks,
        parameters=parameters,
    )


def statuses(played: PlayedRun) -> dict[str, str]:
    """How each step of a run ended; the last of its executions counts."""
    return {done.step.name: done.status for done in played.steps}


def all_runs(state: State, now: datetime) -> tuple[SimulatedRun, ...]:
    """Every run there is by a moment."""
    (factory,) = state.factories
    query = RunQuery(after=now - timedelta(days=40), before=now + timedelta(days=1))
    return factory.query_runs(query, now, 1_000_000).rows


def rows_of(factory: DataFactory, run: SimulatedRun, now: datetime) -> Sequence[Any]:
    """The activity runs of a run."""
    query = RunQuery(after=now - timedelta(days=40), before=now + timedelta(days=1))
    return factory.query_activity_runs(run.run_id, query, now, 1_000_000).rows


def _waits(after: After) -> list[tuple[str, str]]:
    if isinstance(after, tuple):
        return [after]
    names = [after] if isinstance(after, str) else after
    return [(name, "Succeeded") for name in names]
