"""Acts on a simulator by the official client, on a real socket, with a clock that a test moves."""

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from adf.client import AdfClient
from adf.client.action_sdk import SdkActionWire
from adf.client.actions import ActionClient
from adf.client.sdk import SdkWire
from adf.client.simulator_transport import LoopbackCredential
from adf.records import ActionKind, ActionTarget, ActivityRun, Factory, PipelineRun, RerunMode
from adf.simulator import ArmRequest, Fault, Faults, Roles, State, arm_requests, make_simulator

READER, WRITER = "reader", "writer"


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class ActionBench:
    """A served factory, what reads it and what acts on it."""

    app: web.Application
    factory: Factory
    clock: Clock
    reader: AdfClient
    actor: ActionClient
    request_ids: list[str] = field(default_factory=list[str])

    def wait(self, **span: float) -> None:
        self.clock.now += timedelta(**span)

    async def perform(self, kind: ActionKind, **more: object) -> str:
        """Do it under a new id, which is given back."""
        request_id = str(uuid.uuid4())
        self.request_ids.append(request_id)
        known: dict[str, Any] = {**more}
        wanted = ActionTarget(factory=self.factory.alias, kind=kind, **known)
        await self.actor.perform(wanted, request_id)
        return request_id

    async def rerun(self, run_id: str, mode: RerunMode, activity: str | None = None) -> str:
        return await self.perform(ActionKind.RERUN, run_id=run_id, mode=mode, activity=activity)

    async def run(self, run_id: str) -> PipelineRun:
        return await self.actor.get_run(run_id)

    async def rows(self, run_id: str) -> tuple[ActivityRun, ...]:
        since = self.clock() - timedelta(days=40)
        return await self.reader.list_activity_runs(run_id, since, self.clock())

    def writes(self) -> Sequence[ArmRequest]:
        return [one for one in arm_requests(self.app) if one.changes]


@asynccontextmanager
async def acting(
    state: State, roles: Roles | None = None, faults: Sequence[Fault] = ()
) -> AsyncGenerator[ActionBench]:
    """Serve a state; its clock is the test's from now on, and nothing read is remembered."""
    clock = Clock(state.clock())
    state.clock = clock
    app = make_simulator(state, roles=roles, before=Faults(faults))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    served = state.factories[0]
    factory = Factory(
        alias="lab", subscription="sub", resource_group=served.resource_group, name=served.name
    )
    reads = SdkWire("sub", url, LoopbackCredential(READER))
    acts = SdkActionWire("sub", url, LoopbackCredential(WRITER))
    try:
        yield ActionBench(
            app=app,
            factory=factory,
            clock=clock,
            reader=AdfClient(factory, reads),
            actor=ActionClient(factory, acts, reads),
        )
    finally:
        await reads.close()
        await acts.close()
        await runner.cleanup()
