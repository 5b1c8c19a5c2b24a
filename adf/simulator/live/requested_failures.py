"""Failures that somebody who tries the bot asks for: each comes a few seconds later, once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

LEAD = timedelta(seconds=12)


class RequestedFailures:
    """When the live factory should break something, in the order in which it was asked for."""

    def __init__(self) -> None:
        """Nothing is asked for yet."""
        self._waiting: list[datetime] = []

    def request(self, now: datetime) -> None:
        """Something should break soon; one that is still to come will do for several wishes."""
        if not self._waiting:
            self._waiting.append(now.replace(microsecond=0) + LEAD)

    def due(self, now: datetime) -> Iterator[datetime]:
        """The moments that have come by now, each given out once."""
        while self._waiting and self._waiting[0] <= now:
            yield self._waiting.pop(0)
