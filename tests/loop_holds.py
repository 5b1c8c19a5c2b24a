"""Measures how long a callback of the event loop holds up all others, in CPU of the thread."""

import gc
import threading
import time
from asyncio import events
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast


class LongestCallback:
    """The callback that used most CPU time, in milliseconds, and which one it was."""

    milliseconds = 0.0
    name = ""

    def take(self, milliseconds: float, handle: object) -> None:
        """Keep it where it is the longest so far."""
        if milliseconds > self.milliseconds:
            self.milliseconds, self.name = milliseconds, repr(handle)


@contextmanager
def watching_callbacks() -> Generator[LongestCallback]:
    """Measure every callback of this thread's loop; loops of other threads are not counted.

    What lives before is no work of the garbage collector meanwhile, as in the product once ready.
    """
    longest, handle, ours = LongestCallback(), cast("Any", events.Handle), threading.get_ident()
    before = handle._run

    def run(this: object) -> object:
        if threading.get_ident() != ours:
            return before(this)
        begun = time.thread_time()
        try:
            return before(this)
        finally:
            longest.take((time.thread_time() - begun) * 1000, this)

    handle._run = run
    gc.freeze()
    try:
        yield longest
    finally:
        gc.unfreeze()
        handle._run = before
