"""The sign that the bot lives: a beat, how far its watch lags, and how long anything waits.

It beats on the event loop, so a loop that hangs is as silent as a process that ended. Whoever
collects the metrics misses the beat and says so (deploy/operate.bicep has the rules).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from opentelemetry.metrics import Meter

from bot.hosting import metrics
from bot.hosting.metrics import NAME

log = logging.getLogger("adfops.pulse")

BEAT_SECONDS = 30.0

Seen = Callable[[], Mapping[str, datetime]]
Since = Callable[[], Awaitable[datetime | None]]


class Pulse:
    """Beats, and measures at each beat what must not grow old."""

    def __init__(
        self,
        meter: Meter,
        clock: Callable[[], datetime],
        *,
        seen: Seen,
        queues: Mapping[str, Since],
    ) -> None:
        """`seen`: when each factory was last seen whole; `queues`: since when the oldest waits."""
        self._clock = clock
        self._seen = seen
        self._queues = queues
        self._beats = metrics.HEARTBEAT.counter(meter)
        self._lag = meter.create_gauge(metrics.WATCH_LAG.name, unit=metrics.WATCH_LAG.unit)
        self._age = meter.create_gauge(metrics.QUEUE_AGE.name, unit=metrics.QUEUE_AGE.unit)

    async def keep_beating(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Beat until cancelled."""
        while True:
            await self.beat()
            await sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        """Beat once; a queue that cannot be read has no age, and the beat goes on."""
        self._beats.add(1)
        for alias, at in self._seen().items():
            self._lag.set(self._seconds_since(at), {f"{NAME}.factory": alias})
        for queue, since in self._queues.items():
            try:
                waiting = await since()
            except Exception as error:  # noqa: BLE001 - the store's own watch says what is wrong
                log.warning("the age of %s cannot be read: %s", queue, type(error).__name__)
                continue
            self._age.set(self._seconds_since(waiting), {f"{NAME}.queue": queue})

    def _seconds_since(self, at: datetime | None) -> float:
        return max(0.0, (self._clock() - at).total_seconds()) if at else 0.0
