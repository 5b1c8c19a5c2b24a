"""How often one person may call: a program calls faster than anybody can type."""

from collections import OrderedDict, deque
from collections.abc import Callable

MOST_PEOPLE = 10_000


class CallRateLimit:
    """At most so many calls of each person within a sliding stretch of time."""

    def __init__(self, seconds: Callable[[], float], most: int = 60, within: float = 60.0) -> None:
        """Begin with nobody having called; `seconds` is a steady clock."""
        self._seconds = seconds
        self._most = most
        self._within = within
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, person_id: str) -> float:
        """Count a call, for 0; else the seconds until that person may call again."""
        now, calls = self._seconds(), self._calls.setdefault(person_id, deque())
        self._calls.move_to_end(person_id)
        if len(self._calls) > MOST_PEOPLE:
            self._calls.popitem(last=False)
        while calls and calls[0] <= now - self._within:
            calls.popleft()
        if len(calls) >= self._most:
            return calls[0] + self._within - now
        calls.append(now)
        return 0.0
