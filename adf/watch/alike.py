"""The same error in many pipelines within minutes is one cause, though it names no broken thing.

Two may be chance; from the third pipeline on it is taken for certain. What was seen is forgotten
after some minutes and by a restart, which only makes more cards and never a wrong one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from adf.records import Failure

WITHIN = timedelta(minutes=10)
CERTAIN = 3


@dataclass(slots=True, kw_only=True)
class _Outbreak:
    """The pipelines that broke with one error, each when it was seen last."""

    group: str
    seen: dict[str, datetime] = field(default_factory=dict[str, datetime])


class AlikeFailures:
    """Remembers for some minutes which pipelines broke with which error."""

    def __init__(self) -> None:
        """Begin with none."""
        self._outbreaks: dict[str, _Outbreak] = {}

    def joined(self, failures: Sequence[Failure], now: datetime) -> tuple[Failure, ...]:
        """The failures, those that are alike in many pipelines in the group of the first of them.

        The incident of the first may be open already: it goes on.
        """
        self._forget(now)
        for one in failures:
            if one.alike:
                outbreak = self._outbreaks.setdefault(one.alike, _Outbreak(group=one.group))
                outbreak.seen[one.run.pipeline] = now
        return tuple(self._grouped(one) for one in failures)

    def _grouped(self, failure: Failure) -> Failure:
        outbreak = self._outbreaks.get(failure.alike)
        if outbreak is None or len(outbreak.seen) < CERTAIN:
            return failure
        return replace(failure, group=outbreak.group)

    def _forget(self, now: datetime) -> None:
        for one in self._outbreaks.values():
            one.seen = {name: at for name, at in one.seen.items() if abs(now - at) <= WITHIN}
        self._outbreaks = {mark: one for mark, one in self._outbreaks.items() if one.seen}
