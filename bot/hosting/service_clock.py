"""The time by which Azure dates runs, when the clock of this machine is off.

The watch asks for what happened until now; by a clock that is behind it would not see a failure
for as long as that, and nobody would know.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from adf.watch import FactoryWatch, Polled, Seen

log = logging.getLogger("adfops.clock")

# A Date header has whole seconds and comes through a network; less than this is no skew.
TOLERANCE = timedelta(seconds=10)
SAID_FROM = timedelta(minutes=1)
MEASURE_SECONDS = 30.0
LIMIT_SECONDS = 5.0


class ServiceClock:
    """A clock that follows the Date header of Azure Resource Manager."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        seconds: Callable[[], float],
        session: aiohttp.ClientSession,
        url: str,
    ) -> None:
        """Borrow the session; `seconds` is a clock that only runs."""
        self._clock = clock
        self._seconds = seconds
        self._session = session
        self._url = url
        self._offset = timedelta()
        self._next = 0.0
        self._measuring = asyncio.Lock()

    def __call__(self) -> datetime:
        """The time of the service, as far as it is known."""
        return self._clock() + self._offset

    @property
    def problem(self) -> str:
        """How far the clock of this machine is off, in words; blank while it is right."""
        if abs(self._offset) < SAID_FROM:
            return ""
        minutes = round(abs(self._offset) / timedelta(minutes=1))
        side = "behind" if self._offset > timedelta() else "ahead of"
        return f"the clock of this machine is {minutes} min {side} Azure's"

    async def refresh(self) -> None:
        """Measure, unless that was done a moment ago; without an answer the last result stands."""
        async with self._measuring:
            if self._seconds() >= self._next:
                await self._measure()
                self._next = self._seconds() + MEASURE_SECONDS

    async def _measure(self) -> None:
        began = self._clock()
        try:
            async with (
                asyncio.timeout(LIMIT_SECONDS),
                self._session.get(self._url, allow_redirects=False) as answer,
            ):
                theirs = parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return
        offset = theirs - (began + (self._clock() - began) / 2)
        before, self._offset = self.problem, offset if abs(offset) > TOLERANCE else timedelta()
        if self.problem != before:
            log.warning("%s", self.problem or "the clock of this machine agrees with Azure's again")


class DatedWatch:
    """A watch that knows the time of the service before it polls."""

    def __init__(self, watch: FactoryWatch, clock: ServiceClock) -> None:
        """Borrow the watch, which goes by that clock."""
        self._watch = watch
        self._clock = clock

    async def poll(self, since: datetime | None, seen: Seen) -> Polled:
        """What happened until now, by the service's own time."""
        await self._clock.refresh()
        return await self._watch.poll(since, seen)
