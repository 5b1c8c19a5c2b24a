"""Waits that the service asked for: until one is over, nobody asks what it was asked for again.

Data Factory counts all queries of runs together, and Azure Resource Manager all calls of a
subscription: a wait holds for what is counted with the call that was refused.
"""

from collections.abc import Callable

from adf.errors import BUDGET_SPENT, Throttled

# Whatever a header says, after an hour every allowance of Azure is full again.
LONGEST_PAUSE = 3600.0
_EVERYTHING = "*"
_QUERIES = "queries"


class ThrottleWaits:
    """When each operation may be asked again, by a clock that never goes back."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin with nothing to wait for."""
        self._monotonic = monotonic
        self._until: dict[str, float] = {}

    def keep(self, operation: str, error: Throttled) -> None:
        """Remember the wait that came with an error of the service, if one did."""
        if error.retry_after and error.code != BUDGET_SPENT:
            wait = min(error.retry_after, LONGEST_PAUSE)
            self._until[_counted_as(operation, error)] = self._monotonic() + wait

    def check(self, operation: str, asked: str) -> None:
        """Throttled at once, with the rest of the wait, while there is one."""
        for place in (_EVERYTHING, _counted_as(operation)):
            left = self._until.get(place, 0.0) - self._monotonic()
            if left > 0:
                said = "Azure asked for a pause, which is not over yet"
                raise Throttled(said, asked=asked, code="TooManyRequests", retry_after=left)
            self._until.pop(place, None)


def _counted_as(operation: str, error: Throttled | None = None) -> str:
    """What a call is counted with, by the service that refused it."""
    if error and (error.code or "").lower().startswith("subscription"):
        return _EVERYTHING
    return _QUERIES if operation.startswith("query_") else operation
