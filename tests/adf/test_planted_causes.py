"""Of generated trees of runs, exactly the planted cause is found, however deep and however noisy.

Seven levels of child pipelines, loops of up to fifty items, conditions; failures that a failure
path handled before, and others that broke beside it afterwards.
"""

import random
from typing import Any

import pytest

from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import PARENT, definition, report, wire_activity, wire_run

DEEPEST = 7
MOST_ITEMS = 50
_INNER = "Activity failed because an inner activity failed"
_WRAPPERS = ("", "ForEach", "IfCondition", "Until", "ForEach")


def at(minute: int, second: int = 0) -> str:
    return f"2026-05-02T05:{minute:02}:{second:02}Z"


class Tree:
    """Runs with one planted cause at the bottom; `path` is the way down to it."""

    def __init__(self, seed: int) -> None:
        self.wire = FakeWire()
        self.path: list[tuple[str, str]] = []
        self.error = f"the planted error of {seed}"
        self.failed_items = 0
        self._dice = random.Random(seed)
        depth = self._dice.randint(1, DEEPEST)
        self.message = self._level(PARENT, "Nightly", depth)

    def _level(self, run_id: str, pipeline: str, left: int) -> str:
        """One run with its rows and its definition; returns the message of the run."""
        dice, place = self._dice, len(self.path)
        core, is_leaf = f"Core_{place}", left == 1
        wrapper = dice.choice(_WRAPPERS)
        outer = f"{wrapper}_{place}" if wrapper else core
        self.path += [(pipeline, outer)] + ([(pipeline, core)] if wrapper else [])
        child = f"{place + 1:08x}-0000-4000-8000-000000000000"
        inside = self.error if is_leaf else self._level(child, f"Child_{place}", left - 1)
        says_inner = f"{_INNER}; Inner activity name: {core}, Error: {inside}"
        message = dice.choice((says_inner, _INNER)) if wrapper else inside
        rows: list[Json] = [*self._handled(place), *self._fine(place)]
        rows += self._core(core, wrapper, is_leaf=is_leaf, child=child, inside=inside)
        if wrapper:
            error = {"errorCode": "BadRequest", "message": message}
            rows.append(wire_activity(outer, wrapper, activityRunEnd=at(12), error=error))
        rows += self._beside(place)
        dice.shuffle(rows)
        self.wire.activity_pages[run_id] = [rows]
        self.wire.pipelines[pipeline] = self._definition(pipeline, outer, core, wrapper)
        whole = f"Operation on target {outer} failed: {message}"
        if run_id != PARENT:
            self.wire.runs[run_id] = wire_run(run_id, pipeline, whole)
        return whole

    def _core(
        self, core: str, wrapper: str, *, is_leaf: bool, child: str, inside: str
    ) -> list[Json]:
        """The activity that broke, once or as one item of a loop."""
        kind = "Copy" if is_leaf else "ExecutePipeline"
        broken: dict[str, Any] = {
            "activityRunEnd": at(10),
            "error": {"errorCode": "2200", "message": inside, "failureType": "UserError"},
            **({} if is_leaf else {"output": {"pipelineRunId": child}}),
        }
        if wrapper != "ForEach":
            return [wire_activity(core, kind, **broken)]
        items = self._dice.randint(1, MOST_ITEMS)
        planted = self._dice.randrange(items)
        return self._tried(core, items) + [
            wire_activity(core, kind, iterationHash=f"h{number}", **broken)
            if number == planted
            else wire_activity(core, kind, "Succeeded", iterationHash=f"h{number}")
            for number in range(items)
        ]

    def _tried(self, core: str, items: int) -> list[Json]:
        """In some items something broke earlier, and what comes after it put that right."""
        tried = [number for number in range(items) if self._dice.random() < 0.2]
        broken = {"activityRunEnd": at(3)}
        return [
            row
            for number in tried
            for row in (
                wire_activity(f"Try_{core}", iterationHash=f"h{number}", **broken),
                wire_activity(f"Fix_{core}", status="Succeeded", iterationHash=f"h{number}"),
            )
        ]

    def _handled(self, place: int) -> list[Json]:
        """Failures before it, which a failure path took care of."""
        return [
            wire_activity(f"Handled_{place}_{number}", activityRunEnd=at(2, number))
            for number in range(self._dice.randint(0, 2))
        ]

    def _fine(self, place: int) -> list[Json]:
        return [
            wire_activity(f"Fine_{place}_{number}", status="Succeeded")
            for number in range(self._dice.randint(0, 5))
        ]

    def _beside(self, place: int) -> list[Json]:
        """Failures after it in parallel branches, which the run's message does not name."""
        return [
            wire_activity(f"Beside_{place}_{number}", activityRunEnd=at(14, number))
            for number in range(self._dice.randint(0, 2))
        ]

    def _definition(self, pipeline: str, outer: str, core: str, wrapper: str) -> Json:
        inner = {"name": core, "type": "Copy"}
        if not wrapper:
            return definition(pipeline, inner)
        key = "ifTrueActivities" if wrapper == "IfCondition" else "activities"
        after = [{"activity": f"Try_{core}", "dependencyConditions": ["Failed"]}]
        within = [
            {"name": f"Try_{core}", "type": "Copy"},
            {"name": f"Fix_{core}", "type": "Copy", "dependsOn": after},
            inner,
        ]
        return definition(
            pipeline, {"name": outer, "type": wrapper, "typeProperties": {key: within}}
        )


@pytest.mark.parametrize(
    "seeds", [range(60), pytest.param(range(60, 3000), marks=pytest.mark.prove)]
)
async def test_exactly_the_planted_cause_is_found(seeds: range) -> None:
    for seed in seeds:
        tree = Tree(seed)
        cause = (await report(tree.wire, tree.message)).cause
        assert cause is not None
        assert [(one.pipeline, one.activity) for one in cause.path] == tree.path, seed
        assert cause.error.message == tree.error, seed
        assert [one.name for one in cause.failed] == [tree.path[-1][1]], seed
