"""Who did what, from the audit and from the runs that people started in Data Factory itself."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from adf.client import Factories
from adf.errors import AdfError
from adf.records import PipelineRun, TimeRange
from bot.access.audit import REFUSAL, AuditEntry, AuditLog
from bot.access.policy import AccessPolicy
from bot.access.roles import Right
from bot.tools import ToolContext
from bot.tools.context import AuditFilter
from cards.records import AuditLine, AuditReport, Denied

LONGEST = timedelta(days=45)
MOST_LINES = 100
_ACTS: Mapping[str, str] = {
    "rerun": "rerun",
    "run": "run",
    "cancel": "cancel",
    "start_trigger": "start trigger",
    "stop_trigger": "stop trigger",
}
_VERBS: Mapping[str, str] = {
    "proposed": "asked for:",
    "approved": "approved:",
    "withdrawn": "withdrew:",
    "replaced": "was shown again:",
    "running": "had done:",
    "done": "had done:",
    "failed": "could not have done:",
    "uncertain": "got no answer for:",
}


class AuditReports:
    """Answers questions about the audit, for those who may ask them."""

    def __init__(
        self,
        *,
        audit: AuditLog,
        policy: AccessPolicy,
        factories: Factories,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._audit = audit
        self._policy = policy
        self._factories = factories
        self._clock = clock

    async def report(self, here: ToolContext, wanted: AuditFilter) -> AuditReport | Denied:
        """The entries that fit, newest first."""
        grant = await here.grant()
        if not grant.may(Right.AUDIT, wanted.factory):
            return await here.refuse(grant, Right.AUDIT, wanted.factory)
        now = self._clock()
        since = now - min(timedelta(hours=wanted.hours), LONGEST)
        entries = await self._audit.since(since)
        lines = [self._line(one) for one in entries if _fits(one, wanted)]
        lines += await self._started(wanted, since, now)
        lines.sort(key=lambda one: one.at, reverse=True)
        return AuditReport(
            factory=wanted.factory,
            about=wanted.pipeline or wanted.incident or (wanted.run_id or "")[:8] or wanted.factory,
            since=since,
            as_of=now,
            lines=tuple(lines[:MOST_LINES]),
        )

    def _line(self, entry: AuditEntry) -> AuditLine:
        who = entry.name or self._policy.name_of(entry.person) or "somebody unknown"
        act = _act_in_words(entry)
        if entry.kind == REFUSAL:
            what = f"was refused: {act or entry.right}"
            return AuditLine(at=entry.moment, who=who, what=what, result=entry.why, refused=True)
        what = f"{_VERBS.get(entry.kind, entry.kind)} {act}"
        return AuditLine(at=entry.moment, who=who, what=what, result=_result(entry))

    async def _started(
        self, wanted: AuditFilter, since: datetime, now: datetime
    ) -> list[AuditLine]:
        """Runs that people started in Data Factory, by whatever way."""
        if wanted.action not in {None, "rerun", "run"} or wanted.incident:
            return []
        try:
            client = await self._factories.client(wanted.factory)
            runs = await client.list_runs(
                TimeRange(start=since, end=now), pipeline=wanted.pipeline or None
            )
        except AdfError:
            return []
        fitting = [run for run in runs if wanted.run_id in {None, run.run_id, run.group_id}]
        return [_of_run(run, run.start) for run in fitting if run.start and _is_by_hand(run)]


def _fits(entry: AuditEntry, wanted: AuditFilter) -> bool:
    return (
        entry.factory.lower() == wanted.factory.lower()
        and wanted.pipeline in {None, entry.pipeline}
        and wanted.run_id in {None, entry.run_id, entry.after, entry.request_id}
        and wanted.action in {None, entry.action}
        and (wanted.incident is None or wanted.incident in entry.arguments)
    )


def _act_in_words(entry: AuditEntry) -> str:
    if not entry.action:
        return ""
    subject = entry.trigger or entry.pipeline
    run = f" (run {entry.run_id[:8]})" if entry.run_id else ""
    how = f", {entry.arguments.replace('_', ' ')}" if entry.arguments else ""
    return f"{_ACTS.get(entry.action, entry.action)} {subject}{run}{how}"


def _result(entry: AuditEntry) -> str:
    if entry.why:
        return entry.why
    return f"run {entry.after[:8]}" if entry.kind == "running" else ""


def _is_by_hand(run: PipelineRun) -> bool:
    by = run.invoked_by
    return by is not None and by.kind.lower() == "manual"


def _of_run(run: PipelineRun, start: datetime) -> AuditLine:
    name = run.invoked_by.name if run.invoked_by else ""
    verb = "reran" if run.group_id not in {None, run.run_id} else "started"
    return AuditLine(
        at=start,
        who=name or "Somebody",
        what=f"{verb} {run.pipeline} (run {run.run_id[:8]})",
        result=run.status.lower(),
    )
