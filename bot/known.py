"""Says in one line what a record told, for the card that cannot tell anything newer."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from adf.records import (
    ACTIVE,
    BROKEN,
    PipelineList,
    PipelineRun,
    RunList,
    RunReport,
    RunStats,
    RunStatus,
)
from cards.text import clock, count

MOST_NAMES = 5
_WORDS = {
    RunStatus.IN_PROGRESS: "Running",
    RunStatus.TIMED_OUT: "Timed out",
    RunStatus.CANCELING: "Being cancelled",
}


def in_one_line(record: object, zone: ZoneInfo) -> str | None:
    """The gist of a record; None for one that has none."""
    match record:
        case RunList(runs=()):
            return "no runs" if record.pipeline is None else f"{record.pipeline}: no runs"
        case RunList() if record.pipeline:
            return _run(record.runs[0], zone)
        case RunList():
            return _runs(record.runs)
        case RunReport():
            return _report(record, zone)
        case PipelineList():
            return count(len(record.pipelines), "pipeline")
        case RunStats():
            return record.finding
        case _:
            return None


def _run(run: PipelineRun, zone: ZoneInfo) -> str:
    word = _WORDS.get(run.status, str(run.status))
    if run.status in ACTIVE:
        return f"{run.pipeline}: {word}{f' since {clock(run.start, zone)}' if run.start else ''}"
    moment = run.end or run.last_updated
    return f"{run.pipeline}: {word}{f' {clock(moment, zone)}' if moment else ''}"


def _report(report: RunReport, zone: ZoneInfo) -> str:
    path = report.cause.path if report.cause else ()
    return _run(report.run, zone) + (f", at {path[-1].activity}" if path else "")


def _runs(runs: Iterable[PipelineRun]) -> str:
    """The pipelines that are broken, else those that run, else that all was well."""
    listed = list(runs)
    for statuses, words in ((BROKEN, "failed"), (ACTIVE, "running or queued")):
        names = list(dict.fromkeys(run.pipeline for run in listed if run.status in statuses))
        if names:
            more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
            named = ", ".join(names[:MOST_NAMES])
            return f"{count(len(names), 'pipeline')} {words}: {named}{more}"
    return f"{count(len(listed), 'run')} without a failure"
