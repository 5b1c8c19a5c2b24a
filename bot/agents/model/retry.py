"""Tries a step again where that is safe, and not for long.

That is when nothing of an answer had begun and what was sent does not stand in the talk already.
"""

from collections.abc import Awaitable, Callable

from bot.agents.model.errors import FailureKind, ModelFailure
from bot.agents.model.types import ModelStep

Pause = Callable[[float], Awaitable[None]]
LONGEST_WAIT = 10.0
_TRIES = {
    FailureKind.BUSY: 3,
    FailureKind.RATE_LIMITED: 2,
    FailureKind.SERVER: 1,
    FailureKind.NETWORK: 1,
}
_WAITS = {FailureKind.BUSY: 2.0, FailureKind.SERVER: 0.5, FailureKind.NETWORK: 0.5}


async def patiently(
    step: Callable[[], Awaitable[ModelStep]], pause: Pause, *, writes: bool = False
) -> ModelStep:
    """The step, tried again after a wait; raises the ModelFailure that is left.

    One that `writes` is only tried again where the service surely did nothing of it.
    """
    left = _TRIES | ({FailureKind.SERVER: 0} if writes else {})
    while True:
        try:
            return await step()
        except ModelFailure as failure:
            wait = wait_after(failure)
            is_safe = not (failure.begun or failure.is_taken)
            if not is_safe or wait is None or not left.get(failure.kind):
                raise
            left[failure.kind] -= 1
        await pause(wait)


def wait_after(failure: ModelFailure) -> float | None:
    """How long to wait; None when that would be too long, or nobody said how long."""
    said = failure.retry_after
    if said is None:
        return _WAITS.get(failure.kind)
    return said if said <= LONGEST_WAIT else None
