"""Repeats a step of the model where that is safe, and not for long.

That is when no answer had begun and what was sent is not in the conversation already.
"""

from collections import Counter
from collections.abc import Awaitable, Callable

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from bot.agents.model.errors import FailureKind, ModelFailure
from bot.agents.model.types import ModelStep

Pause = Callable[[float], Awaitable[None]]
LONGEST_WAIT = 10.0
_RETRIES = {
    FailureKind.BUSY: 3,
    FailureKind.RATE_LIMITED: 2,
    FailureKind.SERVER: 1,
    FailureKind.NETWORK: 1,
}
_WAITS = {FailureKind.BUSY: 2.0, FailureKind.SERVER: 0.5, FailureKind.NETWORK: 0.5}


async def with_retries(
    step: Callable[[], Awaitable[ModelStep]], pause: Pause, *, writes: bool = False
) -> ModelStep:
    """The step, repeated after a wait; raises the ModelFailure that is left.

    One that `writes` is only repeated where the service surely did nothing of it.
    """
    budget = _RetryBudget(_RETRIES | ({FailureKind.SERVER: 0} if writes else {}))
    retrying = AsyncRetrying(
        sleep=pause, retry=retry_if_exception(budget.allows), wait=_wait, reraise=True
    )

    async def attempt() -> ModelStep:
        return await step()

    return await retrying(attempt)


class _RetryBudget:
    """How often a step may still be repeated, for each kind of failure."""

    def __init__(self, retries: dict[FailureKind, int]) -> None:
        self._left = Counter(retries)

    def allows(self, error: BaseException) -> bool:
        """Whether to repeat the step after this error; uses the budget up."""
        if not isinstance(error, ModelFailure) or error.begun or error.is_taken:
            return False
        if wait_after(error) is None or not self._left[error.kind]:
            return False
        self._left[error.kind] -= 1
        return True


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return (wait_after(error) or 0.0) if isinstance(error, ModelFailure) else 0.0


def wait_after(failure: ModelFailure) -> float | None:
    """How long to wait; None when that would be too long, or the service did not say how long."""
    said = failure.retry_after
    if said is None:
        return _WAITS.get(failure.kind)
    return said if said <= LONGEST_WAIT else None
