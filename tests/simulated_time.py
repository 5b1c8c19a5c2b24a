"""An event loop whose clock stands still while anything moves and jumps when nothing does.

A test on it gives the same result on a slow machine as on a fast one, and never really waits: the
idea of `trio.testing.MockClock(autojump_threshold=...)`, over real loopback sockets.
"""

import asyncio
import selectors
from collections.abc import Callable, Generator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, TypeVar, TypeVarTuple

# What was written to a loopback socket is there at once; this is for a kernel that puts it off.
QUIET_SECONDS = 0.005

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")
Ready = list[tuple[selectors.SelectorKey, int]]


class ObservedSelector(selectors.DefaultSelector):
    """That of a loop in another thread, of which one may ask whether it has nothing to do."""

    def __init__(self) -> None:
        super().__init__()
        self.working_outside = 0
        self._is_waiting = False

    def select(self, timeout: float | None = None) -> Ready:
        """As it does."""
        self._is_waiting = timeout is None or timeout > 0
        try:
            return super().select(timeout)
        finally:
            self._is_waiting = False

    def is_idle(self) -> bool:
        """Whether its loop waits, for no thread, with nothing on its way out or in."""
        if not self._is_waiting or self.working_outside or self._is_writing():
            return False
        return not super().select(0)

    def _is_writing(self) -> bool:
        # The kernel itself waits at times, where a long answer meets a full window.
        try:
            return any(one.events & selectors.EVENT_WRITE for one in self.get_map().values())
        except RuntimeError:  # its own thread has begun to work meanwhile
            return True


class JumpingSelector(selectors.DefaultSelector):
    """Waits for sockets alone; where only time is waited for, that time has passed at once.

    While something works outside the loop (a thread, another process), time passes as it does; so
    it does while a loop `beside` it is at work.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.working_outside = 0
        self.beside: list[ObservedSelector] = []

    def select(self, timeout: float | None = None) -> Ready:
        """What is ready; moves the clock by the timeout where nothing is."""
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        waited = timeout if self.working_outside else min(timeout, QUIET_SECONDS)
        ready = super().select(waited)
        # A loop beside may have answered before it came to rest.
        if not ready and not self.working_outside and all(one.is_idle() for one in self.beside):
            ready, waited = super().select(0), timeout
        if not ready:
            self.now += waited
        return ready


@contextmanager
def beside(observed: ObservedSelector) -> Generator[None]:
    """Have no time jump while the loop of that selector, in another thread, is at work."""
    ours = getattr(asyncio.get_running_loop(), "_selector", None)
    if not isinstance(ours, JumpingSelector):
        yield
        return
    ours.beside.append(observed)
    try:
        yield
    finally:
        ours.beside.remove(observed)


class ObservedLoop(asyncio.SelectorEventLoop):
    """The event loop of a thread beside, whose selector counts the threads it waits for."""

    def __init__(self, observed: "ObservedSelector | JumpingSelector") -> None:
        self._observed = observed
        super().__init__(observed)

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*Arguments], Result],
        *args: *Arguments,
    ) -> asyncio.Future[Result]:
        """Time passes as it does while a thread works."""
        working = super().run_in_executor(executor, func, *args)
        self._observed.working_outside += 1
        working.add_done_callback(self._came_back)
        return working

    def _came_back(self, _: object) -> None:
        self._observed.working_outside -= 1


class SimulatedTimeLoop(ObservedLoop):
    """The event loop of a test that does not know the clock of the machine."""

    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds that were waited for; computing takes none."""
        return self._jumping.now

    async def subprocess_exec(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the loop has it
        """From a child process on time passes as it does."""
        self._jumping.working_outside += 1
        return await super().subprocess_exec(*args, **options)
