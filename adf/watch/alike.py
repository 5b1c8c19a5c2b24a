"""The same error in many pipelines within minutes is one cause, though it names no broken thing.

Two may be chance; from the third pipeline on it is taken for certain. What was seen is forgotten
after some minutes and by a restart, which only makes more cards and never a wrong one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adf.records import Failure

WITHIN = timedelta(minutes=10)
CERTAIN = 3


class AlikeFailures:
    """Remembers for some minutes which pipelines broke with which error."""

    def __init__(self) -> None:
        """Begin with none."""
        self._seen: dict[str, dict[str, datetime]] = {}

    def joined(self, failures: Sequence[Failure], now: datetime) -> tuple[Failure, ...]:
        """The failures, those that are alike in many pipelines in one group."""
        self._forget(now)
        for one in failures:
            if one.alike:
                self._seen.setdefault(one.alike, {})[one.run.pipeline] = now
        return tuple(self._grouped(one) for one in failures)

    def _grouped(self, failure: Failure) -> Failure:
        if not failure.alike or len(self._seen[failure.alike]) < CERTAIN:
            return failure
        return replace(failure, group=f"alike:{failure.alike}")

    def _forget(self, now: datetime) -> None:
        recent = {
            mark: {name: at for name, at in names.items() if abs(now - at) <= WITHIN}
            for mark, names in self._seen.items()
        }
        self._seen = {mark: names for mark, names in recent.items() if names}
