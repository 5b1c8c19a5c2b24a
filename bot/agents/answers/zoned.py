"""The times of what is shown in a zone that was named: cards show the reader's own."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records import ActivityTable, PipelineRun, RunList, RunReport, TriggerReport

MOST_ZONED = 4


def in_wanted_zone(records: Iterable[object], zone: ZoneInfo | None) -> str | None:
    """A sentence with the times of the runs and next starts on a card; None where it has none."""
    if zone is None:
        return None
    listed = list(records)
    runs = [run for record in listed for run in _runs(record) if run.start][:MOST_ZONED]
    said = [_said(run, zone, named=len(runs) > 1) for run in runs]
    said += [start for record in listed for start in _next_starts(record, zone)]
    when = next((run.end or run.start for run in runs), None)
    return f"In {_called(zone, when)}: {'; '.join(said)}." if said else None


def _called(zone: ZoneInfo, when: datetime | None) -> str:
    """A zone by its name and, where it has one, by its letters: "America/New_York (EST)"."""
    letters = f"{when.astimezone(zone):%Z}" if when else ""
    return f"{zone.key} ({letters})" if letters.isalpha() and letters != zone.key else zone.key


def _runs(record: object) -> Sequence[PipelineRun]:
    if isinstance(record, ActivityTable):
        return (record.report.run,)
    if isinstance(record, RunReport):
        return (record.run,)
    if isinstance(record, RunList):
        return record.runs[:1] if record.latest_only and record.pipeline else record.runs
    return ()


def _next_starts(record: object, zone: ZoneInfo) -> Sequence[str]:
    if not isinstance(record, TriggerReport):
        return ()
    due = [one for one in record.triggers if one.next_start][:MOST_ZONED]
    return [f"{one.name} {_clock(one.next_start, zone)}" for one in due]


def _said(run: PipelineRun, zone: ZoneInfo, *, named: bool) -> str:
    name = f"{run.pipeline} " if named else ""
    ended = f", ended {_clock(run.end, zone)}" if run.end else ""
    return f"{name}started {_clock(run.start, zone)}{ended}"


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M}" if moment else ""
