"""`python -m tests.bench.alerts_bench`: what watching costs, and how soon a failure is told.

A sweep is one look at each of 200 factories, each with 50 rows in its overlapping time range, in
steady state: the CPU that the bot takes for it, its store on disk; then with the rows of factories
with 10,000 runs a day. Fails also where one subscription had to answer more queries a minute than
the client allows itself. The time to a message is from
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
from adf.client.call_budget import MOST_A_MINUTE
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
# 10,000 runs a day in the 15 minutes that a look reaches back.
BUSY_ROWS = 10_000 * 15 // 1440
CPU_LIMIT = 0.25
LOOK = 30.0
POLL, FAILURES = 2.0, 60
LATE_LIMIT = 1.0


class QuietAzure:
    """Answers every query with the same good runs of the last minutes."""

    def __init__(self, name: str, now: datetime, rows: int) -> None:
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
            for number in range(rows)
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


async def sweep_cost(store: Store, rows: int) -> tuple[float, int]:
    """The middle of the CPU seconds of some sweeps after the first, and the queries of one."""
    now = datetime.now(UTC)
    names = [f"factory-{number:03}" for number in range(FACTORIES)]
    wires = {name: QuietAzure(name, now, rows) for name in names}
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
        FactoryMonitor(name, FactoryWatch(one, lambda: now), desk, LOOK)
        for name, one in clients.items()
    ]
    spent: list[float] = []
    calls = 0
    for _ in range(SWEEPS):
        now += timedelta(seconds=LOOK)
        before, called = time.process_time(), sum(one.calls for one in wires.values())
        for monitor in monitors:
            await monitor.look()
        spent.append(time.process_time() - before)
        calls = sum(one.calls for one in wires.values()) - called
    return statistics.median(spent[1:]), calls


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
        spent, calls = await sweep_cost(store, ROWS)
        await store.close()
        store = await open_store(f"sqlite:///{Path(folder) / 'busy.db'}")
        busy, _ = await sweep_cost(store, BUSY_ROWS)
        await store.close()
        store = await open_store(f"sqlite:///{Path(folder) / 'b.db'}")
        late = await times_to_message(store)
        await store.close()
    slow, minute = statistics.quantiles(late, n=20)[18], calls * 60 / LOOK
    print(f"sweep of {FACTORIES} factories, {ROWS} rows each: {spent:.3f} s CPU")
    print(f"   limit {CPU_LIMIT} s; a sweep each {LOOK:g} s is {spent / LOOK:.1%} of one core")
    print(f"   at 10,000 runs a day each: {BUSY_ROWS} rows, {busy:.3f} s CPU")
    print(
        f"   {calls} queries, {minute:g} a minute; all in one subscription: {MOST_A_MINUTE} at most"
    )
    print(
        f"failure to message, polled each {POLL:g} s: p50 {statistics.median(late):.2f} s, "
        f"p95 {slow:.2f} s, {len(late)} of {FAILURES} (limit {POLL + LATE_LIMIT:g} s)"
    )
    is_late = slow > POLL + LATE_LIMIT or len(late) < FAILURES
    return int(spent > CPU_LIMIT or minute > MOST_A_MINUTE or is_late)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
