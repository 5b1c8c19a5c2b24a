"""Clocks the simulator can be given: one that stands still, the time of day, faster ones."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def frozen_clock(at: datetime) -> Clock:
    """A clock that always says `at`."""
    return lambda: at


def wall_clock() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


def running_clock(
    speed: float = 1.0,
    *,
    start: datetime | None = None,
    seconds: Callable[[], float] = time.monotonic,
) -> Clock:
    """A clock that starts at `start` (now by default), `speed` times as fast as `seconds`."""
    first, began = start or wall_clock(), seconds()
    return lambda: first + timedelta(seconds=(seconds() - began) * speed)


def clock_named(text: str, start: datetime | None = None) -> Clock:
    """The clock called `frozen`, `live` or `x<factor>`, from `start` on; ValueError for others."""
    if text == "frozen":
        return frozen_clock(start or wall_clock())
    if text == "live":
        return running_clock(start=start) if start else wall_clock
    if text.startswith("x"):
        try:
            factor = float(text[1:])
        except ValueError:
            factor = 0.0
        if 0 < factor < float("inf"):
            return running_clock(factor, start=start)
    raise ValueError(f"a clock is frozen, live or x<factor> such as x60, not {text!r}")
