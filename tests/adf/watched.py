"""A factory whose runs end as time goes by, on a clock that tests turn; and the one who reads it.

Runs are shown in lists some time after they ended; asking for one run tells at once how it stands.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.client import AdfClient
from adf.client.operations import ArmOperation
from adf.errors import AdfError, NotFound
from adf.records import Factory, Failure, PipelineNotes, Signal
from adf.watch import FactoryWatch, Key, key_of

Json = Mapping[str, Any]
START = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(kw_only=True)
class Ran:
    """A run: minutes after START at which it ended, how, who called it, how late it is shown."""

    run_id: str
    ended: float
    status: str = "Failed"
    caller: str | None = None
    waited: bool = True
    late: float = 0.0
    pipeline: str = ""
    message: str = ""
    debug: bool = False

    @property
    def end(self) -> datetime:
        return START + self.ended * MINUTE


@dataclass
class Living:
    """The wire of a factory whose runs end by the clock; `faults` are raised call after call."""

    runs: dict[str, Ran] = field(default_factory=dict[str, Ran])
    now: datetime = START
    calls: Counter[str] = field(default_factory=Counter[str])
    faults: list[AdfError | None] = field(default_factory=list["AdfError | None"])
    lost: dict[str, AdfError] = field(default_factory=dict[str, AdfError])
    queries: list[Json] = field(default_factory=list[Json])
    busiest: int = 0
    _busy: int = 0

    def put(self, *runs: Ran) -> None:
        self.runs |= {run.run_id: run for run in runs}

    async def call(self, operation: ArmOperation, factory: Factory, /, *arguments: object) -> Json:
        return await getattr(self, operation.name)(factory, *arguments)

    async def query_runs(self, factory: Factory, query: Json) -> Json:
        await self._called("query_runs", "")
        self.queries.append(query)
        wanted = next((one["values"] for one in query["filters"]), None)
        since, until = (
            datetime.fromisoformat(query[key]) for key in ("lastUpdatedAfter", "lastUpdatedBefore")
        )
        shown = [
            self._told(run)
            for run in self.runs.values()
            if since <= run.end <= until and run.end + run.late * MINUTE <= self.now
        ]
        return {"value": [row for row in shown if wanted is None or row["status"] in wanted]}

    async def get_run(self, factory: Factory, run_id: str) -> Json:
        await self._called("get_run", run_id)
        if run_id not in self.runs:
            raise NotFound("no such run")
        return self._told(self.runs[run_id])

    async def query_activity_runs(self, factory: Factory, run_id: str, query: Json) -> Json:
        await self._called("query_activity_runs", run_id)
        children = [one for one in self.runs.values() if one.caller == run_id and one.waited]
        calls = [_activity(f"Call {one.run_id}", child=one) for one in children]
        run = self.runs[run_id]
        own = [] if calls or run.status != "Failed" else [_activity("Copy", run=run)]
        return {"value": [*own, *(call for call in calls if call["status"] == "Failed")]}

    async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
        return {"value": []}

    async def get_pipeline(self, factory: Factory, name: str) -> Json:
        raise NotFound("no definition")

    async def close(self) -> None: ...

    async def _called(self, what: str, run_id: str) -> None:
        self.calls[what] += 1
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)
        await asyncio.sleep(0)
        self._busy -= 1
        fault = self.faults.pop(0) if self.faults else self.lost.get(run_id)
        if fault:
            raise fault

    def _told(self, run: Ran) -> dict[str, Any]:
        ended = run.end <= self.now
        message = run.message or f"Operation on target Copy failed: {run.run_id} is broken"
        return {
            "runId": run.run_id,
            "pipelineName": run.pipeline or run.run_id.rstrip("0123456789"),
            "status": run.status if ended else "InProgress",
            "message": message if run.status == "Failed" and ended else "",
            "runStart": (run.end - 5 * MINUTE).isoformat(),
            "runEnd": run.end.isoformat() if ended else None,
            "lastUpdated": (run.end if ended else self.now).isoformat(),
            "debugRunId": "d" if run.debug else None,
            "invokedBy": {
                "name": "x",
                "invokedByType": "PipelineActivity" if run.caller else "Manual",
                "pipelineRunId": run.caller,
            },
        }


def _activity(name: str, run: Ran | None = None, child: Ran | None = None) -> dict[str, Any]:
    told = child or run
    message = (run.message if run else "") or f"{told.run_id if told else ''} is broken"
    return {
        "activityRunId": name,
        "activityName": name,
        "activityType": "ExecutePipeline" if child else "Copy",
        "status": told.status if told else "Failed",
        "pipelineName": run.run_id if run else "",
        "error": {"errorCode": "2200", "message": message.split("failed: ")[-1]},
        "output": {"pipelineRunId": child.run_id} if child else {},
    }


@dataclass
class Reader:
    """Keeps what was told, one signal after another, then the watermark, as the announcer does."""

    wire: Living
    critical: tuple[str, ...] = ()
    seen: set[Key] = field(default_factory=set[Key])
    watermark: datetime | None = None
    told: list[Signal] = field(default_factory=list[Signal])
    watch: FactoryWatch = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        notes = {name: PipelineNotes(critical=True) for name in self.critical}
        factory = Factory(alias="f", subscription="s", resource_group="r", name="f", notes=notes)
        self.watch = FactoryWatch(AdfClient(factory, self.wire), lambda: self.wire.now)

    async def poll(self, minute: float | None = None, *, die_after: int | None = None) -> list[Any]:
        """Poll at a minute after START; `die_after` so many signals nothing more is kept."""
        if minute is not None:
            self.wire.now = START + minute * MINUTE
        polled = await self.watch.poll(self.watermark, self.seen)
        for signal in polled.signals[:die_after]:
            self.told.append(signal)
            covers = signal.runs if isinstance(signal, Failure) else (signal.run,)
            self.seen |= {key_of(run) for run in covers}
        if die_after is not None:
            self.restart()
        else:
            self.watermark = polled.watermark
        return list(polled.signals)


def ids(failure: Failure) -> set[str]:
    return {run.run_id for run in failure.runs}
