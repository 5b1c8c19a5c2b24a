"""How the activities of a factory went lately: their time, their rows, their items, their runtime.

A new run goes as the runs before it did, whatever kind of factory they come from.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep
from adf.simulator.gitfolder.execution.typical_durations import TypicalDurations
from adf.simulator.runs import SUCCEEDED, Json, RuntimeUsed, SimulatedActivityRun
from adf.simulator.state import DataFactory

_LOOKED_AT = 12
_LONGEST = 6 * 3600.0


class PastRuns:
    """The newest runs of each pipeline of a factory, as seen at a moment."""

    def __init__(self, factory: DataFactory, now: datetime) -> None:
        """Look at nothing before it is needed."""
        self._factory = factory
        self._now = now
        self._rows: dict[str, tuple[SimulatedActivityRun, ...]] = {}

    def rows(self, pipeline: str) -> tuple[SimulatedActivityRun, ...]:
        """The activity runs of its newest runs, the newest run first."""
        if pipeline not in self._rows:
            plans = self._factory.plans_of(pipeline, self._now)[:_LOOKED_AT]
            self._rows[pipeline] = tuple(
                row for planned in plans for row in planned.activities_at(self._now)
            )
        return self._rows[pipeline]

    def usual(self, pipeline: str, step: GraphStep) -> TypicalDurations:
        """How an activity goes: as when it last went well, else as its kind does."""
        mine = [row for row in self.rows(pipeline) if row.name == step.name]
        good = next((row for row in mine if row.status == SUCCEEDED and row.end), None)
        items = _items(self.rows(pipeline), step) if step.branches else ()
        known = step.usual
        return TypicalDurations(
            seconds=_seconds(good) if good else known.seconds,
            rows=_copied(good.output) if good else known.rows,
            items=items or known.items,
            rounds=known.rounds,
            lean=known.lean,
        )

    def runtime(self, pipeline: str, step: GraphStep) -> RuntimeUsed:
        """Where an activity ran last, else where its definition sends it."""
        used = (row.runtime for row in self.rows(pipeline) if row.name == step.name and row.runtime)
        return next(used, step.runtime)


def _seconds(row: SimulatedActivityRun) -> float:
    began = row.start or row.since
    return min(max(((row.end or began) - began).total_seconds(), 0.5), _LONGEST)


def _copied(output: Json) -> int:
    count: object = output.get("rowsCopied")
    return count if isinstance(count, int) else 0


def _items(rows: Sequence[SimulatedActivityRun], loop: GraphStep) -> tuple[Any, ...]:
    """The items that the newest run of a loop worked on."""
    inner = {one.name for one in _inside(loop)}
    run_id = next((row.run_id for row in rows if row.name in inner), None)
    mine = [row for row in rows if row.run_id == run_id and row.name in inner]
    named = (row.item or row.properties.get("item") for row in mine)
    found = tuple(dict.fromkeys(name for name in named if name))
    return found or tuple(dict.fromkeys(row.iteration for row in mine if row.iteration))


def _inside(step: GraphStep) -> Iterator[GraphStep]:
    for branch in step.branches.values():
        for one in branch:
            yield one
            yield from _inside(one)
