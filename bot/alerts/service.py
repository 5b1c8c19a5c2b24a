"""The loop that nobody asks: look after each factory, tell rooms what broke, keep that true.

Factories are polled apart, so that trouble with one never holds up another; delivery goes on
beside them, so that a slow room never holds up a poll.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from bot.alerts.incidents import ActionOutcome, ActionResult
from bot.alerts.monitor import FactoryMonitor, MonitorContext, WatchedFactory
from bot.messages import Person
from bot.outbox import Outbox
from bot.state.background import BackgroundTasks

log = logging.getLogger("adfops.announcer")

# How often messages that could not be delivered are looked at again.
TICK = 15.0
# How long a message under way is waited for at the end.
LAST_WORDS = 15.0
# Pushes that come one after the other are polled for together.
PUSH_GAP = 0.5
# Two hundred factories that are looked at together spend the calls of a minute in three bursts.
STARTS_APART = 0.15
# A pipeline that says it failed is still running then, and Azure Monitor may be ahead of the runs.
LOOK_AGAIN = (2.0, 5.0, 10.0)


class AlertService:
    """Runs beside the turns from start to end; what it must not lose is in the store."""

    def __init__(
        self,
        *,
        watches: Mapping[str, WatchedFactory],
        desk: MonitorContext,
        posted: Outbox,
        every: float,
        due: asyncio.Event | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Borrow everything; `watches` by factory alias, each polled `every` seconds.

        Whoever sets `due` has what changed delivered.
        """
        self._lookouts = {
            alias: FactoryMonitor(alias, watch, desk, every) for alias, watch in watches.items()
        }
        self._every = every
        self._desk = desk
        self._posted = posted
        self._sleep = sleep
        self._wakes = {alias: asyncio.Event() for alias in watches}
        self._woken: dict[str, float] = {}
        self._again: dict[str, list[float]] = {alias: [] for alias in watches}
        self._due = due or asyncio.Event()
        self._delivering = BackgroundTasks()
        self._closing = asyncio.Event()

    async def run(self) -> None:
        """Watch and deliver until stopped; messages under way are finished at the end."""
        for monitor in self._lookouts.values():
            monitor.seen_at = self._desk.clock()
        apart = min(STARTS_APART, self._every / max(1, len(self._lookouts)))
        tasks = [
            asyncio.create_task(self._look_after(alias, place * apart))
            for place, alias in enumerate(self._lookouts)
        ]
        tasks.append(asyncio.create_task(self._keep_delivering()))
        try:
            await self._closing.wait()
        finally:
            self._posted.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for monitor in self._lookouts.values():
                monitor.seen_at = None
            if self._desk.words:
                await self._desk.words.close()
            await self._delivering.close(LAST_WORDS)

    def seen_at(self) -> Mapping[str, datetime]:
        """When each factory was last seen whole; empty where another process watches."""
        seen = {alias: one.seen_at for alias, one in self._lookouts.items()}
        return {alias: at for alias, at in seen.items() if at is not None}

    def waiting_since(self) -> datetime | None:
        """Since when the oldest message has not been delivered; None while none waits."""
        return self._posted.oldest()

    def stop(self) -> None:
        """Let `run` come to its end."""
        self._closing.set()

    def wake(self, aliases: Sequence[str] | None = None) -> None:
        """Look at some factories now, or at each; something said that it may be worth it.

        Where nothing is seen yet, they are looked at again a few times.
        """
        for alias in self._wakes if aliases is None else aliases:
            self._again[alias] = list(LOOK_AGAIN)
            self._wake_one(alias, asyncio.get_running_loop())

    def _wake_one(self, alias: str, loop: asyncio.AbstractEventLoop) -> None:
        """At once, or together with others a moment after the one before."""
        now, before = loop.time(), self._woken.get(alias, -PUSH_GAP)
        if before > now:
            return
        at = self._woken[alias] = max(now, before + PUSH_GAP)
        if at > now:
            loop.call_at(at, self._wakes[alias].set)
        else:
            self._wakes[alias].set()

    async def look(self, alias: str) -> bool:
        """Look at one factory once and have what is due delivered; whether anything changed."""
        changed = await self._lookouts[alias].look()
        self._due.set()
        return changed

    async def acknowledge(self, incident_id: str, person: Person) -> ActionOutcome:
        """Somebody has it: the outcome at once, the cards everywhere right after it."""
        now = self._desk.clock()
        return self._told(await self._desk.incidents.acknowledge(incident_id, person, now))

    async def resolve(self, incident_id: str, person: Person) -> ActionOutcome:
        """Somebody says it is over."""
        now = self._desk.clock()
        return self._told(await self._desk.incidents.resolve(incident_id, person, now))

    def _told(self, outcome: ActionOutcome) -> ActionOutcome:
        if outcome.verdict is ActionResult.DONE:
            self._due.set()
        return outcome

    async def _recover(self) -> bool:
        """Finish what a crash cut short, before anything new is delivered."""
        try:
            for alias in self._lookouts:
                await self._desk.incidents.recover(alias)
            await self._posted.recover()
        except Exception:
            log.exception("what was left open cannot be read yet")
            return False
        return True

    async def _look_after(self, alias: str, begin: float) -> None:
        """Look again and again, for the first time in `begin` seconds."""
        every = self._lookouts[alias].every
        if begin:
            await self._pause(self._wakes[alias], begin)
        while True:
            changed, wait = await self._lookouts[alias].look_safely()
            again = self._again[alias]
            if changed:
                self._due.set()
                again.clear()
            if again and wait <= every:
                wait = min(wait, again.pop(0))
            await self._pause(self._wakes[alias], wait)

    async def _keep_delivering(self) -> None:
        """Begin a delivery whenever something is due; a slow room does not hold up the next.

        What is due is read by one at a time: readings must not pile up before a slow store.
        """
        while not await self._recover():
            await self._pause(self._due, TICK)
        self._due.set()
        while True:
            await self._pause(self._due, TICK)
            await self._begin()

    async def _begin(self) -> None:
        try:
            for work in await self._posted.begin_due():
                self._delivering.start(work)
        except Exception:
            log.exception("what is due could not be read")

    async def _pause(self, wake: asyncio.Event, seconds: float) -> None:
        """Wait so long, or until woken."""
        waits = [
            asyncio.ensure_future(self._sleep(seconds)),
            asyncio.ensure_future(wake.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
            await asyncio.wait(waits)
        wake.clear()
