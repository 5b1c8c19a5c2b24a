"""How fast one thread and one tenant may be written to, as Teams says it.

Per thread 7 in 1 s, 8 in 2 s, 60 in 30 s, 1800 in an hour; per tenant 50 in 1 s, of which answers
to people keep a part. A time range is taken a little longer, for what happens on the way.
"""

from collections import deque
from collections.abc import Mapping

THREAD: Mapping[float, int] = {1.0: 7, 2.0: 8, 30.0: 60, 3600.0: 1800}
TENANT: Mapping[float, int] = {1.0: 30}
_MARGIN = 1.05
_MOST_KEPT = 500


class RateLimiter:
    """Reserves moments to write at: each call takes the next one that keeps every limit."""

    def __init__(self, limits: Mapping[float, int]) -> None:
        """Keep `limits`: how many in how many seconds."""
        self._limits = limits
        self._longest = max(limits) * _MARGIN
        self._taken: dict[str, deque[float]] = {}

    def wait(self, key: str, now: float) -> float:
        """How many seconds to wait before writing; that moment is taken."""
        if len(self._taken) > _MOST_KEPT:
            self._forget(now)
        taken = self._taken.setdefault(key, deque(maxlen=max(self._limits.values())))
        at = max(now, taken[-1] if taken else now)
        for span, most in self._limits.items():
            if len(taken) >= most:
                at = max(at, taken[-most] + span * _MARGIN)
        taken.append(at)
        return at - now

    def _forget(self, now: float) -> None:
        """Drop the threads that nothing was written to for as long as any limit looks back."""
        idle = [key for key, taken in self._taken.items() if taken[-1] + self._longest < now]
        for key in idle:
            del self._taken[key]
