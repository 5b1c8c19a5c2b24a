"""Runs in one line: the state of one, or what matters most of many."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from adf.records.glossary import counted
from adf.records.moments import moment_said
from adf.records.runs import ACTIVE, BROKEN, PipelineRun, RunStatus

MOST_NAMES = 5
_WORDS = {
    RunStatus.IN_PROGRESS: "Running",
    RunStatus.TIMED_OUT: "Timed out",
    RunStatus.CANCELING: "Being cancelled",
}


def run_in_one_line(run: PipelineRun, zone: ZoneInfo) -> str:
    """The pipeline, the state of its run, and since when."""
    word = _WORDS.get(run.status, str(run.status))
    is_active = run.status in ACTIVE
    moment = run.start if is_active else run.end or run.last_updated
    since = " since" if is_active else ""
    at = f"{since} {moment_said(moment, zone)}" if moment else ""
    return f"{run.pipeline}: {word}{at}"


def runs_in_one_line(runs: Iterable[PipelineRun]) -> str:
    """The pipelines that are broken, else those that run, else that all was well."""
    listed = list(runs)
    for statuses, words in ((BROKEN, "failed"), (ACTIVE, "running or queued")):
        names = list(dict.fromkeys(run.pipeline for run in listed if run.status in statuses))
        if names:
            more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
            named = ", ".join(names[:MOST_NAMES])
            return f"{counted(len(names), 'pipeline')} {words}: {named}{more}"
    return f"{counted(len(listed), 'run')} without a failure"
