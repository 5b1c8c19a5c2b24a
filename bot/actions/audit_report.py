"""Who did what, from the audit and from the runs that people started in Data Factory itself."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from adf.changes.logged_acts import LoggedAct, logged_acts, starter_of
from adf.client import AdfClient, Factories
from adf.errors import AdfError
from adf.records import ActionKind, PipelineRun, TimeRange
from bot.access.audit import REFUSAL, TURN, AuditEntry, AuditLog
from bot.access.policy import AccessPolicy
from bot.access.roles import Right
from bot.actions.audit_words import said_of
from bot.tools import ToolContext
from bot.tools.context import AuditFilter
from cards.records import AuditLine, AuditReport, Denied

LONGEST = timedelta(days=45)
# Between a press and the event of the activity log.
_NEAR = timedelta(minutes=2)
_PAST = {
    ActionKind.CANCEL: "cancelled",
    ActionKind.START_TRIGGER: "started trigger",
    ActionKind.STOP_TRIGGER: "stopped trigger",
}
MOST_LINES = 100


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
        lines += await self._done_elsewhere(wanted, entries, since, now)
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
        what, result = said_of(entry)
        is_refused = entry.kind == REFUSAL
        return AuditLine(at=entry.moment, who=who, what=what, result=result, refused=is_refused)

    async def _done_elsewhere(
        self, wanted: AuditFilter, entries: Sequence[AuditEntry], since: datetime, now: datetime
    ) -> list[AuditLine]:
        """What people did in Data Factory itself: runs started, cancels, triggers switched."""
        if wanted.incident:
            return []
        time_range = TimeRange(start=since, end=now)
        try:
            client = await self._factories.client(wanted.factory)
            runs = await client.list_runs(time_range, pipeline=wanted.pipeline or None)
        except AdfError:
            return []
        ours = {one for entry in entries for one in (entry.after, entry.request_id) if one}
        fitting = [
            run
            for run in runs
            if wanted.run_id in {None, run.run_id, run.group_id} and run.run_id not in ours
        ]
        acts = await _logged(client, time_range)
        lines: list[AuditLine] = []
        if wanted.action in {None, ActionKind.RERUN, ActionKind.RUN}:
            by_hand = (
                run for run in fitting if run.start and run.invoked_by and run.invoked_by.is_by_hand
            )
            lines += [_of_run(run, starter_of(run, acts)) for run in by_hand]
        return [*lines, *_of_acts(acts, fitting, entries, wanted)]


def _fits(entry: AuditEntry, wanted: AuditFilter) -> bool:
    return (
        entry.kind != TURN
        and entry.factory.lower() == wanted.factory.lower()
        and wanted.pipeline in {None, entry.pipeline}
        and wanted.run_id in {None, entry.run_id, entry.after, entry.request_id}
        and wanted.action in {None, entry.action}
        and (wanted.incident is None or wanted.incident in entry.arguments)
    )


async def _logged(client: AdfClient, time_range: TimeRange) -> Sequence[LoggedAct]:
    """The acts of the activity log; nothing where it may not be read."""
    try:
        return await logged_acts(client, time_range)
    except AdfError:
        return ()


def _of_run(run: PipelineRun, actor: str) -> AuditLine:
    verb = "reran" if run.group_id not in {None, run.run_id} else "started"
    return AuditLine(
        at=run.start or run.last_updated or datetime.min.replace(tzinfo=UTC),
        who=actor or "Somebody",
        what=f"{verb} {run.pipeline} (run {run.run_id[:8]}) outside of this bot",
        result=run.status.lower(),
    )


def _of_acts(
    acts: Sequence[LoggedAct],
    runs: Sequence[PipelineRun],
    entries: Sequence[AuditEntry],
    wanted: AuditFilter,
) -> list[AuditLine]:
    """Cancels and switched triggers of the log that are not those of this bot."""
    known = {run.run_id: run for run in runs}
    lines: list[AuditLine] = []
    for one in acts:
        run = known.get(one.name)
        is_cancel = one.kind is ActionKind.CANCEL
        is_meant = run is not None if is_cancel else not (wanted.pipeline or wanted.run_id)
        is_wanted = one.kind is not ActionKind.RUN and wanted.action in {None, one.kind}
        if not is_meant or not is_wanted or _is_ours(one, entries):
            continue
        subject = f"{run.pipeline} (run {one.name[:8]})" if run else one.name
        what = f"{_PAST[one.kind]} {subject} outside of this bot"
        lines.append(AuditLine(at=one.at, who=one.actor, what=what))
    return lines


def _is_ours(act: LoggedAct, entries: Sequence[AuditEntry]) -> bool:
    """Whether the audit has the same act at about that time, by the person who approved it."""
    return any(
        entry.kind in {"approved", "done", "running"}
        and entry.action == act.kind
        and act.name in {entry.run_id, entry.trigger}
        and abs(entry.moment - act.at) < _NEAR
        for entry in entries
    )
