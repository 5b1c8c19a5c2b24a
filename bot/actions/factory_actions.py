"""Data Factory as acts see it: previews, what speaks for and against them, the call, what came."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import cast

from adf.client import Factories
from adf.client.action_clients import ActionClients
from adf.errors import AdfError
from adf.previews import preview_action
from adf.records import (
    BROKEN,
    ActionKind,
    ActionLookup,
    ActionPreview,
    ActionReceipt,
    ActionTarget,
    PipelineRun,
    RunReport,
    RunStatus,
    RuntimeStatus,
    TimeRange,
    TriggerReport,
    TriggerStatus,
)
from adf.tools import Adf
from adf.tools.trends import adf_error_history
from adf.tools.triggers import adf_trigger_status
from cards.records import ActionFacts

# A run that waits longer than that waits for something else.
LONGEST_QUEUE = timedelta(hours=48)
MOST_RUNTIMES = 3


class FactoryActions:
    """The way to all factories: reads by the reader's identity, acts by the writer's."""

    def __init__(
        self, factories: Factories, clients: ActionClients, clock: Callable[[], datetime]
    ) -> None:
        """Borrow the clients."""
        self._factories = factories
        self._clients = clients
        self._clock = clock

    async def preview(self, target: ActionTarget) -> ActionPreview:
        """What an act would do as things stand now."""
        client = await self._factories.client(target.factory)
        return await preview_action(client, target, self._clock())

    async def perform(self, target: ActionTarget, request_id: str) -> ActionReceipt:
        """Do it, once, under that id."""
        client = await self._clients.client(target.factory)
        return await client.perform(target, request_id)

    async def look_up(
        self, target: ActionTarget, request_id: str, since: datetime, now: datetime
    ) -> ActionLookup:
        """What the factory shows of an act whose answer was lost."""
        client = await self._clients.reader(target.factory)
        return await client.look_up(target, request_id, since, now)

    async def get_run(self, factory: str, run_id: str) -> PipelineRun:
        """A run as it is now."""
        client = await self._clients.reader(factory)
        return await client.get_run(run_id)

    async def facts(self, preview: ActionPreview) -> ActionFacts:
        """What speaks for and against it; what cannot be read is left out."""
        target = preview.target
        client = await self._factories.client(target.factory)
        pipeline = target.pipeline or (preview.run.pipeline if preview.run else "")
        report, queued, trigger = await asyncio.gather(
            self._report(preview), self._queued(preview, pipeline), self._trigger(target)
        )
        return ActionFacts(
            report=report,
            queued=queued,
            runtimes=await self._runtimes(target.factory, report),
            notes=client.factory.notes_for(pipeline),
            trigger=trigger,
        )

    @property
    def _adf(self) -> Adf:
        return Adf(factories=self._factories, clock=self._clock)

    async def _report(self, preview: ActionPreview) -> RunReport | None:
        """Why the run broke, what that means, and how often it happened before."""
        run = preview.run
        if run is None or run.status not in BROKEN or preview.target.kind is ActionKind.CANCEL:
            return None
        try:
            found = await adf_error_history.function(
                self._adf, run_id=run.run_id, factory=run.factory
            )
        except AdfError:
            return None
        return cast("RunReport", found)

    async def _queued(self, preview: ActionPreview, pipeline: str) -> tuple[PipelineRun, ...]:
        """The runs that wait behind one that is to be cancelled."""
        if preview.target.kind is not ActionKind.CANCEL or not pipeline:
            return ()
        now = self._clock()
        client = await self._factories.client(preview.target.factory)
        try:
            waiting = await client.list_runs(
                TimeRange(start=now - LONGEST_QUEUE, end=now),
                pipeline=pipeline,
                statuses=[RunStatus.QUEUED],
            )
        except AdfError:
            return ()
        return tuple(run for run in waiting if run.run_id != preview.target.run_id)

    async def _trigger(self, target: ActionTarget) -> TriggerStatus | None:
        """How the trigger stands: what it missed while it was off."""
        if target.trigger is None:
            return None
        try:
            found = await adf_trigger_status.function(
                self._adf, trigger=target.trigger, factory=target.factory
            )
        except AdfError:
            return None
        listed = cast("TriggerReport", found).triggers
        return next((one for one in listed if one.name == target.trigger), None)

    async def _runtimes(self, factory: str, report: RunReport | None) -> tuple[RuntimeStatus, ...]:
        """The runtimes that the failed activities ran on, as far as they have a problem now."""
        client = await self._factories.client(factory)
        found: list[RuntimeStatus] = []
        for name in _runtimes_of(report)[:MOST_RUNTIMES]:
            try:
                found.append(await client.get_runtime_status(name))
            except AdfError:
                continue
        return tuple(one for one in found if one.has_problem)


def _runtimes_of(report: RunReport | None) -> Sequence[str]:
    if report is None:
        return ()
    failed = report.cause.failed if report.cause else ()
    rows = (*failed, *(one for one in report.activity_runs if one.status in BROKEN))
    return list(dict.fromkeys(one.runtime for one in rows if one.runtime))
