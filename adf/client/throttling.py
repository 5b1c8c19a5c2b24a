"""Waits that the service asked for: until one is over, the same operation is not asked again."""

from collections.abc import Callable

from adf.errors import Throttled

# Whatever a header says, after an hour every allowance of Azure is full again.
LONGEST_PAUSE = 3600.0


class ThrottleWaits:
    """When each operation may be asked again, by a clock that never goes back."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin with nothing to wait for."""
        self._monotonic = monotonic
        self._until: dict[str, float] = {}

    def keep(self, operation: str, error: Throttled) -> None:
        """Remember the wait that came with an error, if one did."""
        if error.retry_after:
            wait = min(error.retry_after, LONGEST_PAUSE)
            self._until[operation] = self._monotonic() + wait

    def check(self, operation: str, asked: str) -> None:
        """Throttled at once, with the rest of the wait, while there is one."""
        left = self._until.get(operation, 0.0) - self._monotonic()
        if left > 0:
            said = "Azure asked for a pause, which is not over yet"
            raise Throttled(said, asked=asked, code="TooManyRequests", retry_after=left)
        self._until.pop(operation, None)
