"""Trigger runs as the service remembers them: the runs that triggers started, and other firings."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from adf.simulator.arm.run_queries import Value
from adf.simulator.dates import wire_time
from adf.simulator.runs import CANCELLED, FAILED, SUCCEEDED, Json, SimulatedRun

TUMBLING = "TumblingWindowTrigger"
# As recorded of windows; the ones of schedules are over as soon as they have fired.
RUNNING, WAITING = "Running", "Waiting"
_ENDED = (SUCCEEDED, FAILED, CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedTriggerRun:
    """One firing of a trigger."""

    trigger: str
    kind: str
    fired_at: datetime
    scheduled: datetime
    status: str = SUCCEEDED
    pipelines: Mapping[str, str] = field(default_factory=dict[str, str])
    window: tuple[datetime, datetime] | None = None
    dependencies: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def last_updated(self) -> datetime:
        """When the service last wrote to it, as far as queries go by that."""
        return self.fired_at


# Firings within a range beside those that are known from runs.
OtherFirings = Callable[
    [datetime, datetime, Sequence[SimulatedTriggerRun]], Iterable[SimulatedTriggerRun]
]

TRIGGER_RUN_OPERANDS: Mapping[str, Callable[[SimulatedTriggerRun], Value]] = {
    "TriggerName": lambda one: one.trigger,
    "TriggerRunTimestamp": lambda one: one.fired_at,
    "Status": lambda one: one.status,
}
TRIGGER_RUN_ORDERS = ("TriggerName", "TriggerRunTimestamp", "Status")


def firing_of(run: SimulatedRun) -> SimulatedTriggerRun:
    """The firing that started a pipeline run; a window's run goes as its pipeline does."""
    status, kind = SUCCEEDED, run.invoked_by.kind
    if kind == TUMBLING:
        status = run.status if run.status in _ENDED else RUNNING
    return SimulatedTriggerRun(
        trigger=run.invoked_by.name,
        kind=kind,
        fired_at=run.queued_at,
        scheduled=run.queued_at.replace(microsecond=0),
        status=status,
        pipelines={run.pipeline: run.run_id},
        window=run.invoked_by.window,
    )


def merged(firings: Iterable[SimulatedTriggerRun]) -> list[SimulatedTriggerRun]:
    """Firings of the same trigger in the same minute as one, which started all their pipelines."""
    found: dict[tuple[str, datetime], SimulatedTriggerRun] = {}
    for one in firings:
        minute = one.scheduled.replace(second=0)
        key = (one.trigger, one.window[0] if one.window else minute)
        known = found.get(key)
        if known is None:
            found[key] = one
        elif known.kind != TUMBLING or one.fired_at > known.fired_at:
            latest = one if known.kind == TUMBLING else known
            found[key] = replace(latest, pipelines={**known.pipelines, **one.pipelines})
    return list(found.values())


def trigger_run_body(one: SimulatedTriggerRun) -> dict[str, Any]:
    """A TriggerRun, with US dates among its properties as recorded."""
    made = uuid.uuid5(uuid.NAMESPACE_OID, f"{one.trigger}/{one.fired_at.isoformat()}").int
    run_id = f"{made % 10**29:029}CU{made % 100:02}"
    known: Json = {"groupId": run_id, "dependencyStatus": dict(one.dependencies)}
    return {
        "triggerName": one.trigger,
        "triggerRunId": run_id,
        "triggerType": one.kind,
        "triggerRunTimestamp": wire_time(one.fired_at),
        "status": one.status,
        "message": None if one.window else "",
        "properties": {"TriggerTime": _us(one.fired_at), **_due(one)},
        "triggeredPipelines": dict(one.pipelines),
        **(known if one.window else {}),
    }


def _due(one: SimulatedTriggerRun) -> dict[str, str]:
    """What a firing was for: a window, or a time of a schedule."""
    if one.window is None:
        return {"ScheduleTime": _us(one.scheduled)}
    start, end = one.window
    return {"windowStartTime": _us(start), "windowEndTime": _us(end)}


def _us(when: datetime) -> str:
    clock = f"{when:%I:%M:%S %p}".lstrip("0")
    return f"{when.month}/{when.day}/{when.year} {clock}"
