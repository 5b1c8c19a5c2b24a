"""Several processes of the bot over one store: which one leads, and what the others tell it."""

import asyncio
import logging
import os
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from bot.alerts.service import AlertService
from bot.hosting.setup import Setup
from bot.state.background import BackgroundTasks
from bot.state.replicas import (
    ConversationOrder,
    FencedStore,
    FleetShare,
    Leadership,
    ReplicaRegistry,
    Wakeups,
)
from bot.state.replicas.fencing import leading
from bot.state.replicas.wakeups import POLL_SECONDS
from bot.state.store import TABLES, ListedStore, open_store
from bot.state.store.lease import RENEW_SECONDS

log = logging.getLogger("adfops.replicas")

Work = Callable[[], Coroutine[object, object, None]]
Wake = Callable[[Sequence[str] | None], None]


class Replica:
    """One of several; the first one that is free leads, and does what only one may do."""

    def __init__(self, store: ListedStore) -> None:
        """Borrow the shared store."""
        self.name = f"{os.getpid()}-{uuid.uuid4().hex}"
        self.leadership = Leadership(store, self.name, time.monotonic)
        self.store = FencedStore(store, self.leadership)
        self.registry = ReplicaRegistry(store, self.name, time.monotonic)
        self.order = ConversationOrder(store, self.name, self.registry.is_gone)
        self.share = FleetShare(
            count=lambda: self.registry.count, leads=lambda: self.leadership.term > 0
        )
        self._wakeups = Wakeups(store)
        self._telling = BackgroundTasks()
        self._ending, self._handed_over = asyncio.Event(), asyncio.Event()

    def is_gone(self, replica: str) -> bool:
        """Whether nobody answers for what that replica was doing."""
        return self.registry.is_gone(replica)

    async def lead(
        self, works: Sequence[Work], due: asyncio.Event, wake: Callable[[], None]
    ) -> None:
        """Until this replica leads, tell the leader what is due; then do its work.

        At the end what is under way is finished, and the next leader told what is due.
        """
        following = asyncio.create_task(self._tell_what_is_due(due))
        try:
            await _first(self.leadership.acquire(), self._ending.wait())
            if not self._ending.is_set():
                await _stopped(following)
                await self._lead_until_the_end(works, wake)
                following = asyncio.create_task(self._tell_what_is_due(due))
            await self.leadership.release()
            self._handed_over.set()
            await following
        finally:
            self._handed_over.set()
            await _stopped(following)

    async def stop_leading(self) -> None:
        """Let another replica lead, as soon as what is under way is finished."""
        self._ending.set()
        await self._handed_over.wait()

    async def until_known(self) -> None:
        """Wait until the others have seen this replica, so that none takes up what it answers."""
        if self.registry.count > 1:
            await asyncio.sleep(RENEW_SECONDS)

    def wake_leader(self) -> None:
        """Have the leader look, unless this replica is it."""
        if not self.leadership.term:
            self._telling.start(self._wakeups.raise_one())

    async def pause(self, seconds: float) -> None:
        """Wait so long, or until another replica is gone."""
        await _first(self.registry.died.wait(), asyncio.sleep(seconds))
        self.registry.died.clear()

    async def close(self) -> None:
        """Give back what was held, so that the others need not wait."""
        await self._telling.close()
        await self.leadership.release()
        await self.registry.leave()

    async def _lead_until_the_end(self, works: Sequence[Work], wake: Callable[[], None]) -> None:
        with leading():
            working = [asyncio.create_task(work()) for work in works]
        # What is finished at the end must still be written, so the lease is kept until then.
        keeping = asyncio.create_task(self.leadership.keep())
        watching = asyncio.create_task(self._keep_watching(wake))
        try:
            await _first(self.leadership.lost.wait(), self._ending.wait())
        finally:
            await _stopped(watching, *working)
            await _stopped(keeping)

    async def _tell_what_is_due(self, due: asyncio.Event) -> None:
        while True:
            await due.wait()
            due.clear()
            await self._wakeups.raise_one()

    async def _keep_watching(self, wake: Callable[[], None]) -> None:
        while True:
            await self._wakeups.watch(wake)
            await asyncio.sleep(POLL_SECONDS)


async def _first(*works: Coroutine[object, object, object]) -> None:
    """Wait for the first of these to end, and stop the others."""
    tasks = [asyncio.create_task(one) for one in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _stopped(*tasks)


async def _stopped(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def open_shared_store(setup: Setup) -> tuple[ListedStore, Replica | None]:
    """The store of the setup; where several processes may share it, this one as a replica."""
    store = await open_store(setup.store)
    if not setup.store.startswith(TABLES):
        return store, None
    replica = Replica(store)
    await replica.registry.beat()
    return replica.store, replica


def start_leading(
    replica: Replica | None, works: Sequence[Work], due: asyncio.Event, alerts: AlertService
) -> Sequence[asyncio.Task[None]]:
    """Begin what one process does for all: at once where there is one, else once it leads."""
    if replica is None:
        return [asyncio.create_task(work()) for work in works]

    def wake() -> None:
        alerts.wake()
        due.set()

    return [
        asyncio.create_task(replica.registry.keep_beating()),
        asyncio.create_task(replica.lead(works, due, wake)),
    ]


def waking(replica: Replica | None, alerts: AlertService) -> Wake:
    """What a pushed alert does: have the factories looked at, by whichever replica leads."""

    def wake(aliases: Sequence[str] | None = None) -> None:
        alerts.wake(aliases)
        if replica is not None:
            replica.wake_leader()

    return wake
