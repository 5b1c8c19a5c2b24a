"""`python -m tests.bench.alerts_bench`: what watching costs, and how soon a failure is told.

A sweep is one look at each of 200 factories, each with 50 rows in its overlapping time range, in
steady state: the CPU that the bot takes for it, its store on disk. The time to a message is from
the end of a failed run to the post, over a simulated Azure without delay, by the machine's clock.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from adf.client import AdfClient
from adf.client.operations import ArmOperation
from adf.records import Factory, PipelineNotes
from adf.watch import FactoryWatch
from adf.watch.conditions import ConditionWatch
from bot.alerts import FactoryMonitor, MonitorContext, RunReports
from bot.alerts.conditions import ConditionService
from bot.alerts.conditions.monitor import ConditionMonitor
from bot.alerts.incidents import IncidentService
from bot.state.rooms import Rooms
from bot.state.store import Store, open_store
from bot.state.subscriptions import EventKind, Subscriptions
from tests.bot.builders.nights import Hearing, Night, channel
from tests.bot.builders.storms import LimitedTeams, LoopClock, Stormy, pipeline, storm

FACTORIES, ROWS, SWEEPS = 200, 50, 7
CPU_LIMIT = 0.25
POLL, FAILURES = 2.0, 60
LATE_LIMIT = 1.0


class QuietAzure:
    """Answers every query with the same good runs of the last minutes."""

    def __init__(self, name: str, now: datetime) -> None:
        self.calls = 0
        self._rows = [
            {
                "runId": f"{name}-{number}",
                "pipelineName": pipeline(number),
                "status": "Succeeded",
                "runStart": (now - timedelta(minutes=9, seconds=number)).isoformat(),
                "runEnd": (now - timedelta(minutes=1, seconds=number)).isoformat(),
                "lastUpdated": (now - timedelta(minutes=1, seconds=number)).isoformat(),
                "invokedBy": {"name": "trg", "invokedByType": "ScheduleTrigger"},
            }
            for number in range(ROWS)
        ]

    async def call(
        self, operation: ArmOperation, factory: Factory, /, *arguments: object
    ) -> Mapping[str, Any]:
        self.calls += 1
        return {"value": self._rows if operation.name == "query_runs" else []}

    async def close(self) -> None: ...


def _notes(factory: str, pipeline: str) -> PipelineNotes:
    return PipelineNotes()


async def _reads(person: str, alias: str) -> bool:
    return True


async def _report(factory: str, run_id: str) -> None:
    return None


async def sweep_cost(store: Store) -> tuple[list[float], int]:
    """CPU seconds of some sweeps after the first, and the queries of one."""
    now = datetime.now(UTC)
    names = [f"factory-{number:03}" for number in range(FACTORIES)]
    wires = {name: QuietAzure(name, now) for name in names}
    clients = {
        name: AdfClient(Factory(alias=name, subscription="s", resource_group="g", name=name), wire)
        for name, wire in wires.items()
    }
    subscriptions = Subscriptions(store, Rooms(store, lambda: now), lambda: now, _reads)
    for name in names:
        await subscriptions.add(name, "everything", EventKind.FAILURES, channel())
    conditions = ConditionMonitor(
        sources={name: ConditionWatch(one, lambda: now) for name, one in clients.items()},
        conditions=ConditionService(store, lambda: now),
        subscribers=subscriptions,
        notes=_notes,
        clock=lambda: now,
    )
    desk = MonitorContext(
        incidents=IncidentService(store, lambda: now),
        listeners=subscriptions,
        reports=RunReports(_report),
        notes=_notes,
        clock=lambda: now,
        conditions=conditions,
    )
    monitors = [
        FactoryMonitor(name, FactoryWatch(one, lambda: now), desk, 30.0)
        for name, one in clients.items()
    ]
    spent: list[float] = []
    calls = 0
    for _ in range(SWEEPS):
        now += timedelta(seconds=30)
        before, called = time.process_time(), sum(one.calls for one in wires.values())
        for monitor in monitors:
            await monitor.look()
        spent.append(time.process_time() - before)
        calls = sum(one.calls for one in wires.values()) - called
    return spent[1:], calls


async def times_to_message(store: Store) -> list[float]:
    """Seconds from the end of each failed run to the post about it."""
    clock = LoopClock()
    factory = Stormy(clock)
    runs = storm(FAILURES, FAILURES / 2, first=1.0)
    for number, run in enumerate(runs):
        run.pipeline, run.message = (
            f"Alone_{number}",
            f"Operation on target Copy failed: no column 'c_{number}'",
        )
    factory.put(*runs)
    teams = LimitedTeams(clock=clock)
    night = Night(
        store,
        cast("Any", teams),
        cast("Any", clock),
        Hearing([channel(f"room-{number}") for number in range(1)]),
        cast("Any", {"prod": factory.watch()}),
        every=POLL,
    )
    running = asyncio.create_task(night.announcer.run())
    await asyncio.sleep(FAILURES / 2 + 10)
    night.announcer.stop()
    await running
    ended = {run.pipeline: run.ended * 60 for run in runs}
    return [
        at - next(end for name, end in ended.items() if f"{name} " in card.summary)
        for at, _, card in teams.posts
    ]


async def main() -> int:
    """Measure and print; 1 where a limit is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{Path(folder) / 'a.db'}")
        spent, calls = await sweep_cost(store)
        await store.close()
        store = await open_store(f"sqlite:///{Path(folder) / 'b.db'}")
        late = await times_to_message(store)
        await store.close()
    middle, slow = statistics.median(spent), statistics.quantiles(late, n=20)[18]
    print(f"sweep of {FACTORIES} factories, {ROWS} rows each: {middle:.3f} s CPU, {calls} queries")
    print(f"   limit {CPU_LIMIT} s; a sweep each 30 s is {middle / 30:.1%} of one core")
    rows = 10_000 * 15 // 1440
    print(
        f"   at 10,000 runs a day each: {rows} rows in the range of 15 min, about "
        f"{middle * rows / ROWS:.2f} s CPU"
    )
    print(
        f"failure to message, polled each {POLL:g} s: p50 {statistics.median(late):.2f} s, "
        f"p95 {slow:.2f} s, {len(late)} of {FAILURES} (limit {POLL + LATE_LIMIT:g} s)"
    )
    return int(middle > CPU_LIMIT or slow > POLL + LATE_LIMIT or len(late) < FAILURES)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
