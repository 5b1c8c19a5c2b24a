"""Git folders as a seed writes them: well formed, odd, and such as no factory would publish."""

import random
from collections.abc import Mapping
from typing import Any

from tests.adf.simulator.git_folders import calling, expression, pipeline, step

Json = Mapping[str, Any]

STATES = ("Started", "Started", "Started", "Stopped", "Disabled", None)
FREQUENCIES: tuple[Any, ...] = (
    "Minute",
    "Hour",
    "Day",
    "Week",
    "Month",
    "Year",
    "Second",
    "never",
    "",
    None,
    7,
)
INTERVALS: tuple[Any, ...] = (
    1,
    1,
    1,
    5,
    15,
    24,
    1000,
    0,
    -3,
    10**12,
    "2",
    "two",
    None,
    1.5,
    [],
    True,
)
STARTS: tuple[Any, ...] = (
    *("2026-01-01T00:00:00Z", "2026-05-04T06:30:00", "0001-01-01T00:00:00Z"),
    *("9999-12-31T23:59:59Z", "2030-02-29T00:00:00Z", "2024-02-29T12:00:00+14:00"),
    *("1970-01-01", "", "soon", None, 12),
)
ENDS: tuple[Any, ...] = (
    None,
    None,
    None,
    "2020-01-01T00:00:00Z",
    "2027-01-01T00:00:00Z",
    "0001-01-01",
    "x",
    3,
)
ZONES: tuple[Any, ...] = (
    None,
    "UTC",
    "W. Europe Standard Time",
    "Nowhere/None",
    "",
    "../etc/passwd",
    4,
)
NUMBERS: tuple[Any, ...] = (
    [],
    [0],
    [5, 35],
    [25, -1, 61],
    ["6"],
    "6",
    [None],
    list(range(60)),
    {},
    [10**30],
)
DAYS: tuple[Any, ...] = ([], ["Monday"], ["Monday", "Sunday"], ["Someday"], "Friday", [3])
MONTH_DAYS: tuple[Any, ...] = ([], [1], [31], [-1], [0], [99], ["last"], [29, 30, 31])
OCCURRENCES: tuple[Any, ...] = (
    *([], [{"day": "Friday", "occurrence": -1}], [{"day": "Monday", "occurrence": 99}]),
    *([{}], [None], "first", [{"day": 4, "occurrence": "x"}]),
)
SPANS: tuple[Any, ...] = (
    "00:00:00",
    "1.00:00:00",
    "-365.00:00:00",
    "3650000.00:00:00",
    "a:b:c",
    "::",
    5,
    None,
)
COUNTS: tuple[Any, ...] = (0, 3, 10**9, -1, "3", None, 2.5)
KINDS = (
    *("Copy", "Lookup", "Wait", "SetVariable", "Fail", "ExecuteDataFlow", "Filter", "WebHook"),
    *("QuantumAnnealing", "", "ForEach", "Until", "Switch", "IfCondition", "ExecutePipeline"),
)
EXPRESSIONS = (
    *("@true", "@pipeline().parameters.missing", "@range(0, 2000000000)", "@", "@@", "@{"),
    *("@concat(" * 900 + "'a'" + ")" * 900, "@{" + "''" * 60, "@item().x?.y[0", "@utcnow('f')"),
    *("@createArray(1, 2, 3)", "@activity('none').output", "@sub(1)", "@add(9, '9')", "plain"),
    *("@addDays(utcnow(), 999999999999)", "@equals(1, 2)", "@split('a', '')", "@not(not(true))"),
)


class FolderMaker:
    """Writes one folder; the same seed always writes the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._names = [f"Pipeline {number}" for number in range(self._random.randint(1, 7))]

    def folder(self) -> dict[str, Mapping[str, Json]]:
        """The resources of a folder by kind and name."""
        triggers = {f"Trigger {n}": self._trigger() for n in range(self._random.randint(1, 9))}
        pipelines = {name: self._pipeline() for name in self._names}
        return {"pipeline": pipelines, "trigger": triggers, **self._others()}

    def _one(self, things: Any) -> Any:  # noqa: ANN401
        return self._random.choice(things)

    def _hits(self, chance: float) -> bool:
        return self._random.random() < chance

    def _name(self) -> Any:  # noqa: ANN401
        return self._one([*self._names, *self._names, "Gone", None, "@pipeline().Pipeline"])

    def _trigger(self) -> Json:
        kinds = (self._schedule, self._schedule, self._schedule, self._tumbling, self._event)
        trigger = self._one(kinds)()
        if self._hits(0.1):
            trigger["typeProperties"] = self._one((None, [], "text", {}, {"recurrence": "daily"}))
        return {**trigger, "runtimeState": self._one(STATES)}

    def _references(self) -> Any:  # noqa: ANN401
        if self._hits(0.25):
            return self._one(([], None, "all", [None], [{}], {}))
        return [self._reference() for _ in range(self._random.randint(1, 3))]

    def _reference(self) -> Json:
        reference = {"referenceName": self._name(), "type": "PipelineReference"}
        given = self._one(({}, None, {"a": "@trigger().startTime"}, [], {"b": {"c": [1]}}))
        return {"pipelineReference": reference, "parameters": given}

    def _schedule(self) -> dict[str, Any]:
        plan = {
            "minutes": self._one(NUMBERS),
            "hours": self._one(NUMBERS),
            "weekDays": self._one(DAYS),
            "monthDays": self._one(MONTH_DAYS),
            "monthlyOccurrences": self._one(OCCURRENCES),
        }
        some = {key: one for key, one in plan.items() if self._hits(0.4)}
        recurrence = {
            "frequency": self._one(FREQUENCIES[: 5 if self._hits(0.7) else None]),
            "interval": self._one(INTERVALS[: 6 if self._hits(0.7) else None]),
            "startTime": self._one(STARTS[: 2 if self._hits(0.7) else None]),
            "endTime": self._one(ENDS),
            "timeZone": self._one(ZONES),
            "schedule": self._one((some, some, some, {}, None, [])),
        }
        return {
            "type": "ScheduleTrigger",
            "typeProperties": {"recurrence": recurrence},
            "pipelines": self._references(),
        }

    def _tumbling(self) -> dict[str, Any]:
        needs = [self._need() for _ in range(self._random.randint(0, 3))]
        properties = {
            "frequency": self._one(("Minute", "Hour", "Month", "Day", None)),
            "interval": self._one(INTERVALS),
            "startTime": self._one(STARTS[: 2 if self._hits(0.7) else None]),
            "endTime": self._one(ENDS),
            "delay": self._one(SPANS),
            "maxConcurrency": self._one((1, 50, 0, None, "many")),
            "retryPolicy": self._one(
                ({"count": self._one(COUNTS), "intervalInSeconds": self._one(COUNTS)}, None, [])
            ),
            "dependsOn": self._one((needs, needs, None, "x", [None])),
        }
        reference = self._one((self._reference(), None, [], "x"))
        return {
            "type": "TumblingWindowTrigger",
            "typeProperties": properties,
            "pipeline": reference,
        }

    def _need(self) -> Json:
        kind = self._one(
            (
                "TumblingWindowTriggerDependencyReference",
                "SelfDependencyTumblingWindowTriggerReference",
            )
        )
        other = {"referenceName": f"Trigger {self._random.randint(0, 8)}"}
        return {
            "type": kind,
            "referenceTrigger": self._one((other, other, None)),
            "offset": self._one(SPANS),
            "size": self._one(SPANS),
        }

    def _event(self) -> dict[str, Any]:
        kind = self._one(("BlobEventsTrigger", "CustomEventsTrigger", "MoonTrigger", None))
        return {"type": kind, "typeProperties": {}, "pipelines": self._references()}

    def _pipeline(self) -> Json:
        more = {
            "concurrency": self._one((None, None, 1, 2, 0, -1, "1")),
            "parameters": self._one(({}, None, {"p": {"type": "int"}}, {"p": None}, [])),
            "variables": self._one(({}, {"v": {"type": "Array"}}, None, "v")),
        }
        if self._hits(0.08):
            return self._one(({}, {"activities": None}, {"activities": "x"}, {"activities": [1]}))
        return pipeline(*self._steps(0), **more)

    def _steps(self, depth: int) -> list[dict[str, Any]]:
        made = [self._step(f"Step {n}", depth) for n in range(self._random.randint(0, 5))]
        if made and self._hits(0.2):
            made[0]["dependsOn"] = [{"activity": made[-1]["name"]}, {"activity": "Gone"}, None]
        if made and self._hits(0.1):
            made.append(made[0])
        return made

    def _step(self, name: str, depth: int) -> dict[str, Any]:
        kind = self._one(KINDS)
        policy = {"retry": self._one(COUNTS), "retryIntervalInSeconds": self._one((*COUNTS, 1e300))}
        after = self._one(([], [], f"Step {self._random.randint(0, 4)}"))
        if kind == "ExecutePipeline" or self._hits(0.3):
            return calling(name, self._name(), after, parameters=self._one(({}, None, "x", [])))
        if kind in ("ForEach", "Until", "Switch", "IfCondition"):
            return step(name, kind, after, **self._container(depth), policy=policy)
        waits = self._one((1, 10**15, "1", -5, expression(self._one(EXPRESSIONS))))
        value = expression(self._one(EXPRESSIONS))
        return step(
            name, kind, after, waitTimeInSeconds=waits, variableName="v", value=value, policy=policy
        )

    def _container(self, depth: int) -> dict[str, Any]:
        """Some are nested deeper than Data Factory allows, with many items on each level."""
        # Written once and used in several places: the tree grows by the place, not by the level.
        inside = self._steps(depth + 1) if depth < 3 else []
        return {
            "activities": inside,
            "ifTrueActivities": self._one((inside, None)),
            "ifFalseActivities": self._one((inside, "none")),
            "cases": self._one(([], [{"value": "a", "activities": inside}], [None], "a")),
            "items": expression(self._one(("@range(0, 200)", *EXPRESSIONS))),
            "expression": expression(self._one(EXPRESSIONS)),
            "batchCount": self._one((None, 0, 50, -2, 10**9, "2")),
            "isSequential": self._hits(0.5),
        }

    def _others(self) -> dict[str, Mapping[str, Json]]:
        runtimes = {"ir": {"type": self._one(("SelfHosted", "Managed", None))}}
        services = {"ls": self._one(({"connectVia": {"referenceName": "ir"}}, {}, {"type": 4}))}
        return {"integrationRuntime": runtimes, "linkedService": services}
