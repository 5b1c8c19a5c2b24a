"""Which of the records that a model looked up are shown as cards: few, and none a mere stepping."""

from collections.abc import Iterable, Sequence

from adf.records import PipelineList, RunList, RunReport

MOST = 3


def to_be_shown(records: Iterable[object]) -> tuple[object, ...]:
    """At most three, in the order they were looked up; of equal subjects the latest."""
    unique: dict[object, object] = {}
    for one in records:
        unique.pop(_subject(one), None)
        unique[_subject(one)] = one
    listed = list(unique.values())
    return tuple(one for one in listed if not _is_step(one, listed))[-MOST:]


def _subject(record: object) -> object:
    if isinstance(record, RunReport):
        return ("run", record.run.run_id, record.history is not None)
    if isinstance(record, RunList):
        kind = (record.factory, record.pipeline, record.statuses, record.latest_only)
        return ("runs", *kind, record.time_range.start)
    return (type(record).__name__, repr(record))


def _is_step(record: object, listed: Sequence[object]) -> bool:
    """Whether it was only looked up to find what another record tells."""
    if isinstance(record, PipelineList):
        return any(not isinstance(other, PipelineList) for other in listed)
    if not isinstance(record, RunList) or record.pipeline is None:
        return False
    reports = [one for one in listed if isinstance(one, RunReport)]
    return any(one.run.pipeline == record.pipeline for one in reports)
