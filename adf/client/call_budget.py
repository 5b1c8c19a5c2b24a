"""How many calls the bot makes to Azure: so many a minute and so many at once, for all callers.

Data Factory answers 1,000 monitoring queries a minute for everybody who asks it, Studio and other
tools included. A storm of questions waits a moment here instead of being refused there.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from adf.errors import BUDGET_SPENT, Throttled

Share = Callable[[int], int]
"""How much of a limit is this process's own, where several processes keep it together."""

MINUTE = 60.0
MOST_A_MINUTE = 900
MOST_AT_ONCE = 32
# A longer wait is an error at once: nobody is told after it what was meant to be quick.
LONGEST_WAIT = 3.0


def the_whole(limit: int) -> int:
    """All of a limit: of a process that is alone."""
    return limit


class CallBudget:
    """The calls of the last minute to one subscription, by a clock that never goes back."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        most: int = MOST_A_MINUTE,
        at_once: int = MOST_AT_ONCE,
        share: Share = the_whole,
    ) -> None:
        """Begin with nothing spent; `share` is what others leave of a limit, as it is now."""
        self._monotonic = monotonic
        self._sleep = sleep
        self._whole = most
        self._share = share
        self._slots = asyncio.Semaphore(at_once)
        self._made: deque[float] = deque()

    @asynccontextmanager
    async def call(self, request: str) -> AsyncGenerator[None]:
        """Make one call when there is room for it; Throttled where that is too far away."""
        async with self._slots:
            left = self._wait()
            if 0 < left <= LONGEST_WAIT:
                await self._sleep(left)
                left = self._wait()
            if left > 0:
                raise self._spent(request, left)
            self._made.append(self._monotonic())
            yield

    @property
    def _most(self) -> int:
        return max(1, self._share(self._whole))

    def _wait(self) -> float:
        """Seconds until a call of the last minute is older than that; 0 where there is room."""
        now = self._monotonic()
        while self._made and now - self._made[0] >= MINUTE:
            self._made.popleft()
        over = len(self._made) - self._most
        return self._made[over] + MINUTE - now if over >= 0 else 0.0

    def _spent(self, request: str, left: float) -> Throttled:
        said = f"the bot made {self._most} calls to Azure within a minute, its own limit"
        return Throttled(said, asked=request, code=BUDGET_SPENT, retry_after=left)
