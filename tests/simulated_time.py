"""An event loop whose clock stands still while anything moves and jumps when nothing does.

A test on it gives the same result on a slow machine as on a fast one, and never really waits: the
idea of `trio.testing.MockClock(autojump_threshold=...)`, over real loopback sockets.
"""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

# What was written to a loopback socket is there at once; this is for a kernel that puts it off.
QUIET_SECONDS = 0.005

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")
Ready = list[tuple[selectors.SelectorKey, int]]


class JumpingSelector(selectors.DefaultSelector):
    """Waits for sockets alone; where only time is waited for, that time has passed at once.

    While something works outside the loop (a thread, another process), time passes as it does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.working_outside = 0

    def select(self, timeout: float | None = None) -> Ready:
        """What is ready; moves the clock by the timeout where nothing is."""
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        quiet = timeout if self.working_outside else min(timeout, QUIET_SECONDS)
        ready = super().select(quiet)
        if not ready:
            self.now += quiet if self.working_outside else timeout
        return ready


class SimulatedTimeLoop(asyncio.SelectorEventLoop):
    """The event loop of a test that does not know the clock of the machine."""

    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds that were waited for; computing takes none."""
        return self._jumping.now

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*Arguments], Result],
        *args: *Arguments,
    ) -> asyncio.Future[Result]:
        """Time passes as it does while a thread works."""
        working = super().run_in_executor(executor, func, *args)
        self._jumping.working_outside += 1
        working.add_done_callback(self._came_back)
        return working

    async def subprocess_exec(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the loop has it
        """From a child process on time passes as it does."""
        self._jumping.working_outside += 1
        return await super().subprocess_exec(*args, **options)

    def _came_back(self, _: object) -> None:
        self._jumping.working_outside -= 1
