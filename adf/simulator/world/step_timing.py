"""Times for the steps of a run where they were not told, fitted inside the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adf.simulator.runs import IN_PROGRESS, SKIPPED
from adf.simulator.world.run_specs import ActivitySpec

_SECOND = timedelta(seconds=1)
_LANES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """When a step began and ended; a skipped step has neither."""

    start: datetime | None = None
    end: datetime | None = None


def fit_steps(specs: Sequence[ActivitySpec], start: datetime, until: datetime) -> list[Span]:
    """A span for each step in sequence: told times stand, the others share what is left."""
    spans: list[Span] = []
    cursor = min(start + _SECOND, until)
    for place, spec in enumerate(specs):
        if spec.status == SKIPPED:
            spans.append(Span())
            continue
        begin = _told_start(spec) or min(cursor, spec.end or until)
        end = None if spec.status == IN_PROGRESS else _end(specs[place:], begin, until)
        spans.append(Span(start=begin, end=end))
        cursor = max(cursor, end or begin)
    return spans


def fit_items(count: int, start: datetime, until: datetime) -> list[Span]:
    """Spans of a loop's items: one after the other, a few of them at a time."""
    part = (until - start) / (count + _LANES)
    begins = [start + part * place for place in range(1, count + 1)]
    return [Span(start=begin, end=begin + part * (_LANES - 1)) for begin in begins]


def share(span: Span, count: int) -> list[Span]:
    """A span cut into equal parts, one for each step repeated for an item."""
    if span.start is None or span.end is None:
        return [span] * count
    part = (span.end - span.start) / count
    return [
        Span(start=span.start + part * place, end=span.start + part * (place + 1))
        for place in range(count)
    ]


def _told_start(spec: ActivitySpec) -> datetime | None:
    if spec.start is None and spec.child and spec.child.start:
        return spec.child.start - _SECOND
    return spec.start


def _end(rest: Sequence[ActivitySpec], begin: datetime, until: datetime) -> datetime:
    spec = rest[0]
    if spec.end:
        return max(spec.end, begin)
    if spec.child and spec.child.end:
        return max(min(spec.child.end + _SECOND, until), begin)
    waiting, limit = 1, until
    for later in rest[1:]:
        known = _told_start(later)
        if known and known >= begin:
            limit = known
            break
        waiting += later.status != SKIPPED
    part = max((limit - begin) / waiting, timedelta())
    return begin + part - min(_SECOND, part / 4)
