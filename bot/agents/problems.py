"""What an AdfError means for the person who asked, and what was known before it."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from adf.errors import AdfError, BadArguments
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
from bot.agents.remediation import HOST, advice_for
from cards.records import Choice, Problem
from cards.text import clock, count

PORTAL = "https://portal.azure.com"
UTC_ZONE = ZoneInfo("UTC")
_ON_AZURE = frozenset({"permission", "identity", "throttling", "network"})


def trouble_for(error: AdfError, asked: str, now: datetime, zone: ZoneInfo = UTC_ZONE) -> Problem:
    """The trouble card's record for an error met while answering `asked`; times in `zone`."""
    advice, known = advice_for(error), error.last_known
    choices = error.choices if isinstance(error, BadArguments) else ()
    return Problem(
        area=advice.area,
        asked=asked,
        happened=advice.happened,
        mend=advice.mend,
        who=advice.who,
        code=error.code or (f"HTTP {error.status}" if error.status else None),
        last_known=in_one_line(known.record, zone) if known else None,
        as_of=known.at if known else now,
        link=_portal(error.resource) if advice.area in _ON_AZURE else None,
        choices=tuple(Choice(title=one, question=f"status of {one}") for one in choices),
    )


def internal_trouble(error_id: str, asked: str, now: datetime) -> Problem:
    """The record for a fault of our own: the id finds it in the log, the details stay there."""
    return Problem(
        area="internal",
        asked=asked,
        happened="Something in the bot itself went wrong; nothing was changed in Data Factory.",
        mend=f"Ask again. If it stays, give the id {error_id} to whoever runs the bot.",
        who=HOST,
        code=error_id,
        as_of=now,
        link=PORTAL,
    )


def _portal(resource: str | None) -> str:
    """The factory's own page, else the portal's first."""
    return f"{PORTAL}/#resource{quote(resource)}/overview" if resource else PORTAL


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
